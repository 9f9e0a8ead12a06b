# cmake -D TABLE=<ARCHITECTURE.md> -D BUILT=<build folder> -P invariants.cmake
#
# Every test that the list of invariants names is a test of this build.
#
# SPDX-License-Identifier: GPL-3.0-or-later
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${BUILT} -N
  OUTPUT_VARIABLE listed COMMAND_ERROR_IS_FATAL ANY)
file(READ ${TABLE} text)
string(REGEX MATCH "\n\\| invariant \\|[^#]*" table "${text}")
string(REGEX MATCHALL "`[a-z_]+/[A-Za-z0-9_/-]+`" names "${table}")
list(LENGTH names count)
set(missing "")
foreach(name IN LISTS names)
  string(REPLACE "`" "" name "${name}")
  string(FIND "${listed}" ": ${name}\n" at)
  if(at LESS 0)
    list(APPEND missing ${name})
  endif()
endforeach()
if(missing OR count EQUAL 0)
  list(JOIN missing ", " missing)
  message(FATAL_ERROR
    "${TABLE} names ${count} tests of invariants; not there: ${missing}")
endif()
message(NOTICE "${count} names of tests stand for a test")
