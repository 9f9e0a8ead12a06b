/**
 * Pages: results as one HTML file that needs nothing else.
 *
 * The page is made beforehand (report/page/, bundled into
 * report/page/page.html) and is part of the library; here the results go into
 * it, as JSON in a block of data. Whatever a user wrote is in that block or in
 * the title, escaped, and nowhere else: a name cannot become a tag or code. The
 * page's own policy forbids it to load anything or to run any other script. The
 * same results make the same bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_PAGE_H
#define RP_REPORT_PAGE_H

#include "report/resultfile.h"

#include <stdio.h>

/**
 * Write a page with a section for each result, in their order.
 *
 * @param title  any text; control characters become "?"
 * @param files  `count` of them, one or more
 * @return RP_ERR_MEMORY, RP_ERR_IO (the stream failed)
 */
RP_CHECKED enum rp_code rp_page_write(const char *title,
                                      const struct rp_resultfile *files,
                                      size_t count, FILE *out,
                                      struct rp_error *error);

#endif
