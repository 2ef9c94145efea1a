/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/steps.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

/* By the linker; not there in a program without tables. */
extern const struct steps *const __start_wabe_steps[] __attribute__((weak));
extern const struct steps *const __stop_wabe_steps[] __attribute__((weak));

void steps_each(void (*fn)(void *ctx, const struct steps *t), void *ctx)
{
	for (const struct steps *const *t = __start_wabe_steps; t < __stop_wabe_steps; t++)
		fn(ctx, *t);
}

/* Is this place among those that the variable names? `mark` is "", "-", "u" or "u-". */
static bool injected(const char *var, const struct steps *t, const char *mark, size_t row)
{
	const char *want = getenv(var);
	char here[64];
	size_t len, n;

	if (!want)
		return false;
	len = (size_t)snprintf(here, sizeof(here), "%s:%s%zu", t->name, mark, row + 1);
	for (; *want; want += n + (want[n] == ',')) {
		n = strcspn(want, ",");
		if (n == len && !strncmp(want, here, n))
			return true;
	}
	return false;
}

static void interrupt_at(const struct steps *t, const char *mark, size_t row)
{
	if (injected("WABE_HOLD_AT", t, mark, row))
		raise(SIGSTOP);
	if (!injected("WABE_KILL_AT", t, mark, row))
		return;
	log_info("killed at %s:%s%zu", t->name, mark, row + 1);
	kill(getpid(), SIGKILL);
	/* the first process of a pid namespace cannot be killed from inside */
	_exit(128 + SIGKILL);
}

static void undo_range(const struct steps *t, void *op, size_t first, size_t n)
{
	for (size_t i = n; i-- > first;) {
		if (!t->row[i].undo)
			continue;
		interrupt_at(t, "u-", i);
		if (injected("WABE_FAIL_AT", t, "u", i))
			continue;
		log_debug("%s: undo %s", t->name, t->row[i].name);
		t->row[i].undo(op);
		interrupt_at(t, "u", i);
	}
}

int steps_run_from(const struct steps *t, size_t first, void *op, struct err *e)
{
	for (size_t i = first; i < t->n; i++) {
		const struct step *s = &t->row[i];
		int r = 0;

		interrupt_at(t, "-", i);
		log_debug("%s: %s", t->name, s->name);
		if (s->run)
			r = s->run(op, e);
		interrupt_at(t, "", i);
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
