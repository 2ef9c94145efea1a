/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The id map of a container's user namespace: ids 0..count-1 inside are base.. outside.
 */
#ifndef RUNTIME_IDMAP_H
#define RUNTIME_IDMAP_H

#include "base/err.h"
#include "runtime/spec.h"

/* Write uid_map and gid_map of our child `pid`. E_ENVCREATE. */
int idmap_write(pid_t pid, const struct spec *s, struct err *e);

#endif
