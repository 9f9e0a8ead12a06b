/**
 * Manuals: the page of a command, and what shells complete, from the tables
 * that its --help is printed from.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_MANUAL_H
#define RP_CLI_MANUAL_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

/* What a manual is written as. */
#define RP_MANUAL_LIST(X)                                                      \
    X(RP_MANUAL_MAN, "man")                                                    \
    X(RP_MANUAL_BASH, "bash")                                                  \
    X(RP_MANUAL_ZSH, "zsh")                                                    \
    X(RP_MANUAL_FISH, "fish")

#define RP_MANUAL_AS_ENUM(form, word) form,
enum rp_manual { RP_MANUAL_LIST(RP_MANUAL_AS_ENUM) RP_MANUAL_COUNT };
#undef RP_MANUAL_AS_ENUM

/** False where the word is not in the list. */
bool rp_manual_parse(const char *word, enum rp_manual *form);

/**
 * Write what one command adds: its page (man), its branch of a completion
 * (bash, zsh), or its lines (fish).
 *
 * @param name     "explain"
 * @param options  of the command's argp and those that it shares, ended by one
 *                 without name, key and doc
 * @param argp     its texts; `options` and children are not read
 */
void rp_manual_command(FILE *out, enum rp_manual form, const char *name,
                       const struct argp_option *options,
                       const struct argp *argp);

/** Text of a manual page: what roff would read is escaped. */
void rp_manual_text(FILE *out, const char *text);

/** The head of a page: its name, section, and what it is in one line. */
void rp_manual_head(FILE *out, const char *name, unsigned section,
                    const char *summary);

#endif
