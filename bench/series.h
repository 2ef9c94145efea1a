/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was measured, as plain text that every part of bench/ writes and judge reads: a line
 * per series,
 *
 *	PART/.../NAME UNIT VALUE VALUE...
 *
 * and lines that begin with "# ", which are notes for the reader of the results. Values are
 * whole numbers; UNIT is one of ps, ns, us, ms, B, KiB or n (a count). A name that comes
 * again adds to its series.
 *
 * Medians alone are compared, as a lone late run says something of the machine and not of
 * what was measured.
 */
#ifndef BENCH_SERIES_H
#define BENCH_SERIES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/strv.h"

struct series {
	char *name, *unit;
	int64_t *v;
	size_t n;
};

struct results {
	struct series *v;
	size_t n;
	struct strv notes;
};

#define RESULTS_INIT { NULL, 0, STRV_INIT }
#define _cleanup_results_ __attribute__((cleanup(results_clear)))

/* Add what the file has. */
int results_load(struct results *r, const char *path, struct err *e);
void results_clear(struct results *r);

const struct series *results_find(const struct results *r, const char *name);

/* Median of n values (the mean of the middle two), -1 when one is missing (negative) or
 * n is 0. */
int64_t median_of(const int64_t *v, size_t n);

/* The smallest, negative when one is missing or n is 0. */
int64_t least_of(const int64_t *v, size_t n);

#endif
