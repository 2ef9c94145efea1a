/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/owner.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void venet_name(uint32_t ctid, char name[16])
{
	snprintf(name, 16, "v%u.0", ctid);
}

/* v<CTID>.0 and of our group, or 0. */
static uint32_t ctid_of(const struct rtnl_link *l)
{
	unsigned long id = strtoul(l->name + 1, NULL, 10);
	char name[16];

	venet_name((uint32_t)id, name);
	return l->group == VENET_GROUP && !strcmp(name, l->name) ? (uint32_t)id : 0;
}

static int describe(struct rtnl *r, unsigned index, bool local, struct addr_owner *ret)
{
	struct rtnl_link l = { 0 };

	if (!index || rtnl_link(r, NULL, index, &l))
		snprintf(l.name, sizeof(l.name), "?");
	*ret = (struct addr_owner){ .ctid = local ? 0 : ctid_of(&l) };
	snprintf(ret->what, sizeof(ret->what), local ? "address of %s" : "route on %s", l.name);
	return 1;
}

/*
 * RTM_F_FIB_MATCH makes the kernel answer with the route itself, with its prefix length,
 * not with the result of a look-up. Only a route to this one address is a claim on it.
 */
int owner_find(struct rtnl *r, const struct ipaddr *ip, struct addr_owner *ret,
	       struct err *e)
{
	struct rtmsg *h;
	struct nlmsghdr *m = rtnl_new(r, RTM_GETROUTE, 0, sizeof(*h), (void **)&h);
	const struct nlmsghdr *a;
	const uint32_t *oif;
	int error = 0;

	h->rtm_family = (uint8_t)ip->family;
	h->rtm_dst_len = ipaddr_full(ip);
	h->rtm_flags = RTM_F_FIB_MATCH;
	mnl_attr_put(m, RTA_DST, ipaddr_bytes(ip), ip->a);
	a = rtnl_ask(r, m, &error);
	if (!a && (error == -ENETUNREACH || error == -EHOSTUNREACH || error == -ESRCH ||
		   error == -EAFNOSUPPORT || error == -EACCES || error == -EINVAL))
		return 0;
	errno = -error;
	if (!a)
		return fail(e, E_SYSTEM, "cannot look up a route: %m%s", r->why);
	if (a->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len(a) < sizeof(*h))
		return fail(e, E_SYSTEM, "cannot look up a route: unexpected answer");
	h = mnl_nlmsg_get_payload(a);
	if (h->rtm_dst_len != ipaddr_full(ip))
		return 0;
	oif = rtnl_attr(a, sizeof(*h), RTA_OIF, sizeof(*oif));
	return describe(r, oif ? *oif : 0, h->rtm_type == RTN_LOCAL, ret);
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
