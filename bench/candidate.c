/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/candidate.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/file.h"
#include "base/kv.h"
#include "base/mem.h"
#include "base/proc.h"

/* A start or stop that takes longer has failed. */
#define PATIENCE_NS 20000000000LL

struct loader {
	struct candidates *c;
	int bad;
};

static void take_pair(void *ctx, const char *key, const char *value)
{
	struct loader *l = ctx;
	struct candidate *c = l->c->n ? &l->c->v[l->c->n - 1] : NULL;

	if (!strcmp(key, "CANDIDATE")) {
		l->c->v = xrealloc(l->c->v, l->c->n + 1, sizeof(*c));
		c = &l->c->v[l->c->n++];
		memset(c, 0, sizeof(*c));
		c->name = xstrdup(value);
	} else if (!c) {
		l->bad++;
	} else if (!strcmp(key, "START")) {
		strv_add_words(&c->start, value);
	} else if (!strcmp(key, "BEFORE")) {
		strv_add_words(&c->before, value);
	} else if (!strcmp(key, "STOP")) {
		strv_add_words(&c->stop, value);
	} else if (!strcmp(key, "STAMP")) {
		replace_str(&c->stamp, value);
	} else if (!strcmp(key, "HOLD")) {
		c->hold = !strcmp(value, "yes");
	} else if (!strcmp(key, "BASE")) {
		c->base = !strcmp(value, "yes");
	} else {
		l->bad++;
	}
}

int candidates_load(const char *path, struct candidates *ret, struct err *e)
{
	_cleanup_buf_ struct buf b = BUF_INIT;
	struct candidates c = { NULL, 0 };
	struct loader l = { .c = &c };
	size_t i;
	int r;

	r = file_read(AT_FDCWD, path, 1 << 20, &b);
	if (r < 0) {
		errno = -r;
		return fail(e, E_SYSTEM, "cannot read %s: %m", path);
	}
	l.bad += kv_each(b.s, take_pair, &l);
	for (i = 0; i < c.n; i++)
		if (!c.v[i].start.n || (c.v[i].hold && !c.v[i].stamp))
			l.bad++;
	if (l.bad || !c.n) {
		candidates_clear(&c);
		return fail(e, E_SYNTAX, "%s is not a list of candidates", path);
	}
	*ret = c;
	return 0;
}

void candidates_clear(struct candidates *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		free(c->v[i].name);
		free(c->v[i].stamp);
		strv_clear(&c->v[i].before);
		strv_clear(&c->v[i].start);
		strv_clear(&c->v[i].stop);
		free(c->v[i].runs);
	}
	free(c->v);
	*c = (struct candidates){ NULL, 0 };
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int spawn_words(const struct strv *words, int log, pid_t *ret, struct err *e)
{
	posix_spawn_file_actions_t fa;
	int r;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&fa, log, 1);
	posix_spawn_file_actions_adddup2(&fa, log, 2);
	r = posix_spawnp(ret, words->v[0], &fa, NULL, words->v, environ);
	posix_spawn_file_actions_destroy(&fa);
	if (r) {
		errno = r;
		return fail(e, E_SYSTEM, "cannot run %s: %m", words->v[0]);
	}
	return 0;
}

/* The time in the stamp file, 0 when there is none yet. */
static int64_t read_stamp(const char *path)
{
	char line[32], *end;
	long long ns;

	if (file_read_line(AT_FDCWD, path, line, sizeof(line)) < 0)
		return 0;
	ns = strtoll(line, &end, 10);
	return *end || end == line ? 0 : ns;
}

static int reap(pid_t pid, const char *what, struct err *e)
{
	int st;

	if (waitpid(pid, &st, 0) != pid)
		return fail(e, E_SYSTEM, "cannot wait for %s: %m", what);
	if (WIFSIGNALED(st))
		return fail(e, E_SYSTEM, "%s was killed by signal %d", what,
			    WTERMSIG(st));
	if (WEXITSTATUS(st))
		return fail(e, E_SYSTEM, "%s exited with %d", what, WEXITSTATUS(st));
	return 0;
}

static bool is_up(const struct candidate *c, int64_t t0, struct times *t)
{
	int64_t ns;

	if (t->up < 0 && c->stamp) {
		ns = read_stamp(c->stamp);
		if (ns > t0)
			t->up = ns - t0;
	}
	return !c->stamp || t->up >= 0;
}

/*
 * Until the command returned and the init stamped. The stamp carries its own time, so it
 * is looked at rarely: a busy watcher would take one of the cores from what it measures.
 */
static int await(const struct candidate *c, pid_t pid, int pidfd, int64_t t0,
		 struct times *t, struct err *e)
{
	bool up = false;
	int r;

	while (!up || (!c->hold && t->back < 0)) {
		r = fd_wait(t->back < 0 ? pidfd : -1, 2);
		if (r > 0) {
			t->back = now_ns() - t0;
			if (c->hold)
				return fail(e, E_SYSTEM, "%s ended too early", c->name);
			if (reap(pid, c->start.v[0], e))
				return -e->code;
		}
		up = is_up(c, t0, t);
		if (now_ns() - t0 > PATIENCE_NS)
			return fail(e, E_SYSTEM, "%s did not come up", c->name);
	}
	return 0;
}

static int run_words(const struct strv *words, int log, struct err *e)
{
	pid_t pid;

	if (spawn_words(words, log, &pid, e))
		return -e->code;
	return reap(pid, words->v[0], e);
}

static int stop_it(const struct candidate *c, pid_t pid, int pidfd, int log,
		   struct times *t, struct err *e)
{
	int64_t t0 = now_ns();
	struct err ignored;

	if (c->stop.n) {
		if (run_words(&c->stop, log, e))
			return -e->code;
		t->stop = now_ns() - t0;
	}
	if (c->hold) {
		kill(pid, SIGTERM);
		fd_wait(pidfd, PATIENCE_NS / 1000000);
		t->stop = now_ns() - t0;
		/* Its status is that of a killed init. */
		reap(pid, c->name, &ignored);
	}
	return 0;
}

int candidate_run(const struct candidate *c, int log, struct times *ret, struct err *e)
{
	struct times t = { -1, -1, -1 };
	_cleanup_close_ int pidfd = -1;
	struct err ignored;
	int64_t t0;
	pid_t pid;
	int r;

	if (ftruncate(log, 0))
		return fail(e, E_SYSTEM, "cannot empty the log: %m");
	if (c->before.n && run_words(&c->before, log, e))
		return -e->code;
	t0 = now_ns();
	if (spawn_words(&c->start, log, &pid, e))
		return -e->code;
	pidfd = proc_open(pid, 0);
	if (pidfd < 0)
		return fail(e, E_SYSTEM, "cannot open process %d: %m", pid);
	r = await(c, pid, pidfd, t0, &t, e);
	if (r < 0) {
		stop_it(c, pid, pidfd, log, &t, &ignored);
		return r;
	}
	r = stop_it(c, pid, pidfd, log, &t, e);
	if (r < 0)
		return r;
	*ret = t;
	return 0;
}
