/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/strv.h"
#include "base/sys.h"
#include "cgroups/cgroup.h"
#include "container/boot.h"
#include "container/ctl.h"

enum { FIRST_FD = 3 };

/* Of the caller's environment only this reaches a supervisor. */
static void set_env(void)
{
	static const char *const kept[] = { "WABE_ROOT", "WABE_FAIL_AT", "WABE_HOLD_AT",
					    "WABE_KILL_AT" };
	struct strv env = STRV_INIT;

	strv_add(&env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (getenv(kept[i]))
			strv_addf(&env, "%s=%s", kept[i], getenv(kept[i]));
	environ = env.v;
}

/* Close all descriptors from 3 on but these. */
static void keep_only(const int *fds, size_t n)
{
	unsigned from = FIRST_FD, next;

	do {
		next = ~0U;
		for (size_t i = 0; i < n; i++)
			if (fds[i] >= (int)from && (unsigned)fds[i] < next)
				next = (unsigned)fds[i];
		if (next > from)
			close_range(from, next == ~0U ? next : next - 1, 0);
		from = next + 1;
	} while (next != ~0U);
}

static void say_to_command(void *ctx, enum say_level level, const char *text)
{
	struct supervisor *s = ctx;

	ctl_reply(s->report, CTL_SAY, level, text);
}

/* Nothing of the command's session, terminal, descriptors or signals stays with the copy of
 * it that a supervisor begins as. */
static void detach(struct supervisor *s, int *cgroup)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int keep[] = { fcntl(s->report, F_DUPFD_CLOEXEC, FIRST_FD),
		       fcntl(*cgroup, F_DUPFD_CLOEXEC, FIRST_FD),
		       s->w->logfd < 0 ? -1 :
					 fcntl(s->w->logfd, F_DUPFD_CLOEXEC, FIRST_FD) };
	sigset_t none;

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
	    keep[0] < 0 || keep[1] < 0 || setsid() < 0 || chdir("/") < 0)
		_exit(E_SYSTEM);
	keep_only(keep, ARRAY_SIZE(keep));
	s->report = keep[0];
	*cgroup = keep[1];
	s->w->logfd = keep[2];
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGCHLD, SIG_DFL); /* a caller that ignores it would have our waitpid() fail */
	signal(SIGPIPE, SIG_IGN);
	umask(022);
	set_env();
	prctl(PR_SET_NAME, "wabe-supervisor");
}

static _Noreturn void supervise(struct wabe *w, const struct ct *c, supervise_fn *fn,
				int cgroup, int report)
{
	struct supervisor s = {
		.w = w, .ctid = c->id, .report = report, .listen = -1, .client = -1,
	};
	const struct progress p = { .say = say_to_command, .ctx = &s };

	detach(&s, &cgroup);
	wabe_on_say(w, &p);
	log_to(w->logfd, "wabe-supervisor", w->g.log_level > 0);
	_exit(fn(&s, c, cgroup));
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

/* Born in its cgroup: a move there would cost milliseconds, and a command's end or its
 * session's must not be the end of the container. */
static pid_t clone_into(int cgroup)
{
	struct clone_args a = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)cgroup,
	};

	return sys_clone3(&a);
}

static int check_keeper(struct wabe *w, struct err *e)
{
	_cleanup_free_ char *program = ct_program(w, "wabe-keeper");

	return access(program, X_OK) < 0 ?
		       fail(e, E_SYSTEM, "cannot execute %s: %m", program) : 0;
}

int launch(struct wabe *w, const struct ct *c, supervise_fn *fn, struct err *e)
{
	_cleanup_close_ int cgroup = -1, place = -1, near = -1, far = -1;
	int pair[2], r, status;
	pid_t pid;

	r = check_keeper(w, e);
	if (r >= 0)
		r = cgroup = cgroup_make(c->id, e);
	if (r >= 0)
		r = place = cgroup_sub_make(cgroup, "supervisor", e);
	if (r < 0)
		return r;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail(e, E_SYSTEM, "cannot make a socket pair: %m");
	near = pair[0];
	far = pair[1];
	pid = clone_into(place);
	if (!pid)
		supervise(w, c, fn, cgroup, far);
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
	r = launch(w, c, supervise_adopt, e);
	if (r < 0)
		return fail_in(e, "cannot adopt running container %u", c->id);
	live_clear(l);
	live_read(c, l);
	return 0;
}
