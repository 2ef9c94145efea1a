/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last thing a process of ours does in a container before it executes one of the
 * container's programs: resource limits, capabilities, the seccomp filter, signal handlers,
 * descriptors.
 */
#ifndef RUNTIME_CONFINE_H
#define RUNTIME_CONFINE_H

#include "base/err.h"

/* Of all descriptors stdio stays, and *sock, which becomes number 3 and is close-on-exec;
 * the others are closed for real, not only on exec. `filter`: seccomp_build(). */
int confine(int *sock, int filter, struct err *e);

#endif
