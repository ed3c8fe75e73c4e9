# Compiler settings shared by every target, and the helpers that declare modules, apps and tests.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(weiss_settings INTERFACE)
target_compile_features(weiss_settings INTERFACE cxx_std_20)
# Contraction would make results depend on the instruction set (design, "Same bits everywhere").
target_compile_options(weiss_settings INTERFACE -ffp-contract=off)

add_library(weiss_warnings INTERFACE)
target_compile_options(weiss_warnings INTERFACE -Wall -Wextra -Wconversion $<$<BOOL:${WEISS_WERROR}>:-Werror>)
# g++ 12 warns of overlapping copies inside std::string operator+ where there are none (GCC bug 105329).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(weiss_warnings INTERFACE -Wno-restrict)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(WEISS_SANITIZE)
  add_compile_options(-fsanitize=${WEISS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${WEISS_SANITIZE})
endif()

# Every file reports what it covers; only the programs of tests/fuzz link libFuzzer itself.
if(WEISS_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "WEISS_FUZZ needs clang, which holds libFuzzer")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# weiss_module(<name> DEPENDS <module>... LIBRARIES <target>...)
# A library module: every .cpp of the folder it is called from.
function(weiss_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  list(TRANSFORM ARG_DEPENDS PREPEND weiss_)
  if(sources)
    add_library(weiss_${name} STATIC ${sources})
    target_link_libraries(weiss_${name} PUBLIC weiss_settings ${ARG_DEPENDS} ${ARG_LIBRARIES}
                          PRIVATE $<BUILD_INTERFACE:weiss_warnings>)
    set(scope PUBLIC)
  else()
    add_library(weiss_${name} INTERFACE)
    target_link_libraries(weiss_${name} INTERFACE weiss_settings ${ARG_DEPENDS} ${ARG_LIBRARIES})
    set(scope INTERFACE)
  endif()
  add_library(weiss::${name} ALIAS weiss_${name})
  set_target_properties(weiss_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(weiss_${name} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib>
                             $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  set_property(GLOBAL APPEND PROPERTY WEISS_MODULE_TARGETS weiss_${name})
  install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weiss/${name})
endfunction()

# weiss_app(<name> <module>...): the program weiss-<name> of main.cpp and a library weiss_<name>_model, as tests
# link it, of every other .cpp of the folder it is called from.
function(weiss_app name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main.cpp$")
  string(REPLACE "-" "_" model weiss_${name}_model)
  add_library(${model} STATIC ${sources})
  list(TRANSFORM ARGN PREPEND weiss_)
  target_link_libraries(${model} PUBLIC ${ARGN} PRIVATE weiss_warnings)
  target_include_directories(${model} PUBLIC ${PROJECT_SOURCE_DIR}/apps)
  add_executable(weiss-${name} main.cpp)
  target_link_libraries(weiss-${name} PRIVATE ${model} weiss_warnings)
  set_target_properties(weiss-${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  install(TARGETS weiss-${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# weiss_test(<name> SOURCES <file>... MODULES <module>... [LIBRARIES <target>...] [LABELS <label>...]
#            [ALONE] [RANKS <n>...] [TIMEOUT <seconds>])
# One GoogleTest program. With RANKS it runs once for each count under mpirun (label mpi), as root and
# oversubscribed; without them, or with ALONE, once without mpirun (label fast).
function(weiss_test name)
  cmake_parse_arguments(ARG "ALONE" "TIMEOUT" "SOURCES;MODULES;LIBRARIES;LABELS;RANKS" ${ARGN})
  list(TRANSFORM ARG_MODULES PREPEND weiss_)
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${ARG_MODULES} ${ARG_LIBRARIES} weiss_test_main weiss_warnings)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/apps)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set(fast ${ARG_LABELS})
  set(mpi ${ARG_LABELS})
  if(NOT ARG_LABELS)
    set(fast fast)
    set(mpi mpi)
  endif()
  foreach(ranks IN LISTS ARG_RANKS)
    add_test(NAME ${name}.${ranks}_ranks COMMAND ${WEISS_MPIRUN} -n ${ranks} $<TARGET_FILE:test_${name}>)
    set_tests_properties(${name}.${ranks}_ranks PROPERTIES LABELS "${mpi}" TIMEOUT ${ARG_TIMEOUT}
                         PROCESSORS 2 ENVIRONMENT "${WEISS_MPI_ENVIRONMENT}")
  endforeach()
  if(ARG_ALONE OR NOT ARG_RANKS)
    add_test(NAME ${name} COMMAND test_${name})
    set_tests_properties(${name} PROPERTIES LABELS "${fast}" TIMEOUT ${ARG_TIMEOUT}
                         ENVIRONMENT "${WEISS_MPI_ENVIRONMENT}")
  endif()
endfunction()

# How tests start MPI programs: as root and with more ranks than cores, without binding.
set(WEISS_MPIRUN ${MPIEXEC_EXECUTABLE} --oversubscribe --bind-to none)
if(NOT MPIEXEC_EXECUTABLE)
  find_program(MPIEXEC_EXECUTABLE NAMES mpirun mpiexec)
  set(WEISS_MPIRUN ${MPIEXEC_EXECUTABLE} --oversubscribe --bind-to none)
endif()
set(WEISS_MPI_ENVIRONMENT OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_mpi_yield_when_idle=1 OPENBLAS_NUM_THREADS=1)

# weiss_python_test(<name> <file> [LABELS <label>...] [TIMEOUT <seconds>] [ENVIRONMENT <name=value>...])
# A test that runs the built programs, in Debian's Python.
function(weiss_python_test name file)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;ENVIRONMENT" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS mpi)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND /usr/bin/python3 -B ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT} PROCESSORS 2 ENVIRONMENT
                       "${WEISS_MPI_ENVIRONMENT};WEISS_BIN=${PROJECT_BINARY_DIR}/bin;WEISS_SOURCE=${PROJECT_SOURCE_DIR};${ARG_ENVIRONMENT}")
endfunction()
