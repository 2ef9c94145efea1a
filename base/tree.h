/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole directory trees on the host side. Nothing here follows a symbolic link or crosses
 * into another file system: what a container left in its tree is only ever unlinked.
 */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include "base/err.h"

/* Remove dirfd/name and all below it; not there is success. Depth needs no stack: a deep
 * chain of directories is flattened on the way. */
int tree_remove(int dirfd, const char *name, struct err *e);

#endif
