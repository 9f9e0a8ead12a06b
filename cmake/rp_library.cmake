# The modules become one library, libreqpath, with its headers under
# include/reqpath, a CMake package and a pkg-config file.
get_property(modules GLOBAL PROPERTY RP_MODULES)
get_property(headers GLOBAL PROPERTY RP_HEADERS)

add_library(reqpath)
add_library(reqpath::reqpath ALIAS reqpath)
foreach(module IN LISTS modules)
  target_sources(reqpath PRIVATE $<TARGET_OBJECTS:rp_${module}>)
endforeach()
# Module libraries are named for their link order only; what they may include
# is said in rp_module().
target_link_libraries(reqpath
  PUBLIC GSL::gsl PkgConfig::JANSSON PkgConfig::YAML Threads::Threads m)
target_link_options(reqpath PUBLIC $<BUILD_INTERFACE:LINKER:--as-needed>)
target_sources(reqpath PUBLIC
  FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
set_target_properties(reqpath PROPERTIES
  LINKER_LANGUAGE C VERSION ${PROJECT_VERSION} SOVERSION 0
  VERIFY_INTERFACE_HEADER_SETS ON)

install(TARGETS reqpath EXPORT reqpathTargets
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/reqpath)
