/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host as a router: settings of /proc/sys/net that netlink has no message for. They are
 * those of the calling thread's network namespace.
 */
#ifndef NETCONF_FORWARD_H
#define NETCONF_FORWARD_H

#include "base/err.h"

/* Forwarding of both families; only turned on, and only when it is off. Best effort, failure
 * is logged: containers still reach the host. A kernel without IPv6 lacks the files. */
void forward_on(void);

/* Let the host take no router advertisement from this link, whatever its default says: a
 * container would become the host's default router. Before the link is up. */
int forward_guard(const char *link, struct err *e);

#endif
