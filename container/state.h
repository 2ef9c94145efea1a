/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run state of a container, RUN/CTID/state: written before the first effect of a start
 * (intent), deleted last at teardown. It holds what teardown and the commands cannot read
 * from the kernel by the CTID alone; when it is lost (/run wiped), the cgroup still tells.
 */
#ifndef CONTAINER_STATE_H
#define CONTAINER_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "config/conf.h"

enum { STATE_VERSION = 1 };

enum guest_kind { /* how init is asked to shut down */
	GUEST_OTHER,	/* by running halt inside */
	GUEST_SYSTEMD,	/* SIGRTMIN+4 */
	GUEST_BUSYBOX,	/* SIGUSR2 */
};

struct state {
	char phase[16];		/* starting, running, stopping */
	pid_t init;		/* host's number; 0: not yet */
	uint64_t init_start;	/* base/proc.h */
	enum guest_kind guest;
	struct ipaddrs ip;	/* the addresses that teardown must take off the host */
	int64_t started;	/* s, CLOCK_BOOTTIME of the last start of init */
	uint32_t quick;		/* reboots in a row that came soon after a start */
};

#define STATE_INIT { .init = 0 }
#define _cleanup_state_ __attribute__((cleanup(state_clear)))

void state_clear(struct state *s);

/* 0; 1: there is none (or one of another version or not whole, which is the same). */
int state_load(const char *run, struct state *ret);
int state_save(const char *run, const struct state *s, struct err *e);
/* State, socket and directory. */
void state_remove(const char *run);

/* Heap string: RUN/CTID/ctl, the supervisor's socket. */
char *state_socket(const char *run);

#endif
