/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/launch.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/sys.h"
#include "cgroups/cgroup.h"
#include "container/boot.h"
#include "container/ctl.h"

static void say_to_command(void *ctx, enum say_level level, const char *text)
{
	struct supervisor *s = ctx;

	ctl_reply(s->report, CTL_SAY, level, text);
}

/* What the shell of the command may use up is not for the container, nor for its keeper. */
static void lift_limits(void)
{
	static const int limits[] = { RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_AS, RLIMIT_DATA };

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct rlimit l = { RLIM_INFINITY, RLIM_INFINITY };

		/* the hard one needs CAP_SYS_RESOURCE */
		if (!setrlimit(limits[i], &l) || getrlimit(limits[i], &l) < 0)
			continue;
		l.rlim_cur = l.rlim_max;
		setrlimit(limits[i], &l);
	}
}

static _Noreturn void supervise(struct wabe *w, const struct ct *c, supervise_fn *fn,
				int cgroup, int report)
{
	struct supervisor s = {
		.w = w, .ctid = c->id, .report = report, .listen = -1, .client = -1,
	};
	const struct progress p = { .say = say_to_command, .ctx = &s };

	/* at once: a signal to the command's process group is not for us */
	if (setsid() < 0)
		_exit(E_SYSTEM);
	umask(022);
	lift_limits();
	wabe_on_say(w, &p);
	log_to(w->logfd, "wabe-supervisor", w->g.log_level > 0);
	_exit(fn(&s, c, cgroup));
}

/* Something to read; false when the process is dead and there is nothing. The end of the
 * socket alone would not tell: the container's first process may hold it, too. */
static bool heard(int fd, int process)
{
	struct pollfd p[] = { { .fd = fd, .events = POLLIN },
			      { .fd = process, .events = POLLIN } };

	while (poll(p, ARRAY_SIZE(p), -1) < 0)
		;
	return p[0].revents || fd_wait(fd, 0) > 0;
}

/* Wait for CTL_DONE; 1 when the other side ended without one. */
static int follow(struct wabe *w, int fd, int process, struct err *e)
{
	struct ctl_reply m;
	ssize_t n;

	while (heard(fd, process) &&
	       (n = fd_recv(fd, &m, sizeof(m), NULL, NULL)) == (ssize_t)sizeof(m)) {
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
static pid_t clone_into(int cgroup, int *ret_pidfd)
{
	struct clone_args a = {
		.flags = CLONE_INTO_CGROUP | CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)ret_pidfd,
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
	_cleanup_close_ int cgroup = -1, place = -1, near = -1, far = -1, pidfd = -1;
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
	pid = clone_into(place, &pidfd);
	if (!pid)
		supervise(w, c, fn, cgroup, far);
	if (pid < 0)
		return fail(e, E_SYSTEM, "cannot start a supervisor: %m");
	close_fd(&far);
	r = follow(w, near, pidfd, e);
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
