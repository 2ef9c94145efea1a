/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/all.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"

/* Starts and stops wait for the disk and for the kernel as much as they compute. */
enum { JOBS_PER_CPU = 4 };

struct all {
	struct cli *c;
	const void *args;
	pid_t *pids;		/* of those that run */
	size_t begun, running, failed;
	int code;		/* of one that failed */
};

static bool fits(struct cli *c, uint32_t ctid)
{
	struct wabe_info i;
	bool up, yes;

	if (wabe_info(c->w, ctid, 0, &i, NULL) < 0)
		return false;
	up = i.state != WABE_STOPPED && i.state != WABE_MOUNTED;
	yes = c->cmd->flags & CMD_DOWN ? !up && !i.disabled : up;
	wabe_info_clear(&i);
	return yes;
}

/* It changed since the look at it: there is nothing to do any more. */
static bool done_by_others(const struct cmd *cmd, int code)
{
	return (cmd->flags & CMD_UP && code == E_NOT_RUNNING) ||
	       (cmd->flags & CMD_DOWN && code == E_RUNNING) || code == E_NO_CTCONF;
}

static _Noreturn void one(struct cli *c, const void *args, uint32_t ctid)
{
	struct err e = { 0 };
	int code = 0;

	c->ctid = ctid;
	snprintf(c->say.prefix, sizeof(c->say.prefix), "CT %u: ", ctid);
	if (c->cmd->run(c, args, &e) < 0 && !done_by_others(c->cmd, e.code)) {
		say_line(&c->say, SAY_ERROR, e.msg);
		code = e.code;
	}
	_exit(code);
}

static bool forget(struct all *a, pid_t pid)
{
	for (size_t i = 0; i < a->running; i++)
		if (a->pids[i] == pid) {
			a->pids[i] = a->pids[--a->running];
			return true;
		}
	return false;
}

static void reap(struct all *a)
{
	int status;
	pid_t pid;

	/* whoever executed us may have left children that are not ours */
	do
		pid = wait(&status);
	while (pid < 0 ? errno == EINTR : !forget(a, pid));
	if (pid < 0)
		a->running--;
	if (pid > 0 && WIFEXITED(status) && !WEXITSTATUS(status))
		return;
	a->failed++;
	a->code = pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : E_SYSTEM;
}

static int begin(struct all *a, uint32_t ctid, struct err *e)
{
	pid_t pid = fork();

	if (!pid)
		one(a->c, a->args, ctid);
	if (pid < 0)
		return fail(e, E_SYSTEM, "cannot start a process: %m");
	a->begun++;
	a->pids[a->running++] = pid;
	return 0;
}

int all_run(struct cli *c, const void *args, struct err *e)
{
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	const size_t jobs = JOBS_PER_CPU * (cpus > 0 ? (size_t)cpus : 1);
	_cleanup_free_ pid_t *pids = xcalloc(jobs, sizeof(*pids));
	struct all a = { .c = c, .args = args, .pids = pids };
	_cleanup_free_ uint32_t *ids = NULL;
	size_t n = 0;
	int r = wabe_list(c->w, &ids, &n, e);

	fflush(stdout);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (!fits(c, ids[i]))
			continue;
		if (a.running == jobs)
			reap(&a);
		r = begin(&a, ids[i], e);
	}
	while (a.running)
		reap(&a);
	if (r < 0 || !a.failed)
		return r;
	return fail(e, a.code, "%s failed for %zu of %zu containers", c->cmd->name, a.failed,
		    a.begun);
}
