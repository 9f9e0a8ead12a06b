# http-parser: HTTP/1.x messages, piece by piece (Debian: libhttp-parser-dev,
# which has no pkg-config file). Defines HttpParser::HttpParser.
find_path(HttpParser_INCLUDE_DIR http_parser.h)
find_library(HttpParser_LIBRARY http_parser)
mark_as_advanced(HttpParser_INCLUDE_DIR HttpParser_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(HttpParser
  REQUIRED_VARS HttpParser_LIBRARY HttpParser_INCLUDE_DIR)
if(HttpParser_FOUND AND NOT TARGET HttpParser::HttpParser)
  add_library(HttpParser::HttpParser INTERFACE IMPORTED)
  target_include_directories(HttpParser::HttpParser
    INTERFACE ${HttpParser_INCLUDE_DIR})
  target_link_libraries(HttpParser::HttpParser INTERFACE ${HttpParser_LIBRARY})
endif()
