# `cmake --build build/release --target reference`: every public header as
# HTML, build/release/reference/html/index.html, where doxygen is found.
get_property(reference_headers GLOBAL PROPERTY RP_HEADERS)
list(TRANSFORM reference_headers PREPEND "\"")
list(TRANSFORM reference_headers APPEND "\"")
list(JOIN reference_headers " " reference_inputs)
configure_file(${CMAKE_CURRENT_LIST_DIR}/Doxyfile.in
  ${PROJECT_BINARY_DIR}/Doxyfile @ONLY)

find_program(REQPATH_DOXYGEN doxygen)
mark_as_advanced(REQPATH_DOXYGEN)
if(REQPATH_DOXYGEN)
  add_custom_target(reference
    COMMAND ${REQPATH_DOXYGEN} ${PROJECT_BINARY_DIR}/Doxyfile
    COMMENT "Writing ${PROJECT_BINARY_DIR}/reference/html/index.html"
    VERBATIM)
endif()
