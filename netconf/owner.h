/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose a link is, told by its marks, and whose an address is, told by the host's routing
 * tables.
 */
#ifndef NETCONF_OWNER_H
#define NETCONF_OWNER_H

#include "netconf/rtnl.h"
#include "netconf/venet.h"

/* Device group of our host ends (ip link show group 187). It is there from the first moment;
 * the alias, which names the container, comes with a second message. */
enum { VENET_GROUP = 187 };

/* "v<CTID>.0", which fits 15 characters for every CTID, and "wabe:<CTID>:0". */
void venet_name(uint32_t ctid, char name[16]);
void venet_alias(uint32_t ctid, char alias[32]);

/* The container whose host's end this is by its alias, whatever its name is by now; or 0. */
uint32_t owner_ctid(const struct rtnl_link *l);

/* Is the link the host's end of the container, or one whose maker was killed before it got
 * its alias? */
bool owner_has_link(const struct rtnl_link *l, uint32_t ctid);

/* Who has the address? 0: nobody; 1: filled in. */
int owner_find(struct rtnl *r, const struct ipaddr *ip, struct addr_owner *ret,
	       struct err *e);

/* "address A is used by ...", E_IP_INUSE. */
int owner_refuse(const struct addr_owner *o, const struct ipaddr *ip, struct err *e);

#endif
