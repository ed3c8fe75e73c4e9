# Installation and the exported CMake package: find_package(Weiss) gives weiss::<module>.
include(CMakePackageConfigHelpers)

get_property(module_targets GLOBAL PROPERTY WEISS_MODULE_TARGETS)
set_target_properties(weiss_settings PROPERTIES EXPORT_NAME settings)
install(TARGETS weiss_settings ${module_targets} EXPORT WeissTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT WeissTargets NAMESPACE weiss:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Weiss)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/WeissConfig.cmake.in ${PROJECT_BINARY_DIR}/WeissConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Weiss)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/WeissConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/WeissConfig.cmake ${PROJECT_BINARY_DIR}/WeissConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/FindXxHash.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Weiss)

install(PROGRAMS ${PROJECT_SOURCE_DIR}/analysis/weiss-analysis DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/analysis/weiss_analysis DESTINATION ${CMAKE_INSTALL_DATADIR}/weiss/analysis
        FILES_MATCHING PATTERN "*.py")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/inputs DESTINATION ${CMAKE_INSTALL_DATADIR}/weiss FILES_MATCHING PATTERN "*.ini")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/cmake/packaging/slurm ${PROJECT_SOURCE_DIR}/cmake/packaging/spack
                  ${PROJECT_SOURCE_DIR}/cmake/packaging/container
        DESTINATION ${CMAKE_INSTALL_DATADIR}/weiss USE_SOURCE_PERMISSIONS)
include(WeissPkgConfig)
