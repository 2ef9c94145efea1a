/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system call filter of every process of a container: a deny list, since a system
 * container runs whole distributions, and short, since its cost is paid at each start. It
 * closes kernel surface that a user namespace leaves open; each row says its errno.
 */
#ifndef RUNTIME_SECCOMP_H
#define RUNTIME_SECCOMP_H

#include "base/err.h"

/* Opaque filter, built before clone so that the child only loads it. */
typedef void *seccomp_filter;

int seccomp_build(seccomp_filter *ret, struct err *e);
void seccomp_drop(seccomp_filter *f);

/* Install it in the calling process; needs CAP_SYS_ADMIN in its user namespace
 * (no_new_privs stays off: su and sudo must work in a container). */
int seccomp_install(seccomp_filter f, struct err *e);

#endif
