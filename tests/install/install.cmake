# One step of the installation tests; CMakeLists.txt beside it says which.
#
# SPDX-License-Identifier: GPL-3.0-or-later
cmake_minimum_required(VERSION 3.25)

set(prefix ${SCRATCH}/prefix)
set(fatal COMMAND_ERROR_IS_FATAL ANY)
set(words "S A S: 5 sync_to_async, 2 async_to_sync, 2 loops, 2 threads\n")

function(build_and_install)
  set(tree ${BUILT})
  if(KIND STREQUAL "shared" AND NOT BUILT_SHARED OR
     KIND STREQUAL "static" AND BUILT_SHARED)
    set(tree ${SCRATCH}/build)
    string(COMPARE EQUAL ${KIND} shared shared)
    execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${tree}
      -G ${GENERATOR} -D CMAKE_C_COMPILER=${COMPILER}
      -D CMAKE_BUILD_TYPE=Release -D CMAKE_INSTALL_LIBDIR=${LIBDIR}
      -D REQPATH_TESTS=OFF -D REQPATH_WERROR=ON -D BUILD_SHARED_LIBS=${shared}
      ${fatal})
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${tree} --parallel ${fatal})
  endif()
  file(REMOVE_RECURSE ${prefix})
  execute_process(
    COMMAND ${CMAKE_COMMAND} --install ${tree} --prefix ${prefix} ${fatal})

  # What is installed is moved to other machines: no path of this one in it.
  file(GLOB_RECURSE texts ${prefix}/*.cmake ${prefix}/*.pc ${prefix}/*.h)
  foreach(text IN LISTS texts)
    file(STRINGS ${text} lines REGEX "${SOURCE}")
    if(lines)
      message(FATAL_ERROR "${text} names the source tree: ${lines}")
    endif()
  endforeach()
endfunction()

function(run_consumer)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE out ${fatal})
  if(NOT out STREQUAL words)
    message(FATAL_ERROR "the consumer prints\n${out}instead of\n${words}")
  endif()
endfunction()

function(use_find_package)
  set(tree ${SCRATCH}/find_package)
  file(REMOVE_RECURSE ${tree})
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${CONSUMER} -B ${tree}
    -G ${GENERATOR} -D CMAKE_C_COMPILER=${COMPILER}
    -D CMAKE_PREFIX_PATH=${prefix} ${fatal})
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${tree} ${fatal})
  run_consumer(${tree}/consumer)
endfunction()

function(use_pkg_config)
  set(tree ${SCRATCH}/pkg-config)
  set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
  execute_process(COMMAND pkg-config --cflags --libs reqpath
    OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE ${fatal})
  separate_arguments(flags UNIX_COMMAND "${flags}")
  file(MAKE_DIRECTORY ${tree})
  execute_process(COMMAND ${COMPILER} -std=c17 ${CONSUMER}/consumer.c
    -o ${tree}/consumer ${flags} ${fatal})
  run_consumer(
    ${CMAKE_COMMAND} -E env LD_LIBRARY_PATH=${prefix}/${LIBDIR} ${tree}/consumer)
endfunction()

if(WAY STREQUAL "install")
  build_and_install()
elseif(WAY STREQUAL "find_package")
  use_find_package()
else()
  use_pkg_config()
endif()
