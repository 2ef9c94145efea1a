/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Helper programs by argv: no shell, a clean environment, a deadline. Not for anything that
 * runs inside a container (runtime/enter.h).
 */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include "base/buf.h"
#include "base/err.h"

struct run {
	const char *const *argv;	/* argv[0] is looked up on a fixed PATH */
	const char *const *env;		/* added to HOME, PATH and LC_ALL=C; NULL: none */
	int timeout_ms;			/* 0: none; past it the process group is killed */
	struct buf *out;		/* stdout is appended here (64 KiB at most), or NULL:
					   stdout goes to stderr's place */
	void (*line)(void *ctx, const char *line); /* each line of stderr, or NULL: kept for
						      the error text */
	void *ctx;
};

/* Run it and wait. Fails when it cannot start, exits non-zero or is late; the message ends
 * with its last line of stderr. */
int run_wait(const struct run *r, struct err *e);

#endif
