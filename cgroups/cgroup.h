/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cgroup v2 side of a container. Below the node's cgroup2 mount (found through
 * /proc/self/mountinfo):
 *
 *   vz/CTID              limits (cgroups/limits.h); never holds a process itself
 *   vz/CTID/supervisor   the supervisor, born there
 *   vz/CTID/payload      the container: root of its cgroup namespace, delegated to its root
 *   vz/CTID/payload/exec commands that enter it (vz/CTID/exec when the container prevents it)
 *
 * That vz/CTID/payload is populated is what "running" means, whatever else was lost.
 * All descriptors are of directories, close-on-exec, the caller's. See cgroup-v2.rst.
 */
#ifndef CGROUPS_CGROUP_H
#define CGROUPS_CGROUP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* vz/CTID, made with every controller the tree offers. E_BAD_KERNEL: no cgroup2 mount. */
int cgroup_make(uint32_t ctid, struct err *e);

/* vz/CTID if it is there; -1 with errno ENOENT if not (no cgroup2 mount looks the same). */
int cgroup_open(uint32_t ctid);

/* Sub-group `name` of the directory, made when missing. */
int cgroup_sub_make(int ct, const char *name, struct err *e);

/* Give a directory and its delegatable files (/sys/kernel/cgroup/delegate) to uid:gid. */
int cgroup_delegate(int dir, uid_t uid, gid_t gid, struct err *e);

/* Bound how many groups can be made below a delegated directory, and how deep. The kernel
 * has 65535 memory groups for the whole machine. */
int cgroup_bound(int dir, struct err *e);

/* Does the sub-group (NULL: the directory itself) hold a process, itself or below? */
bool cgroup_populated(int ct, const char *name);

/* SIGKILL all in the sub-group and wait up to `ms` until it is empty. Thaws it. */
int cgroup_kill(int ct, const char *name, int ms, struct err *e);

/* Remove the sub-group with all below it (it must be empty of processes); not there is
 * success. cgroup_remove: vz/CTID whole. 0 or -errno. */
int cgroup_sub_remove(int ct, const char *name);
int cgroup_remove(uint32_t ctid);

/* Move the calling process to the root of the tree, so that its own group can go. */
int cgroup_leave(void);

/* The process of the sub-group that is pid 1 of its own pid namespace, at any depth; 0:
 * none. For when the state file is lost. */
pid_t cgroup_find_init(int ct, const char *name);

/* Any one process of the sub-group itself, 0: none. */
pid_t cgroup_first_pid(int ct, const char *name);

#endif
