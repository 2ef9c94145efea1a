/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/tree.h"
#include "registry/uidrange.h"
#include "tests/unit/tap.h"

static bool alive(void *ctx, uint32_t ctid)
{
	(void)ctx;
	return ctid < 1000; /* the others are gone */
}

static void test_claims(const struct claims *c)
{
	uint32_t owner = 0;
	struct err e = { 0 };

	is_int(claim_take(c, "k", "a", 101, &owner, &e), 0, "a claim is taken");
	is_int(claim_take(c, "k", "a", 101, &owner, &e), 0, "again by its owner");
	is_int(claim_take(c, "k", "a", 102, &owner, &e), 1, "not by another");
	is_int(owner, 101, "who has it is told");
	claim_drop(c, "k", "a", 102);
	is_int(claim_take(c, "k", "a", 102, &owner, &e), 1, "nobody drops another's");
	claim_drop(c, "k", "a", 101);
	is_int(claim_take(c, "k", "a", 102, &owner, &e), 0, "dropped, it is free");
	is_int(claim_take(c, "k", "b", 2000, &owner, &e), 0, "a container that then goes");
	is_int(claim_take(c, "k", "b", 103, &owner, &e), 0, "leaves its claim to others");
	claim_drop(c, "k", "never", 101);
	ok(true, "dropping what is not there does nothing");
}

static void test_crash(const struct claims *c)
{
	char *path = xasprintf("%s/k/half", c->dir);
	uint32_t owner;

	file_replace(AT_FDCWD, path, "", 0, 0600, false, NULL);
	is_int(claim_take(c, "k", "half", 101, &owner, NULL), 0, "an empty file is no claim");
	file_replace(AT_FDCWD, path, "junk", 4, 0600, false, NULL);
	is_int(claim_take(c, "k", "half", 101, &owner, NULL), 0, "nor is junk");
	free(path);
}

static void test_sweep(const struct claims *c)
{
	char *dead = xasprintf("%s/s/x", c->dir), *live = xasprintf("%s/s/y", c->dir);
	uint32_t owner;

	claim_take(c, "s", "x", 3000, &owner, NULL);
	claim_take(c, "s", "y", 103, &owner, NULL);
	claim_sweep(c, "s");
	ok(access(dead, F_OK) < 0 && !access(live, F_OK), "a sweep takes the dead's alone");
	free(dead);
	free(live);
}

static void test_ranges(const struct claims *c)
{
	struct err e = { 0 };
	uint32_t a = 0, b = 0, again = 0;

	is_int(uidrange_take(c, 101, 0, &a, &e), 0, "a range");
	is_int(uidrange_take(c, 102, 0, &b, &e), 0, "another");
	ok(a % 65536 == 0 && b % 65536 == 0 && a != b, "aligned and apart");
	ok(a >= UIDRANGE_FIRST && a <= UIDRANGE_LAST, "from the pool");
	is_int(uidrange_take(c, 101, a, &again, &e), 0, "its own again");
	is_int(uidrange_take(c, 103, a, &again, &e), -E_RESOURCE, "not another's");
	ok(strstr(e.msg, "101") != NULL, "the owner is named: %s", e.msg);
	uidrange_drop(c, 101, a);
	is_int(uidrange_take(c, 103, a, &again, &e), 0, "dropped, it is free");
}

/* Many processes at once, each for a container of its own, over few places. */
static void test_race(const struct claims *c)
{
	enum { N = 40 };
	int pipes[2], won = 0, status;
	uint32_t bases[N];

	if (pipe(pipes) < 0)
		return;
	fflush(stdout);
	for (int i = 0; i < N; i++)
		if (!fork()) {
			uint32_t base = 0;

			/* ids that all start looking at the same place */
			if (uidrange_take(c, 500, 0, &base, NULL) < 0)
				_exit(1);
			uidrange_drop(c, 500, base);
			if (uidrange_take(c, (uint32_t)(600 + i), 0, &base, NULL) < 0)
				_exit(1);
			_exit(write(pipes[1], &base, sizeof(base)) != sizeof(base));
		}
	for (int i = 0; i < N; i++) {
		wait(&status);
		won += status == 0;
	}
	is_int(won, N, "all of them get a range");
	for (int i = 0; i < N; i++)
		if (read(pipes[0], &bases[i], sizeof(bases[i])) != sizeof(bases[i]))
			bases[i] = 0;
	for (int i = 0; i < N; i++)
		for (int k = 0; k < i; k++)
			if (bases[i] == bases[k])
				won = 0;
	ok(won, "and no two the same");
}

int main(void)
{
	char dir[] = "/tmp/test-registry.XXXXXX";
	struct claims c = { .dir = dir, .alive = alive };

	if (!mkdtemp(dir))
		return 99;
	test_claims(&c);
	test_crash(&c);
	test_sweep(&c);
	test_ranges(&c);
	test_race(&c);
	tree_remove(AT_FDCWD, dir, NULL);
	return done();
}
