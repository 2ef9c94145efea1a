/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system call filter of every process of a container: a deny list, since a system
 * container runs whole distributions, and short, since its cost is paid at each start. It
 * closes kernel surface that a user namespace leaves open; each row says its errno.
 */
#ifndef RUNTIME_SECCOMP_H
#define RUNTIME_SECCOMP_H

#include "base/err.h"

/* A filter ready to be loaded: a descriptor of its instructions, close-on-exec. Building
 * takes most of the time, so it is done while there is something to wait for. */
int seccomp_build(struct err *e);

/* Install it in the calling process; needs CAP_SYS_ADMIN in its user namespace
 * (no_new_privs stays off: su and sudo must work in a container). */
int seccomp_install(int filter, struct err *e);

#endif
