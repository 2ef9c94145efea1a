/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file systems of a container, made and mounted by its own first process, before
 * pivot_root. They are made as detached mounts first, which needs no root file system yet:
 * the supervisor makes that at the same time. Every target is opened inside the root
 * (openat2), so a link in a template can lead nowhere else. Nothing in /proc and /sys is
 * masked: ownership by the user namespace protects, and masks would break nested containers.
 */
#ifndef RUNTIME_MOUNTS_H
#define RUNTIME_MOUNTS_H

#include "base/err.h"

enum {
	MOUNTS_PROC,
	MOUNTS_SYS,
	MOUNTS_CGROUP,
	MOUNTS_DEV,
	MOUNTS_PTS,
	MOUNTS_SHM,
	MOUNTS_MQUEUE,
	MOUNTS_N
};

/* Detached mounts of all but /dev (-1), for the caller's namespaces. On failure some are
 * made; they go with the process. */
int mounts_make(int trees[MOUNTS_N], struct err *e);

/* Attach the detached mount `root` over the host's root and all of `trees`, /dev now among
 * them, below; they are closed. */
int mounts_attach(int root, int trees[MOUNTS_N], struct err *e);

/* Mount the pty's slave on /dev/console. */
int mounts_console(int root, int slave, struct err *e);

/* Make `root` the root directory and drop the host's whole tree. */
int mounts_pivot(int root, struct err *e);

#endif
