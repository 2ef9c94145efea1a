/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cost [-f] NAME: what system calls and computing cost here, as series NAME/... (bench/series.h)
 * with one value each:
 *
 *	getppid		the cheapest call that the C library does not answer by itself
 *	fstat		a cheap call on an open file
 *	access		access("/", F_OK): the file system's share is in it as well
 *	cpu		arithmetic that never leaves the processor's core
 *
 * -f: under a seccomp filter of a single instruction, which allows everything. No filter
 * can cost less.
 *
 * Each value is the fastest of many short batches: whatever else the machine does can only
 * make a batch slower. Callers alternate between places and take medians over rounds.
 */
#include <err.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { BATCHES = 400, CALLS = 500, STEPS = 100000 };

static uint64_t sink;

static void getppid_batch(void)
{
	int i;

	for (i = 0; i < CALLS; i++)
		sink += (uint64_t)syscall(SYS_getppid);
}

static void fstat_batch(void)
{
	struct stat st;
	int i;

	for (i = 0; i < CALLS; i++)
		sink += (uint64_t)fstat(STDIN_FILENO, &st);
}

static void access_batch(void)
{
	int i;

	for (i = 0; i < CALLS; i++)
		sink += (uint64_t)access("/", F_OK);
}

static void cpu_batch(void)
{
	uint64_t x = sink | 1;
	int i;

	for (i = 0; i < STEPS; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	sink += x;
}

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long fastest(void (*batch)(void))
{
	long long t, least = -1;
	int i;

	for (i = 0; i < BATCHES; i++) {
		t = now_ns();
		batch();
		t = now_ns() - t;
		least = least < 0 || t < least ? t : least;
	}
	return least;
}

static void allow_all(void)
{
	struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog prog = { 1, allow };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog))
		err(1, "install the filter");
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[argc - 1] : "here";

	if (argc > 2 && !strcmp(argv[1], "-f"))
		allow_all();
	printf("%s/getppid ps %lld\n", name, fastest(getppid_batch) * 1000 / CALLS);
	printf("%s/fstat ps %lld\n", name, fastest(fstat_batch) * 1000 / CALLS);
	printf("%s/access ps %lld\n", name, fastest(access_batch) * 1000 / CALLS);
	printf("%s/cpu ns %lld\n", name, fastest(cpu_batch));
	return sink == 42; /* or the compiler drops it all */
}
