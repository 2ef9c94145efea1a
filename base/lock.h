/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command lock of a container, in vzctl's format so that old tools see it:
 * LOCKDIR/CTID.lck holds two lines, the pid of the holder and what it does. A third line, the
 * holder's start time, tells a reused pid from a living holder. On a full disk, which a
 * container may have filled, or a read-only one, the command that may help holds the
 * directory's guard instead, and the others wait. Otherwise a command never waits for the
 * lock; a stale one is replaced. Commands hold it while they change things, not longer; a
 * reader takes none.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct lock {
	char *path;	/* NULL: not held by a file */
	int guard;	/* where there was no room for one: the guard of all; else -1 */
};

#define LOCK_INIT { NULL, -1 }

/* Take the lock for `doing` ("starting", ...). E_LOCKED names the holder. */
int lock_take(struct lock *l, const char *dir, uint32_t ctid, const char *doing,
	      struct err *e);
void lock_drop(struct lock *l); /* fine when not held */

/* Remove what holders that were killed left, of containers that may be gone too. */
void lock_sweep(const char *dir);

/* Does a living process hold it? `ret_doing` (may be NULL) gets what it does. */
bool lock_held(const char *dir, uint32_t ctid, char ret_doing[32]);

#endif
