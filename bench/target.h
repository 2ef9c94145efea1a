/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Wabe promises to reach, and whether it did. bench/targets has a line for each:
 *
 *	WHAT | SERIES | [/ SERIES... or - SERIES...] | LIMIT UNIT
 *
 * The median of the first series, divided by (or less) the smallest median of the others,
 * must be at most LIMIT. UNIT is "x" for a ratio, else one of series.h. Empty lines and
 * those that begin with # do not count.
 */
#ifndef BENCH_TARGET_H
#define BENCH_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strv.h"
#include "bench/series.h"

struct target {
	char *what, *series, *unit;
	char how;		/* '/', '-' or 0: the series itself */
	struct strv against;
	double limit;
};

struct targets {
	struct target *v;
	size_t n;
};

struct verdict {
	bool known;	/* all that it takes was measured */
	double value;	/* of medians, in the target's unit */
	double least;	/* the same of the least values, for a machine that was busy */
	bool reached;
};

#define TARGETS_INIT { NULL, 0 }
#define _cleanup_targets_ __attribute__((cleanup(targets_clear)))

int targets_load(struct targets *t, const char *path, struct err *e);
void targets_clear(struct targets *t);

/* Of the others, those that were not measured (a peer that is not installed) do not count,
 * as long as one was. */
struct verdict target_judge(const struct target *t, const struct results *r);

#endif
