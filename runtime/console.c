/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/console.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "runtime/mounts.h"
#include "runtime/sync.h"
#include "runtime/tty.h"

enum { RENEW_MS = 5000 };

static int renew(int init, int *ret_master, struct err *e)
{
	_cleanup_close_ int root = -1, slave = -1;
	int r;

	if (setns(init, CLONE_NEWUSER | CLONE_NEWNS) < 0 || setgroups(0, NULL) < 0 ||
	    setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return fail(e, E_EXEC, "cannot join the container's namespaces: %m");
	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return fail(e, E_EXEC, "cannot open the container's root: %m");
	r = tty_pair_here(ret_master, &slave, e);
	if (r < 0)
		return r;
	umount2("/dev/console", MNT_DETACH | UMOUNT_NOFOLLOW);
	return mounts_console(root, slave, e);
}

static _Noreturn void child(int init, int sock)
{
	struct err e = { 0 };
	int master = -1, r;

	prctl(PR_SET_DUMPABLE, 0);
	r = renew(init, &master, &e);
	if (r >= 0)
		r = sync_send(sock, SYNC_READY, &master, 1, &e);
	if (r < 0)
		sync_send_error(sock, &e);
	_exit(r < 0);
}

int console_renew(int init, int *ret_master, struct err *e)
{
	int pair[2], r;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail(e, E_EXEC, "cannot make a socket pair: %m");
	pid = fork();
	if (!pid)
		child(init, pair[1]);
	close(pair[1]);
	r = pid < 0 ? fail(e, E_EXEC, "cannot fork: %m") :
		      sync_wait(pair[0], SYNC_READY, RENEW_MS, ret_master, 1, e);
	close(pair[0]);
	if (pid > 0) {
		/* it has done its work, or hangs in a file system of the container */
		kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return r;
}
