/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * each FROM TO NAME WORD...
 *
 * Runs the command once for each number, one after the other, with {} in a word replaced by
 * the number, and prints what each took as a series (bench/series.h). Ends at the first
 * that fails.
 */
#include <err.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strv.h"

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fill(struct strv *v, char **words, unsigned long number)
{
	for (; *words; words++) {
		const char *hole = strstr(*words, "{}");

		if (hole)
			strv_addf(v, "%.*s%lu%s", (int)(hole - *words), *words, number,
				  hole + 2);
		else
			strv_add(v, *words);
	}
}

static long long run(char **words, unsigned long number)
{
	posix_spawn_file_actions_t fa;
	struct strv argv = STRV_INIT;
	long long t0, took;
	pid_t pid;
	int st;

	fill(&argv, words, number);
	posix_spawn_file_actions_init(&fa);
	/* stdout is the series' */
	posix_spawn_file_actions_adddup2(&fa, STDERR_FILENO, STDOUT_FILENO);
	t0 = now_ns();
	errno = posix_spawnp(&pid, argv.v[0], &fa, NULL, argv.v, environ);
	if (errno || waitpid(pid, &st, 0) != pid)
		err(1, "run %s", argv.v[0]);
	took = now_ns() - t0;
	if (st)
		errx(1, "%s failed for %lu", argv.v[0], number);
	posix_spawn_file_actions_destroy(&fa);
	strv_clear(&argv);
	return took;
}

int main(int argc, char **argv)
{
	unsigned long i, to;

	if (argc < 5)
		errx(2, "usage: each FROM TO NAME WORD...");
	i = strtoul(argv[1], NULL, 10);
	to = strtoul(argv[2], NULL, 10);
	printf("%s ns", argv[3]);
	for (; i <= to; i++)
		printf(" %lld", run(argv + 4, i));
	putchar('\n');
	return 0;
}
