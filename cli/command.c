/* SPDX-License-Identifier: GPL-3.0-or-later */

/* argp is glibc's: its header needs the names of GNU, as TIOCGWINSZ does. */
#define _GNU_SOURCE

#include "cli/command.h"

#include "cli/manual.h"
#include "model/excerpt.h"
#include "report/fold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Options ---- */

/* Keys of options that have no letter. */
enum { KEY_SEED = 0x1000, KEY_JOBS, KEY_MANUAL };

enum { JOBS_MAX = 1024, WORDS_MAX = 128 };

/* Shared options, and which bit of `takes` asks for each; 0: always. */
static const struct {
    unsigned takes;
    struct argp_option option;
} shared[] = {
    {RP_TAKES_FORMAT,
     {.name = "format",
      .key = 'f',
      .arg = "FORMAT",
      .doc = "text, json, csv or md",
      .group = -1}},
    {RP_TAKES_OUTPUT,
     {.name = "output",
      .key = 'o',
      .arg = "FILE",
      .doc = "write to FILE, whole or not at all",
      .group = -1}},
    {RP_TAKES_SEED,
     {.name = "seed",
      .key = KEY_SEED,
      .arg = "N",
      .doc = "where the random numbers begin",
      .group = -1}},
    {RP_TAKES_JOBS,
     {.name = "jobs",
      .key = KEY_JOBS,
      .arg = "N",
      .doc = "threads that work at it; never changes a result",
      .group = -1}},
    {0, {.name = "help", .key = 'h', .doc = "print this", .group = -1}},
    {0,
     {.name = "manual",
      .key = KEY_MANUAL,
      .arg = "FORM",
      .flags = OPTION_HIDDEN, /* for reqpath manual */
      .group = -1}},
};

enum { SHARED_COUNT = sizeof shared / sizeof *shared };

/* What the parser of the shared options needs. */
struct parsing {
    struct rp_common *common;
    void *input;       /* of the command's parser */
    bool in_arguments; /* options are done with */
};

/* End a line of standard error that has `used` columns with a sentence, folded
 * where a terminal shows it: programs get one line. */
static void put_sentence(const char *text, size_t used)
{
    const int width = rp_terminal_width(stderr);
    const size_t columns = width > 0 ? (size_t)width : 0;
    size_t room = columns > used ? columns - used : 1;

    if (columns == 0) {
        (void)fprintf(stderr, "%s\n", text);
        return;
    }
    while (*text) {
        size_t bytes;
        const char *const next = rp_fold_line(text, room, &bytes);

        (void)fprintf(stderr, "%.*s\n", (int)bytes, text);
        text = next;
        room = columns;
    }
}

void rp_command_complain(const char *speaker, const char *format, ...)
{
    const bool colour = rp_terminal_colour(stderr);
    char text[RP_ERROR_TEXT_SIZE + 64];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    (void)fprintf(stderr, "%s%s:%s ", colour ? "\x1b[1;31m" : "", speaker,
                  colour ? "\x1b[0m" : "");
    put_sentence(text, strlen(speaker) + 2);
}

static bool is_file(const char *path)
{
    return path && strcmp(path, "-") != 0;
}

bool rp_is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;

    if (!is_file(a) || !is_file(b))
        return false;
    if (strcmp(a, b) == 0)
        return strncmp(a, "/dev/", 5) != 0;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 &&
           S_ISREG(of_a.st_mode) && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

_Noreturn void rp_command_usage(const struct argp_state *state,
                                const char *format, ...)
{
    char text[RP_ERROR_TEXT_SIZE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    rp_command_complain(state->name, "%s (%s --help says more)", text,
                        state->name);
    exit(RP_EXIT_USAGE);
}

static _Noreturn void help(const struct argp_state *state)
{
    struct argp_state loud = *state; /* ours is told to print nothing */

    loud.flags = ARGP_NO_EXIT;
    argp_state_help(&loud, stdout,
                    ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC);
    if (fflush(stdout) != 0) {
        rp_command_complain(state->name,
                            "standard output cannot be written: %s",
                            strerror(errno));
        exit(RP_EXIT_USAGE);
    }
    exit(RP_EXIT_OK);
}

/* Digits only, up to `most`. */
uint64_t rp_command_whole_number(const struct argp_state *state,
                                 const char *option, const char *text,
                                 uint64_t least, uint64_t most)
{
    char found[RP_EXCERPT_SIZE];
    uint64_t number = 0;
    bool good = text[0] != '\0';

    for (const char *at = text; *at && good; at++) {
        const unsigned digit = (unsigned)(*at - '0');

        good = digit <= 9 && number <= (most - digit) / 10;
        number = 10 * number + digit;
    }
    if (!good || number < least)
        rp_command_usage(state,
                         "%s: found \"%s\", expected a whole number in %llu "
                         ".. %llu",
                         option, rp_excerpt(text, found),
                         (unsigned long long)least, (unsigned long long)most);
    return number;
}

enum rp_metric rp_command_metric(const struct argp_state *state,
                                 const char *text)
{
    const char *words[RP_METRIC_COUNT];
    struct rp_error error = {0};

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        words[m] = rp_metric_key((enum rp_metric)m);
        if (strcmp(words[m], text) == 0)
            return (enum rp_metric)m;
    }
    (void)rp_fail_word(&error, text, words, RP_METRIC_COUNT);
    rp_command_usage(state, "--metric: %s", error.text);
}

/* ---- Usage errors: what argp did not understand ---- */

/* The options of an argp and its children, at most WORDS_MAX. */
static void collect(const struct argp *argp,
                    const struct argp_option *found[WORDS_MAX], size_t *count)
{
    for (const struct argp_option *o = argp->options;
         o && (o->name || o->key || o->doc); o++)
        if (*count < WORDS_MAX && !(o->flags & OPTION_HIDDEN))
            found[(*count)++] = o;
    for (const struct argp_child *c = argp->children; c && c->argp; c++)
        collect(c->argp, found, count);
}

/* The option of a letter; NULL: there is none. */
static const struct argp_option *
find_letter(char letter, const struct argp_option *const *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (options[i]->key == letter)
            return options[i];
    return NULL;
}

/* The first letter of "-abc" that is no option, what is a value passed over;
 * '\0': there is none, or the word has no letters. */
static char unknown_letter(const char *word,
                           const struct argp_option *const *options,
                           size_t count)
{
    if (word[0] != '-' || word[1] == '-')
        return '\0';
    for (const char *at = word + 1; *at; at++) {
        const struct argp_option *const option =
            find_letter(*at, options, count);

        if (!option)
            return *at;
        if (option->arg)
            break;
    }
    return '\0';
}

static _Noreturn void bad_letter(const struct argp_state *state, char letter)
{
    rp_command_usage(state, "unknown option \"-%c\"",
                     letter > ' ' && letter < 0x7f ? letter : '?');
}

/* The last letter of a word lacks its value, or one is unknown. */
static _Noreturn void bad_short(const struct argp_state *state,
                                const char *word,
                                const struct argp_option *const *options,
                                size_t count)
{
    const char unknown = unknown_letter(word, options, count);
    const size_t length = strlen(word);
    const struct argp_option *const last =
        length > 0 ? find_letter(word[length - 1], options, count) : NULL;
    char found[RP_EXCERPT_SIZE];

    if (unknown)
        bad_letter(state, unknown);
    if (last && last->arg)
        rp_command_usage(state, "option -%c needs a value: -%c %s", last->key,
                         last->key, last->arg);
    rp_command_usage(state, "unknown option \"%s\"", rp_excerpt(word, found));
}

/* A known option is wrong by its value: missing, or there. */
static void bad_value(const struct argp_state *state,
                      const struct argp_option *option, bool has_value)
{
    if (option->arg && !has_value)
        rp_command_usage(state, "option --%s needs a value: --%s=%s",
                         option->name, option->name, option->arg);
    if (!option->arg && has_value)
        rp_command_usage(state, "option --%s takes no value", option->name);
}

static bool begins_with(const char *text, const char *beginning)
{
    while (*beginning && *text == *beginning) {
        text++;
        beginning++;
    }
    return !*beginning;
}

static _Noreturn void bad_long(const struct argp_state *state, const char *word,
                               const struct argp_option *const *options,
                               size_t count)
{
    const char *names[WORDS_MAX] = {NULL};
    const char *const value = strchr(word, '=');
    const char *near, *first = NULL;
    char found[RP_EXCERPT_SIZE], name[RP_EXCERPT_SIZE];

    (void)snprintf(name, sizeof name, "%.*s",
                   value ? (int)(value - word) : (int)strlen(word), word);
    for (size_t i = 0; i < count; i++) {
        names[i] = options[i]->name;
        if (!names[i] || !begins_with(names[i], name + 2))
            continue;
        if (strcmp(names[i], name + 2) == 0)
            bad_value(state, options[i], value != NULL);
        if (first)
            rp_command_usage(state, "\"%s\" may be --%s or --%s",
                             rp_excerpt(name, found), first, names[i]);
        first = names[i];
    }
    for (size_t i = 0; i < count && first; i++)
        if (names[i] == first)
            bad_value(state, options[i], value != NULL);
    near = rp_near_miss(name + 2, names, count);
    rp_command_usage(state, "unknown option \"%s\"%s%s%s",
                     rp_excerpt(name, found), near ? "; did you mean \"--" : "",
                     near ? near : "", near ? "\"?" : "");
}

/* argp has stopped: say what it stopped at. That is the word before the next
 * one, but where a letter inside of a word is unknown: then it is that word. */
static _Noreturn void complain(const struct argp_state *state,
                               const struct parsing *parsing)
{
    const char *const next =
        state->next < state->argc ? state->argv[state->next] : "";
    const char *const last = state->argv[state->next - 1];
    const struct argp_option *options[WORDS_MAX];
    char found[RP_EXCERPT_SIZE];
    size_t count = 0;

    if (parsing->in_arguments)
        rp_command_usage(state, "one argument too many: \"%s\"",
                         rp_excerpt(next, found));
    collect(state->root_argp, options, &count);
    if (unknown_letter(next, options, count) && next[2])
        bad_letter(state, unknown_letter(next, options, count));
    if (last[0] == '-' && last[1] == '-')
        bad_long(state, last, options, count);
    bad_short(state, last, options, count);
}

/* ---- Parsing ---- */

/* What reqpath manual asks a command for. The shared options come last. */
static _Noreturn void manual(const struct argp_state *state, const char *word)
{
    const struct argp *const own = state->root_argp->children[0].argp;
    struct argp_option options[WORDS_MAX + 1] = {{.name = NULL}};
    const struct argp_option *found[WORDS_MAX];
    size_t own_count = 0, count;
    enum rp_manual form;

    if (!rp_manual_parse(word, &form))
        rp_command_usage(state, "unknown manual \"%s\"", word);
    collect(own, found, &own_count);
    count = own_count;
    collect(&(struct argp){.options = state->root_argp->options}, found,
            &count);
    for (size_t i = 0; i < count; i++)
        options[i] = *found[i];
    rp_manual_command(stdout, form, strrchr(state->name, ' ') + 1, options,
                      own);
    exit(fflush(stdout) == 0 ? RP_EXIT_OK : RP_EXIT_USAGE);
}

static void set_format(const struct argp_state *state, const char *name,
                       struct rp_common *common)
{
    struct rp_error error = {0};

    if (rp_format_parse(name, &common->format, &error))
        rp_command_usage(state, "--format: %s", error.text);
    common->format_set = true;
}

static error_t parse_shared(int key, char *value, struct argp_state *state)
{
    struct parsing *const parsing = state->input;
    struct rp_common *const common = parsing->common;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = parsing->input;
        return 0;
    case ARGP_KEY_ARG:
        parsing->in_arguments = true;
        return ARGP_ERR_UNKNOWN; /* the command's parser may want it */
    case ARGP_KEY_ERROR:
        complain(state, parsing);
    case 'h':
        help(state);
    case KEY_MANUAL:
        manual(state, value);
    case 'f':
        set_format(state, value, common);
        return 0;
    case 'o':
        common->output_path = value;
        return 0;
    case KEY_SEED:
        common->seed =
            rp_command_whole_number(state, "--seed", value, 0, UINT64_MAX);
        common->seed_set = true;
        return 0;
    case KEY_JOBS:
        common->job_count = (unsigned)rp_command_whole_number(
            state, "--jobs", value, 1, JOBS_MAX);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* argp explains what everybody knows of long and short options. */
static char *filter_help(int key, const char *text, void *input)
{
    const union {
        const char *given;
        char *wanted; /* argp's type; it is not written to */
    } same = {.given = text};

    (void)input;
    return key == ARGP_KEY_HELP_DUP_ARGS_NOTE ? NULL : same.wanted;
}

void rp_command_parse(const struct argp *argp, unsigned takes, int argc,
                      char **argv, void *input, struct rp_common *common)
{
    struct argp_option options[SHARED_COUNT + 1] = {{.name = NULL}};
    const struct argp_child children[] = {{.argp = argp}, {.argp = NULL}};
    const struct argp all = {.options = options,
                             .parser = parse_shared,
                             .children = children,
                             .help_filter = filter_help};
    struct parsing parsing = {.common = common, .input = input};
    size_t count = 0;

    for (size_t i = 0; i < SHARED_COUNT; i++)
        if (!shared[i].takes || (takes & shared[i].takes))
            options[count++] = shared[i].option;
    if (argp_parse(&all, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT,
                   NULL, &parsing) == 0)
        return;
    /* Only memory is left: everything else was complained about. */
    rp_command_complain(argv[0], "out of memory");
    exit(RP_EXIT_USAGE);
}

/* ---- Output ---- */

static enum rp_code cannot_write(const char *path, struct rp_error *error)
{
    const int reason = errno;
    const char *const advice =
        reason == ENOENT ? "; make its folder first" : "";

    if (!path)
        return rp_fail(error, RP_ERR_IO,
                       "standard output cannot be written: %s",
                       strerror(reason));
    return rp_fail_at(error, RP_ERR_IO, path, 0, 0, "cannot be written: %s%s",
                      strerror(reason), advice);
}

/* Whatever it is called: "/dev/stdout", "/dev/fd/1", the file it goes to. */
static bool is_standard_output(const struct stat *found)
{
    struct stat standard;

    return fstat(STDOUT_FILENO, &standard) == 0 &&
           found->st_dev == standard.st_dev && found->st_ino == standard.st_ino;
}

/* A new file in the folder of `target`, open for writing; -1: errno says why.
 */
static int open_beside(const char *target, char **temporary)
{
    enum { ATTEMPTS = 100, ROOM = 64 };
    const char *const slash = strrchr(target, '/');
    const size_t folder = slash ? (size_t)(slash - target) + 1 : 0;
    char *const name = malloc(folder + ROOM);
    int fd = -1;

    if (!name)
        return -1;
    memcpy(name, target, folder);
    for (unsigned i = 0; i < ATTEMPTS && fd < 0; i++) {
        (void)snprintf(name + folder, ROOM, ".reqpath-%ld-%u.tmp",
                       (long)getpid(), i);
        fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd < 0)
        free(name);
    else
        *temporary = name;
    return fd;
}

/* A file that is there keeps its permissions, and its protection. */
static enum rp_code open_file(struct rp_output *output, const struct stat *old,
                              struct rp_error *error)
{
    char *const target =
        old ? realpath(output->path, NULL) : strdup(output->path);
    int fd = -1;

    if (target && (!old || access(target, W_OK) == 0))
        fd = open_beside(target, &output->temporary);
    output->target = target;
    if (fd < 0)
        return cannot_write(output->path, error);
    if (old)
        (void)fchmod(fd, old->st_mode & 0777);
    output->stream = fdopen(fd, "w");
    if (output->stream)
        return RP_OK;
    (void)close(fd);
    return cannot_write(output->path, error);
}

static void drop(struct rp_output *output)
{
    if (output->temporary)
        (void)unlink(output->temporary);
    free(output->temporary);
    free(output->target);
    *output = (struct rp_output){.stream = NULL};
}

enum rp_code rp_output_open(struct rp_output *output, const char *path,
                            struct rp_error *error)
{
    struct stat old;
    bool there;
    enum rp_code code = RP_OK;

    *output = (struct rp_output){.stream = stdout};
    if (!path || strcmp(path, "-") == 0)
        return RP_OK;
    there = stat(path, &old) == 0;
    if (there && is_standard_output(&old))
        return RP_OK;
    if (there && S_ISDIR(old.st_mode))
        return rp_fail_at(error, RP_ERR_IO, path, 0, 0,
                          "is a directory, expected the name of a file to "
                          "write");
    output->path = path;
    if (!there || S_ISREG(old.st_mode)) {
        code = open_file(output, there ? &old : NULL, error);
    } else {
        output->stream = fopen(path, "w");
        if (!output->stream)
            code = cannot_write(path, error);
    }
    if (code)
        drop(output);
    return code;
}

enum rp_code rp_output_close(struct rp_output *output, bool keep,
                             struct rp_error *error)
{
    FILE *const stream = output->stream;
    const char *const path = output->path;
    bool good;
    enum rp_code code = RP_OK;

    errno = EIO; /* where an earlier write failed and nobody kept its reason */
    good = !ferror(stream);
    good = (path ? fclose(stream) : fflush(stream)) == 0 && good;
    if (keep && good && output->temporary)
        good = rename(output->temporary, output->target) == 0;
    if (keep && !good)
        code = cannot_write(path, error);
    if (keep && good) { /* nothing is left to remove */
        free(output->temporary);
        output->temporary = NULL;
    }
    drop(output);
    return code;
}

/* ---- Ends of commands ---- */

int rp_command_fail(const char *command, const struct rp_error *error)
{
    char name[64];

    (void)snprintf(name, sizeof name, "reqpath %s", command);
    rp_command_complain(name, "%s", error->text);
    return RP_EXIT_USAGE;
}

void rp_command_remark(const char *command, const char *format, ...)
{
    const size_t used = strlen("reqpath : ") + strlen(command);
    char *text = NULL;
    va_list args;
    int length;

    (void)fprintf(stderr, "reqpath %s: ", command);
    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length >= 0)
        text = malloc((size_t)length + 1);
    va_start(args, format);
    if (text)
        (void)vsnprintf(text, (size_t)length + 1, format, args);
    else
        (void)vfprintf(stderr, format, args);
    va_end(args);
    put_sentence(text ? text : "", used);
    free(text);
}

void rp_command_warn(const char *command, const char *lines)
{
    while (*lines) {
        const size_t length = strcspn(lines, "\n");

        rp_command_remark(command, "%.*s", (int)length, lines);
        lines += length + (lines[length] == '\n');
    }
}

int rp_command_memory(const char *command)
{
    struct rp_error error = {0};

    (void)rp_fail(&error, RP_ERR_MEMORY, "out of memory");
    return rp_command_fail(command, &error);
}

int rp_command_table(const char *command, const struct rp_common *common,
                     const struct rp_table *table, const char *schema,
                     json_t *extra)
{
    struct rp_error error = {0}, later = {0};
    struct rp_output output;
    enum rp_code code = rp_output_open(&output, common->output_path, &error);

    if (code)
        return rp_command_fail(command, &error);
    code =
        rp_table_print(table, common->format, schema, extra,
                       rp_terminal_width(output.stream), output.stream, &error);
    if (rp_output_close(&output, !code, code ? &later : &error) || code)
        return rp_command_fail(command, &error);
    return RP_EXIT_OK;
}

int rp_terminal_width(FILE *stream)
{
    struct winsize size = {0};

    if (!isatty(fileno(stream)) ||
        ioctl(fileno(stream), TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

bool rp_terminal_colour(FILE *stream)
{
    const char *const no_colour = getenv("NO_COLOR");
    const char *const term = getenv("TERM");

    return isatty(fileno(stream)) && !(no_colour && no_colour[0]) &&
           !(term && strcmp(term, "dumb") == 0);
}
