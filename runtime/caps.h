/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capabilities and limits that a container's processes start with. Inside its user namespace
 * root keeps all but those that act on the host as a whole; inheritable and ambient sets are
 * empty. Source: capabilities(7).
 */
#ifndef RUNTIME_CAPS_H
#define RUNTIME_CAPS_H

#include "base/err.h"

/* Drop them from the calling process's bounding set. E_CAPS. */
int caps_confine(struct err *e);

/* nofile 1024:524288, core 0, memlock 8 MiB, each at most what the caller has. */
int caps_rlimits(struct err *e);

#endif
