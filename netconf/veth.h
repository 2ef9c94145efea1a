/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The veth pair under a venet: making it, bringing an end up, removing it. All return 0 or
 * -errno, with the kernel's words in rtnl.why.
 *
 * Both ends have the same locally administered MAC, made from the container's id alone:
 * 02:56 and the four bytes of the id. On a link with ARP off that is all either end needs to
 * know of the other, and no other link sees it.
 */
#ifndef NETCONF_VETH_H
#define NETCONF_VETH_H

#include <stdbool.h>

#include "netconf/rtnl.h"

/* Make the pair: `host` here, "venet0" in the namespace of the descriptor. -EEXIST: a link of
 * that name that is not ours is in the way; one of ours is of the container's last run. */
int veth_make(struct rtnl *r, uint32_t ctid, const char *host, int netns);
int veth_delete(struct rtnl *r, unsigned index);

/* Settings of one end before it is up, for routing without neighbours. *ret_inet6 tells
 * whether the kernel and the namespace have IPv6 at all. */
int veth_configure(struct rtnl *r, unsigned index, bool host, bool *ret_inet6);

/* Up without ARP; with that alias unless NULL. */
int veth_up(struct rtnl *r, unsigned index, const char *alias);
int veth_up_lo(struct rtnl *r);

/* Wait, for at most 300 ms, until the end that went up first sends what it is given. */
void veth_settle(struct rtnl *r, unsigned index);

#endif
