# cmake -D ROOT=<tree> -D ARROWS=<file> [-D TABLE=<file>] -P arrows.cmake
#
# Holds every #include of every module to the module's USES, and USES to the
# table of folders that people read.
#
# ARROWS has one line for each module, written by CMake from rp_module():
# "sim: rp::model GSL::gsl". TABLE is ARCHITECTURE.md: rows that begin with
# "| `sim/` |" and end with what the folder may use, "| model, GSL |". cli is
# no module: it may use everything, and nothing may use it.
#
# SPDX-License-Identifier: GPL-3.0-or-later
cmake_minimum_required(VERSION 3.25)

# Which target stands behind a header, and what the table calls it.
set(libraries
  "^gsl/=GSL::gsl=GSL"
  "^jansson\\.h$=PkgConfig::JANSSON=jansson"
  "^mpi\\.h$=PkgConfig::MPI=MPI"
  "^sqlite3\\.h$=PkgConfig::SQLITE=sqlite"
  "^yaml\\.h$=PkgConfig::YAML=libyaml"
  "^Random123/=Random123::Random123=Random123"
  "^http_parser\\.h$=HttpParser::HttpParser=http-parser"
  "^uv\\.h$=PkgConfig::LIBUV=libuv"
  "^(pthread|semaphore|threads)\\.h$=Threads::Threads=threads")

# The C library is everybody's: C17 without threads.h, POSIX, and some of Linux.
set(libc
  arpa/inet argp assert complex ctype dirent errno fcntl fenv float ftw inttypes langinfo
  limits locale math netdb netinet/in netinet/tcp poll sched setjmp signal stdalign stdarg stdatomic stdbool
  stddef stdint stdio stdlib stdnoreturn string strings tgmath time uchar unistd
  wchar wctype
  sys/epoll sys/eventfd sys/file sys/ioctl sys/mman sys/prctl sys/resource sys/signalfd
  sys/socket sys/stat sys/time sys/timerfd sys/types sys/utsname sys/wait)

set(findings 0)
function(finding place sentence)
  message(NOTICE "${place}: ${sentence}")
  math(EXPR count "${findings} + 1")
  set(findings ${count} PARENT_SCOPE)
endfunction()

# target_of(<header> <result>): the target of a <header>, "libc", or "".
function(target_of header result)
  set(${result} "" PARENT_SCOPE)
  string(REGEX REPLACE "\\.h$" "" stem "${header}")
  if(stem IN_LIST libc)
    set(${result} libc PARENT_SCOPE)
  endif()
  foreach(row IN LISTS libraries)
    string(REPLACE "=" ";" row "${row}")
    list(GET row 0 pattern)
    list(GET row 1 target)
    if(header MATCHES "${pattern}")
      set(${result} ${target} PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

# check_include(<file> <line>): one #include line of a file of ${module}. This
# and what follows are macros, for a finding counts in the scope of its caller.
macro(check_include file line)
  if("${line}" MATCHES "#[ \t]*include[ \t]*\"(([^/\"]+)/[^\"]+)\"")
    set(header "${CMAKE_MATCH_1}")
    set(folder "${CMAKE_MATCH_2}")
    list(APPEND needed rp::${folder})
    if(NOT EXISTS "${ROOT}/${header}")
      finding("${file}" "\"${header}\" is not in the tree")
    elseif(folder STREQUAL "cli")
      finding("${file}" "\"${header}\": nothing may use cli")
    elseif(NOT folder STREQUAL module AND NOT rp::${folder} IN_LIST uses)
      finding("${file}" "\"${header}\": ${module} may not use ${folder}")
    endif()
  elseif("${line}" MATCHES "#[ \t]*include[ \t]*<([^>]+)>")
    set(header "${CMAKE_MATCH_1}")
    target_of("${header}" target)
    list(APPEND needed ${target})
    if(target STREQUAL "")
      finding("${file}" "<${header}> belongs to no library that is known here")
    elseif(NOT target STREQUAL "libc" AND NOT target IN_LIST uses)
      finding("${file}" "<${header}>: ${module} may not use ${target}")
    endif()
  else()
    finding("${file}" "write \"folder/file.h\" or <header.h>, not ${line}")
  endif()
endmacro()

# check_module(): all files of ${module}, whose USES are ${uses}.
macro(check_module)
  set(needed "")
  file(GLOB files RELATIVE "${ROOT}" "${ROOT}/${module}/*.[ch]")
  foreach(file IN LISTS files)
    file(STRINGS "${ROOT}/${file}" lines REGEX "^[ \t]*#[ \t]*include")
    foreach(line IN LISTS lines)
      check_include("${file}" "${line}")
    endforeach()
  endforeach()
  foreach(target IN LISTS uses)
    if(NOT target IN_LIST needed)
      finding("${module}/CMakeLists.txt" "USES ${target}, which no file includes")
    endif()
  endforeach()
endmacro()

# check_row(): the table's row of ${module} says the same as ${uses}.
macro(check_row)
  set(expected "")
  foreach(target IN LISTS uses)
    string(REGEX REPLACE "^rp::" "" word "${target}")
    foreach(library IN LISTS libraries)
      if(library MATCHES "=${target}=(.*)")
        set(word "${CMAKE_MATCH_1}")
      endif()
    endforeach()
    list(APPEND expected "${word}")
  endforeach()
  set(words "")
  file(STRINGS "${TABLE}" row REGEX "^\\| `${module}/` \\|.*\\|$")
  if(row MATCHES "\\|([^|]*)\\|$")
    string(REGEX MATCHALL "[A-Za-z0-9-]+" words "${CMAKE_MATCH_1}")
  endif()
  list(SORT words)
  list(SORT expected)
  if(NOT words STREQUAL expected)
    list(JOIN words ", " words)
    list(JOIN expected ", " expected)
    finding("${TABLE}" "${module}/ may use \"${words}\" by the table of folders, \
\"${expected}\" by its CMakeLists.txt")
  endif()
endmacro()

file(STRINGS "${ARROWS}" arrows)
foreach(arrow IN LISTS arrows)
  string(REGEX MATCH "^([a-z]+): *(.*)$" _ "${arrow}")
  set(module "${CMAKE_MATCH_1}")
  string(REPLACE " " ";" uses "${CMAKE_MATCH_2}")
  check_module()
  if(TABLE)
    check_row()
  endif()
endforeach()

list(LENGTH arrows count)
if(findings GREATER 0 OR count EQUAL 0)
  message(FATAL_ERROR "${findings} findings in ${count} modules")
endif()
message(NOTICE "${count} modules include what they say they use, no less")
