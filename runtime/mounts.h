/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file systems of a container, mounted below its root before pivot_root by its own
 * first process. Every target is opened inside the root (openat2), so a link in a template
 * can lead nowhere else. Nothing in /proc and /sys is masked: ownership by the user
 * namespace protects, and masks would break nested containers.
 */
#ifndef RUNTIME_MOUNTS_H
#define RUNTIME_MOUNTS_H

#include "base/err.h"

/* proc, sysfs, cgroup2, /dev (the detached mount `dev`), devpts, shm and mqueue below the
 * mounted root `root`. */
int mounts_make(int root, int dev, struct err *e);

/* Mount the pty's slave on /dev/console. */
int mounts_console(int root, int slave, struct err *e);

/* Make the detached mount `root` the root directory and drop the host's whole tree. */
int mounts_attach_root(int root, struct err *e);
int mounts_pivot(int root, struct err *e);

#endif
