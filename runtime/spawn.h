/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parent half of a start. spawn_clone() makes the container's first process in new
 * namespaces and in its cgroup, by one clone3, and lets it make what else it can by itself.
 * Meanwhile the supervisor opens the root for its user namespace, and leads it through the
 * handshake of runtime/sync.h: spawn_go(), spawn_netns(), spawn_ready() and spawn_release(),
 * in this order.
 */
#ifndef RUNTIME_SPAWN_H
#define RUNTIME_SPAWN_H

#include <sys/types.h>

#include "base/err.h"
#include "runtime/spec.h"

struct spawn {
	pid_t pid;
	int pidfd;
	int sock;
};

#define SPAWN_INIT { .pid = 0, .pidfd = -1, .sock = -1 }

/* Clone into the cgroup directory `cgroup`, with the id maps written. E_BAD_KERNEL names
 * the namespace that the kernel lacks. */
int spawn_clone(const struct spec *s, int cgroup, struct spawn *ret, struct err *e);

/* Hand over the root file system, the /dev tree (both detached mounts) and the seccomp
 * filter; it mounts while the caller goes on. */
struct spawn_fds {
	int root, dev, filter;
};
int spawn_go(struct spawn *p, const struct spawn_fds *fds, struct err *e);

/* Wait until it has made its network namespace; a descriptor of that. */
int spawn_netns(struct spawn *p, struct err *e);

/* Wait until they are in place; returns the console's master (close-on-exec). */
int spawn_ready(struct spawn *p, int *ret_console, struct err *e);

/* A failure (`r` and e) of something other than these functions while it sets itself up:
 * when it has failed itself, that is the reason for ours, and its error is the one to tell.
 * Returns the code to return. */
int spawn_failed(struct spawn *p, int r, struct err *e);

/* Let it execute init; success means execve did. */
int spawn_release(struct spawn *p, struct err *e);

/* SIGKILL it (and with it its pid namespace) and reap it. Nothing there is fine. */
void spawn_kill(struct spawn *p);
void spawn_clear(struct spawn *p); /* close descriptors, forget it */

/* /proc/PID/ns/NAME of a process; fd or -1 with errno. */
int spawn_ns(pid_t pid, const char *name);

#endif
