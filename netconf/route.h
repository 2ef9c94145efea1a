/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Single rtnetlink messages about addresses and routes. All return 0 or -errno, with the
 * kernel's words in rtnl.why.
 */
#ifndef NETCONF_ROUTE_H
#define NETCONF_ROUTE_H

#include <stdbool.h>

#include "config/ipaddr.h"
#include "netconf/rtnl.h"

/* Address on link `index`: as given, or all its bits as prefix. IPv6 without DAD. */
int route_addr(struct rtnl *r, bool add, unsigned index, const struct ipaddr *ip);

/* Host route to the address over link `index` with protocol `proto`; made exclusively. */
int route_host(struct rtnl *r, bool add, unsigned index, const struct ipaddr *ip,
	       unsigned proto);
/* The same in place of the one that is there. */
int route_move(struct rtnl *r, unsigned index, const struct ipaddr *ip, unsigned proto);

/* Default route of the family by the gateway, which is on link `index` whatever addresses
 * say. */
int route_default(struct rtnl *r, unsigned index, const struct ipaddr *gateway);

/* Is the address one that the namespace answers for by now? */
bool route_is_local(struct rtnl *r, const struct ipaddr *ip);

/* The route to this one address, as the host's traffic would find it: 1, 0: none but of a
 * shorter prefix, or -errno. Outgoing link 0: several, or none. */
struct route_found {
	unsigned type, proto, index;
};
int route_find(struct rtnl *r, const struct ipaddr *ip, struct route_found *ret);

#endif
