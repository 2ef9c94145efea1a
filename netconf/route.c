/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/route.h"

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

static struct nlmsghdr *new_route(struct rtnl *r, bool add, int family, unsigned proto,
				  struct rtmsg **h)
{
	uint16_t flags = add ? NLM_F_CREATE | NLM_F_EXCL : 0;
	struct nlmsghdr *m = rtnl_new(r, add ? RTM_NEWROUTE : RTM_DELROUTE, flags, sizeof(**h),
				      (void **)h);

	(*h)->rtm_family = (uint8_t)family;
	(*h)->rtm_table = RT_TABLE_MAIN;
	(*h)->rtm_protocol = (uint8_t)proto;
	(*h)->rtm_scope = add ? RT_SCOPE_UNIVERSE : RT_SCOPE_NOWHERE;
	(*h)->rtm_type = add ? RTN_UNICAST : RTN_UNSPEC;
	return m;
}

int route_host(struct rtnl *r, bool add, unsigned index, const struct ipaddr *ip,
	       unsigned proto)
{
	struct rtmsg *h;
	struct nlmsghdr *m = new_route(r, add, ip->family, proto, &h);

	h->rtm_dst_len = ipaddr_full(ip);
	if (add && ip->family == AF_INET)
		h->rtm_scope = RT_SCOPE_LINK;
	mnl_attr_put(m, RTA_DST, ipaddr_bytes(ip), ip->a);
	if (index)
		mnl_attr_put_u32(m, RTA_OIF, index);
	return rtnl_do(r, m);
}

int route_default(struct rtnl *r, unsigned index, const struct ipaddr *gateway)
{
	struct rtmsg *h;
	struct nlmsghdr *m = new_route(r, true, gateway->family, RTPROT_BOOT, &h);

	h->rtm_flags = RTNH_F_ONLINK;
	mnl_attr_put(m, RTA_GATEWAY, ipaddr_bytes(gateway), gateway->a);
	mnl_attr_put_u32(m, RTA_OIF, index);
	return rtnl_do(r, m);
}
