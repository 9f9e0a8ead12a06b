/**
 * Tools: whose report a file is, in one list.
 *
 * ab's reports have a reader of their own (abreport.h), for it says most and is
 * what costs are made for. The others are peers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_TOOL_H
#define RP_CALIBRATE_TOOL_H

#include "calibrate/peer.h"

/* Constant, word, the program that wrote it, whether that keeps connections
 * unless it is told not to, reader. */
#define RP_PEER_LIST(X)                                                        \
    X(RP_TOOL_WRK, "wrk", "wrk", true, rp_wrk_read_text)                       \
    X(RP_TOOL_HEY, "hey", "hey", true, rp_hey_read_text)                       \
    X(RP_TOOL_HEY_CSV, "hey-csv", "hey", true, rp_hey_rows_read_text)          \
    X(RP_TOOL_H2LOAD, "h2load", "h2load", true, rp_h2_read_text)               \
    X(RP_TOOL_H2LOAD_LOG, "h2load-log", "h2load", true, rp_h2_log_read_text)   \
    X(RP_TOOL_OPEN, "open", "reqpath load", false, rp_open_rows_read_text)     \
    X(RP_TOOL_SAMPLES, "samples", "samples", false, rp_samples_read_text)

#define RP_PEER_AS_ENUM(tool, word, program, keeps, reader) tool,
enum rp_tool { RP_TOOL_AB, RP_PEER_LIST(RP_PEER_AS_ENUM) RP_TOOL_COUNT };
#undef RP_PEER_AS_ENUM

/** Words of the list; static storage. */
const char *rp_tool_word(enum rp_tool tool);
const char *rp_tool_program(enum rp_tool tool);

/** True where the program keeps connections unless it is told not to. */
bool rp_tool_keeps(enum rp_tool tool);

/** False: no such tool; `tool` is then untouched. */
bool rp_tool_parse(const char *word, enum rp_tool *tool);

/** All words: "ab, wrk, ... or samples"; static storage. */
const char *rp_tool_words(void);

/** Whose report a text looks like, by how it begins; false: nobody's. */
bool rp_tool_guess(const char *text, size_t length, enum rp_tool *tool);

/**
 * Read a file of a peer.
 *
 * @param tool  not RP_TOOL_AB
 * @param peer  untouched on failure
 * @return RP_ERR_IO, and what the reader returns
 */
RP_CHECKED enum rp_code rp_tool_read(enum rp_tool tool, const char *path,
                                     struct rp_peer *peer,
                                     struct rp_error *error);

#endif
