/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure [-n RUNS] [-w WARMUPS] [-i IDLE_MS[,IDLE_MS...]] [-j FILE]
 *         [-k KEY=VALUE]... LIST
 *
 * Runs the candidates of LIST (bench/candidate.h) in turns and prints a table for each
 * IDLE_MS (default 0), the rest before each start. Every turn begins with another
 * candidate, so that what one leaves to the kernel for later (namespaces and links die
 * in the background) does not always fall on the same neighbour. Without a rest each
 * candidate goes twice and the second run counts: what is warm in the kernel is then its
 * own warmth (a move between cgroups is cheap right after another). -j saves all of it
 * as JSON, with the KEY=VALUE pairs in front.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/strv.h"
#include "bench/candidate.h"
#include "bench/tally.h"

struct plan {
	size_t runs, warmups;
	struct strv idles;
	struct strv pairs;
	const char *json;
	const char *list;
	int log;
};

static _Noreturn void usage(void)
{
	errx(E_SYNTAX, "usage: measure [-n RUNS] [-w WARMUPS] [-i IDLE_MS,...] [-j FILE] "
		       "[-k KEY=VALUE]... LIST");
}

static long number(const char *s, long max)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*end || end == s || n < 0 || n > max)
		errx(E_VALUE, "'%s' is not a number from 0 to %ld", s, max);
	return n;
}

static void add_idles(struct strv *v, char *list)
{
	char *save = NULL, *s;

	strv_clear(v);
	for (s = strtok_r(list, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		number(s, 60000);
		strv_add(v, s);
	}
}

static void parse(struct plan *p, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:w:i:j:k:")) != -1) {
		switch (c) {
		case 'n':
			p->runs = (size_t)number(optarg, 100000);
			break;
		case 'w':
			p->warmups = (size_t)number(optarg, 1000);
			break;
		case 'i':
			add_idles(&p->idles, optarg);
			break;
		case 'j':
			p->json = optarg;
			break;
		case 'k':
			if (!strchr(optarg, '='))
				usage();
			strv_add(&p->pairs, optarg);
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 1 || !p->runs || !p->idles.n)
		usage();
	p->list = argv[optind];
}

static void show_log(int log)
{
	char text[4096];
	ssize_t n = pread(log, text, sizeof(text), 0);

	if (n > 0)
		fwrite(text, 1, (size_t)n, stderr);
}

/* The run that counts: after a rest, else after one that does not count. */
static int run_one(const struct candidate *c, int log, int idle, struct times *ret,
		   struct err *e)
{
	struct timespec rest = { idle / 1000, idle % 1000 * 1000000L };
	int r;

	if (idle) {
		nanosleep(&rest, NULL);
	} else {
		r = candidate_run(c, log, ret, e);
		if (r < 0)
			return r;
	}
	return candidate_run(c, log, ret, e);
}

static int take_turns(const struct plan *p, struct candidates *c, int idle, struct err *e)
{
	struct times t;
	size_t turn, i;

	for (i = 0; i < c->n; i++) {
		c->v[i].runs = xrealloc(c->v[i].runs, p->runs, sizeof(t));
		c->v[i].n = 0;
	}
	for (turn = 0; turn < p->warmups + p->runs; turn++) {
		for (i = 0; i < c->n; i++) {
			struct candidate *x = &c->v[(turn + i) % c->n];

			if (run_one(x, p->log, idle, &t, e)) {
				show_log(p->log);
				return fail_in(e, "%s, turn %zu", x->name, turn + 1);
			}
			if (turn >= p->warmups)
				x->runs[x->n++] = t;
		}
	}
	return 0;
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

static int measure(const struct plan *p, struct candidates *c, struct json *j,
		   struct err *e)
{
	size_t i;

	json_object(j, NULL);
	pairs_json(j, &p->pairs);
	json_array(j, "tables");
	for (i = 0; i < p->idles.n; i++) {
		int idle = atoi(p->idles.v[i]);

		if (take_turns(p, c, idle, e))
			return -e->code;
		if (i)
			putchar('\n');
		tally_print(stdout, c, idle);
		fflush(stdout);
		tally_json(j, c, idle);
	}
	json_end(j);
	json_end(j);
	if (!p->json)
		return 0;
	return file_replace(AT_FDCWD, p->json, json_text(j), strlen(json_text(j)), 0644,
			    false, e);
}

int main(int argc, char **argv)
{
	struct plan p = { .runs = 30, .warmups = 3 };
	struct candidates c;
	struct err e = { 0 };
	struct json *j;
	int r;

	strv_add(&p.idles, "0");
	parse(&p, argc, argv);
	p.log = memfd_create("log", MFD_CLOEXEC);
	if (p.log < 0 || fcntl(p.log, F_SETFL, O_APPEND))
		err(E_SYSTEM, "make the log");
	if (candidates_load(p.list, &c, &e))
		errx(e.code, "%s", e.msg);
	j = json_new(true);
	r = measure(&p, &c, j, &e);
	if (r)
		warnx("%s", e.msg);
	json_free(j);
	candidates_clear(&c);
	strv_clear(&p.idles);
	strv_clear(&p.pairs);
	return -r;
}
