/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The veth pair under a venet: making it, bringing an end up, removing it. All return 0 or
 * -errno, with the kernel's words in rtnl.why.
 */
#ifndef NETCONF_VETH_H
#define NETCONF_VETH_H

#include <stdbool.h>

#include "netconf/rtnl.h"

/* Make the pair: `host` here, "venet0" in the namespace of the descriptor. -EEXIST: a link of
 * that name that is not ours is in the way; one of ours is of the container's last run. */
int veth_make(struct rtnl *r, uint32_t ctid, const char *host, int netns);
int veth_delete(struct rtnl *r, unsigned index);

/* Configure the end for routing without neighbours and set it up. With an alias it is the
 * host's end. Without IPv6 in the kernel or namespace *inet6 becomes false. */
int veth_bring_up(struct rtnl *r, unsigned index, const char *alias, bool *inet6);

/* Set a link up with further flags. */
int veth_up(struct rtnl *r, unsigned index, unsigned flags, const char *alias);

#endif
