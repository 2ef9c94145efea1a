/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a supervisor does besides waiting: bring its container up, take over one that runs,
 * restart it and take it down. The waiting is wabe-keeper's, a program of its own, which a
 * supervisor executes as soon as the container runs and which executes wabe-supervisor when
 * there is something to do again. The process stays the same over all of that, and so do
 * its children and the descriptors named here.
 *
 * A function that brings the container to run does not return. The others end the
 * supervisor: what they return is its exit status.
 */
#ifndef CONTAINER_SUPERVISE_H
#define CONTAINER_SUPERVISE_H

#include "container/handle.h"

struct supervisor {
	struct wabe *w;
	uint32_t ctid;
	int report;		/* of the command that waits for us; -1: the log listens */
	int listen;		/* control socket, -1: not there yet */
	int client;		/* waits for a stop; -1: nobody */
};

/* Report to the command. What `c` points to, and the descriptor of vz/CTID, are ours now. */
int supervise_start(struct supervisor *s, const struct ct *c, int cgroup);

/* The same for a container that runs and whose supervisor is dead. */
int supervise_adopt(struct supervisor *s, const struct ct *c, int cgroup);

/* init ended: for good, or for a restart. */
int supervise_teardown(struct supervisor *s);
int supervise_reboot(struct supervisor *s);

#endif
