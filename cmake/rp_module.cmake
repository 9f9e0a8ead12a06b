# Warnings and sanitizers for our own code only: a user of the installed library
# never sees these targets.
add_library(rp_flags INTERFACE)
target_compile_options(rp_flags INTERFACE
  # A row of a table leaves what it does not name at zero.
  -Wall -Wextra -Wno-missing-field-initializers -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
  -Wundef -Wformat=2 -ffp-contract=off -fno-math-errno
  $<$<BOOL:${REQPATH_WERROR}>:-Werror>)
if(REQPATH_SANITIZE)
  target_compile_options(rp_flags INTERFACE
    -fsanitize=${REQPATH_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(rp_flags INTERFACE -fsanitize=${REQPATH_SANITIZE})
endif()
if(REQPATH_FUZZ)
  target_compile_options(rp_flags INTERFACE
    -fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined)
endif()
add_library(rp_strict INTERFACE)
target_link_libraries(rp_strict INTERFACE rp_flags)
target_compile_options(rp_strict INTERFACE
  -Wconversion -Wsign-conversion -Wcast-qual
  -Wwrite-strings -Wswitch-enum -Wpointer-arith
  # clang sees a promoted float in NAN, and a mistake in assert(!"sentence").
  $<$<C_COMPILER_ID:GNU>:-Wdouble-promotion>
  $<$<C_COMPILER_ID:Clang>:-Wno-string-conversion>)

# rp_module(<folder> HEADERS <files> SOURCES <files> [USES <targets>])
#
# One folder is one target: rp::<folder>. USES is the whole list of what its
# code may include; tests/arrows.cmake holds every #include line to it. The
# modules together are the one library that is installed (rp_library.cmake).
function(rp_module name)
  cmake_parse_arguments(arg "" "" "HEADERS;SOURCES;USES" ${ARGN})
  add_library(rp_${name} OBJECT)
  add_library(rp::${name} ALIAS rp_${name})
  set_target_properties(rp_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_sources(rp_${name} PRIVATE ${arg_SOURCES})
  target_include_directories(rp_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(rp_${name} PUBLIC ${arg_USES} PRIVATE rp_strict)
  list(TRANSFORM arg_HEADERS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  set_property(GLOBAL APPEND PROPERTY RP_HEADERS ${arg_HEADERS})
  set_property(GLOBAL APPEND PROPERTY RP_MODULES ${name})
  list(JOIN arg_USES " " uses)
  set_property(GLOBAL APPEND PROPERTY RP_ARROWS "${name}: ${uses}\n")
endfunction()
