/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of a start that are about the container's cgroup, and what is limited there or,
 * like disk space, beside it.
 */
#ifndef CONTAINER_BOOTGROUP_H
#define CONTAINER_BOOTGROUP_H

#include "container/boot.h"

/* vz/CTID and payload: b->cgroup and b->payload. */
int bootgroup_make(struct boot *b, struct err *e);

/* Limits, bounds and delegation: after the clone, while the child mounts, since nothing of
 * the container runs before its release. */
int bootgroup_limit(struct boot *b, struct err *e);

/* Kill what is in payload and the groups of exec, and remove them. */
void bootgroup_remove(struct boot *b);

#endif
