/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/inside.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "netconf/route.h"
#include "netconf/veth.h"

enum {
	LIST_TRIES = 3,
	SETTLE_TRIES = 600,	/* of 0.5 ms */
};

static const struct ipaddr gateway4 = { AF_INET, { 169, 254, 0, 1 }, 32 };
static const struct ipaddr gateway6 = { AF_INET6, { 0xfe, 0x80, [15] = 1 }, 128 };

/* One that the container has already stays as it is. */
static int add_default(struct rtnl *ct, unsigned index, int family)
{
	int r = 0;

	/* fe80::1 needs a route of its own: the link has no fe80::/64 */
	if (family == AF_INET6)
		r = route_host(ct, true, index, &gateway6, RTPROT_BOOT);
	if (!r || r == -EEXIST)
		r = route_default(ct, index, family == AF_INET6 ? &gateway6 : &gateway4);
	return r == -EEXIST ? 0 : r;
}

int inside_find(struct rtnl *ct, unsigned *ret_index)
{
	struct rtnl_link l;
	int r = rtnl_link(ct, "venet0", 0, &l);

	if (!r)
		*ret_index = l.index;
	return r;
}

int inside_setup(struct rtnl *ct, unsigned *ret_index)
{
	unsigned index = 0;
	bool inet6 = false;
	int r = veth_up_lo(ct);

	if (!r)
		r = inside_find(ct, &index);
	if (!r)
		r = veth_configure(ct, index, false, &inet6);
	if (!r)
		r = veth_up(ct, index, NULL);
	if (!r)
		r = add_default(ct, index, AF_INET);
	if (!r && inet6) {
		r = add_default(ct, index, AF_INET6);
		/* EACCES: there, but turned off by disable_ipv6 */
		if (r == -EACCES || r == -EAFNOSUPPORT || r == -EOPNOTSUPP)
			r = 0;
	}
	if (!r)
		*ret_index = index;
	return r;
}

/* The default route with each address, not once: the kernel drops all IPv4 routes of a link
 * with its last address. */
int inside_add(struct rtnl *ct, unsigned index, const struct ipaddr *ip)
{
	int had = route_addr(ct, true, index, ip);
	int r = had;

	if (!r || r == -EEXIST)
		r = add_default(ct, index, ip->family);
	if (r && !had)
		route_addr(ct, false, index, ip);
	return r;
}

/* An IPv6 address is ready when a work queue has been round, even without duplicate
 * detection; what arrives before is taken for somebody else's. */
void inside_settle(struct rtnl *ct, const struct ipaddr *v, size_t n)
{
	const struct timespec moment = { .tv_nsec = 500000 };
	int left = SETTLE_TRIES;

	for (size_t i = 0; i < n; i++)
		while (v[i].family == AF_INET6 && !route_is_local(ct, &v[i]) && left-- > 0)
			nanosleep(&moment, NULL);
}

int inside_del(struct rtnl *ct, unsigned index, const struct ipaddr *ip)
{
	int r = route_addr(ct, false, index, ip);

	/* the container's root may have removed it */
	return r == -EADDRNOTAVAIL ? 0 : r;
}

/* ---- what is there --- */

struct listing {
	struct ipaddrs found;
	unsigned index;
	int family;
};

/* IFA_LOCAL is the address; IPv6 gives it only where it has a peer, whose is IFA_ADDRESS. */
static bool take(void *ctx, const struct nlmsghdr *m)
{
	const struct ifaddrmsg *h = rtnl_header(m, RTM_NEWADDR, sizeof(*h));
	struct listing *l = ctx;
	struct ipaddr ip = { .family = l->family };
	const void *a;

	if (!h || h->ifa_index != l->index || h->ifa_family != l->family ||
	    h->ifa_prefixlen > ipaddr_full(&ip))
		return true;
	a = rtnl_attr(m, sizeof(*h), IFA_LOCAL, ipaddr_bytes(&ip));
	if (!a)
		a = rtnl_attr(m, sizeof(*h), IFA_ADDRESS, ipaddr_bytes(&ip));
	if (!a)
		return true;
	memcpy(ip.a, a, ipaddr_bytes(&ip));
	ip.plen = h->ifa_prefixlen;
	ipaddrs_add(&l->found, &ip);
	return l->found.n < INSIDE_MAX;
}

static int list_family(struct rtnl *ct, struct listing *l)
{
	struct ifaddrmsg *h = rtnl_new(ct, RTM_GETADDR, 0, sizeof(*h));

	h->ifa_family = (uint8_t)l->family;
	h->ifa_index = l->index;
	return rtnl_dump(ct, take, l);
}

static int list_once(struct rtnl *ct, struct listing *l)
{
	int r4, r6 = 0;

	ipaddrs_clear(&l->found);
	l->family = AF_INET;
	r4 = list_family(ct, l);
	if (r4 >= 0 && l->found.n < INSIDE_MAX) {
		l->family = AF_INET6;
		r6 = list_family(ct, l);
		if (r6 == -EAFNOSUPPORT || r6 == -EOPNOTSUPP)
			r6 = 0;
	}
	return r4 < 0 ? r4 : r6 < 0 ? r6 : r4 | r6;
}

int inside_list(struct rtnl *ct, unsigned index, struct ipaddrs *ret)
{
	struct listing l = { .index = index };
	int r = 1;

	/* a container that changes its addresses all the time gets what was seen last */
	for (int i = 0; r > 0 && i < LIST_TRIES; i++)
		r = list_once(ct, &l);
	if (r < 0) {
		ipaddrs_clear(&l.found);
		return r;
	}
	*ret = l.found;
	return 0;
}
