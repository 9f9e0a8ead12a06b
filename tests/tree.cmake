# Tests of the tree itself: who includes whom, what is listed where, what the
# library exports.
get_property(arrows GLOBAL PROPERTY RP_ARROWS)
list(JOIN arrows "" arrows)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/arrows.txt CONTENT "${arrows}")

add_test(NAME tree/arrows
  COMMAND ${CMAKE_COMMAND}
    -D ROOT=${PROJECT_SOURCE_DIR}
    -D ARROWS=${PROJECT_BINARY_DIR}/arrows.txt
    -D TABLE=${PROJECT_SOURCE_DIR}/ARCHITECTURE.md
    -P ${CMAKE_CURRENT_SOURCE_DIR}/arrows.cmake)
add_test(NAME tree/files
  COMMAND ${CMAKE_COMMAND}
    -D ROOT=${PROJECT_SOURCE_DIR}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/files.cmake)

# A check that finds nothing may be a check that looks at nothing: both scripts
# are run on a small tree that breaks every rule, and on one that breaks none.
add_test(NAME tree/rules_can_be_broken
  COMMAND ${CMAKE_COMMAND}
    -D SCRATCH=${PROJECT_BINARY_DIR}/broken_tree
    -P ${CMAKE_CURRENT_SOURCE_DIR}/broken_tree.cmake)

add_test(NAME tree/symbols
  COMMAND ${CMAKE_COMMAND}
    -D NM=${CMAKE_NM}
    -D LIBRARY=$<TARGET_FILE:reqpath>
    -P ${CMAKE_CURRENT_SOURCE_DIR}/symbols.cmake)

add_test(NAME tree/every_header_compiles_alone
  COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR}
    --target all_verify_interface_header_sets)

# Not under a sanitizer: it takes long there, and there is no installation to be
# tested.
if(NOT REQPATH_SANITIZE)
  find_program(REQPATH_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
  mark_as_advanced(REQPATH_PYTHON)
  if(REQPATH_PYTHON)
    add_test(NAME tree/schemas
      COMMAND ${REQPATH_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/schemas.py
        $<TARGET_FILE:reqpath_cli> ${PROJECT_SOURCE_DIR})
    set_tests_properties(tree/schemas PROPERTIES SKIP_RETURN_CODE 77)
  else()
    message(NOTICE "schemas of JSON are not tested: there is no \
/usr/bin/python3")
  endif()
  # These costs are fitted through the simulator, as those of cli/profile are.
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_test(NAME tree/demo
      COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/demo.sh
        $<TARGET_FILE:reqpath_cli> ${PROJECT_SOURCE_DIR})
    set_tests_properties(tree/demo PROPERTIES TIMEOUT 900)
  endif()
  add_test(NAME tree/entry
    COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/entry.sh ${PROJECT_SOURCE_DIR})
  add_test(NAME tree/manuals
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/manuals.sh $<TARGET_FILE:reqpath_cli>)
  foreach(document IN ITEMS MODEL README TUTORIAL)
    string(TOLOWER tree/${document} name)
    add_test(NAME ${name}
      COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/readme.sh $<TARGET_FILE:reqpath_cli>
        ${PROJECT_SOURCE_DIR} ${document}.md)
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)
  endforeach()
  add_test(NAME tree/quick
    COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/quick.sh $<TARGET_FILE:reqpath_cli>
      ${PROJECT_SOURCE_DIR})
  set_tests_properties(tree/quick PROPERTIES SKIP_RETURN_CODE 77)
  add_test(NAME tree/reference
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/reference.sh
      ${PROJECT_BINARY_DIR}/Doxyfile)
  set_tests_properties(tree/reference PROPERTIES SKIP_RETURN_CODE 77)
  add_test(NAME tree/terminal
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/terminal.sh $<TARGET_FILE:reqpath_cli>
      ${PROJECT_SOURCE_DIR})
  set_tests_properties(tree/terminal PROPERTIES SKIP_RETURN_CODE 77)
  add_test(NAME tree/invariants_are_tested
    COMMAND ${CMAKE_COMMAND}
      -D TABLE=${PROJECT_SOURCE_DIR}/ARCHITECTURE.md
      -D BUILT=${PROJECT_BINARY_DIR}
      -P ${CMAKE_CURRENT_SOURCE_DIR}/invariants.cmake)
endif()
