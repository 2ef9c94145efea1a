/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few files below /etc that carry a container's settings to its programs: hostname,
 * resolv.conf, hosts. Written by the container's own first process inside its root, so no
 * link of the container can lead out, and replaced by rename, so none can make it wait.
 */
#ifndef RUNTIME_GUESTFILES_H
#define RUNTIME_GUESTFILES_H

#include "base/err.h"
#include "runtime/spec.h"

/* Best effort: a tree without /etc, or a full one, starts all the same. */
void guestfiles_write(const struct spec *s);

/* The host name of a running container and its files: a child joins it by the pidfd of its
 * init. `ret_old` (may be NULL) gets the name it had, also on failure, "" when that is not
 * known. E_HOSTNAME. */
enum { GUEST_NAME_LEN = 65 };
int guestfiles_rename(int init, const char *name, char ret_old[GUEST_NAME_LEN],
		      struct err *e);

#endif
