# The modules become one library, libreqpath, with its headers under
# include/reqpath, a CMake package and a pkg-config file. BUILD_SHARED_LIBS
# makes it a shared one.
get_property(modules GLOBAL PROPERTY RP_MODULES)
get_property(headers GLOBAL PROPERTY RP_HEADERS)

add_library(reqpath)
add_library(reqpath::reqpath ALIAS reqpath)
foreach(module IN LISTS modules)
  target_sources(reqpath PRIVATE $<TARGET_OBJECTS:rp_${module}>)
endforeach()
# GSL and jansson show in our headers; the others are what a static library needs
# at the end of the link line.
target_link_libraries(reqpath
  PUBLIC GSL::gsl PkgConfig::JANSSON
  PRIVATE PkgConfig::SQLITE PkgConfig::YAML Threads::Threads -lm)
if(REQPATH_MICROHANDLER)
  target_link_libraries(reqpath PRIVATE PkgConfig::LIBUV http_parser)
endif()
if(REQPATH_RANKS)
  target_link_libraries(reqpath PRIVATE PkgConfig::MPI)
endif()
target_link_options(reqpath PUBLIC $<BUILD_INTERFACE:LINKER:--as-needed>)
if(REQPATH_SANITIZE)
  target_link_options(reqpath PUBLIC
    $<BUILD_INTERFACE:-fsanitize=${REQPATH_SANITIZE}>)
endif()
target_sources(reqpath PUBLIC
  FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
set_target_properties(reqpath PROPERTIES
  LINKER_LANGUAGE C VERSION ${PROJECT_VERSION} SOVERSION 0
  VERIFY_INTERFACE_HEADER_SETS ON)

install(TARGETS reqpath EXPORT reqpathTargets
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/reqpath)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/reqpath)
include(CMakePackageConfigHelpers)
configure_package_config_file(cmake/reqpathConfig.cmake.in
  ${PROJECT_BINARY_DIR}/reqpathConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/reqpathConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/reqpathConfig.cmake
  ${PROJECT_BINARY_DIR}/reqpathConfigVersion.cmake
  DESTINATION ${package_dir})
install(EXPORT reqpathTargets NAMESPACE reqpath:: DESTINATION ${package_dir})

# The way from reqpath.pc up to the prefix, so that it may be moved.
file(RELATIVE_PATH pc_to_prefix
  /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
# A static library hands on what it needs itself.
set(pc_private "yaml-0.1, sqlite3")
set(pc_others "-lm -pthread")
if(REQPATH_MICROHANDLER)
  string(APPEND pc_private ", libuv")
  string(PREPEND pc_others "-lhttp_parser ")
endif()
if(REQPATH_RANKS)
  string(APPEND pc_private ", ${MPI_MODULE_NAME}")
endif()
if(BUILD_SHARED_LIBS)
  set(pc_requires "Requires: gsl, jansson\nRequires.private: ${pc_private}")
  set(pc_libs "Libs: -L\${libdir} -lreqpath\nLibs.private: ${pc_others}")
else()
  set(pc_requires "Requires: gsl, jansson, ${pc_private}")
  set(pc_libs "Libs: -L\${libdir} -lreqpath ${pc_others}")
endif()
configure_file(cmake/reqpath.pc.in ${PROJECT_BINARY_DIR}/reqpath.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/reqpath.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
