/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/steps.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

/* Is this row the one that the variable names? `mark` is "", "-", "u" or "u-". */
static bool injected(const char *var, const struct steps *t, const char *mark, size_t row)
{
	const char *want = getenv(var);
	char here[64];

	if (!want)
		return false;
	snprintf(here, sizeof(here), "%s:%s%zu", t->name, mark, row + 1);
	return !strcmp(want, here);
}

static void kill_at(const struct steps *t, const char *mark, size_t row)
{
	if (injected("WABE_KILL_AT", t, mark, row))
		kill(getpid(), SIGKILL);
}

static void undo_range(const struct steps *t, void *op, size_t first, size_t n)
{
	for (size_t i = n; i-- > first;) {
		if (!t->row[i].undo)
			continue;
		kill_at(t, "u-", i);
		if (injected("WABE_FAIL_AT", t, "u", i))
			continue;
		log_debug("%s: undo %s", t->name, t->row[i].name);
		t->row[i].undo(op);
		kill_at(t, "u", i);
	}
}

int steps_run_from(const struct steps *t, size_t first, void *op, struct err *e)
{
	for (size_t i = first; i < t->n; i++) {
		const struct step *s = &t->row[i];
		int r = 0;

		kill_at(t, "-", i);
		log_debug("%s: %s", t->name, s->name);
		if (s->run)
			r = s->run(op, e);
		kill_at(t, "", i);
		if (r >= 0 && injected("WABE_FAIL_AT", t, "", i))
			r = fail(e, E_SYSTEM, "injected failure after step %zu (%s) of %s",
				 i + 1, s->name, t->name);
		if (r < 0) {
			undo_range(t, op, first, i + 1);
			return r;
		}
	}
	return 0;
}

void steps_undo_to(const struct steps *t, size_t first, void *op)
{
	undo_range(t, op, first, t->n);
}

int steps_run(const struct steps *t, void *op, struct err *e)
{
	return steps_run_from(t, 0, op, e);
}

void steps_undo(const struct steps *t, void *op)
{
	steps_undo_to(t, 0, op);
}
