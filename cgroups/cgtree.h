/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cgroup v2 tree itself: where it is mounted, which controllers it offers, walking and
 * emptying parts of it. Directories are descriptors, close-on-exec, the caller's.
 */
#ifndef CGROUPS_CGTREE_H
#define CGROUPS_CGTREE_H

#include <stdbool.h>
#include <sys/types.h>

/* The root of the node's cgroup2 mount; -1 with errno (ENOENT: none is mounted). */
int cgtree_root(void);

int cgtree_dir(int at, const char *name);

/* Offer to children every controller that the directory has; what it lacks, or refuses, is
 * left out. */
void cgtree_enable(int dir);

/* Remove all groups below the directory, at any depth. 0 or -errno (EBUSY: processes). */
int cgtree_empty(int dir);

/* A process of the directory itself: with `any` the first, else one that is pid 1 of its own
 * pid namespace. 0: none. */
pid_t cgtree_proc(int dir, bool any);

/* The pid 1 of a pid namespace in the directory or below. */
pid_t cgtree_init(int dir);

#endif
