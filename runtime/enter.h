/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Joining a running container: a process is cloned into a cgroup leaf and the container's
 * pid namespace, joins the other namespaces by pidfd, gives up what the container's own
 * processes do not have (capabilities, seccomp, keyring, groups) and executes a command. It has
 * no terminal of the caller: either a new pty of the container's devpts, or descriptors that
 * the caller chose to hand in.
 */
#ifndef RUNTIME_ENTER_H
#define RUNTIME_ENTER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct enter {
	int pidfd;			/* the container's init */
	int cgroup;			/* directory of the leaf to be born in */
	int cgroup_spare;		/* used when the first refuses processes; or -1 */
	const char *const *argv;	/* run as given; or NULL and: */
	const char *script;		/* bash -c, else sh -c; NULL: login shell */
	int stdio[3];			/* without pty; borrowed */
	bool pty;			/* new terminal, its master is returned */
	const char *term;		/* TERM with pty; NULL: linux */
};

struct entered {
	pid_t pid;	/* our child */
	int pidfd;
	int master;	/* -1 without pty */
};

#define ENTERED_INIT { .pid = 0, .pidfd = -1, .master = -1 }

/* Success means execve did. E_EXEC when the command cannot be executed. The calling process
 * must be single-threaded. */
int enter_spawn(const struct enter *x, struct entered *ret, struct err *e);

#endif
