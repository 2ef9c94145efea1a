/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/sys.h"
#include "runtime/idmap.h"
#include "runtime/init.h"
#include "runtime/sync.h"

enum { SET_UP_MS = 30000 };

struct ns_kind {
	const char *name;
	uint64_t flag;
	const char *config;
};

static const struct ns_kind kinds[] = {
	{ "user", CLONE_NEWUSER, "CONFIG_USER_NS" },
	{ "mnt", CLONE_NEWNS, "CONFIG_NAMESPACES" },
	{ "pid", CLONE_NEWPID, "CONFIG_PID_NS" },
	{ "uts", CLONE_NEWUTS, "CONFIG_UTS_NS" },
	/* these are made by the child: runtime/init.c */
	{ "net", 0, "CONFIG_NET_NS" },
	{ "ipc", 0, "CONFIG_IPC_NS" },
	{ "cgroup", 0, "CONFIG_CGROUPS" },
};

static int clone_failed(struct err *e)
{
	int keep = errno;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		char path[32];

		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i].name);
		if (access(path, F_OK) < 0)
			return fail(e, E_BAD_KERNEL, "the kernel has no %s namespaces (%s)",
				    kinds[i].name, kinds[i].config);
	}
	errno = keep;
	switch (errno) {
	case ENOSYS:
		return fail(e, E_BAD_KERNEL, "the kernel has no clone3 (Linux 5.7 is needed)");
	case ENOSPC:
		return fail(e, E_RESOURCE,
			    "a limit on namespaces is reached (user.max_*_namespaces)");
	case EBUSY:
		return fail(e, E_RESOURCE, "the container's cgroup cannot hold processes");
	default:
		return fail(e, E_ENVCREATE, "cannot clone: %m");
	}
}

int spawn_clone(const struct spec *s, int cgroup, struct spawn *ret, struct err *e)
{
	struct spawn p = SPAWN_INIT;
	struct clone_args a = {
		.flags = CLONE_PIDFD | CLONE_INTO_CGROUP,
		.pidfd = (uint64_t)(uintptr_t)&p.pidfd,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)cgroup,
	};
	int pair[2], r;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		a.flags |= kinds[i].flag;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail(e, E_ENVCREATE, "cannot make a socket pair: %m");
	p.pid = sys_clone3(&a);
	if (!p.pid) {
		close(pair[0]);
		init_main(s, pair[1]);
	}
	close(pair[1]);
	p.sock = pair[0];
	if (p.pid < 0) {
		r = clone_failed(e);
		p.pid = 0;
	} else {
		r = idmap_write(p.pid, s, e);
		if (!r)
			r = sync_send(p.sock, SYNC_MAPPED, NULL, 0, e);
	}
	if (r < 0) {
		spawn_kill(&p);
		return r;
	}
	*ret = p;
	return 0;
}

int spawn_go(struct spawn *p, const struct spawn_fds *f, struct err *e)
{
	const int fds[] = { f->root, f->dev, f->filter };
	int r = sync_send(p->sock, SYNC_GO, fds, ARRAY_SIZE(fds), e);

	return r < 0 ? spawn_failed(p, r, e) : 0;
}

int spawn_netns(struct spawn *p, struct err *e)
{
	int r = sync_wait(p->sock, SYNC_NETNS, SET_UP_MS, NULL, 0, e), fd;

	if (r < 0)
		return r;
	fd = spawn_ns(p->pid, "net");
	if (fd >= 0)
		return fd;
	r = fail(e, E_ENVCREATE, "cannot open the network namespace: %m");
	return spawn_failed(p, r, e);
}

int spawn_ready(struct spawn *p, int *ret_console, struct err *e)
{
	return sync_wait(p->sock, SYNC_READY, SET_UP_MS, ret_console, 1, e);
}

int spawn_failed(struct spawn *p, int r, struct err *e)
{
	struct err why = { 0 };

	if (!sync_look(p->sock, &why))
		return r;
	*e = why;
	return -why.code;
}

int spawn_release(struct spawn *p, struct err *e)
{
	int r = sync_send(p->sock, SYNC_RELEASE, NULL, 0, e);

	return r < 0 ? spawn_failed(p, r, e) : sync_wait(p->sock, 0, SET_UP_MS, NULL, 0, e);
}

void spawn_clear(struct spawn *p)
{
	close_fd(&p->pidfd);
	close_fd(&p->sock);
	p->pid = 0;
}

void spawn_kill(struct spawn *p)
{
	if (p->pid > 0) {
		/* still our child and not reaped: the number is its own */
		kill(p->pid, SIGKILL);
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	spawn_clear(p);
}

int spawn_ns(pid_t pid, const char *name)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}
