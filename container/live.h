/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a container is alive now, told by the kernel: its cgroup says whether it runs and
 * whether a supervisor lives; the state file only adds details. Costs a few file reads,
 * whatever the number of containers.
 */
#ifndef CONTAINER_LIVE_H
#define CONTAINER_LIVE_H

#include "container/handle.h"
#include "container/state.h"

struct live {
	int cgroup;		/* vz/CTID, -1: nothing is there */
	bool running;		/* the payload holds processes */
	pid_t supervisor;	/* 0: none lives */
	bool has_state;
	struct state state;	/* init and init_start are right when running */
};

#define LIVE_INIT { .cgroup = -1 }
#define _cleanup_live_ __attribute__((cleanup(live_clear)))

void live_read(const struct ct *c, struct live *ret);
void live_clear(struct live *l);

/* As live_read, for who changes the container: when its supervisor is about to start it,
 * restart it (a reboot from inside, which takes no lock) or take it down, that is waited
 * for. E_LOCKED when it takes too long. */
int live_settle(const struct ct *c, struct live *ret, struct err *e);

/* A pidfd of the running container's init; E_NOT_RUNNING. */
int live_init(const struct ct *c, const struct live *l, struct err *e);

#endif
