/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/openload.h"

#include "model/duration.h"
#include "model/excerpt.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const enum rp_process independent[] = {
    RP_PROCESS_POISSON, RP_PROCESS_DETERMINISTIC, RP_PROCESS_GAMMA,
    RP_PROCESS_HYPEREXPONENTIAL};
enum { INDEPENDENT = sizeof independent / sizeof *independent };

const char *rp_openload_words(void)
{
    return "poisson, deterministic, gamma or hyperexponential";
}

bool rp_openload_has(enum rp_process process)
{
    for (size_t i = 0; i < INDEPENDENT; i++)
        if (independent[i] == process)
            return true;
    return false;
}

static bool find_process(const char *word, enum rp_process *process,
                         char *sentence)
{
    char found[RP_EXCERPT_SIZE];

    for (size_t i = 0; i < INDEPENDENT; i++)
        if (strcmp(rp_process_word(independent[i]), word) == 0) {
            *process = independent[i];
            return true;
        }
    (void)snprintf(sentence, RP_ERROR_TEXT_SIZE,
                   "process: found \"%s\", expected %s",
                   rp_excerpt(word, found), rp_openload_words());
    return false;
}

/* The cv that a process has by itself; NAN: it has to be said. */
static double own_cv(enum rp_process process)
{
    const enum rp_shape shape = rp_process_shape(process);

    return shape == RP_SHAPE_CONSTANT      ? 0.0
           : shape == RP_SHAPE_EXPONENTIAL ? 1.0
                                           : (double)NAN;
}

bool rp_openload_make(double rate_per_s, const char *word, double cv,
                      struct rp_openload *load, char *sentence)
{
    struct rp_openload fresh = {.rate_per_s = rate_per_s, .cv = cv};
    struct rp_duration gap;
    double own;

    if (!find_process(word ? word : rp_process_word(RP_PROCESS_POISSON),
                      &fresh.process, sentence))
        return false;
    own = own_cv(fresh.process);
    if (!isnan(own) && !isnan(cv)) {
        (void)snprintf(sentence, RP_ERROR_TEXT_SIZE,
                       "cv: the gaps of a %s process have a cv of %g; leave it "
                       "out, or write process: gamma",
                       rp_process_word(fresh.process), own);
        return false;
    }
    if (isnan(own) && isnan(cv)) {
        (void)snprintf(sentence, RP_ERROR_TEXT_SIZE,
                       "process: %s needs the key \"cv\", the gaps' standard "
                       "deviation by their mean; write cv: 2",
                       rp_process_word(fresh.process));
        return false;
    }
    fresh.cv = isnan(own) ? cv : own;
    gap = rp_openload_gap(&fresh);
    if (rp_duration_fault(&gap, sentence)) {
        char inner[RP_ERROR_TEXT_SIZE];

        (void)snprintf(inner, sizeof inner, "%.*s", RP_ERROR_TEXT_SIZE - 8,
                       sentence);
        (void)snprintf(sentence, RP_ERROR_TEXT_SIZE, "cv: %.*s",
                       RP_ERROR_TEXT_SIZE - 8, inner);
        return false;
    }
    *load = fresh;
    return true;
}

struct rp_duration rp_openload_gap(const struct rp_openload *load)
{
    return (struct rp_duration){.shape = rp_process_shape(load->process),
                                .mean_ns = 1e9 / load->rate_per_s,
                                .cv = load->cv};
}

struct rp_load rp_openload_of_scenario(const struct rp_openload *load)
{
    return (struct rp_load){.kind = RP_LOAD_OPEN,
                            .clients = 1,
                            .rate_per_s = load->rate_per_s,
                            .process = load->process,
                            .gap = rp_openload_gap(load),
                            .trace_speed = 1.0};
}

int rp_openload_compare(const struct rp_openload *a,
                        const struct rp_openload *b)
{
    const double order[] = {(double)a->process - (double)b->process,
                            a->cv - b->cv, a->rate_per_s - b->rate_per_s};

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i] < 0.0 || order[i] > 0.0)
            return order[i] < 0.0 ? -1 : 1;
    return 0;
}

const char *rp_openload_describe(const struct rp_openload *load, char *text,
                                 size_t size)
{
    char process[48] = "";

    if (isnan(own_cv(load->process)))
        (void)snprintf(process, sizeof process, " %s cv %g",
                       rp_process_word(load->process), load->cv);
    else if (load->process != RP_PROCESS_POISSON)
        (void)snprintf(process, sizeof process, " %s",
                       rp_process_word(load->process));
    (void)snprintf(text, size, "%g/s%s", load->rate_per_s, process);
    return text;
}
