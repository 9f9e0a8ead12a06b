/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/gnuplot_run.h"

#include "report/figureplot.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* That of this process with the locale of the script, which is UTF-8: in the
 * locale C gnuplot warns of a sign that the picture does not have. Owned, its
 * strings are borrowed; NULL: no memory. */
static char **new_environment(void)
{
    static char locale[] = "LC_ALL=C.UTF-8";
    size_t count = 0, used = 0;
    char **own;

    while (environ[count])
        count++;
    own = calloc(count + 2, sizeof *own);
    for (size_t i = 0; own && i < count; i++)
        if (strncmp(environ[i], "LC_ALL=", strlen("LC_ALL=")) != 0)
            own[used++] = environ[i];
    if (own)
        own[used] = locale;
    return own;
}

/* -d: no start-up file of the user's changes the picture. */
static enum rp_code start(int script, int picture, pid_t *pid,
                          struct rp_error *error)
{
    static char program[] = "gnuplot", defaults[] = "-d", from_input[] = "-";
    char *const arguments[] = {program, defaults, from_input, NULL};
    posix_spawn_file_actions_t actions;
    char **const environment = new_environment();
    int failed = environment ? posix_spawn_file_actions_init(&actions) : ENOMEM;

    if (failed) {
        free(environment);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for gnuplot");
    }
    failed = posix_spawn_file_actions_adddup2(&actions, script, STDIN_FILENO);
    if (!failed)
        failed =
            posix_spawn_file_actions_adddup2(&actions, picture, STDOUT_FILENO);
    if (!failed)
        failed =
            posix_spawnp(pid, program, &actions, NULL, arguments, environment);
    free(environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (failed == ENOENT)
        return rp_fail(error, RP_ERR_IO,
                       "gnuplot, which draws PNG, is not installed: install it "
                       "(Debian: gnuplot-nox), or write SVG, which needs no "
                       "other program");
    if (failed)
        return rp_fail(error, RP_ERR_IO, "gnuplot cannot be started: %s",
                       strerror(failed));
    return RP_OK;
}

static enum rp_code draw(FILE *script, FILE *out, struct rp_error *error)
{
    pid_t pid = 0;
    int status;
    enum rp_code code = start(fileno(script), fileno(out), &pid, error);

    if (code)
        return code;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return rp_fail(error, RP_ERR_IO, "gnuplot was lost: %s",
                           strerror(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return RP_OK;
    return rp_fail(error, RP_ERR_IO,
                   "gnuplot failed, what it said stands above: write SVG, "
                   "which needs no other program");
}

enum rp_code rp_gnuplot_png(const struct rp_figure *figure, FILE *out,
                            struct rp_error *error)
{
    FILE *const script = tmpfile();
    int width, height;
    enum rp_code code;

    if (!script)
        return rp_fail(error, RP_ERR_IO, "no temporary file can be made: %s",
                       strerror(errno));
    rp_figureplot_size(figure, &width, &height);
    (void)fprintf(script,
                  "set terminal pngcairo size %d,%d font 'sans,11' "
                  "background 'white'\n",
                  width, height);
    code = rp_figureplot_write(figure, script, error);
    if (!code && (fflush(script) != 0 || fseek(script, 0, SEEK_SET) != 0 ||
                  fflush(out) != 0))
        code = rp_fail(error, RP_ERR_IO, "the script cannot be written: %s",
                       strerror(errno));
    if (!code)
        code = draw(script, out, error);
    (void)fclose(script);
    return code;
}
