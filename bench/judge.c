/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * judge [-a] [-s] [-j FILE] [-k KEY=VALUE]... TARGETS RESULTS...
 *
 * Holds the results (bench/series.h) against the targets (bench/target.h) and prints a line
 * for each: by medians, by the least values, the limit, and whether medians keep it. Targets of parts that have no results are
 * left out; with -a they are "not measured". -j saves everything as JSON: the KEY=VALUE
 * pairs, targets, notes, and each series with its samples.
 * -s prints the series instead: median, least and most.
 *
 * Its exit status does not tell whether targets were reached: they are told.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "bench/series.h"
#include "bench/target.h"

struct plan {
	bool all, series;
	const char *json;
	struct strv pairs;
};

static _Noreturn void usage(void)
{
	errx(E_SYNTAX, "usage: judge [-a] [-s] [-j FILE] [-k KEY=VALUE]... TARGETS RESULTS...");
}

static void parse(struct plan *p, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "asj:k:")) != -1) {
		if (c == 'a')
			p->all = true;
		else if (c == 's')
			p->series = true;
		else if (c == 'j')
			p->json = optarg;
		else if (c == 'k' && strchr(optarg, '='))
			strv_add(&p->pairs, optarg);
		else
			usage();
	}
	if (argc - optind < 2)
		usage();
}

/* Is there any series of the part that the target belongs to? */
static bool part_is_there(const struct target *t, const struct results *r)
{
	size_t i, n = strcspn(t->series, "/");

	for (i = 0; i < r->n; i++)
		if (!strncmp(r->v[i].name, t->series, n) && r->v[i].name[n] == '/')
			return true;
	return false;
}

static void print(const struct target *t, struct verdict v)
{
	printf("%-58s", t->what);
	if (v.known)
		printf(" %8.2f %8.2f %8g %-3s  %s\n", v.value, v.least, t->limit, t->unit,
		       v.reached ? "yes" : "NO");
	else
		printf(" %8s %8s %8g %-3s  not measured\n", "-", "-", t->limit, t->unit);
}

/* In thousandths, as base/json.h knows whole numbers alone. */
static void target_json(struct json *j, const struct target *t, struct verdict v)
{
	json_object(j, NULL);
	json_str(j, "what", t->what);
	json_str(j, "unit", t->unit);
	if (v.known) {
		json_int(j, "measured_thousandths", (int64_t)(v.value * 1000));
		json_int(j, "least_thousandths", (int64_t)(v.least * 1000));
		json_bool(j, "reached", v.reached);
	} else {
		json_null(j, "measured_thousandths");
		json_null(j, "least_thousandths");
		json_null(j, "reached");
	}
	json_int(j, "limit_thousandths", (int64_t)(t->limit * 1000));
	json_end(j);
}

static void judge(const struct plan *p, const struct targets *t, const struct results *r,
		  struct json *j)
{
	bool headed = false;
	size_t i;

	json_array(j, "targets");
	for (i = 0; i < t->n; i++) {
		struct verdict v = target_judge(&t->v[i], r);

		if (!p->all && !part_is_there(&t->v[i], r))
			continue;
		if (!headed)
			printf("%-58s %8s %8s %12s  reached\n", "", "medians", "least",
			       "at most");
		headed = true;
		print(&t->v[i], v);
		target_json(j, &t->v[i], v);
	}
	json_end(j);
}

static int64_t most_of(const int64_t *v, size_t n)
{
	int64_t most = n ? v[0] : -1;

	while (n-- > 0)
		most = v[n] > most ? v[n] : most;
	return most;
}

static void print_series(const struct results *r)
{
	size_t i;

	printf("%-40s %10s %10s %10s %6s\n", "", "median", "min", "max", "times");
	for (i = 0; i < r->n; i++) {
		const struct series *s = &r->v[i];

		printf("%-36s %3s %10lld %10lld %10lld %6zu\n", s->name, s->unit,
		       (long long)median_of(s->v, s->n), (long long)least_of(s->v, s->n),
		       (long long)most_of(s->v, s->n), s->n);
	}
}

static void series_json(struct json *j, const struct series *s)
{
	size_t i;

	json_object(j, s->name);
	json_str(j, "unit", s->unit);
	json_int(j, "median", median_of(s->v, s->n));
	json_int(j, "min", least_of(s->v, s->n));
	json_int(j, "max", most_of(s->v, s->n));
	json_array(j, "samples");
	for (i = 0; i < s->n; i++)
		json_int(j, NULL, s->v[i]);
	json_end(j);
	json_end(j);
}

static void results_json(struct json *j, const struct results *r)
{
	size_t i;

	json_array(j, "notes");
	for (i = 0; i < r->notes.n; i++)
		json_str(j, NULL, r->notes.v[i]);
	json_end(j);
	json_object(j, "series");
	for (i = 0; i < r->n; i++)
		series_json(j, &r->v[i]);
	json_end(j);
}

static void pairs_json(struct json *j, const struct strv *pairs)
{
	size_t i;

	for (i = 0; i < pairs->n; i++) {
		_cleanup_free_ char *key = xstrdup(pairs->v[i]);
		char *eq = strchr(key, '=');

		*eq = '\0';
		json_str(j, key, eq + 1);
	}
}

int main(int argc, char **argv)
{
	_cleanup_targets_ struct targets t = TARGETS_INIT;
	_cleanup_results_ struct results r = RESULTS_INIT;
	struct plan p = { 0 };
	struct err e = { 0 };
	struct json *j;
	int i;

	parse(&p, argc, argv);
	if (targets_load(&t, argv[optind], &e))
		errx(e.code, "%s", e.msg);
	for (i = optind + 1; i < argc; i++)
		if (results_load(&r, argv[i], &e))
			errx(e.code, "%s", e.msg);
	if (p.series) {
		print_series(&r);
		return 0;
	}
	j = json_new(true);
	json_object(j, NULL);
	pairs_json(j, &p.pairs);
	judge(&p, &t, &r, j);
	results_json(j, &r);
	json_end(j);
	for (i = 0; i < (int)r.notes.n; i++)
		printf("note: %s\n", r.notes.v[i]);
	if (p.json && file_replace(AT_FDCWD, p.json, json_text(j), strlen(json_text(j)),
				   0644, false, &e))
		errx(e.code, "%s", e.msg);
	json_free(j);
	strv_clear(&p.pairs);
	return 0;
}
