/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "bench/measuring.h"
#include "calibrate/dataset.h"
#include "calibrate/revisionset.h"
#include "sim/init.h"
#include "tests/benching/gitrepo.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A repository of two commits on two branches. `word` is what the build of each
 * must find, and the server lies in the checkout. */
static char folder[] = "/tmp/reqpath-checkout-XXXXXX";
static char said[4096];

static void shell(const char *line)
{
    char text[4096];

    (void)snprintf(text, sizeof text, "cd %s && { %s; }", folder, line);
    cr_assert(eq(int, system(text), 0), "%s", line);
}

/* The first line of what it prints. */
static char *output_of(const char *line)
{
    static char text[256];
    char command[1024];
    FILE *pipe;

    (void)snprintf(command, sizeof command, "cd %s && %s", folder, line);
    text[0] = '\0';
    pipe = popen(command, "r");
    cr_assert(pipe != NULL);
    (void)!fgets(text, sizeof text, pipe);
    (void)pclose(pipe);
    text[strcspn(text, "\n")] = '\0';
    return text;
}

static void begin(void)
{
    rp_init();
    said[0] = '\0';
    gitrepo_begin(
        folder,
        "echo one >word && git add . && git commit -qm 1 && git checkout -qb "
        "feature/x && echo two >word && git commit -qam 2");
}

static void end(void)
{
    gitrepo_end(folder);
}

TestSuite(checkout, .init = begin, .fini = end, .timeout = 120);

static void remember(void *user, const char *sentence)
{
    (void)user;
    (void)strncat(said, sentence, sizeof said - strlen(said) - 2);
    (void)strcat(said, "\n");
}

static volatile sig_atomic_t stop_now;
static bool stop_at_first;

static void ignore(void *user, const struct rp_bench_progress *progress)
{
    (void)user;
    stop_now = stop_at_first && progress->done > 0;
}

static void write_plan(const char *git, const char *revisions,
                       const char *build)
{
    FILE *const file = fopen("plan.yaml", "w");

    cr_assert(file != NULL);
    (void)fprintf(
        file,
        "name: n\ncampaign: k\nframework_version: 3.2.25\n"
        "asgiref_version: 3.6.0\nrounds: 2\nwarm_up: 0\n"
        "client: {program: " RP_SOURCE_DIR "/tests/benching/fakeab.sh}\n"
        "targets:\n- name: app\n  kind: command\n  git: %s\n  revisions: %s\n"
        "  build: '%s'\n"
        "  command: 'cp word {checkout}/../../served-$(cat word) && exec %s "
        "{port}'\n"
        "  url: 'http://127.0.0.1:{port}/{stack}'\n  server: gunicorn\n"
        "runs:\n- {target: app, stack: [none, S], requests: 40}\n",
        git, revisions, build, RP_ANSWERER);
    (void)fclose(file);
}

static enum rp_code bench(struct rp_bench_result *result,
                          struct rp_error *error)
{
    const struct rp_bench_options options = {.output = "out",
                                             .plan_path = "plan.yaml",
                                             .self = "/bin/false",
                                             .interrupted = &stop_now,
                                             .say = remember,
                                             .progress = ignore};
    struct rp_plan plan = {0};
    enum rp_code code = rp_plan_read("plan.yaml", &plan, error);

    if (!code)
        code = rp_bench_measure(&plan, &options, result, error);
    rp_plan_free(&plan);
    return code;
}

static char build[] = "test -f word && touch built";
static char worktrees[] = "git -C repo worktree list | wc -l";

Test(checkout, each_revision_is_measured_from_a_checkout_of_its_own)
{
    struct rp_bench_result result = {0};
    struct rp_measured measured = {0};
    struct rp_error error = {0};
    char *path = NULL;

    write_plan("repo", "[main, feature/x]", build);
    cr_assert(eq(int, bench(&result, &error), RP_OK), "%s", error.text);
    cr_expect(eq(sz, result.measured, 8), "2 revisions, 2 stacks, 2 rounds");
    cr_expect(eq(str, said, ""));
    cr_expect(eq(str,
                 output_of("cat out/served-one out/served-two | tr '\\n' ' '"),
                 "one two "));
    cr_assert(
        eq(int, rp_revisionset_find("out", "feature/x", &path, &error), RP_OK),
        "%s", error.text);
    cr_expect(eq(str, path, "out/feature_x"));
    cr_assert(eq(int, rp_dataset_read(path, &measured, &error), RP_OK));
    cr_expect(eq(sz, measured.run_count, 4));
    cr_expect(eq(str, measured.datasets[0].revision, "feature/x"));
    cr_expect(eq(str, measured.datasets[0].commit,
                 output_of("git -C repo rev-parse feature/x")));
    rp_measured_free(&measured);
    free(path);
    cr_expect(eq(str, output_of(worktrees), "1"), "the checkouts are gone");
    cr_expect(eq(str, output_of("ls out"), "feature_x"));
    cr_expect(
        eq(str, output_of("ls -d out/checkouts 2>&1 | grep -c cannot"), "1"));
}

Test(checkout, a_folder_goes_on_with_the_commit_that_it_was_begun_with)
{
    struct rp_bench_result result = {0};
    struct rp_error error = {0};

    write_plan("repo", "[main, feature/x]", build);
    cr_assert(eq(int, bench(&result, &error), RP_OK), "%s", error.text);
    shell("sed -i '/S_sync_c1_r02/d' out/feature_x/runs.csv && cd repo && echo "
          "three >word && git commit -qam 3");
    cr_assert(eq(int, bench(&result, &error), RP_OK), "%s", error.text);
    cr_expect(eq(sz, result.measured, 1));
    cr_expect(strstr(said, "feature/x was ") != NULL, "%s", said);
    cr_expect(eq(int, access("out/served-three", F_OK), -1));
}

Test(checkout, what_a_killed_bench_left_is_taken_away)
{
    struct rp_bench_result result = {0};
    struct rp_error error = {0};
    int status;
    const pid_t child = fork();

    if (child == 0) {
        write_plan("repo", "[main, feature/x]", "sleep 60");
        (void)!bench(&result, &error);
        _exit(0);
    }
    for (unsigned i = 0; i < 3000 && strcmp(output_of(worktrees), "2") != 0;
         i++)
        (void)usleep(20000);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, &status, 0);
    cr_assert(eq(str, output_of(worktrees), "2"));
    shell("mv plan.yaml old.yaml");
    /* into the same output, or another: here another */
    shell("mkdir later");
    write_plan("repo", "[main]", build);
    shell("cp plan.yaml later && ln -s ../repo later/repo");
    cr_assert(eq(int, chdir("later"), 0));
    cr_assert(eq(int, bench(&result, &error), RP_OK), "%s", error.text);
    cr_expect(eq(str, output_of(worktrees), "1"));
    cr_expect(eq(int, access("../out/checkouts", F_OK), -1));
}

Test(checkout, an_interrupted_bench_leaves_no_checkout)
{
    struct rp_bench_result result = {0};
    struct rp_error error = {0};

    write_plan("repo", "[main, feature/x]", build);
    stop_at_first = true;
    cr_assert(eq(int, bench(&result, &error), RP_OK), "%s", error.text);
    cr_expect(eq(int, result.interrupted, 1));
    cr_expect(lt(sz, result.measured, 8));
    cr_expect(eq(str, output_of(worktrees), "1"));
    cr_expect(eq(int, access("out/checkouts", F_OK), -1));
}

Test(checkout, one_that_is_interrupted_at_once_has_made_no_mistake)
{
    struct rp_bench_result result = {0};
    struct rp_error error = {0};

    write_plan("repo", "[main, feature/x]", build);
    stop_now = 1;
    cr_assert(eq(int, bench(&result, &error), RP_OK), "%s", error.text);
    cr_expect(eq(int, result.interrupted, 1));
    cr_expect(eq(sz, result.measured, 0));
}

Test(checkout, each_mistake_has_its_sentence)
{
    struct rp_bench_result result = {0};
    struct rp_error error = {0};

    write_plan("repo", "[main, nowhere]", build);
    cr_assert(eq(int, bench(&result, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "plan.yaml:12:14: revision: the repository repo has no "
                 "\"nowhere\"; git branch --all and git tag list what it has"));
    cr_expect(eq(int, access("out", F_OK), -1), "nothing is written");
    write_plan("/", "[main]", build);
    cr_assert(eq(int, bench(&result, &error), RP_ERR_IO));
    cr_expect(strstr(error.text,
                     "plan.yaml:12:14: git: found \"/\", expected a "
                     "git repository: fatal: ") == error.text,
              "%s", error.text);
    write_plan("repo", "[main]", "echo cannot; echo compile; exit 3");
    cr_assert(eq(int, bench(&result, &error), RP_ERR_UNUSABLE));
    cr_expect(
        strstr(error.text, "target app-main: build of main (") == error.text &&
            strstr(error.text,
                   ") ended with exit code 3: \"cannot | compile\" (out/logs/"
                   "app-main.build.log)"),
        "%s", error.text);
    cr_expect(eq(str, output_of(worktrees), "1"));
    cr_assert(eq(int, setenv("PATH", "/nowhere", 1), 0));
    cr_assert(eq(int, bench(&result, &error), RP_ERR_IO));
    cr_expect(strstr(error.text, "git: cannot be started: No such file") !=
                  NULL,
              "%s", error.text);
}
