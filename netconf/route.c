/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/route.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

int route_addr(struct rtnl *r, bool add, unsigned index, const struct ipaddr *ip)
{
	uint16_t flags = add ? NLM_F_CREATE | NLM_F_EXCL : 0;
	struct ifaddrmsg *h = rtnl_new(r, add ? RTM_NEWADDR : RTM_DELADDR, flags, sizeof(*h));

	h->ifa_family = (uint8_t)ip->family;
	/* /32 and /128: a prefix would put a route to neighbours on a link without any */
	h->ifa_prefixlen = ipaddr_full(ip);
	h->ifa_index = index;
	h->ifa_scope = RT_SCOPE_UNIVERSE;
	if (ip->family == AF_INET6)
		h->ifa_flags = IFA_F_NODAD;
	rtnl_put(r, IFA_LOCAL, ip->a, ipaddr_bytes(ip));
	rtnl_put(r, IFA_ADDRESS, ip->a, ipaddr_bytes(ip));
	return rtnl_do(r);
}

/* `flags` of a new route, 0 to delete one. */
static struct rtmsg *new_route(struct rtnl *r, uint16_t flags, int family, unsigned proto)
{
	const bool add = flags;
	struct rtmsg *h = rtnl_new(r, add ? RTM_NEWROUTE : RTM_DELROUTE, flags, sizeof(*h));

	h->rtm_family = (uint8_t)family;
	h->rtm_table = RT_TABLE_MAIN;
	h->rtm_protocol = (uint8_t)proto;
	h->rtm_scope = add ? RT_SCOPE_UNIVERSE : RT_SCOPE_NOWHERE;
	h->rtm_type = add ? RTN_UNICAST : RTN_UNSPEC;
	return h;
}

static int host_route(struct rtnl *r, uint16_t flags, unsigned index,
		      const struct ipaddr *ip, unsigned proto)
{
	struct rtmsg *h = new_route(r, flags, ip->family, proto);

	h->rtm_dst_len = ipaddr_full(ip);
	if (flags && ip->family == AF_INET)
		h->rtm_scope = RT_SCOPE_LINK;
	rtnl_put(r, RTA_DST, ip->a, ipaddr_bytes(ip));
	if (index)
		rtnl_put_u32(r, RTA_OIF, index);
	return rtnl_do(r);
}

int route_host(struct rtnl *r, bool add, unsigned index, const struct ipaddr *ip,
	       unsigned proto)
{
	return host_route(r, add ? NLM_F_CREATE | NLM_F_EXCL : 0, index, ip, proto);
}

int route_move(struct rtnl *r, unsigned index, const struct ipaddr *ip, unsigned proto)
{
	return host_route(r, NLM_F_CREATE | NLM_F_REPLACE, index, ip, proto);
}

int route_default(struct rtnl *r, unsigned index, const struct ipaddr *gateway)
{
	struct rtmsg *h = new_route(r, NLM_F_CREATE | NLM_F_EXCL, gateway->family,
				    RTPROT_BOOT);

	h->rtm_flags = RTNH_F_ONLINK;
	rtnl_put(r, RTA_GATEWAY, gateway->a, ipaddr_bytes(gateway));
	rtnl_put_u32(r, RTA_OIF, index);
	return rtnl_do(r);
}

/* What the kernel answers for an address without a route, and for one it refuses to route
 * (unreachable, prohibit, blackhole), which may well be meant for a whole prefix. */
static bool is_none(int error)
{
	switch (-error) {
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ESRCH:
	case EACCES:
	case EINVAL:
	case EAFNOSUPPORT:
	case EOPNOTSUPP:
		return true;
	default:
		return false;
	}
}

/*
 * RTM_F_FIB_MATCH makes the kernel answer with the route itself, with its prefix length,
 * not with the result of a look-up.
 */
int route_find(struct rtnl *r, const struct ipaddr *ip, struct route_found *ret)
{
	struct rtmsg *h = rtnl_new(r, RTM_GETROUTE, 0, sizeof(*h));
	const struct nlmsghdr *a;
	const struct rtmsg *found;
	const uint32_t *oif;
	int error = 0;

	h->rtm_family = (uint8_t)ip->family;
	h->rtm_dst_len = ipaddr_full(ip);
	h->rtm_flags = RTM_F_FIB_MATCH;
	rtnl_put(r, RTA_DST, ip->a, ipaddr_bytes(ip));
	a = rtnl_ask(r, &error);
	if (!a)
		return is_none(error) ? 0 : error;
	found = rtnl_header(a, RTM_NEWROUTE, sizeof(*found));
	if (!found)
		return -EBADMSG;
	if (found->rtm_dst_len != ipaddr_full(ip))
		return 0;
	oif = rtnl_attr(a, sizeof(*found), RTA_OIF, sizeof(*oif));
	*ret = (struct route_found){ found->rtm_type, found->rtm_protocol, oif ? *oif : 0 };
	return 1;
}

bool route_is_local(struct rtnl *r, const struct ipaddr *ip)
{
	struct route_found f;

	return route_find(r, ip, &f) > 0 && f.type == RTN_LOCAL;
}
