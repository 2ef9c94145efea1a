/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forwarding of the host. Only turned on, and only when it is off.
 */
#ifndef NETCONF_FORWARD_H
#define NETCONF_FORWARD_H

/* Best effort: a kernel without IPv6 lacks the files. */
void forward_on(void);

#endif
