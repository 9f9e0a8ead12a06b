/**
 * Framework rules: what each version of Django and asgiref does differently.
 *
 * The path compiler is one; what varies between versions are the rows of one
 * table here. A row says from which version on it holds. Another framework is
 * another set of rows.
 *
 * Source of the rows: counts taken from the real code, Django 3.2, 4.2 and
 * main of 2026-06 with asgiref 3.6 to 3.12.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_FRAMEWORK_H
#define RP_MODEL_FRAMEWORK_H

#include "model/scenario.h"

/** When an async_to_sync object looks for a running loop to use. */
enum rp_loop_lookup {
    RP_LOOKUP_AT_BUILD, /* when it is made, which for the chain is start-up */
    RP_LOOKUP_CACHED,   /* at its first call, and then never again */
    RP_LOOKUP_AT_CALL,  /* at every call */
};

/** What the compiler asks; filled by rp_rules_find(). */
struct rp_rules {
    enum rp_loop_lookup lookup;
    bool sensitive_default; /* sync_to_async is thread-sensitive unless told */
    bool context_thread;    /* a thread of its own for each ASGI request that
                               calls sync code */
    bool joining_thread;    /* and a second one that joins it */
    bool beyond_known;      /* newer than the newest version counted; its rules
                               are that one's */
};

/** The newest versions whose counts were taken; Django's main is one. */
struct rp_version rp_newest_known_django(void);
struct rp_version rp_newest_known_asgiref(void);

/** The asgiref of a Django where none is named: 3.6.0, or from Django 5.0 on
 * the least that it can be installed with. */
struct rp_version rp_default_asgiref(struct rp_version django);

/** The sentence about versions that are newer than these, for who finds
 * `beyond_known`; returns `text`. */
#define RP_BEYOND_TEXT_SIZE 256
const char *rp_beyond_known_text(const struct rp_framework *framework,
                                 char text[RP_BEYOND_TEXT_SIZE]);

/**
 * The rules of a framework's versions.
 *
 * @return RP_ERR_VALUE: no rules for that framework, or a version before its
 *         first async request path (Django 3.1, but for the single path, which
 *         came before; asgiref 3.2)
 */
RP_CHECKED enum rp_code rp_rules_find(const struct rp_framework *framework,
                                      struct rp_rules *rules,
                                      struct rp_error *error);

#endif
