/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout.h"

#include <assert.h>
#include <string.h>

/* What columns from `begin` on take, with what stands between them. */
static size_t taken(const size_t *widths, size_t begin, size_t end)
{
    size_t sum = 0;

    for (size_t i = begin; i < end; i++)
        sum += widths[i] + (i > begin ? RP_LAYOUT_GAP : 0);
    return sum;
}

/* Folds the widest of the columns `begin` to before `end` that can be folded, a
 * character at a time, until they take no more than `room`; false: that was not
 * enough. */
static bool fold(const struct rp_layout_column *columns, size_t begin,
                 size_t end, size_t room, size_t *widths)
{
    while (taken(widths, begin, end) > room) {
        size_t widest = end;

        for (size_t i = begin; i < end; i++)
            if (widths[i] > columns[i].least &&
                (widest == end || widths[i] > widths[widest]))
                widest = i;
        if (widest == end)
            return false;
        widths[widest]--;
    }
    return true;
}

/* How many leading keys every panel begins with, at least one: as many as can
 * be folded into half of the width. */
static size_t fold_keys(const struct rp_layout_column *columns, size_t count,
                        size_t width, size_t *widths)
{
    size_t keys = 1;

    while (keys + 1 < count && columns[keys].is_key)
        keys++;
    for (; keys > 1; keys--) {
        size_t folded[RP_LAYOUT_COLUMNS_MAX];

        memcpy(folded, widths, keys * sizeof *folded);
        if (!fold(columns, 0, keys, width / 2, folded))
            continue;
        memcpy(widths, folded, keys * sizeof *folded);
        break;
    }
    return keys;
}

/* A panel has as many columns as can be folded into what the keys leave. */
static void cut(const struct rp_layout_column *columns, size_t count,
                size_t width, struct rp_layout *layout)
{
    size_t *const widths = layout->widths;
    size_t least[RP_LAYOUT_COLUMNS_MAX], keys, key_width, room, begin;

    for (size_t i = 0; i < count; i++) { /* a column may take half of a line */
        least[i] = columns[i].least;
        if (least[i] < columns[i].width && widths[i] > width / 2)
            widths[i] = least[i] > width / 2 ? least[i] : width / 2;
    }
    keys = fold_keys(columns, count, width, widths);
    key_width = taken(widths, 0, keys) + RP_LAYOUT_GAP;
    room = width > key_width ? width - key_width : 0;
    layout->key_count = keys;
    layout->panel_count = 0;
    layout->begins[layout->panel_count++] = 0;
    begin = keys;
    for (size_t i = keys + 1; i < count; i++) {
        if (taken(least, begin, i + 1) <= room)
            continue;
        (void)fold(columns, begin, i, room, widths);
        layout->begins[layout->panel_count++] = i;
        begin = i;
    }
    (void)fold(columns, begin, count, room, widths);
    layout->begins[layout->panel_count] = count;
}

void rp_layout_fit(const struct rp_layout_column *columns, size_t count,
                   size_t width, struct rp_layout *layout)
{
    assert(count >= 1 && count <= RP_LAYOUT_COLUMNS_MAX);
    *layout = (struct rp_layout){.panel_count = 1, .begins = {0, count}};
    for (size_t i = 0; i < count; i++)
        layout->widths[i] = columns[i].width;
    if (width == 0 || fold(columns, 0, count, width, layout->widths))
        return;
    for (size_t i = 0; i < count; i++)
        layout->widths[i] = columns[i].width;
    cut(columns, count, width, layout);
}

size_t rp_layout_panel(const struct rp_layout *layout, size_t panel,
                       size_t columns[RP_LAYOUT_COLUMNS_MAX])
{
    size_t count = 0;

    assert(panel < layout->panel_count);
    for (size_t i = 0; panel > 0 && i < layout->key_count; i++)
        columns[count++] = i;
    for (size_t i = layout->begins[panel]; i < layout->begins[panel + 1]; i++)
        columns[count++] = i;
    return count;
}
