/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sequences with effects outside the process, as tables.
 *
 * steps_run() runs the rows in order. When one fails, the rows before it and the failed one
 * itself are undone backwards and the first error is returned. A row's undo must cope with
 * "was never done" and "half done", since it is also what cleans up after a program that was
 * killed: steps_undo() runs the whole undo column on what is found. An undo does not fail;
 * what it cannot remove it leaves for the next call, which finds it again.
 *
 * A table is defined by STEPS() and so listed: steps_each() finds all of the program, which
 * is how "wabe help --steps" tells the tests what rows there are to try.
 *
 * Fault injection, for tests, by variables that hold places with commas between. A place is
 * TABLE:N, after row N (from 1) of the table of that name; TABLE:-N before it; TABLE:uN and
 * TABLE:u-N after and before its undo. WABE_FAIL_AT makes row TABLE:N fail after it did its
 * work, and leaves undo TABLE:uN out; WABE_KILL_AT kills the process there; WABE_HOLD_AT
 * stops it (SIGSTOP; not the first process of a container) until it is continued.
 */
#ifndef BASE_STEPS_H
#define BASE_STEPS_H

#include <stddef.h>

#include "base/err.h"

struct step {
	const char *name;
	int (*run)(void *op, struct err *e); /* NULL: nothing to do forward */
	void (*undo)(void *op);              /* NULL: nothing to undo */
};

struct steps {
	const char *name;	/* of the table: create, start, ... */
	const struct step *row;
	size_t n;
};

/* Define the table `var` of the given rows ("static" may go before it). */
#define STEPS(var, nm, rows)                                                              \
	const struct steps var = {                                                        \
		.name = nm, .row = rows, .n = sizeof(rows) / sizeof((rows)[0]),           \
	};                                                                                \
	static const struct steps *const var##_listed                                     \
		__attribute__((used, section("wabe_steps"))) = &var

int steps_run(const struct steps *t, void *op, struct err *e);
void steps_undo(const struct steps *t, void *op);

/* The same for the rows from `first` (from 0) on: a reboot keeps what lies before. */
int steps_run_from(const struct steps *t, size_t first, void *op, struct err *e);
void steps_undo_to(const struct steps *t, size_t first, void *op);

/* Each table of this program, in no order. */
void steps_each(void (*fn)(void *ctx, const struct steps *t), void *ctx);

#endif
