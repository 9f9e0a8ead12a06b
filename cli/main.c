/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "model/excerpt.h"
#include "sim/init.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

static const struct rp_command commands[] = {
#define RP_COMMAND_AS_ROW(name, summary) {#name, summary, rp_cmd_##name},
    RP_COMMAND_LIST(RP_COMMAND_AS_ROW)
#undef RP_COMMAND_AS_ROW
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

const struct rp_command *rp_commands(size_t *count)
{
    *count = COMMAND_COUNT;
    return commands;
}

static void print_help(FILE *out)
{
    (void)fputs("Usage: reqpath COMMAND [OPTION...] [ARGUMENT...]\n"
                "What a stack of middleware, a view and a server mode cost per "
                "request.\n\n",
                out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        (void)fprintf(out, "  %-10s  %s\n", commands[i].name,
                      commands[i].summary);
    (void)fputs("\n"
                "  reqpath help COMMAND   options of a command\n"
                "  reqpath --version      the version\n"
                "\n"
                "Exit codes: 0 ok, 1 a finding (a regression, a goal not met), "
                "2 usage or\nunreadable input, 130 interrupted.\n",
                out);
}

static const struct rp_command *find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    return NULL;
}

static int unknown(const char *kind, const char *word,
                   const char *const *candidates, size_t count)
{
    const char *const near = rp_near_miss(word, candidates, count);
    char found[RP_EXCERPT_SIZE];

    rp_command_complain(
        "reqpath", "unknown %s \"%s\"%s%s%s (reqpath --help lists all)", kind,
        rp_excerpt(word, found), near ? "; did you mean \"" : "",
        near ? near : "", near ? "\"?" : "");
    return RP_EXIT_USAGE;
}

static int unknown_command(const char *word)
{
    const char *names[COMMAND_COUNT + 1];

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    names[COMMAND_COUNT] = "help";
    return unknown("command", word, names, COMMAND_COUNT + 1);
}

/* `argv[0]` becomes "reqpath NAME", which argp shows in texts. */
static int run_command(const struct rp_command *command, int argc, char **argv)
{
    char name[64];

    (void)snprintf(name, sizeof name, "reqpath %s", command->name);
    argv[0] = name;
    return command->run(argc, argv);
}

static int help_on(const char *word)
{
    const struct rp_command *const command = find(word);
    char first[] = "", second[] = "--help";
    char *arguments[] = {first, second, NULL};

    if (command)
        return run_command(command, 2, arguments);
    if (strcmp(word, "help") != 0)
        return unknown_command(word);
    print_help(stdout);
    return RP_EXIT_OK;
}

static int run(int argc, char **argv)
{
    static const char *const options[] = {"--help", "--version"};
    const char *const word = argc > 1 ? argv[1] : NULL;
    const struct rp_command *command;

    if (!word) {
        print_help(stderr);
        return RP_EXIT_USAGE;
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        (void)puts("reqpath " RP_VERSION);
        return RP_EXIT_OK;
    }
    if (strcmp(word, "help") == 0 && argc > 2)
        return help_on(argv[2]);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
        strcmp(word, "help") == 0) {
        print_help(stdout);
        return RP_EXIT_OK;
    }
    if (word[0] == '-')
        return unknown("option", word, options, 2);
    command = find(word);
    return command ? run_command(command, argc - 1, argv + 1)
                   : unknown_command(word);
}

int main(int argc, char **argv)
{
    int code;

    rp_init();
    /* A reader that has gone away (`| head`) ends us without a word, also
     * where our parent ignores the signal. */
    (void)signal(SIGPIPE, SIG_DFL);
    code = run(argc, argv);
    if (fflush(stdout) != 0 && code != RP_EXIT_USAGE) {
        rp_command_complain("reqpath", "standard output cannot be written: %s",
                            strerror(errno));
        return RP_EXIT_USAGE;
    }
    return code;
}
