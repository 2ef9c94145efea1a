/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/enter.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sys.h"
#include "runtime/confine.h"
#include "runtime/seccomp.h"
#include "runtime/sync.h"
#include "runtime/tty.h"

#define PATH_ENV "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *const plain_env[] = { PATH_ENV, "HOME=/", "TERM=linux", NULL };

enum { JOIN_MS = 5000 };

static int join(const struct enter *x, struct err *e)
{
	const int ns = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS |
		       CLONE_NEWIPC | CLONE_NEWCGROUP;

	if (setns(x->pidfd, ns) < 0)
		return fail(e, E_EXEC, "cannot join the container's namespaces: %m");
	if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return fail(e, E_EXEC, "cannot become the container's root: %m");
	syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
	umask(022);
	if (chdir("/") < 0)
		return fail(e, E_EXEC, "cannot change to the container's root: %m");
	return 0;
}

/* Terminal or the caller's descriptors; either way a session without the caller's tty, so
 * that nothing inside can type into it (TIOCSTI). */
static int set_stdio(const struct enter *x, int sock, struct err *e)
{
	_cleanup_close_ int master = -1, slave = -1;
	int r;

	if (!x->pty) {
		if (setsid() < 0)
			return fail(e, E_EXEC, "cannot start a session: %m");
		for (int fd = 0; fd < 3; fd++)
			if (dup2(x->stdio[fd], fd) < 0)
				return fail(e, E_EXEC, "cannot set up stdio: %m");
		return 0;
	}
	r = tty_pair_here(&master, &slave, e);
	if (r < 0)
		return r;
	r = sync_send(sock, SYNC_READY, &master, 1, e);
	return r < 0 ? r : tty_become(slave, 1, e);
}

static void exec_shell(const struct enter *x)
{
	static const char *const shells[][2] = {
		{ "/bin/bash", "-bash" },
		{ "/bin/sh", "-sh" },
	};
	char *term = xasprintf("TERM=%.40s", x->term ? x->term : "linux");
	const char *login_env[] = { PATH_ENV, "HISTFILE=/dev/null", "USER=root",
				    "HOME=/root", "LOGNAME=root", term, NULL };

	for (size_t i = 0; i < ARRAY_SIZE(shells); i++) {
		if (x->script) {
			const char *argv[] = { shells[i][0], "-c", "--", x->script, NULL };

			execve(shells[i][0], (char **)argv, (char **)plain_env);
		} else {
			const char *argv[] = { shells[i][1], NULL };

			if (chdir("/root") < 0 && chdir("/") < 0)
				return;
			execve(shells[i][0], (char **)argv, (char **)login_env);
		}
		if (errno != ENOENT)
			return;
	}
}

static int exec_command(const struct enter *x, struct err *e)
{
	if (!x->argv) {
		exec_shell(x);
		return fail(e, E_EXEC, "cannot execute a shell in the container: %m");
	}
	environ = (char **)plain_env;
	execvp(x->argv[0], (char *const *)x->argv);
	return fail(e, E_EXEC, "cannot execute %.100s in the container: %m", x->argv[0]);
}

static _Noreturn void child_main(const struct enter *x, int sock, int filter)
{
	struct err e = { 0 };
	int r;

	/* the caller's preference is not the container's; while the file is still ours */
	file_put(AT_FDCWD, "/proc/self/oom_score_adj", "0");
	prctl(PR_SET_DUMPABLE, 0);
	r = join(x, &e);
	if (r >= 0)
		r = set_stdio(x, sock, &e);
	if (r >= 0)
		r = confine(&sock, filter, &e);
	if (r >= 0)
		exec_command(x, &e);
	sync_send_error(sock, &e);
	_exit(127);
}

/* One clone into the leaf and the container's pid namespace; which the caller's children
 * are born in is set for the moment of the clone only. */
static pid_t clone_inside(const struct enter *x, int *pidfd)
{
	_cleanup_close_ int own = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	struct clone_args a = {
		.flags = CLONE_PIDFD | CLONE_INTO_CGROUP,
		.pidfd = (uint64_t)(uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)x->cgroup,
	};
	pid_t pid;
	int keep;

	if (own < 0 || setns(x->pidfd, CLONE_NEWPID) < 0)
		return -1;
	pid = sys_clone3(&a);
	/* the container's root may have turned the leaf into something that holds no processes */
	if (pid < 0 && errno != ENOMEM && errno != ESRCH && x->cgroup_spare >= 0) {
		a.cgroup = (uint64_t)x->cgroup_spare;
		pid = sys_clone3(&a);
	}
	if (!pid)
		return 0;
	keep = errno;
	if (setns(own, CLONE_NEWPID) < 0)
		abort();
	errno = keep;
	return pid;
}

int enter_spawn(const struct enter *x, struct entered *ret, struct err *e)
{
	struct entered c = ENTERED_INIT;
	_cleanup_close_ int filter = seccomp_build(e);
	int pair[2], r;

	if (filter < 0)
		return filter;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail(e, E_EXEC, "cannot make a socket pair: %m");
	c.pid = clone_inside(x, &c.pidfd);
	if (!c.pid)
		child_main(x, pair[1], filter);
	close(pair[1]);
	if (c.pid < 0) {
		close(pair[0]);
		return fail(e, errno == ESRCH || errno == ENOMEM ? E_NOT_RUNNING : E_EXEC,
			    "cannot start a process in the container: %m");
	}
	r = x->pty ? sync_wait(pair[0], SYNC_READY, JOIN_MS, &c.master, 1, e) : 0;
	if (r >= 0)
		r = sync_wait(pair[0], 0, JOIN_MS, NULL, 0, e);
	close(pair[0]);
	if (r < 0) {
		kill(c.pid, SIGKILL);
		while (waitpid(c.pid, NULL, 0) < 0 && errno == EINTR)
			;
		close_fd(&c.pidfd);
		close_fd(&c.master);
		return r;
	}
	*ret = c;
	return 0;
}
