/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/live.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/proc.h"
#include "cgroups/cgroup.h"

enum { SETTLE_MS = 15000, POLL_MS = 10 };

void live_clear(struct live *l)
{
	close_fd(&l->cgroup);
	state_clear(&l->state);
	*l = (struct live)LIVE_INIT;
}

/* Nor is it when it ended and nobody has reaped it yet. */
static bool same_process(pid_t pid, uint64_t start)
{
	char state = 0;

	return pid && start && proc_start_time(pid, &state) == start && state != 'Z' &&
	       state != 'X';
}

void live_read(const struct ct *c, struct live *ret)
{
	struct live l = LIVE_INIT;

	l.has_state = !state_load(c->run, &l.state);
	l.cgroup = cgroup_open(c->id);
	if (l.cgroup >= 0) {
		l.supervisor = cgroup_first_pid(l.cgroup, "supervisor");
		l.running = cgroup_populated(l.cgroup, "payload");
	}
	/* /run was wiped: what it was configured with is the best there is */
	for (size_t i = 0; l.running && !l.has_state && i < c->conf.net.ip.n; i++)
		ipaddrs_add(&l.state.ip, &c->conf.net.ip.v[i]);
	if (l.running && !same_process(l.state.init, l.state.init_start)) {
		/* the state file is lost or older than this init */
		l.state.init = cgroup_find_init(l.cgroup, "payload");
		l.state.init_start = l.state.init ? proc_start_time(l.state.init, NULL) : 0;
	}
	*ret = l;
}

/* Without a supervisor nothing changes by itself. */
static bool settled(const struct live *l)
{
	return !l->supervisor ||
	       (l->running && l->state.init && strcmp(l->state.phase, "starting"));
}

int live_settle(const struct ct *c, struct live *ret, struct err *e)
{
	long long end = now_ms() + SETTLE_MS;

	for (;;) {
		_cleanup_close_ int supervisor = -1;

		live_read(c, ret);
		if (settled(ret))
			return 0;
		if (now_ms() >= end)
			break;
		supervisor = proc_open(ret->supervisor, 0);
		if (supervisor >= 0)
			fd_wait(supervisor, POLL_MS);
		live_clear(ret);
	}
	live_clear(ret);
	return fail(e, E_LOCKED, "container %u is being started, stopped or restarted", c->id);
}

int live_init(const struct ct *c, const struct live *l, struct err *e)
{
	int fd = -1;

	if (l->running && l->state.init)
		fd = proc_open(l->state.init, l->state.init_start);
	if (fd < 0)
		return fail(e, E_NOT_RUNNING, "container %u is not running", c->id);
	return fd;
}
