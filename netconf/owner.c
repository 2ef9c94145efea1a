/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/owner.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netconf/route.h"

void venet_name(uint32_t ctid, char name[16])
{
	snprintf(name, 16, "v%u.0", ctid);
}

void venet_alias(uint32_t ctid, char alias[32])
{
	snprintf(alias, 32, "wabe:%u:0", ctid);
}

uint32_t owner_ctid(const struct rtnl_link *l)
{
	static const char mark[] = "wabe:";
	unsigned long id;
	char alias[32];

	if (strncmp(l->alias, mark, strlen(mark)))
		return 0;
	id = strtoul(l->alias + strlen(mark), NULL, 10);
	venet_alias((uint32_t)id, alias);
	return !strcmp(alias, l->alias) ? (uint32_t)id : 0;
}

bool owner_has_link(const struct rtnl_link *l, uint32_t ctid)
{
	char name[16];

	venet_name(ctid, name);
	if (strcmp(name, l->name))
		return false;
	return l->alias[0] ? owner_ctid(l) == ctid : l->group == VENET_GROUP;
}

static const char *kind(unsigned type)
{
	switch (type) {
	case RTN_LOCAL:
		return "address of";
	case RTN_BROADCAST:
		return "broadcast address of";
	case RTN_ANYCAST:
		return "anycast address of";
	default:
		return "route on";
	}
}

/* Only a route to this one address is a claim on it, and only one of our own protocol is a
 * container's. */
int owner_find(struct rtnl *r, const struct ipaddr *ip, struct addr_owner *ret,
	       struct err *e)
{
	struct rtnl_link l = { 0 };
	struct route_found f;
	int found = route_find(r, ip, &f);

	errno = -found;
	if (found < 0)
		return fail(e, E_SYSTEM, "cannot look up a route: %m%s", r->why);
	if (!found)
		return 0;
	*ret = (struct addr_owner){ .index = f.index };
	if (!f.index || rtnl_link(r, NULL, f.index, &l)) {
		snprintf(ret->what, sizeof(ret->what), "route");
		return 1;
	}
	if (f.type == RTN_UNICAST && f.proto == WABE_RTPROT)
		ret->ctid = owner_ctid(&l);
	snprintf(ret->what, sizeof(ret->what), "%s %s", kind(f.type), l.name);
	return 1;
}

int owner_refuse(const struct addr_owner *o, const struct ipaddr *ip, struct err *e)
{
	char text[IPADDR_STRLEN];

	ipaddr_str(ip, text);
	if (o->ctid)
		return fail(e, E_IP_INUSE, "address %s is used by container %u", text, o->ctid);
	return fail(e, E_IP_INUSE, "address %s is used by this host (%s)", text, o->what);
}

int venet_addrs_free(uint32_t ctid, const struct ipaddrs *ips, struct err *e)
{
	struct rtnl *r;
	int rc = ips->n ? rtnl_open(&r, -1, e) : 0;

	if (rc < 0 || !ips->n)
		return rc;
	for (size_t i = 0; rc >= 0 && i < ips->n; i++) {
		struct addr_owner o;

		rc = owner_find(r, &ips->v[i], &o, e);
		if (rc > 0 && o.ctid != ctid)
			rc = owner_refuse(&o, &ips->v[i], e);
	}
	rtnl_close(r);
	return rc < 0 ? rc : 0;
}
