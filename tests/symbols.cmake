# cmake -D NM=<nm> -D LIBRARY=<file> -P symbols.cmake
#
# The library shares one name space with every program that links it: all that
# it exports begins with rp_.
#
# SPDX-License-Identifier: GPL-3.0-or-later
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${NM} --extern-only --defined-only ${LIBRARY}
  OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL " [A-Z] [^\n]+" symbols "${symbols}")
list(TRANSFORM symbols REPLACE "^ . " "")
# AddressSanitizer's own marks of global variables.
list(FILTER symbols EXCLUDE REGEX "^__(odr_)?asan")
list(LENGTH symbols count)
list(FILTER symbols EXCLUDE REGEX "^rp_[a-z0-9_]+$")
if(symbols)
  list(JOIN symbols ", " symbols)
  message(FATAL_ERROR "exported without the prefix rp_: ${symbols}")
elseif(count LESS 10)
  message(FATAL_ERROR "only ${count} exported symbols in ${LIBRARY}")
endif()
message(NOTICE "${count} exported symbols begin with rp_")
