/**
 * Layout: how the columns of a table share the width of a terminal.
 *
 * A table that fits stays as it is. In one that does not, columns of words are
 * folded, the widest first, as far as their longest word and their heading
 * allow. Where that is not enough the table is cut into panels that stand below
 * each other and begin with the same columns, those that say what a row is,
 * folded into half of the width. Their other columns are folded too, where that
 * makes a panel fewer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_LAYOUT_H
#define RP_REPORT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

enum { RP_LAYOUT_COLUMNS_MAX = 64, RP_LAYOUT_GAP = 2 };

struct rp_layout_column {
    size_t width; /* of its widest cell or its heading */
    size_t least; /* what it can be folded to; `width`: it cannot */
    bool is_key;  /* says what a row is, if those before it do too */
};

struct rp_layout {
    size_t widths[RP_LAYOUT_COLUMNS_MAX];
    size_t key_count; /* columns that every panel begins with */
    size_t panel_count;
    size_t
        begins[RP_LAYOUT_COLUMNS_MAX + 1]; /* of panels; the last is the end */
};

/**
 * @param count   1 to RP_LAYOUT_COLUMNS_MAX
 * @param width   of the terminal; 0: there is none, and everything fits. A
 *                column that is wider than it stands alone, and is not cut
 * @param layout  written
 */
void rp_layout_fit(const struct rp_layout_column *columns, size_t count,
                   size_t width, struct rp_layout *layout);

/** Which columns a panel has: their numbers are written, their count is
 * returned. */
size_t rp_layout_panel(const struct rp_layout *layout, size_t panel,
                       size_t columns[RP_LAYOUT_COLUMNS_MAX]);

#endif
