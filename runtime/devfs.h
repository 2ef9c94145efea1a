/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A container's /dev: a small tmpfs made on the host's side with device nodes of its own,
 * handed over as a detached mount. No host inode is ever bound into a container, and since
 * the file system belongs to the initial user namespace the container cannot add nodes.
 */
#ifndef RUNTIME_DEVFS_H
#define RUNTIME_DEVFS_H

#include <sys/types.h>

#include "base/err.h"

/* `uid`, `gid`: host ids of the container's root, which owns it. Returns a descriptor. */
int devfs_make(uid_t uid, gid_t gid, struct err *e);

#endif
