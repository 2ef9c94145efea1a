/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure [-n RUNS] [-w WARMUPS] [-i IDLE_MS] [-p PREFIX] [-o FILE] LIST
 *
 * Runs the candidates of LIST (bench/candidate.h) in turns and prints a table: warm, and
 * with -i another one where each start comes after a rest. Every turn begins with another
 * candidate, so that what one leaves to the kernel for later (namespaces and links die
 * in the background) does not always fall on the same neighbour. Without a rest each
 * candidate goes twice and the second run counts: what is warm in the kernel is then its
 * own warmth (a move between cgroups is cheap right after another). -o adds all samples to
 * a file as series PREFIX/warm/... and PREFIX/rested/... (bench/series.h).
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
#include "base/mem.h"
#include "bench/candidate.h"
#include "bench/tally.h"

struct plan {
	size_t runs, warmups;
	int idle;
	const char *prefix, *out, *list;
	int log;
};

static _Noreturn void usage(void)
{
	errx(E_SYNTAX, "usage: measure [-n RUNS] [-w WARMUPS] [-i IDLE_MS] [-p PREFIX] "
		       "[-o FILE] LIST");
}

static long number(const char *s, long max)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*end || end == s || n < 0 || n > max)
		errx(E_VALUE, "'%s' is not a number from 0 to %ld", s, max);
	return n;
}

static void parse(struct plan *p, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:w:i:p:o:")) != -1) {
		switch (c) {
		case 'n':
			p->runs = (size_t)number(optarg, 100000);
			break;
		case 'w':
			p->warmups = (size_t)number(optarg, 1000);
			break;
		case 'i':
			p->idle = (int)number(optarg, 60000);
			break;
		case 'p':
			p->prefix = optarg;
			break;
		case 'o':
			p->out = optarg;
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 1 || !p->runs)
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

static int measure(const struct plan *p, struct candidates *c, int idle, struct err *e)
{
	_cleanup_free_ char *prefix =
		xasprintf("%s/%s", p->prefix, idle ? "rested" : "warm");
	_cleanup_fclose_ FILE *out = NULL;

	if (take_turns(p, c, idle, e))
		return -e->code;
	tally_print(stdout, c, idle);
	fflush(stdout);
	if (!p->out)
		return 0;
	out = fopen(p->out, "ae");
	if (!out)
		return fail(e, E_SYSTEM, "cannot open %s: %m", p->out);
	tally_series(out, c, prefix);
	return 0;
}

int main(int argc, char **argv)
{
	struct plan p = { .runs = 30, .warmups = 3, .prefix = "all" };
	struct candidates c;
	struct err e = { 0 };
	int r;

	parse(&p, argc, argv);
	p.log = memfd_create("log", MFD_CLOEXEC);
	if (p.log < 0 || fcntl(p.log, F_SETFL, O_APPEND))
		err(E_SYSTEM, "make the log");
	if (candidates_load(p.list, &c, &e))
		errx(e.code, "%s", e.msg);
	r = measure(&p, &c, 0, &e);
	if (!r && p.idle) {
		putchar('\n');
		r = measure(&p, &c, p.idle, &e);
	}
	if (r)
		warnx("%s", e.msg);
	candidates_clear(&c);
	return -r;
}
