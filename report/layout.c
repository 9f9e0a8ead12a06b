/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout.h"

#include <assert.h>

/* What columns from `begin` on take, with what stands between them. */
static size_t taken(const size_t *widths, size_t begin, size_t end)
{
    size_t sum = 0;

    for (size_t i = begin; i < end; i++)
        sum += widths[i] + (i > begin ? RP_LAYOUT_GAP : 0);
    return sum;
}

/* Folds the widest column that can be folded, a character at a time; false:
 * that was not enough. */
static bool fold(const struct rp_layout_column *columns, size_t count,
                 size_t width, size_t *widths)
{
    while (taken(widths, 0, count) > width) {
        size_t widest = count;

        for (size_t i = 0; i < count; i++)
            if (widths[i] > columns[i].least &&
                (widest == count || widths[i] > widths[widest]))
                widest = i;
        if (widest == count)
            return false;
        widths[widest]--;
    }
    return true;
}

/* Leading keys, at least one, as long as half of the width is left. */
static size_t keys_of(const struct rp_layout_column *columns, size_t count,
                      size_t width, const size_t *widths)
{
    size_t keys = 1;

    while (keys + 1 < count && columns[keys].is_key &&
           taken(widths, 0, keys + 1) <= width / 2)
        keys++;
    return keys;
}

static void cut(const struct rp_layout_column *columns, size_t count,
                size_t width, struct rp_layout *layout)
{
    size_t *const widths = layout->widths;
    size_t used, keys;

    for (size_t i = 0; i < count; i++) /* a column may take half of a line */
        if (columns[i].least < columns[i].width && widths[i] > width / 2)
            widths[i] =
                columns[i].least > width / 2 ? columns[i].least : width / 2;
    keys = keys_of(columns, count, width, widths);
    used = taken(widths, 0, keys);
    layout->key_count = keys;
    layout->panel_count = 0;
    layout->begins[layout->panel_count++] = 0;
    for (size_t i = keys; i < count; i++) {
        const size_t more = RP_LAYOUT_GAP + widths[i];

        if (used + more > width && used > taken(widths, 0, keys)) {
            layout->begins[layout->panel_count++] = i;
            used = taken(widths, 0, keys);
        }
        used += more;
    }
    layout->begins[layout->panel_count] = count;
}

void rp_layout_fit(const struct rp_layout_column *columns, size_t count,
                   size_t width, struct rp_layout *layout)
{
    assert(count >= 1 && count <= RP_LAYOUT_COLUMNS_MAX);
    *layout = (struct rp_layout){.panel_count = 1, .begins = {0, count}};
    for (size_t i = 0; i < count; i++)
        layout->widths[i] = columns[i].width;
    if (width == 0 || fold(columns, count, width, layout->widths))
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
