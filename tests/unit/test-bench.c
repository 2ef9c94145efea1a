/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "base/mem.h"
#include "bench/series.h"
#include "bench/target.h"
#include "tests/unit/scratch.h"
#include "tests/unit/tap.h"

static void test_median(void)
{
	int64_t odd[] = { 9, 1, 5 }, even[] = { 4, 1, 3, 100 }, hole[] = { 3, -1, 5 };

	is_int(median_of(odd, 3), 5, "the middle one of three");
	is_int(odd[0], 9, "whose order stays");
	is_int(median_of(even, 4), 3, "the mean of the middle two of four");
	is_int(median_of(hole, 3), -1, "there is none where one is missing");
	is_int(median_of(odd, 0), -1, "nor of nothing");
	is_int(least_of(odd, 3), 1, "the least of three");
	ok(least_of(hole, 3) < 0 && least_of(odd, 0) < 0, "there is none of those either");
}

static void test_series(void)
{
	_cleanup_results_ struct results r = RESULTS_INIT;
	const struct series *s;
	struct err e = { 0 };

	put("good", "# the weather was bad\na/b ns 1 2 3\n\nc ms 7\na/b ns 4\n");
	put("bad", "a/b ns 1 x\n");
	put("unlike", "a/b us 1\n");
	is_int(results_load(&r, "good", &e), 0, "results are read");
	is_int(r.n, 2, "all series");
	s = results_find(&r, "a/b");
	ok(s && s->n == 4 && s->v[3] == 4, "lines of one name are one series");
	ok(!results_find(&r, "a"), "a name is whole");
	is_str(r.notes.n ? r.notes.v[0] : NULL, "the weather was bad", "notes are kept");
	ok(results_load(&r, "bad", &e) < 0, "a word is no value");
	ok(results_load(&r, "unlike", &e) < 0, "a series has one unit");
	ok(results_load(&r, "/nowhere", &e) < 0, "no file is an error");
}

static struct verdict judge(const char *line, const struct results *r)
{
	_cleanup_targets_ struct targets t = TARGETS_INIT;
	struct err e = { 0 };

	put("targets", line);
	if (targets_load(&t, "targets", &e) || t.n != 1)
		return (struct verdict){ .known = true, .value = -1 };
	return target_judge(&t.v[0], r);
}

static void test_targets(void)
{
	_cleanup_results_ struct results r = RESULTS_INIT;
	struct verdict v;

	put("r", "w ns 4000000 5000000 6000000\nl us 9000\nc ms 10\nz ms 0\nm KiB 100\n");
	results_load(&r, "r", NULL);
	v = judge("# of all\n\nstart | w | / l c none | 0.5 x\n", &r);
	ok(v.known && v.value > 0.555 && v.value < 0.556, "divided by the smaller median");
	ok(!v.reached, "which is too much");
	ok(v.least > 0.444 && v.least < 0.445, "what the least ones say is told beside it");
	ok(judge("start | w | / c | 0.5 x", &r).reached, "the limit itself is reached");
	v = judge("more | l | - w | 4.5 ms", &r);
	ok(v.known && v.value > 3.99 && v.value < 4.01 && v.reached,
	   "a difference, in its limit's unit");
	v = judge("less | w | - l | 1 us", &r);
	ok(v.known && v.value < 0 && v.reached, "may be negative");
	ok(judge("size | m | | 102400 B", &r).reached, "a value by itself");
	ok(!judge("size | m | | 102399 B", &r).reached, "or not");
	ok(!judge("gone | x | / l | 1 x", &r).known, "what was not measured is not known");
	ok(!judge("gone | w | / x | 1 x", &r).known, "nor what it is compared with");
	ok(!judge("zero | w | / z | 1 x", &r).known, "nothing is divided by zero");
	ok(!judge("kind | w | - m | 1 ms", &r).known, "memory is not taken from time");
	is_int((int)judge("short | w | 1 x", &r).value, -1, "four fields");
	is_int((int)judge("long | w | | 1 ms | y", &r).value, -1, "not five");
	is_int((int)judge("unit | w | | 1 mile", &r).value, -1, "units are known ones");
	is_int((int)judge("unit | w | / c | 1 ms", &r).value, -1, "a ratio has none");
	is_int((int)judge("how | w | * c | 1 x", &r).value, -1, "nothing else is computed");
}

/* The file that bench/ uses. */
static void test_ours(void)
{
	_cleanup_targets_ struct targets t = TARGETS_INIT;
	const char *top = getenv("top_srcdir");
	_cleanup_free_ char *path = xasprintf("%s/bench/targets", top ? top : ".");
	struct err e = { 0 };

	ok(!targets_load(&t, path, &e) && t.n > 5, "bench/targets can be read %s", e.msg);
}

int main(void)
{
	if (scratch_begin())
		return 1;
	test_median();
	test_series();
	test_targets();
	test_ours();
	scratch_end();
	return done();
}
