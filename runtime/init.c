/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/init.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
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
#include "base/log.h"
#include "base/steps.h"
#include "runtime/confine.h"
#include "runtime/guestfiles.h"
#include "runtime/mounts.h"
#include "runtime/sync.h"
#include "runtime/tty.h"

struct init {
	const struct spec *spec;
	int sock, filter;
	int root, trees[MOUNTS_N];
	int master, slave;
};

/* ---- while the supervisor makes the root file system --- */

static int wait_maps(void *op, struct err *e)
{
	struct init *i = op;

	/* no time limit: the supervisor's end closes with it */
	return sync_wait(i->sock, SYNC_MAPPED, -1, NULL, 0, e);
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
	return 0;
}

/*
 * Three namespaces are not clone3's. CLONE_NEWCGROUP there would take the supervisor's group
 * as root: that namespace is made of the caller's group before CLONE_INTO_CGROUP has its
 * effect. An IPC namespace mounts its mqueue at once, which would not be the container
 * root's. And a network namespace takes longer than all others together.
 */
static int own_namespaces(void *op, struct err *e)
{
	struct init *i = op;

	if (unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWCGROUP) < 0)
		return fail(e, errno == ENOSPC ? E_RESOURCE : E_BAD_KERNEL,
			    "cannot make the network, IPC and cgroup namespaces "
			    "(CONFIG_NET_NS, CONFIG_IPC_NS; user.max_net_namespaces): %m");
	return sync_send(i->sock, SYNC_NETNS, NULL, 0, e);
}

static int make_trees(void *op, struct err *e)
{
	struct init *i = op;

	return mounts_make(i->trees, e);
}

static int make_pty(void *op, struct err *e)
{
	struct init *i = op;

	return tty_pair(i->trees[MOUNTS_PTS], &i->master, &i->slave, e);
}

/* ---- with the root file system --- */

static int wait_go(void *op, struct err *e)
{
	struct init *i = op;
	int fds[3];
	int r = sync_wait(i->sock, SYNC_GO, -1, fds, 3, e);

	if (r < 0)
		return r;
	i->root = fds[0];
	i->trees[MOUNTS_DEV] = fds[1];
	i->filter = fds[2];
	return 0;
}

static int attach(void *op, struct err *e)
{
	struct init *i = op;
	int r = mounts_attach(i->root, i->trees, e);

	return r < 0 ? r : mounts_console(i->root, i->slave, e);
}

static int pivot(void *op, struct err *e)
{
	struct init *i = op;
	int r = mounts_pivot(i->root, e);

	close_fd(&i->root);
	return r;
}

static int ready(void *op, struct err *e)
{
	struct init *i = op;
	int r = sync_send(i->sock, SYNC_READY, &i->master, 1, e);

	close_fd(&i->master);
	return r;
}

/* ---- in the container --- */

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

static int confine_init(void *op, struct err *e)
{
	struct init *i = op;
	int r = tty_become(i->slave, 0, e);

	/* its descriptor may be the socket's number from here on */
	log_to(-1, NULL, false);
	return r < 0 ? r : confine(&i->sock, i->filter, e);
}

static int wait_release(void *op, struct err *e)
{
	struct init *i = op;

	return sync_wait(i->sock, SYNC_RELEASE, -1, NULL, 0, e);
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
	{ "maps", wait_maps, NULL },
	{ "root", become_root, NULL },
	{ "namespaces", own_namespaces, NULL },
	{ "trees", make_trees, NULL },
	{ "pty", make_pty, NULL },
	{ "go", wait_go, NULL },
	{ "attach", attach, NULL },
	{ "pivot", pivot, NULL },
	{ "ready", ready, NULL },
	{ "guest", guest, NULL },
	{ "confine", confine_init, NULL },
	{ "release", wait_release, NULL },
	{ "exec", exec_init, NULL },
};

static STEPS(table, "init", rows);

_Noreturn void init_main(const struct spec *s, int sock)
{
	struct init i = {
		.spec = s, .sock = sock,
		.filter = -1, .root = -1, .master = -1, .slave = -1,
	};
	struct err e = { 0 };

	/* before the process stops being dumpable: then the file is host root's */
	file_put(AT_FDCWD, "/proc/self/oom_score_adj", "0");
	prctl(PR_SET_DUMPABLE, 0);
	steps_run(&table, &i, &e);
	sync_send_error(i.sock, &e);
	_exit(1);
}
