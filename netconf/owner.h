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

/* addr_owner() over an open socket of the host's namespace. */
int owner_find(struct rtnl *r, const struct ipaddr *ip, struct addr_owner *ret,
	       struct err *e);

#endif
