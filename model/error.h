/**
 * Errors: what a user did that the program cannot go on with.
 *
 * A function that can fail returns `enum rp_code` and fills the caller's
 * `struct rp_error` with one sentence: where (file:line:column), what was
 * found, what was expected, what to do. Outputs are untouched on failure.
 * Mistakes of a programmer are not errors; they assert.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_ERROR_H
#define RP_MODEL_ERROR_H

#include <stdarg.h>
#include <stddef.h>

/* Codes, their numbers and their meaning, in one list. */
#define RP_CODE_LIST(X)                                                        \
    X(RP_OK, 0, "no error")                                                    \
    X(RP_ERR_SYNTAX, -1, "a file or an argument is malformed")                 \
    X(RP_ERR_VALUE, -2, "a value is unknown or out of range")                  \
    X(RP_ERR_IO, -3, "a file cannot be read or written")                       \
    X(RP_ERR_MEMORY, -4, "out of memory")                                      \
    X(RP_ERR_NUMERIC, -5, "a computation has no trustworthy result")           \
    X(RP_ERR_UNSTABLE, -6, "more work arrives than the system can do")         \
    X(RP_ERR_UNUSABLE, -7, "the measured data cannot serve the purpose")

#define RP_CODE_AS_ENUM(code, number, meaning) code = number,
enum rp_code { RP_CODE_LIST(RP_CODE_AS_ENUM) };
#undef RP_CODE_AS_ENUM

/** The longest sentence, its closing zero included. Longer ones are cut. */
#define RP_ERROR_TEXT_SIZE 1024

/** One error, owned by the caller; zero it before the first use. */
struct rp_error {
    enum rp_code code;
    char text[RP_ERROR_TEXT_SIZE];
};

#if defined(__GNUC__)
#define RP_CHECKED            __attribute__((warn_unused_result))
#define RP_PRINTF(text, rest) __attribute__((format(printf, text, rest)))
#else
#define RP_CHECKED
#define RP_PRINTF(text, rest)
#endif

/**
 * Fill `error` with `code` and a sentence, and return `code`, so that a
 * failing function ends in `return rp_fail(error, ...)`.
 *
 * @param error  may be NULL where nobody will read the sentence
 * @param code   not RP_OK
 */
enum rp_code rp_fail(struct rp_error *error, enum rp_code code,
                     const char *format, ...) RP_PRINTF(3, 4);

/* Who analyses one file alone does not see that the code comes back, and takes
 * a failure for RP_OK. */
#if defined(__clang_analyzer__)
#define rp_fail(error, code, ...) (rp_fail(error, code, __VA_ARGS__), (code))
#endif

/**
 * The same with a place in a file in front: `file:line:column: sentence`.
 *
 * @param line    1-based; 0 prints the file alone
 * @param column  1-based; 0 leaves the column out
 */
enum rp_code rp_fail_at(struct rp_error *error, enum rp_code code,
                        const char *file, size_t line, size_t column,
                        const char *format, ...) RP_PRINTF(6, 7);

/** The name of a code, "RP_ERR_SYNTAX"; static storage, never NULL. */
const char *rp_code_name(enum rp_code code);

/** What a code means, in a few words; static storage, never NULL. */
const char *rp_code_meaning(enum rp_code code);

/**
 * The candidate nearest to `word`, for "did you mean": the smallest
 * optimal-string-alignment distance, at most a third of the word's length
 * (and at least 1).
 *
 * @param candidates  `count` strings; NULL entries are passed over
 * @return one of the candidates, or NULL if none is near enough
 */
const char *rp_near_miss(const char *word, const char *const *candidates,
                         size_t count);

/**
 * The error of a word that is none of a list: `found "jsn", expected text,
 * json or csv; did you mean "json"?`.
 *
 * @param words  `count` of them, none NULL
 * @return RP_ERR_VALUE
 */
enum rp_code rp_fail_word(struct rp_error *error, const char *word,
                          const char *const *words, size_t count);

#endif
