/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strv.h"
#include "base/sys.h"
#include "cgroups/cgroup.h"
#include "container/boot.h"
#include "container/ctl.h"

/* Of the caller's environment only this reaches a supervisor. */
static void keep_env(struct strv *env)
{
	static const char *const kept[] = { "WABE_ROOT", "WABE_FAIL_AT", "WABE_KILL_AT" };

	strv_add(env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (getenv(kept[i]))
			strv_addf(env, "%s=%s", kept[i], getenv(kept[i]));
}

static _Noreturn void exec_supervisor(char *const argv[], char *const env[], int report)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* `report` first: its number may be below 3 when the caller has stdio closed */
	if (report != CTL_REPORT_FD && dup2(report, CTL_REPORT_FD) < 0)
		_exit(127);
	if (report == CTL_REPORT_FD)
		fcntl(report, F_SETFD, 0);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(127);
	close_range(CTL_REPORT_FD + 1, ~0U, 0);
	proc_default_signals();
	umask(022);
	if (setsid() < 0 || chdir("/") < 0)
		_exit(127);
	execve(argv[0], argv, env);
	_exit(127);
}

/* vz/CTID with its supervisor group; returns the latter. */
static int make_place(uint32_t ctid, struct err *e)
{
	_cleanup_close_ int ct = cgroup_make(ctid, e);

	return ct < 0 ? ct : cgroup_sub_make(ct, "supervisor", e);
}

/* Wait for CTL_DONE; 1 when the other side ended without one. */
static int follow(struct wabe *w, int fd, struct err *e)
{
	struct ctl_reply m;
	ssize_t n;

	while ((n = fd_recv(fd, &m, sizeof(m), NULL, NULL)) == (ssize_t)sizeof(m)) {
		m.err.msg[sizeof(m.err.msg) - 1] = '\0';
		/* straight to the callback: the supervisor has logged it */
		if (m.kind == CTL_SAY && w->progress.say)
			w->progress.say(w->progress.ctx, (enum say_level)m.err.code, m.err.msg);
		else if (m.kind == CTL_DONE && m.err.code)
			return fail(e, m.err.code, "%s", m.err.msg);
		else if (m.kind == CTL_DONE)
			return 0;
	}
	return 1;
}

static pid_t clone_supervisor(int place, char *const argv[], char *const env[], int report)
{
	struct clone_args a = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)place,
	};
	pid_t pid = sys_clone3(&a);

	if (!pid)
		exec_supervisor(argv, env, report);
	return pid;
}

int launch(struct wabe *w, const struct ct *c, const char *mode, struct err *e)
{
	_cleanup_close_ int place = make_place(c->id, e), near = -1, far = -1;
	_cleanup_strv_ struct strv argv = STRV_INIT, env = STRV_INIT;
	int pair[2], r, status;
	pid_t pid;

	if (place < 0)
		return place;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail(e, E_SYSTEM, "cannot make a socket pair: %m");
	near = pair[0];
	far = pair[1];
	strv_take(&argv, ct_program(w, "wabe-supervisor"));
	strv_add(&argv, mode);
	strv_addf(&argv, "%u", c->id);
	keep_env(&env);
	if (access(argv.v[0], X_OK) < 0)
		return fail(e, E_SYSTEM, "cannot execute %s: %m", argv.v[0]);
	pid = clone_supervisor(place, argv.v, env.v, far);
	if (pid < 0)
		return fail(e, E_SYSTEM, "cannot start a supervisor: %m");
	close_fd(&far);
	r = follow(w, near, e);
	if (!r)
		return 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return r < 0 ? r : fail(e, E_SYSTEM, "the supervisor of container %u died", c->id);
}

int launch_teardown(struct wabe *w, const struct ct *c, struct err *e)
{
	struct boot b;
	int r = boot_open(&b, w, c->id, true, e);

	if (r < 0)
		return r;
	steps_undo(&boot_table, &b);
	boot_clear(&b);
	r = cgroup_remove(c->id);
	errno = -r;
	return r ? fail(e, E_STOP, "cannot remove the container's cgroup: %m") : 0;
}

int launch_adopt(struct wabe *w, const struct ct *c, struct live *l, struct err *e)
{
	int r;

	if (!l->running || l->supervisor)
		return 0;
	r = launch(w, c, "adopt", e);
	if (r < 0)
		return fail_in(e, "cannot adopt running container %u", c->id);
	live_clear(l);
	live_read(c, l);
	return 0;
}
