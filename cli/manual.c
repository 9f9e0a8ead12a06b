/* SPDX-License-Identifier: GPL-3.0-or-later */

/* argp is glibc's: its header needs the names of GNU. */
#define _GNU_SOURCE

#include "cli/manual.h"

#include <ctype.h>
#include <string.h>

/* An option's value, by the word that --help has for it: words of a fixed list
 * where there are such, else a file. */
static const struct {
    const char *value;
    const char *words; /* "": whatever the user says */
} values_known[] = {
    {"FORMAT", "text json csv md"},
    {"N", ""},
    {"V", ""},
    {"WORD", ""},
    {"NAME", ""},
    {"LIST", ""},
    {"PERCENT", ""},
    {"PATH", "dual unified single"},
    {"METRIC", "rps mean_ms p50_ms p90_ms p95_ms p99_ms"},
};

bool rp_manual_parse(const char *word, enum rp_manual *form)
{
    static const char *const words[] = {
#define RP_MANUAL_AS_WORD(form, word) [form] = word,
        RP_MANUAL_LIST(RP_MANUAL_AS_WORD)
#undef RP_MANUAL_AS_WORD
    };

    for (size_t i = 0; i < RP_MANUAL_COUNT; i++) {
        if (strcmp(word, words[i]) == 0) {
            *form = (enum rp_manual)i;
            return true;
        }
    }
    return false;
}

static bool is_end(const struct argp_option *option)
{
    return !option->name && !option->key && !option->doc;
}

static bool is_hidden(const struct argp_option *option)
{
    return (option->flags & OPTION_HIDDEN) != 0 || !option->name;
}

static bool has_letter(const struct argp_option *option)
{
    return option->key > ' ' && option->key < 0x7f;
}

/* The words that may be an option's value; NULL: a file, "": anything. */
static const char *words_of(const struct argp_option *option)
{
    for (size_t i = 0; i < sizeof values_known / sizeof *values_known; i++)
        if (strcmp(option->arg, values_known[i].value) == 0)
            return values_known[i].words;
    return NULL;
}

/* ---- Manual pages ---- */

void rp_manual_text(FILE *out, const char *text)
{
    bool at_start = true;

    for (; *text; text++) {
        if (at_start && (*text == '.' || *text == '\''))
            (void)fputs("\\&", out);
        if (*text == '\\')
            (void)fputs("\\e", out);
        else if (*text == '-')
            (void)fputs("\\-", out);
        else if (*text == '\n' && text[1] == '\n')
            (void)fputs("\n.PP", out);
        else
            (void)fputc(*text, out);
        at_start = *text == '\n';
    }
}

static void put_line(FILE *out, const char *text)
{
    rp_manual_text(out, text);
    (void)fputc('\n', out);
}

/* "REQPATH-EXPLAIN" */
static void put_title(FILE *out, const char *name)
{
    for (; *name; name++)
        (void)fputc(toupper((unsigned char)*name), out);
}

void rp_manual_head(FILE *out, const char *name, unsigned section,
                    const char *summary)
{
    (void)fputs(".TH ", out);
    put_title(out, name);
    (void)fprintf(out,
                  " %u \"\" \"reqpath " RP_VERSION "\" \"reqpath\"\n"
                  ".SH NAME\n",
                  section);
    rp_manual_text(out, name);
    (void)fputs(" \\- ", out);
    put_line(out, summary);
}

/* Uses are lines of args_doc. */
static void put_synopsis(FILE *out, const char *name, const char *uses)
{
    const char *at = uses ? uses : "";

    (void)fputs(".SH SYNOPSIS\n", out);
    for (;;) {
        const size_t length = strcspn(at, "\n");

        (void)fprintf(out, ".B reqpath %s\n[\\fIOPTION\\fR...] ", name);
        for (size_t i = 0; i < length; i++)
            (void)fprintf(out, at[i] == '-' ? "\\-" : "%c", at[i]);
        (void)fputc('\n', out);
        if (!at[length])
            return;
        (void)fputs(".br\n", out);
        at += length + 1;
    }
}

static void put_option(FILE *out, const struct argp_option *option)
{
    (void)fputs(".TP\n", out);
    if (has_letter(option))
        (void)fprintf(out, "\\fB\\-%c\\fR, ", option->key);
    (void)fputs("\\fB\\-\\-", out);
    rp_manual_text(out, option->name);
    (void)fputs("\\fR", out);
    if (option->arg)
        (void)fprintf(out, "=\\fI%s\\fR", option->arg);
    (void)fputc('\n', out);
    put_line(out, option->doc ? option->doc : "");
}

static void put_page(FILE *out, const char *name,
                     const struct argp_option *options, const struct argp *argp)
{
    const char *const rest = argp->doc ? strchr(argp->doc, '\v') : NULL;
    const size_t length =
        rest ? (size_t)(rest - argp->doc) : strlen(argp->doc ? argp->doc : "");
    char title[64], summary[256];

    (void)snprintf(title, sizeof title, "reqpath-%s", name);
    (void)snprintf(summary, sizeof summary, "%.*s", (int)length,
                   argp->doc ? argp->doc : "");
    rp_manual_head(out, title, 1, summary);
    put_synopsis(out, name, argp->args_doc);
    if (rest) {
        (void)fputs(".SH DESCRIPTION\n", out);
        put_line(out, rest + 1);
    }
    (void)fputs(".SH OPTIONS\n", out);
    for (; !is_end(options); options++) {
        if (!options->name && options->doc)
            (void)fprintf(out, ".SS %s\n", options->doc);
        else if (!is_hidden(options))
            put_option(out, options);
    }
    (void)fputs(".SH EXIT STATUS\n"
                "0 ok, 1 a finding, 2 usage or unreadable input, 130 "
                "interrupted.\n"
                ".SH SEE ALSO\n"
                ".BR reqpath (1),\n.BR reqpath\\-scenario (5)\n",
                out);
}

/* ---- Completions ---- */

/* Text between quotes of a shell, up to its first line's end. */
static void put_quoted(FILE *out, const char *text, const char *escaped)
{
    for (; *text && *text != '\n'; text++) {
        if (strchr(escaped, *text))
            (void)fputc('\\', out);
        if (*text == '\'') /* ends the quotes, is one, begins them anew */
            (void)fputs("'\\''", out);
        else
            (void)fputc(*text, out);
    }
}

static void put_bash(FILE *out, const char *name,
                     const struct argp_option *options)
{
    (void)fprintf(out, "    %s)\n        case $previous in\n", name);
    for (const struct argp_option *o = options; !is_end(o); o++) {
        if (is_hidden(o) || !o->arg || !words_of(o))
            continue;
        (void)fprintf(out, "        --%s", o->name);
        if (has_letter(o))
            (void)fprintf(out, "|-%c", o->key);
        (void)fprintf(out, ") words='%s'; only=1 ;;\n", words_of(o));
    }
    (void)fputs("        *) words='", out);
    for (const struct argp_option *o = options; !is_end(o); o++)
        if (!is_hidden(o))
            (void)fprintf(out, " --%s", o->name);
    (void)fputs("' ;;\n        esac ;;\n", out);
}

static void put_zsh(FILE *out, const char *name,
                    const struct argp_option *options)
{
    (void)fprintf(out, "    (%s)\n        _arguments -s -S", name);
    for (const struct argp_option *o = options; !is_end(o); o++) {
        if (is_hidden(o))
            continue;
        (void)fputs(" \\\n            ", out);
        if (has_letter(o))
            (void)fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}", o->key, o->name,
                          o->key, o->arg ? "+" : "", o->name,
                          o->arg ? "=" : "");
        else
            (void)fprintf(out, "'--%s%s'", o->name, o->arg ? "=" : "");
        (void)fputs("'[", out);
        put_quoted(out, o->doc ? o->doc : "", "[]\\");
        (void)fputs("]", out);
        if (o->arg && words_of(o))
            (void)fprintf(out, ":%s:(%s)'", o->arg, words_of(o));
        else
            (void)fprintf(out, o->arg ? ":%s:_files'" : "'", o->arg);
    }
    (void)fputs(" \\\n            '*:file:_files' ;;\n", out);
}

static void put_fish(FILE *out, const char *name,
                     const struct argp_option *options)
{
    for (const struct argp_option *o = options; !is_end(o); o++) {
        const char *const words = o->arg && !is_hidden(o) ? words_of(o) : NULL;

        if (is_hidden(o))
            continue;
        (void)fprintf(out,
                      "complete -c reqpath -n '__fish_seen_subcommand_from "
                      "%s' -l %s",
                      name, o->name);
        if (has_letter(o))
            (void)fprintf(out, " -s %c", o->key);
        if (words)
            (void)fprintf(out, " -x -a '%s'", words);
        else if (o->arg)
            (void)fputs(" -r -F", out);
        (void)fputs(" -d '", out);
        for (const char *at = o->doc ? o->doc : ""; *at; at++)
            (void)fprintf(out, *at == '\'' || *at == '\\' ? "\\%c" : "%c", *at);
        (void)fputs("'\n", out);
    }
}

void rp_manual_command(FILE *out, enum rp_manual form, const char *name,
                       const struct argp_option *options,
                       const struct argp *argp)
{
    switch (form) {
    case RP_MANUAL_MAN:
        put_page(out, name, options, argp);
        return;
    case RP_MANUAL_BASH:
        put_bash(out, name, options);
        return;
    case RP_MANUAL_ZSH:
        put_zsh(out, name, options);
        return;
    case RP_MANUAL_FISH:
        put_fish(out, name, options);
        return;
    case RP_MANUAL_COUNT:
        break;
    }
}
