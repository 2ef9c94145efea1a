/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"

enum what { UP, BACK, STOP };

struct summary {
	int64_t median, min, max;	/* ns, -1: not measured */
};

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t median_of(const int64_t *v, size_t n)
{
	_cleanup_free_ int64_t *s = xcalloc(n + 1, sizeof(*s));

	if (!n)
		return -1;
	memcpy(s, v, n * sizeof(*s));
	qsort(s, n, sizeof(*s), by_value);
	if (s[0] < 0)
		return -1;
	return n % 2 ? s[n / 2] : (s[n / 2 - 1] + s[n / 2]) / 2;
}

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
	if (w == UP) {
		cell(f, summarise(row, BACK).median);
		cell(f, summarise(row, STOP).median);
	}
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
	fputs(w == UP ? "  returned      stop\n" : "\n", f);
	for (i = 0; i < c->n; i++)
		print_row(f, c, &c->v[i]);
}

static void samples_json(struct json *j, const struct candidate *c, enum what w,
			 const char *key)
{
	struct summary s = summarise(c, w);
	size_t i;

	if (s.median < 0)
		return;
	json_object(j, key);
	json_int(j, "median", s.median / 1000);
	json_int(j, "min", s.min / 1000);
	json_int(j, "max", s.max / 1000);
	json_array(j, "samples");
	for (i = 0; i < c->n; i++)
		json_int(j, NULL, sample(&c->runs[i], w) / 1000);
	json_end(j);
	json_end(j);
}

void tally_json(struct json *j, const struct candidates *c, int idle_ms)
{
	enum what w = compared(c);
	size_t i, k;

	json_object(j, NULL);
	json_str(j, "compared", w == UP ? "up" : "back");
	json_str(j, "unit", "us");
	json_int(j, "idle_ms", idle_ms);
	json_array(j, "candidates");
	for (i = 0; i < c->n; i++) {
		json_object(j, NULL);
		json_str(j, "name", c->v[i].name);
		samples_json(j, &c->v[i], UP, "up");
		samples_json(j, &c->v[i], BACK, "back");
		samples_json(j, &c->v[i], STOP, "stop");
		/* In thousandths, as base/json.h knows whole numbers alone. */
		json_object(j, "permille_of");
		for (k = 0; k < c->n; k++)
			if (c->v[k].base)
				json_int(j, c->v[k].name,
					 summarise(&c->v[i], w).median * 1000 /
						 summarise(&c->v[k], w).median);
		json_end(j);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}
