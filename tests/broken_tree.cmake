# cmake -D SCRATCH=<folder> -P broken_tree.cmake
#
# Breaks every rule of arrows.cmake and files.cmake once, in a tree made for
# it, and asks that each sentence comes; then mends all of it, and asks for
# silence.
#
# SPDX-License-Identifier: GPL-3.0-or-later
cmake_minimum_required(VERSION 3.25)

set(here ${CMAKE_CURRENT_LIST_DIR})
set(licence "/* SPDX-License-Identifier: GPL-3.0-or-later */\n")

# run(<result> <output> <script>): exit code and words of a script.
function(run result output script)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -D ARROWS=${SCRATCH}/arrows.txt
      -D TABLE=${SCRATCH}/TABLE.md -P ${here}/${script}
    RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
  set(${result} ${code} PARENT_SCOPE)
  set(${output} "${out}${err}" PARENT_SCOPE)
endfunction()

# expect_findings(<script> <sentences>): it fails, with these and no others.
function(expect_findings script)
  run(code output ${script})
  list(LENGTH ARGN count)
  foreach(sentence IN LISTS ARGN)
    string(FIND "${output}" "${sentence}\n" at)
    if(at LESS 0)
      message(SEND_ERROR "${script} does not say: ${sentence}\n${output}")
    endif()
  endforeach()
  if(code EQUAL 0 OR NOT output MATCHES " ${count} findings in ")
    message(SEND_ERROR "${script}: not ${count} findings:\n${output}")
  endif()
endfunction()

function(expect_silence script)
  run(code output ${script})
  if(NOT code EQUAL 0)
    message(SEND_ERROR "${script} fails on a good tree:\n${output}")
  endif()
endfunction()

function(write_header file lines)
  string(MAKE_C_IDENTIFIER "RP_${file}" guard)
  string(TOUPPER ${guard} guard)
  file(WRITE ${SCRATCH}/${file}
    "${licence}#ifndef ${guard}\n#define ${guard}\n${lines}#endif\n")
endfunction()

function(write_arrows model report)
  file(WRITE ${SCRATCH}/arrows.txt "model: ${model}\nreport: ${report}\n")
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
write_header(model/noun.h "#include <stddef.h>\n")
write_header(sim/engine.h "#include \"model/noun.h\"\n")
write_header(cli/command.h "")
file(WRITE ${SCRATCH}/model/noun.c
  "${licence}#include \"model/noun.h\"\n#include <yaml.h>\n")
foreach(folder IN ITEMS model sim)
  file(GLOB names RELATIVE ${SCRATCH}/${folder} ${SCRATCH}/${folder}/*.[ch])
  list(JOIN names "\n" names)
  file(WRITE ${SCRATCH}/${folder}/CMakeLists.txt "${names}\n")
endforeach()

# Everything wrong.
write_arrows("PkgConfig::YAML" "rp::model PkgConfig::JANSSON")
file(WRITE ${SCRATCH}/TABLE.md "| `model/` | nouns | libyaml |\n\
| `report/` | tables | model, sim |\n")
file(WRITE ${SCRATCH}/report/table.c "
#include \"model/noun.h\"
#include \"sim/engine.h\"
#  include \"cli/command.h\"
#include \"model/nothing.h\"
#include <gsl/gsl_math.h>
#include <lmdb.h>
#include SOMETHING
#include \"table.h\"
")
file(WRITE ${SCRATCH}/report/CMakeLists.txt "rp_module(report)\n")
file(WRITE ${SCRATCH}/report/noun.h "${licence}#define NOUN_H\n")
file(WRITE ${SCRATCH}/tests/CMakeLists.txt "rp_test(model verb USES model)\n")
file(WRITE ${SCRATCH}/tests/model/test_noun.c "${licence}")
expect_findings(arrows.cmake
  "report/table.c: \"sim/engine.h\": report may not use sim"
  "report/table.c: \"cli/command.h\": nothing may use cli"
  "report/table.c: \"model/nothing.h\" is not in the tree"
  "report/table.c: <gsl/gsl_math.h>: report may not use GSL::gsl"
  "report/table.c: <lmdb.h> belongs to no library that is known here"
  "report/table.c: write \"folder/file.h\" or <header.h>, not #include SOMETHING"
  "report/table.c: write \"folder/file.h\" or <header.h>, not #include \"table.h\""
  "report/CMakeLists.txt: USES PkgConfig::JANSSON, which no file includes"
  "${SCRATCH}/TABLE.md: report/ may use \"model, sim\" by the table of folders, \
\"jansson, model\" by its CMakeLists.txt")
expect_findings(files.cmake
  "report/noun.h: another file of the tree is called noun.h too"
  "report/noun.h: its include guard is not RP_REPORT_NOUN_H"
  "report/noun.h: not in report/CMakeLists.txt"
  "report/table.c: not in report/CMakeLists.txt"
  "report/table.c: no line \"SPDX-License-Identifier: GPL-3.0-or-later\""
  "tests/model/test_noun.c: not in tests/CMakeLists.txt")

# Everything mended.
write_arrows("PkgConfig::YAML" "rp::model PkgConfig::JANSSON")
file(WRITE ${SCRATCH}/TABLE.md "| `model/` | nouns | libyaml |\n\
| `report/` | tables | model, jansson |\n")
file(WRITE ${SCRATCH}/report/table.c
  "${licence}#include \"model/noun.h\"\n#include <jansson.h>\n")
file(WRITE ${SCRATCH}/report/CMakeLists.txt
  "rp_module(report\n  SOURCES\n    table.c)\n")
file(REMOVE ${SCRATCH}/report/noun.h)
file(WRITE ${SCRATCH}/tests/CMakeLists.txt "rp_test(model noun USES model)\n")
expect_silence(arrows.cmake)
expect_silence(files.cmake)
