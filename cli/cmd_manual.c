/* SPDX-License-Identifier: GPL-3.0-or-later */

/* fork() */
#define _GNU_SOURCE

#include "cli/command.h"
#include "cli/manual.h"
#include "model/excerpt.h"
#include "model/keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- What is asked for ---- */

static const char what_there_is[] =
    "expected man, bash, zsh, fish, scenario or a command";

static error_t parse(int key, char *value, struct argp_state *state)
{
    const char **const what = state->input;

    if (key == ARGP_KEY_END && !*what)
        rp_command_usage(state, "%s", what_there_is);
    if (key != ARGP_KEY_ARG || *what)
        return ARGP_ERR_UNKNOWN;
    *what = value;
    return 0;
}

/* A command's options are known to nobody but the command: it says them itself,
 * in a process of its own, for it ends with its help. */
static int ask(const struct rp_command *command, const char *form, FILE *out)
{
    char name[64], option[32];
    char *arguments[] = {name, option, NULL};
    int status = 0;
    pid_t child;

    (void)snprintf(name, sizeof name, "reqpath %s", command->name);
    (void)snprintf(option, sizeof option, "--manual=%s", form);
    if (fflush(out) != 0)
        return RP_EXIT_USAGE;
    child = fork();
    if (child == 0) {
        if (dup2(fileno(out), STDOUT_FILENO) >= 0)
            (void)command->run(2, arguments);
        _exit(RP_EXIT_USAGE);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status) ||
        WEXITSTATUS(status) != RP_EXIT_OK)
        return RP_EXIT_USAGE;
    return RP_EXIT_OK;
}

static int ask_all(const char *form, FILE *out)
{
    size_t count;
    const struct rp_command *const commands = rp_commands(&count);
    int code = RP_EXIT_OK;

    for (size_t i = 0; i < count && !code; i++)
        code = ask(&commands[i], form, out);
    return code;
}

/* ---- Pages that belong to no command ---- */

static int write_man(FILE *out)
{
    size_t count;
    const struct rp_command *const commands = rp_commands(&count);

    rp_manual_head(out, "reqpath", 1,
                   "what a stack of middleware, a view and a server mode cost "
                   "per request");
    (void)fputs(".SH SYNOPSIS\n.B reqpath\n\\fICOMMAND\\fR [\\fIOPTION\\fR...] "
                "[\\fIARGUMENT\\fR...]\n.SH COMMANDS\n",
                out);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, ".TP\n.BR reqpath\\-%s (1)\n", commands[i].name);
        rp_manual_text(out, commands[i].summary);
        (void)fputc('\n', out);
    }
    (void)fputs(".SH EXIT STATUS\n0 ok, 1 a finding (a regression, a goal not "
                "met), 2 usage or unreadable input, 130 interrupted.\n"
                ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colour on a terminal\n"
                ".TP\n.B REQPATH_CPU\nwhat this machine's CPU is called, where "
                "it is asked whether a profile is of it\n"
                ".SH SEE ALSO\n.BR reqpath\\-scenario (5)\n",
                out);
    return RP_EXIT_OK;
}

static void write_key(FILE *out, const struct rp_key *key)
{
    (void)fputs(".TP\n.B ", out);
    rp_manual_text(out, key->path);
    (void)fprintf(out, "\n%s", rp_key_type_word(key->type));
    for (size_t i = 0; i < key->word_count; i++)
        (void)fprintf(out, "%s%s", i ? ", " : ": ", key->words[i].word);
    if (!key->fallback)
        (void)fputs("; must be there", out);
    else if (key->fallback[0])
        (void)fprintf(out, "; default %s", key->fallback);
    (void)fputs("\n.br\n", out);
    rp_manual_text(out, key->meaning);
    (void)fputc('\n', out);
}

static int write_scenario(FILE *out)
{
    size_t count;
    const struct rp_key *const keys = rp_keys(&count);

    rp_manual_head(out, "reqpath-scenario", 5,
                   "what stands in a scenario of reqpath");
    (void)fputs(
        ".SH DESCRIPTION\nA scenario is a YAML file: a framework, a server, a "
        "stack of middleware, a view, and who asks. Times and rates carry "
        "their unit (12ms, 900/s), shares a percent sign. A key that is not in "
        "this list is refused.\n.SH KEYS\n",
        out);
    for (size_t i = 0; i < count; i++)
        write_key(out, &keys[i]);
    (void)fputs(".SH SEE ALSO\n.BR reqpath (1),\n.BR reqpath\\-keys (1)\n",
                out);
    return RP_EXIT_OK;
}

/* ---- Completions ---- */

static void write_names(FILE *out)
{
    size_t count;
    const struct rp_command *const commands = rp_commands(&count);

    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, " %s", commands[i].name);
    (void)fputs(" help", out);
}

static void write_keys(FILE *out)
{
    size_t count;
    const struct rp_key *const keys = rp_keys(&count);

    for (size_t i = 0; i < count; i++)
        if (!strpbrk(keys[i].path, "[("))
            (void)fprintf(out, " %s", keys[i].path);
}

static int write_bash(FILE *out)
{
    int code;

    (void)fputs(
        "# bash completion for reqpath; made by `reqpath manual bash`\n"
        "_reqpath()\n{\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} words='' only=''\n"
        "    local previous=${COMP_WORDS[COMP_CWORD-1]}\n\n"
        "    # --option=word is three words to bash\n"
        "    if [ \"$current\" = = ]; then\n        current=''\n"
        "    elif [ \"$previous\" = = ]; then\n"
        "        previous=${COMP_WORDS[COMP_CWORD-2]}\n    fi\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen "
        "-W '",
        out);
    write_names(out);
    (void)fputs("' -- \"$current\"))\n        return\n    fi\n"
                "    case ${COMP_WORDS[1]} in\n    help|manual) words='",
                out);
    write_names(out);
    (void)fputs("'; only=1 ;;\n    keys) words='", out);
    write_keys(out);
    (void)fputs("'; only=1 ;;\n", out);
    code = ask_all("bash", out);
    (void)fputs("    esac\n"
                "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                "    [ -n \"$only\" ] || [[ $current == -* ]] ||\n"
                "        COMPREPLY+=($(compgen -f -- \"$current\"))\n"
                "}\ncomplete -o filenames -F _reqpath reqpath\n",
                out);
    return code;
}

static int write_zsh(FILE *out)
{
    size_t count;
    const struct rp_command *const commands = rp_commands(&count);
    int code;

    (void)fputs("#compdef reqpath\n"
                "# made by `reqpath manual zsh`\n\n_reqpath()\n{\n"
                "    local -a commands\n    commands=(\n",
                out);
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "        '%s:%s'\n", commands[i].name,
                      commands[i].summary);
    (void)fputs("    )\n    if (( CURRENT == 2 )); then\n"
                "        _describe command commands\n        return\n    fi\n"
                "    local name=$words[2]\n    shift words\n"
                "    (( CURRENT -= 1 ))\n    case $name in\n    (help) "
                "_describe command commands ;;\n",
                out);
    code = ask_all("zsh", out);
    (void)fputs("    esac\n}\n\n_reqpath \"$@\"\n", out);
    return code;
}

static int write_fish(FILE *out)
{
    size_t count;
    const struct rp_command *const commands = rp_commands(&count);

    (void)fputs("# made by `reqpath manual fish`\n", out);
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out,
                      "complete -c reqpath -n __fish_use_subcommand -f -a %s "
                      "-d '%s'\n",
                      commands[i].name, commands[i].summary);
    (void)fputs("complete -c reqpath -n '__fish_seen_subcommand_from help "
                "manual' -f -a '",
                out);
    write_names(out);
    (void)fputs("'\ncomplete -c reqpath -n '__fish_seen_subcommand_from keys' "
                "-f -a '",
                out);
    write_keys(out);
    (void)fputs("'\n", out);
    return ask_all("fish", out);
}

/* ---- The command ---- */

static const struct {
    const char *word;
    int (*write)(FILE *out);
} pages[] = {{"man", write_man},
             {"bash", write_bash},
             {"zsh", write_zsh},
             {"fish", write_fish},
             {"scenario", write_scenario}};

enum { PAGE_COUNT = sizeof pages / sizeof *pages };

/* What was asked for: a page of the list, or a command's. */
struct asked {
    int (*write)(FILE *out);
    const struct rp_command *command;
};

static bool find(const char *what, struct asked *asked)
{
    size_t count;
    const struct rp_command *const commands = rp_commands(&count);

    for (size_t i = 0; i < PAGE_COUNT; i++)
        if (strcmp(what, pages[i].word) == 0)
            asked->write = pages[i].write;
    for (size_t i = 0; i < count; i++)
        if (strcmp(what, commands[i].name) == 0)
            asked->command = &commands[i];
    return asked->write || asked->command;
}

int rp_cmd_manual(int argc, char **argv)
{
    static const struct argp argp = {
        .parser = parse,
        .args_doc = "man|COMMAND|scenario\nbash|zsh|fish",
        .doc = "Manual pages, and completions for shells.\v"
               "Pages are roff: \"reqpath manual explain | man -l -\" shows "
               "one. Installing puts them where man and the shells look."};
    struct rp_common common = {0};
    struct rp_error error = {0};
    struct rp_output output;
    struct asked asked = {NULL, NULL};
    char found[RP_EXCERPT_SIZE];
    const char *what = NULL;
    int code;

    rp_command_parse(&argp, RP_TAKES_OUTPUT, argc, argv, &what, &common);
    if (!find(what, &asked)) {
        rp_command_complain("reqpath manual", "found \"%s\", %s",
                            rp_excerpt(what, found), what_there_is);
        return RP_EXIT_USAGE;
    }
    if (rp_output_open(&output, common.output_path, &error))
        return rp_command_fail("manual", &error);
    code = asked.write ? asked.write(output.stream)
                       : ask(asked.command, "man", output.stream);
    if (rp_output_close(&output, !code, &error))
        return rp_command_fail("manual", &error);
    return code;
}
