# weiss.pc: the static modules, those first that use others, and the libraries that CMake found for them.
get_property(module_targets GLOBAL PROPERTY WEISS_MODULE_TARGETS)
set(WEISS_PC_LIBS "")
foreach(module IN LISTS module_targets)
  if(NOT module STREQUAL "weiss_settings")
    string(PREPEND WEISS_PC_LIBS "-l${module} ")
  endif()
endforeach()

# A library as a word of the linker's command line: a path or an option as it is, a bare name with -l.
function(weiss_append_libraries)
  foreach(library IN LISTS ARGN)
    if(NOT library MATCHES "^(/|-)")
      string(PREPEND library "-l")
    endif()
    string(APPEND WEISS_PC_LIBS "${library} ")
  endforeach()
  set(WEISS_PC_LIBS "${WEISS_PC_LIBS}" PARENT_SCOPE)
endfunction()

foreach(target Boost::program_options fmt::fmt)
  get_target_property(location ${target} LOCATION)
  # libfmt.so outlives libfmt.so.9.1.0.
  string(REGEX REPLACE "\\.so\\.[0-9.]+$" ".so" unversioned ${location})
  if(EXISTS ${unversioned})
    set(location ${unversioned})
  endif()
  weiss_append_libraries(${location})
endforeach()
weiss_append_libraries(${HDF5_C_LIBRARIES} ${MPI_CXX_LIBRARIES} ${XxHash_LIBRARY})

set(folders ${HDF5_C_INCLUDE_DIRS} ${MPI_CXX_INCLUDE_DIRS} ${XxHash_INCLUDE_DIR} ${Boost_INCLUDE_DIRS})
list(REMOVE_DUPLICATES folders)
list(REMOVE_ITEM folders /usr/include)  # the compiler looks there anyway, in its own order
set(WEISS_PC_CFLAGS "")
foreach(folder IN LISTS folders)
  string(APPEND WEISS_PC_CFLAGS "-isystem ${folder} ")
endforeach()

set(pkgconfig ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH WEISS_PC_PREFIX /prefix/${pkgconfig} /prefix)
string(REGEX REPLACE "/$" "" WEISS_PC_PREFIX "${WEISS_PC_PREFIX}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/packaging/weiss.pc.in ${PROJECT_BINARY_DIR}/weiss.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/weiss.pc DESTINATION ${pkgconfig})
