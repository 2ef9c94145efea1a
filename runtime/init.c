/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/init.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/steps.h"
#include "runtime/caps.h"
#include "runtime/guestfiles.h"
#include "runtime/mounts.h"
#include "runtime/seccomp.h"
#include "runtime/sync.h"
#include "runtime/tty.h"

struct init {
	const struct spec *spec;
	struct sock_fprog filter;
	int sock;
	int root, dev;
	int master, slave;
};

/* The supervisor is busy with the root file system meanwhile. */
static int build_filter(void *op, struct err *e)
{
	struct init *i = op;

	return seccomp_build(&i->filter, e);
}

static int wait_go(void *op, struct err *e)
{
	struct init *i = op;
	int fds[2];
	int r;

	/* no time limit: the supervisor's end closes with it */
	r = sync_wait(i->sock, SYNC_GO, -1, fds, 2, e);
	if (r < 0)
		return r;
	i->root = fds[0];
	i->dev = fds[1];
	return 0;
}

static int become_root(void *op, struct err *e)
{
	(void)op;
	if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return fail(e, E_ENVCREATE, "cannot become the container's root: %m");
	umask(022);
	/* the caller's session keyring must not be visible inside */
	syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
	if (setsid() < 0)
		return fail(e, E_ENVCREATE, "cannot start a session: %m");
	/* CLONE_NEWCGROUP in clone3 would take the supervisor's group as root: the namespace
	 * is made of the caller's group before CLONE_INTO_CGROUP has its effect */
	if (unshare(CLONE_NEWCGROUP) < 0)
		return fail(e, E_BAD_KERNEL,
			    "cannot make a cgroup namespace (CONFIG_CGROUPS): %m");
	return 0;
}

static int mount_all(void *op, struct err *e)
{
	struct init *i = op;
	int r = mounts_attach_root(i->root, e);

	return r < 0 ? r : mounts_make(i->root, i->dev, e);
}

static int make_console(void *op, struct err *e)
{
	struct init *i = op;
	_cleanup_close_ int pts = in_root_open(i->root, "dev/pts", O_RDONLY | O_DIRECTORY, 0);
	int r;

	if (pts < 0)
		return fail(e, E_ENVCREATE, "cannot open /dev/pts: %m");
	r = tty_pair(pts, &i->master, &i->slave, e);
	return r < 0 ? r : mounts_console(i->root, i->slave, e);
}

static int pivot(void *op, struct err *e)
{
	struct init *i = op;
	int r = mounts_pivot(i->root, e);

	close_fd(&i->root);
	close_fd(&i->dev);
	return r;
}

static int ready(void *op, struct err *e)
{
	struct init *i = op;
	int r = sync_send(i->sock, SYNC_READY, &i->master, 1, e);

	close_fd(&i->master);
	return r < 0 ? r : sync_wait(i->sock, SYNC_RELEASE, -1, NULL, 0, e);
}

static int guest(void *op, struct err *e)
{
	struct init *i = op;
	const char *name = i->spec->hostname;

	if (sethostname(name, strlen(name)) < 0)
		return fail(e, E_ENVCREATE, "cannot set the host name: %m");
	guestfiles_write(i->spec);
	/* every user may ping without a privileged program; old kernels may lack the file */
	file_put(AT_FDCWD, "/proc/sys/net/ipv4/ping_group_range", "0 65534");
	return 0;
}

static int confine(void *op, struct err *e)
{
	struct init *i = op;
	int r;

	r = tty_become(i->slave, 0, e);
	if (r >= 0)
		r = caps_rlimits(e);
	if (r >= 0)
		r = caps_confine(e);
	if (r < 0)
		return r;
	proc_default_signals();
	/* closed for real, not only on exec; the socket stays for one more message */
	if (dup3(i->sock, 3, O_CLOEXEC) < 0 && i->sock != 3)
		return fail(e, E_ENVCREATE, "cannot move the socket: %m");
	i->sock = 3;
	if (close_range(4, ~0U, 0) < 0)
		return fail(e, E_ENVCREATE, "cannot close descriptors: %m");
	return seccomp_install(&i->filter, e);
}

static int exec_init(void *op, struct err *e)
{
	static const char *const places[] = { "/sbin/init", "/etc/init", "/bin/init" };
	static const char *const env[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=/", "TERM=linux", "container=lxc", NULL,
	};
	(void)op;

	for (size_t k = 0; k < ARRAY_SIZE(places); k++) {
		const char *argv[] = { places[k], NULL };

		execve(places[k], (char **)argv, (char **)env);
		/* ENOENT is also a missing interpreter or loader of a file that is there */
		if (errno != ENOENT || !access(places[k], F_OK))
			return fail(e, E_BAD_TEMPLATE, "cannot execute %s of the container: %m",
				    places[k]);
	}
	return fail(e, E_BAD_TEMPLATE,
		    "the template holds no init (/sbin/init, /etc/init or /bin/init)");
}

static const struct step rows[] = {
	{ "filter", build_filter, NULL },
	{ "go", wait_go, NULL },
	{ "root", become_root, NULL },
	{ "mounts", mount_all, NULL },
	{ "console", make_console, NULL },
	{ "pivot", pivot, NULL },
	{ "ready", ready, NULL },
	{ "guest", guest, NULL },
	{ "confine", confine, NULL },
	{ "exec", exec_init, NULL },
};

static const struct steps table = STEPS("init", rows);

_Noreturn void init_main(const struct spec *s, int sock)
{
	struct init i = {
		.spec = s, .sock = sock,
		.root = -1, .dev = -1, .master = -1, .slave = -1,
	};
	struct err e = { 0 };

	/* before the process stops being dumpable: then the file is host root's */
	file_put(AT_FDCWD, "/proc/self/oom_score_adj", "0");
	prctl(PR_SET_DUMPABLE, 0);
	steps_run(&table, &i, &e);
	sync_send_error(i.sock, &e);
	_exit(1);
}
