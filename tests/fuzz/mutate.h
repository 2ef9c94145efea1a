/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inputs for parsers: seeds, changed at random but the same way in each run. fuzz_begin(),
 * then for each target fuzz_loop(): it makes an input, calls the function, and prints one TAP
 * line. An input on which the function returns false, the sanitizers speak up, or nothing
 * comes back for 20 seconds is printed in full.
 *
 * FUZZ_SEED in the environment (default 1) chooses other inputs, WABE_SOAK a hundred times as
 * many.
 */
#ifndef TESTS_FUZZ_MUTATE_H
#define TESTS_FUZZ_MUTATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct fuzz_target {
	const char *name;
	/* What inputs begin as; ended by one with s == NULL. */
	const struct fuzz_seed {
		const char *s;
		size_t len;
	} *seeds;
	const char *const *words;	/* put in here and there; ends with NULL */
	bool keep_length;		/* nearly always: what has a place must keep it */
	/* Repairs what would have most inputs refused at once; may be NULL. */
	void (*repair)(struct buf *input);
	/* Does what must hold, hold? `input` has exactly len bytes and a NUL after them. */
	bool (*run)(const char *input, size_t len);
};

#define FUZZ_SEED(text) { text, sizeof(text) - 1 }
#define FUZZ_SEED_END { NULL, 0 }

void fuzz_begin(void);
void fuzz_loop(const struct fuzz_target *t, unsigned rounds);

/* The plan; the exit status of the program. */
int fuzz_done(void);

/* A number below n, from the same sequence. */
unsigned fuzz_below(unsigned n);

#endif
