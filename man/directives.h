/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The "@word" lines of prose files; see man/pages.h. */
#ifndef MAN_DIRECTIVES_H
#define MAN_DIRECTIVES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct directives {
	FILE *f;
	uint64_t keys, node_keys;	/* bit i: row i is in the page */
	bool all_keys, all_node_keys;
};

/* As roff_at.fn; ctx is a struct directives. */
bool directives_put(void *ctx, const char *word, const char *argument);

/* After the page: false, told on stderr, when it has @keys of a kind but not all. */
bool directives_done(const struct directives *d, const char *path);

#endif
