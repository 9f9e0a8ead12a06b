/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/nextalone.h"

#include <stdlib.h>
#include <string.h>

struct finding {
    const struct rp_measured *measured;
    const struct rp_nextload_options *options;
    struct rp_nextalone found;
    struct rp_error *error;
};

/* What another of the same target pays, too, tells nothing else. */
static bool is_like_another(const struct rp_nextalone *found,
                            const struct rp_config *config, size_t target)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->targets[i] == target &&
            memcmp(found->configs[i].amounts, config->amounts,
                   sizeof config->amounts) == 0)
            return true;
    return false;
}

static enum rp_code add(struct finding *f, size_t target, const char *stack,
                        bool view_async)
{
    struct rp_nextalone *const to = &f->found;
    struct rp_config config;
    bool has_it;
    const enum rp_code code =
        rp_next_config(f->measured, &f->options->targets[target], stack,
                       view_async, &config, &has_it, f->error);

    if (code || !has_it || !rp_next_may(f->measured, f->options, &config) ||
        (!f->options->only && is_like_another(to, &config, target)))
        return code;
    if (to->count == RP_NEXTALONE_MAX)
        return rp_fail(f->error, RP_ERR_VALUE,
                       "there are more than %d candidates: take fewer letters "
                       "or shorter stacks",
                       RP_NEXTALONE_MAX);
    to->configs[to->count] = config;
    to->targets[to->count++] = target;
    return RP_OK;
}

static enum rp_code add_stack(struct finding *f, const char *stack)
{
    enum rp_code code = RP_OK;

    for (size_t t = 0; t < f->options->target_count && !code; t++) {
        code = add(f, t, stack, false);
        if (!code)
            code = add(f, t, stack, true);
    }
    return code;
}

/* All words over the letters, short ones first, and the stacks of targets that
 * serve one alone. */
static enum rp_code add_all(struct finding *f)
{
    const struct rp_nextload_options *const o = f->options;
    enum rp_code code = RP_OK;

    for (size_t length = 0; length <= o->longest && !code; length++)
        for (size_t n = 0; n < rp_next_words(o->letters, length) && !code;
             n++) {
            char stack[RP_NEXT_LONGEST + 1];

            rp_next_word(o->letters, length, n, stack);
            code = add_stack(f, stack);
        }
    for (size_t t = 0; t < o->target_count && !code; t++)
        if (o->targets[t].only && strlen(o->targets[t].only) > o->longest)
            code = add_stack(f, o->targets[t].only);
    return code;
}

enum rp_code rp_nextalone_find(const struct rp_measured *measured,
                               const struct rp_nextload_options *options,
                               struct rp_nextalone *found,
                               struct rp_error *error)
{
    struct finding f = {
        .measured = measured,
        .options = options,
        .found = {.configs = calloc(RP_NEXTALONE_MAX, sizeof *f.found.configs),
                  .targets = calloc(RP_NEXTALONE_MAX, sizeof *f.found.targets)},
        .error = error};
    enum rp_code code;

    if (!f.found.configs || !f.found.targets)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a design");
    else
        code = add_all(&f);
    if (code)
        rp_nextalone_free(&f.found);
    else
        *found = f.found;
    return code;
}

void rp_nextalone_free(struct rp_nextalone *found)
{
    free(found->configs);
    free(found->targets);
    *found = (struct rp_nextalone){.count = 0};
}
