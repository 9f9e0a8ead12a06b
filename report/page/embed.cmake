# cmake -D PAGE=<page.html> -D OUT=<file.c> -P embed.cmake
#
# The page as an array of C, for a library that needs no file when it runs.
#
# SPDX-License-Identifier: GPL-3.0-or-later
cmake_minimum_required(VERSION 3.25)

file(READ ${PAGE} bytes HEX)
string(REGEX REPLACE "(................................)" "\\1\n" bytes
  "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUT} "/* Made from report/page/page.html by embed.cmake. */
extern const unsigned char rp_page_html[];
const unsigned char rp_page_html[] = {\n${bytes}0};\n")
