/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is measured against each other, and one run of it.
 *
 * Candidates come from a file of KEY="value" lines (base/kv.h); CANDIDATE begins one:
 *
 *	CANDIDATE="floor"	its name in the table
 *	START="words"		the timed command (split at blanks, no shell)
 *	BEFORE="words"		run before START, not timed
 *	STOP="words"		undoes it, not part of START's time
 *	STAMP="path"		where bench/stamp writes; left out: START itself is timed
 *	HOLD="yes"		START runs as long as the container: TERM ends it
 *	BASE="yes"		the others are told as multiples of it
 *
 * A START without HOLD must exit with 0.
 */
#ifndef BENCH_CANDIDATE_H
#define BENCH_CANDIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strv.h"

/* Nanoseconds from just before START was spawned; -1: not there. */
struct times {
	int64_t up;	/* until the init ran its first statement */
	int64_t back;	/* until START returned */
	int64_t stop;	/* what STOP (or the end of a HOLD) took */
};

struct candidate {
	char *name, *stamp;
	struct strv before, start, stop;
	bool hold, base;
	struct times *runs;	/* one per timed run */
	size_t n;
};

struct candidates {
	struct candidate *v;
	size_t n;
};

int candidates_load(const char *path, struct candidates *ret, struct err *e);
void candidates_clear(struct candidates *c);

/* Start, wait for both the stamp and the command, stop. What the commands say goes to
 * `log`, a descriptor whose file is cut to nothing before each run. */
int candidate_run(const struct candidate *c, int log, struct times *ret, struct err *e);

#endif
