/**
 * Whether the figures of an ab report can be believed.
 *
 * ab prints the same thing several times: the throughput as requests/s, as two
 * times per request, and as requests and seconds; the longest request twice;
 * failures as a sum and its terms. In hundreds of published reports these
 * agree within the rounding of their last digit, except where ab itself was
 * wrong (2.0 loses zeros of the seconds) or a person typed the report. So the
 * check is strict, and costs nothing.
 *
 * A report whose figures agree may still not serve: its requests failed, it
 * was cut, it was interrupted. And one that serves may deserve a warning.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_ABLINT_H
#define RP_CALIBRATE_ABLINT_H

#include "calibrate/abreport.h"

/** Enough for all sentences of rp_ab_lint() or rp_ab_warnings(). */
#define RP_AB_SENTENCES_SIZE 2048

/**
 * What contradicts itself in a report.
 *
 * @param text  sentences, one a line, no line end behind the last; cut at
 *              `size` bytes. May be NULL where `size` is 0
 * @return how many there are
 */
unsigned rp_ab_lint(const struct rp_ab_report *report, char *text, size_t size);

/**
 * Whether a report can serve a calibration.
 *
 * Any failed request rules it out, also where only lengths differ: those may
 * be answers in full, but ab cannot tell them from broken ones, and `ab -l`
 * can be run instead.
 *
 * @param file_name  for the sentence
 * @return RP_ERR_UNUSABLE: ab failed; figures contradict each other, were not
 *         understood or are missing; interrupted; no request; failed or
 *         non-2xx requests, write errors
 */
RP_CHECKED enum rp_code rp_ab_usable(const struct rp_ab_report *report,
                                     const char *file_name,
                                     struct rp_error *error);

/**
 * What to keep in mind when a usable report is used: few requests for its
 * concurrency, clients that were not all busy, keep-alive that the server
 * refused or that meets delayed acknowledgements, seconds that were mended.
 * Parameters as for rp_ab_lint().
 */
unsigned rp_ab_warnings(const struct rp_ab_report *report, char *text,
                        size_t size);

/**
 * The throughput that all figures allow: each of requests/s, 1000 c / mean,
 * 1000 / across and requests / seconds is rounded, so each gives an interval;
 * the middle of what they have in common is nearer to the truth than any.
 *
 * @param half_width  half of the common interval, requests/s; may be NULL
 * @return requests/s; NAN (both) where nothing was printed or the figures
 *         contradict each other
 */
double rp_ab_throughput(const struct rp_ab_report *report, double *half_width);

/**
 * Seconds of the run: as printed, or with the zeros that ab 2.0 (to 2.2.8)
 * loses, which prints 0.072417 s as "0.72417": microseconds without padding.
 * They are put back where the banner says 2.0 or the printed ones contradict
 * the requests/s, if that agrees with the requests/s.
 *
 * @return NAN where no seconds were printed
 */
double rp_ab_mended_seconds(const struct rp_ab_report *report);

#endif
