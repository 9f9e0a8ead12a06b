/**
 * Mechanisms: what happens under load, each of which a scenario can switch off.
 *
 * At one client a request takes the sum of its costs. With more of them it
 * matters who holds what while waiting for what, and what is paid once for
 * several requests. Each mechanism is a row here; what it costs is a parameter
 * of the profile (model/parameter.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_MECHANISM_H
#define RP_MODEL_MECHANISM_H

#include <stdbool.h>
#include <stddef.h>

/* Member of rp_mechanisms, default, meaning; the member is the key of a
 * scenario. */
#define RP_MECHANISM_LIST(X)                                                   \
    X(client, true, "ab's own time overlaps the server's, on its own core")    \
    X(wakeups, true, "a process that was idle has to be woken")                \
    X(batching, true,                                                          \
      "an event loop runs all that is ready in one iteration, and "            \
      "pays for it once")                                                      \
    X(after, true, "work that is left when the answer has been sent")          \
    X(cold, true, "code is slow after a pause, until it has run for a while")  \
    X(displacement, true,                                                      \
      "code is slow that others of its process ran before since it last did")  \
    X(slack, false,                                                            \
      "waits are timers, like sleep: late, and at a loop of whole "            \
      "milliseconds; a socket that answers is neither")                        \
    X(collections, true, "full garbage collections stop a process")            \
    X(order, true,                                                             \
      "any of the threads that wait for the GIL is next, not the "             \
      "first")                                                                 \
    X(keeping, true,                                                           \
      "a thread that has more to do keeps the GIL, or without one its core")   \
    X(handover, true, "whoever waited for the GIL has to be woken")            \
    X(switching, true,                                                         \
      "who has had the GIL for 5 ms, or without one a core for a slice, "      \
      "offers it to those that wait; after a slice nobody keeps the GIL")      \
    X(acceptor, true,                                                          \
      "gthread accepts in a thread of its own, which hands over to "           \
      "the pool")                                                              \
    X(stalls, true, "the slowest percent of requests, which the machine stalls")

/** Which ones are at work. */
struct rp_mechanisms {
#define RP_MECHANISM_AS_MEMBER(member, is_on, meaning) bool member;
    RP_MECHANISM_LIST(RP_MECHANISM_AS_MEMBER)
#undef RP_MECHANISM_AS_MEMBER
};

/** Switch one off by its name: false where none has it. */
bool rp_mechanisms_switch_off(struct rp_mechanisms *mechanisms,
                              const char *name);

/** Their names, `*count` of them; static storage. */
const char *const *rp_mechanism_names(size_t *count);

/** Those that are at work where nobody says anything. */
struct rp_mechanisms rp_mechanisms_default(void);

/** All at work. */
struct rp_mechanisms rp_mechanisms_all(void);

/** All at work but those that are true in `lacking`. */
struct rp_mechanisms rp_mechanisms_without(const struct rp_mechanisms *lacking);

/** Those that one of two lacks. */
struct rp_mechanisms rp_mechanisms_union(const struct rp_mechanisms *a,
                                         const struct rp_mechanisms *b);

#endif
