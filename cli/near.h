/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean": the known word nearest to a mistyped one. near_start(), near_try() for
 * each known word, then `best` is the nearest, or NULL when none is near enough to be
 * meant.
 */
#ifndef CLI_NEAR_H
#define CLI_NEAR_H

#include <stddef.h>

struct near {
	const char *word;
	const char *best;
	unsigned distance;	/* of best; at first one more than what counts as near */
};

struct near near_start(const char *word);
void near_try(struct near *n, const char *known);

/* Edits (insert, delete, replace, swap of neighbours) from a to b; words of more than 32
 * bytes are infinitely far from all others. */
unsigned near_distance(const char *a, const char *b);

#endif
