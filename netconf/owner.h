/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose an address is, told by the host's routing tables.
 */
#ifndef NETCONF_OWNER_H
#define NETCONF_OWNER_H

#include "netconf/rtnl.h"
#include "netconf/venet.h"

/* Device group of our host ends: what marks a link as ours. */
enum { VENET_GROUP = 187 };

/* "v<CTID>.0": fits 15 characters for every CTID. */
void venet_name(uint32_t ctid, char name[16]);

/* Who has the address? 0: nobody; 1: filled in. */
int owner_find(struct rtnl *r, const struct ipaddr *ip, struct addr_owner *ret,
	       struct err *e);

/* "address A is used by ...", E_IP_INUSE. */
int owner_refuse(const struct addr_owner *o, const struct ipaddr *ip, struct err *e);

#endif
