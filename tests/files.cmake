# cmake -D ROOT=<tree> -P files.cmake
#
# Names and lists: no two sources have the same name, every source is in the
# CMakeLists.txt that builds it, every header of a module has the guard that its
# path asks for, and every file names its licence.
#
# SPDX-License-Identifier: GPL-3.0-or-later
cmake_minimum_required(VERSION 3.25)

set(findings 0)
function(finding place sentence)
  message(NOTICE "${place}: ${sentence}")
  math(EXPR count "${findings} + 1")
  set(findings ${count} PARENT_SCOPE)
endfunction()

# What builds a file, as a pattern, and the CMakeLists.txt where it stands.
function(line_of file list_result pattern_result)
  get_filename_component(folder "${file}" DIRECTORY)
  get_filename_component(name "${file}" NAME)
  set(list "${folder}/CMakeLists.txt")
  if(NOT EXISTS "${ROOT}/${list}" AND file MATCHES "^tests/")
    set(list "tests/CMakeLists.txt")
  endif()
  set(pattern "(^|[ \t(/])${name}([ \t)]|$)")
  if(file MATCHES "^tests/fuzz/fuzz_(.*)\\.c$")
    set(pattern "^ *rp_fuzz\\(${CMAKE_MATCH_1} ")
  elseif(file MATCHES "^tests/(.*)/(test|threads)_(.*)\\.c$")
    set(function_test "rp_test")
    set(function_threads "rp_thread_test")
    set(list "tests/CMakeLists.txt")
    set(pattern
      "^ *${function_${CMAKE_MATCH_2}}\\(${CMAKE_MATCH_1} ${CMAKE_MATCH_3} ")
  endif()
  set(${list_result} "${list}" PARENT_SCOPE)
  set(${pattern_result} "${pattern}" PARENT_SCOPE)
endfunction()

file(GLOB files RELATIVE "${ROOT}" "${ROOT}/*/*.[ch]" "${ROOT}/tests/*/*.[ch]"
  "${ROOT}/tests/*/*/*.[ch]")
list(FILTER files EXCLUDE REGEX "^build")
set(names "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  if(name IN_LIST names)
    finding("${file}" "another file of the tree is called ${name} too")
  endif()
  list(APPEND names "${name}")

  line_of("${file}" list pattern)
  set(lines "")
  if(EXISTS "${ROOT}/${list}")
    file(STRINGS "${ROOT}/${list}" lines REGEX "${pattern}")
  endif()
  # A header inside an executable or a test is nobody's but its neighbours'.
  if(NOT lines AND NOT file MATCHES "^(cli|tests)/.*\\.h$")
    finding("${file}" "not in ${list}")
  endif()

  file(STRINGS "${ROOT}/${file}" licence LIMIT_COUNT 60
    REGEX "SPDX-License-Identifier: GPL-3.0-or-later")
  if(NOT licence)
    finding("${file}" "no line \"SPDX-License-Identifier: GPL-3.0-or-later\"")
  endif()

  if(NOT file MATCHES "^tests/" AND file MATCHES "^(.*)\\.h$")
    string(TOUPPER "RP_${CMAKE_MATCH_1}_H" guard)
    string(REGEX REPLACE "[^A-Z0-9]" "_" guard "${guard}")
    file(STRINGS "${ROOT}/${file}" guards REGEX "^#define ${guard}$")
    if(NOT guards)
      finding("${file}" "its include guard is not ${guard}")
    endif()
  endif()
endforeach()

# Python has no lists and no guards; its licence stands in the docstring.
file(GLOB scripts RELATIVE "${ROOT}" "${ROOT}/microhandler/django/*.py"
  "${ROOT}/microhandler/django/*/*.py" "${ROOT}/microhandler/django/reqpath-django"
  "${ROOT}/tests/django/*.py" "${ROOT}/tests/django/*/*.py")
foreach(file IN LISTS scripts)
  file(STRINGS "${ROOT}/${file}" licence LIMIT_COUNT 60
    REGEX "SPDX-License-Identifier: GPL-3.0-or-later")
  if(NOT licence)
    finding("${file}" "no line \"SPDX-License-Identifier: GPL-3.0-or-later\"")
  endif()
endforeach()

list(LENGTH files count)
if(findings GREATER 0 OR count EQUAL 0)
  message(FATAL_ERROR "${findings} findings in ${count} files")
endif()
message(NOTICE "${count} files are named, listed, guarded and licensed")
