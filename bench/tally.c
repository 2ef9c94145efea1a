/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "bench/series.h"

enum what { UP, BACK, STOP };

struct summary {
	int64_t median, min, max;	/* ns, -1: not measured */
};

static int64_t sample(const struct times *t, enum what w)
{
	return w == UP ? t->up : w == BACK ? t->back : t->stop;
}

static struct summary summarise(const struct candidate *c, enum what w)
{
	_cleanup_free_ int64_t *v = xcalloc(c->n + 1, sizeof(*v));
	struct summary s = { -1, -1, -1 };
	size_t i;

	for (i = 0; i < c->n; i++)
		v[i] = sample(&c->runs[i], w);
	s.median = median_of(v, c->n);
	if (s.median < 0)
		return s;
	s.min = s.max = v[0];
	for (i = 1; i < c->n; i++) {
		s.min = v[i] < s.min ? v[i] : s.min;
		s.max = v[i] > s.max ? v[i] : s.max;
	}
	return s;
}

static enum what compared(const struct candidates *c)
{
	return c->v[0].stamp ? UP : BACK;
}

static void cell(FILE *f, int64_t ns)
{
	if (ns < 0)
		fprintf(f, " %9s", "-");
	else
		fprintf(f, " %9.2f", (double)ns / 1e6);
}

static void print_row(FILE *f, const struct candidates *c, const struct candidate *row)
{
	enum what w = compared(c);
	struct summary s = summarise(row, w);
	size_t i;

	fprintf(f, "%-16s", row->name);
	cell(f, s.median);
	cell(f, s.min);
	cell(f, s.max);
	for (i = 0; i < c->n; i++)
		if (c->v[i].base)
			fprintf(f, " %10.2fx",
				(double)s.median /
					(double)summarise(&c->v[i], w).median);
	if (w == UP)
		cell(f, summarise(row, BACK).median);
	if (summarise(row, STOP).median >= 0)
		cell(f, summarise(row, STOP).median);
	fputc('\n', f);
}

void tally_print(FILE *f, const struct candidates *c, int idle_ms)
{
	enum what w = compared(c);
	size_t i;

	fprintf(f, "%s, milliseconds, %zu runs each, ",
		w == UP ? "command to init running" : "command to its end", c->v[0].n);
	if (idle_ms)
		fprintf(f, "each after %d ms of rest\n", idle_ms);
	else
		fputs("each right after one of its own\n", f);
	fprintf(f, "%-16s %9s %9s %9s", "", "median", "min", "max");
	for (i = 0; i < c->n; i++)
		if (c->v[i].base)
			fprintf(f, " %11s", c->v[i].name);
	fprintf(f, "%s%s\n", w == UP ? "  returned" : "",
		summarise(&c->v[0], STOP).median >= 0 ? "      undo" : "");
	for (i = 0; i < c->n; i++)
		print_row(f, c, &c->v[i]);
}

static void put_series(FILE *f, const struct candidate *c, enum what w, const char *prefix,
		       const char *suffix)
{
	size_t i;

	if (summarise(c, w).median < 0)
		return;
	fprintf(f, "%s/%s%s ns", prefix, c->name, suffix);
	for (i = 0; i < c->n; i++)
		fprintf(f, " %lld", (long long)sample(&c->runs[i], w));
	fputc('\n', f);
}

void tally_series(FILE *f, const struct candidates *c, const char *prefix)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (compared(c) == UP)
			put_series(f, &c->v[i], UP, prefix, "");
		put_series(f, &c->v[i], BACK, prefix, compared(c) == UP ? "/back" : "");
		put_series(f, &c->v[i], STOP, prefix, "/stop");
	}
}
