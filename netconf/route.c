/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/route.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

int route_addr(struct rtnl *r, bool add, unsigned index, const struct ipaddr *ip)
{
	struct ifaddrmsg *h;
	uint16_t flags = add ? NLM_F_CREATE | NLM_F_EXCL : 0;
	struct nlmsghdr *m = rtnl_new(r, add ? RTM_NEWADDR : RTM_DELADDR, flags, sizeof(*h),
				      (void **)&h);

	h->ifa_family = (uint8_t)ip->family;
	/* /32 and /128: a prefix would put a route to neighbours on a link without any */
	h->ifa_prefixlen = ipaddr_full(ip);
	h->ifa_index = index;
	h->ifa_scope = RT_SCOPE_UNIVERSE;
	if (ip->family == AF_INET6)
		h->ifa_flags = IFA_F_NODAD;
	mnl_attr_put(m, IFA_LOCAL, ipaddr_bytes(ip), ip->a);
	mnl_attr_put(m, IFA_ADDRESS, ipaddr_bytes(ip), ip->a);
	return rtnl_do(r, m);
}

/* `flags` of a new route, 0 to delete one. */
static struct nlmsghdr *new_route(struct rtnl *r, uint16_t flags, int family,
				  unsigned proto, struct rtmsg **h)
{
	const bool add = flags;
	struct nlmsghdr *m = rtnl_new(r, add ? RTM_NEWROUTE : RTM_DELROUTE, flags, sizeof(**h),
				      (void **)h);

	(*h)->rtm_family = (uint8_t)family;
	(*h)->rtm_table = RT_TABLE_MAIN;
	(*h)->rtm_protocol = (uint8_t)proto;
	(*h)->rtm_scope = add ? RT_SCOPE_UNIVERSE : RT_SCOPE_NOWHERE;
	(*h)->rtm_type = add ? RTN_UNICAST : RTN_UNSPEC;
	return m;
}

static int host_route(struct rtnl *r, uint16_t flags, unsigned index,
		      const struct ipaddr *ip, unsigned proto)
{
	struct rtmsg *h;
	struct nlmsghdr *m = new_route(r, flags, ip->family, proto, &h);

	h->rtm_dst_len = ipaddr_full(ip);
	if (flags && ip->family == AF_INET)
		h->rtm_scope = RT_SCOPE_LINK;
	mnl_attr_put(m, RTA_DST, ipaddr_bytes(ip), ip->a);
	if (index)
		mnl_attr_put_u32(m, RTA_OIF, index);
	return rtnl_do(r, m);
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
	struct rtmsg *h;
	struct nlmsghdr *m = new_route(r, NLM_F_CREATE | NLM_F_EXCL, gateway->family,
				       RTPROT_BOOT, &h);

	h->rtm_flags = RTNH_F_ONLINK;
	mnl_attr_put(m, RTA_GATEWAY, ipaddr_bytes(gateway), gateway->a);
	mnl_attr_put_u32(m, RTA_OIF, index);
	return rtnl_do(r, m);
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
	if (!a)
		return is_none(error) ? 0 : error;
	if (a->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len(a) < sizeof(*h))
		return -EBADMSG;
	h = mnl_nlmsg_get_payload(a);
	if (h->rtm_dst_len != ipaddr_full(ip))
		return 0;
	oif = rtnl_attr(a, sizeof(*h), RTA_OIF, sizeof(*oif));
	*ret = (struct route_found){ h->rtm_type, h->rtm_protocol, oif ? *oif : 0 };
	return 1;
}

bool route_is_local(struct rtnl *r, const struct ipaddr *ip)
{
	struct route_found f;

	return route_find(r, ip, &f) > 0 && f.type == RTN_LOCAL;
}
