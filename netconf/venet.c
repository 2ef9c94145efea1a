/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/venet.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/cleanup.h"
#include "netconf/forward.h"
#include "netconf/owner.h"
#include "netconf/route.h"

enum {
	MTU = 1500,
	STALE_TRIES = 60,	/* of 5 ms: a dying network namespace takes tens of ms */
};

static const struct ipaddr gateway4 = { AF_INET, { 169, 254, 0, 1 }, 32 };
static const struct ipaddr gateway6 = { AF_INET6, { 0xfe, 0x80, [15] = 1 }, 128 };

static void cleanup_rtnl(struct rtnl **r)
{
	rtnl_close(*r);
}

#define _cleanup_rtnl_ _cleanup_(cleanup_rtnl)

static int refused(struct rtnl *r, int error, uint32_t ctid, const char *what, struct err *e)
{
	errno = -error;
	switch (-error) {
	case EOPNOTSUPP:
		return fail(e, E_BAD_KERNEL, "cannot %s of container %u: %m%s", what, ctid,
			    r->why);
	case ENOBUFS:
		return fail(e, E_ADDIP,
			    "cannot %s of container %u: the neighbour table is full "
			    "(net.ipv4.neigh.default.gc_thresh3)", what, ctid);
	default:
		return fail(e, E_ADDIP, "cannot %s of container %u: %m%s", what, ctid, r->why);
	}
}

/* ---- the pair --- */

/* What both ends have in common: one queue (the default is one per possible processor), and
 * the same address, so that neither needs to ask for the other's. */
static void put_end(struct nlmsghdr *m, const char *name, uint32_t ctid)
{
	const uint8_t mac[6] = { 0x02, 0x56, ctid >> 24 & 0xff, ctid >> 16 & 0xff,
				 ctid >> 8 & 0xff, ctid & 0xff };

	mnl_attr_put_strz(m, IFLA_IFNAME, name);
	mnl_attr_put(m, IFLA_ADDRESS, sizeof(mac), mac);
	mnl_attr_put_u32(m, IFLA_MTU, MTU);
	mnl_attr_put_u32(m, IFLA_NUM_TX_QUEUES, 1);
	mnl_attr_put_u32(m, IFLA_NUM_RX_QUEUES, 1);
}

/* One message makes both ends, the container's right in its namespace: a link that moves
 * between namespaces costs sixty times as much. */
static int make_pair(struct rtnl *r, uint32_t ctid, const char *host, int netns)
{
	struct nlattr *info, *data, *peer;
	struct ifinfomsg *h;
	struct nlmsghdr *m = rtnl_new(r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(*h),
				      (void **)&h);

	put_end(m, host, ctid);
	mnl_attr_put_u32(m, IFLA_GROUP, VENET_GROUP);
	info = mnl_attr_nest_start(m, IFLA_LINKINFO);
	mnl_attr_put_strz(m, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(m, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(m, VETH_INFO_PEER);
	memset(mnl_nlmsg_put_extra_header(m, sizeof(*h)), 0, sizeof(*h));
	put_end(m, "venet0", ctid);
	mnl_attr_put_u32(m, IFLA_NET_NS_FD, (uint32_t)netns);
	mnl_attr_nest_end(m, peer);
	mnl_attr_nest_end(m, data);
	mnl_attr_nest_end(m, info);
	return rtnl_do(r, m);
}

static int delete_link(struct rtnl *r, unsigned index)
{
	struct ifinfomsg *h;
	struct nlmsghdr *m = rtnl_new(r, RTM_DELLINK, 0, sizeof(*h), (void **)&h);

	h->ifi_index = (int)index;
	return rtnl_do(r, m);
}

static int rename_link(struct rtnl *r, unsigned index)
{
	struct ifinfomsg *h;
	struct nlmsghdr *m = rtnl_new(r, RTM_SETLINK, 0, sizeof(*h), (void **)&h);
	char name[16];

	h->ifi_index = (int)index;
	snprintf(name, sizeof(name), "gone%x", index);
	mnl_attr_put_strz(m, IFLA_IFNAME, name);
	return rtnl_do(r, m);
}

/*
 * The name may still be held by the pair of the container's last run, whose namespace dies in
 * the background: 20 ms alone, seconds after a mass stop. The container does not run, so that
 * link is renamed out of the way at once; kernels before 6.2 rename no link that is up, there
 * it is given time, and at last removed.
 */
static int make_fresh_pair(struct rtnl *r, uint32_t ctid, const char *host, int netns)
{
	const struct timespec moment = { .tv_nsec = 5000000 };
	struct rtnl_link l;
	int error;

	for (int i = 0; i < STALE_TRIES; i++) {
		error = make_pair(r, ctid, host, netns);
		if (error != -EEXIST)
			return error;
		if (rtnl_link(r, host, 0, &l))
			continue;
		if (l.group != VENET_GROUP)
			return -EEXIST;
		if (rename_link(r, l.index))
			nanosleep(&moment, NULL);
	}
	if (!rtnl_link(r, host, 0, &l))
		delete_link(r, l.index);
	return make_pair(r, ctid, host, netns);
}

static void put_inet_conf(struct nlmsghdr *m, bool host)
{
	struct nlattr *inet = mnl_attr_nest_start(m, AF_INET);
	struct nlattr *conf = mnl_attr_nest_start(m, IFLA_INET_CONF);

	/* written out: a new namespace inherits what the host's happen to be */
	mnl_attr_put_u32(m, IPV4_DEVCONF_RP_FILTER, host);
	mnl_attr_put_u32(m, IPV4_DEVCONF_ACCEPT_REDIRECTS, 0);
	mnl_attr_put_u32(m, IPV4_DEVCONF_SEND_REDIRECTS, 0);
	mnl_attr_nest_end(m, conf);
	mnl_attr_nest_end(m, inet);
}

/* Before it is up: no link-local address is generated, so no duplicate detection runs. */
static int configure(struct rtnl *r, unsigned index, bool host, bool inet6)
{
	struct ifinfomsg *h;
	struct nlmsghdr *m = rtnl_new(r, RTM_SETLINK, 0, sizeof(*h), (void **)&h);
	struct nlattr *spec, *in6;

	h->ifi_index = (int)index;
	spec = mnl_attr_nest_start(m, IFLA_AF_SPEC);
	put_inet_conf(m, host);
	if (inet6) {
		in6 = mnl_attr_nest_start(m, AF_INET6);
		mnl_attr_put_u8(m, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
		mnl_attr_nest_end(m, in6);
	}
	mnl_attr_nest_end(m, spec);
	return rtnl_do(r, m);
}

static int set_up(struct rtnl *r, unsigned index, unsigned flags, const char *alias)
{
	struct ifinfomsg *h;
	struct nlmsghdr *m = rtnl_new(r, RTM_SETLINK, 0, sizeof(*h), (void **)&h);

	h->ifi_index = (int)index;
	h->ifi_flags = h->ifi_change = IFF_UP | flags;
	if (alias)
		mnl_attr_put_strz(m, IFLA_IFALIAS, alias);
	return rtnl_do(r, m);
}

/* A kernel or namespace without IPv6 refuses the part for it: *inet6 is false then. */
static int bring_up(struct rtnl *r, unsigned index, const char *alias, bool *inet6)
{
	int error = configure(r, index, alias != NULL, *inet6);

	if (*inet6 && (error == -EAFNOSUPPORT || error == -EINVAL)) {
		*inet6 = false;
		error = configure(r, index, alias != NULL, false);
	}
	return error ? error : set_up(r, index, IFF_NOARP, alias);
}

/* ---- the container's side --- */

static int make_inside(struct rtnl *ct, struct err *e, uint32_t ctid, unsigned *ret_index)
{
	struct rtnl_link l;
	bool inet6 = true;
	int error = set_up(ct, 1, 0, NULL); /* lo is always 1 */

	if (!error)
		error = rtnl_link(ct, "venet0", 0, &l);
	if (!error)
		error = bring_up(ct, l.index, NULL, &inet6);
	if (error)
		return refused(ct, error, ctid, "set up venet0", e);
	*ret_index = l.index;
	return 0;
}

/* ---- addresses --- */

static int in_use(const struct addr_owner *o, const struct ipaddr *ip, struct err *e)
{
	char text[IPADDR_STRLEN];

	ipaddr_str(ip, text);
	if (o->ctid)
		return fail(e, E_IP_INUSE, "address %s is used by container %u", text, o->ctid);
	return fail(e, E_IP_INUSE, "address %s is used by this host (%s)", text, o->what);
}

/* The host's route first: it is the claim. IPv6 knows "exclusive" per metric only, so another
 * route to the address is looked for before; two of ours have one metric and exclude each
 * other. */
static int add_route(struct rtnl *host, uint32_t ctid, unsigned index,
		     const struct ipaddr *ip, struct err *e)
{
	struct addr_owner o;
	int r = owner_find(host, ip, &o, e);

	if (r < 0)
		return r;
	if (r)
		return o.ctid == ctid ? 0 : in_use(&o, ip, e);
	r = route_host(host, true, index, ip, WABE_RTPROT);
	if (r == -EEXIST && owner_find(host, ip, &o, NULL) > 0)
		return in_use(&o, ip, e);
	return r ? refused(host, r, ctid, "add the host's route", e) : 0;
}

/* With each address, not once: the kernel drops all IPv4 routes of a link with its last
 * address. One that the container has already stays as it is. */
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

static int add_one(struct rtnl *host, struct rtnl *ct, uint32_t ctid, unsigned outside,
		   unsigned inside, const struct ipaddr *ip, struct err *e)
{
	int r = add_route(host, ctid, outside, ip, e);

	if (r < 0)
		return r;
	r = route_addr(ct, true, inside, ip);
	if (!r || r == -EEXIST)
		r = add_default(ct, inside, ip->family);
	if (!r)
		return 0;
	route_host(host, false, outside, ip, WABE_RTPROT);
	return refused(ct, r, ctid, "add an address", e);
}

/* ---- the whole --- */

static int fill(struct rtnl *host, uint32_t ctid, const char *name, int netns,
		const struct ipaddrs *ips, struct err *e)
{
	_cleanup_rtnl_ struct rtnl *ct = NULL;
	struct rtnl_link l;
	bool inet6 = true;
	unsigned inside = 0;
	char alias[32];
	int r;

	snprintf(alias, sizeof(alias), "wabe:%u:0", ctid);
	r = rtnl_link(host, name, 0, &l);
	if (!r)
		r = bring_up(host, l.index, alias, &inet6);
	if (r)
		return refused(host, r, ctid, "set up the host's link", e);
	r = rtnl_open(&ct, netns, e);
	if (r >= 0)
		r = make_inside(ct, e, ctid, &inside);
	for (size_t i = 0; r >= 0 && i < ips->n; i++)
		r = add_one(host, ct, ctid, l.index, inside, &ips->v[i], e);
	return r;
}

int venet_up(uint32_t ctid, int netns, const struct ipaddrs *ips, struct err *e)
{
	_cleanup_rtnl_ struct rtnl *host = NULL;
	struct rtnl_link l;
	char name[16];
	int r = rtnl_open(&host, -1, e);

	if (r < 0)
		return r;
	forward_on();
	venet_name(ctid, name);
	r = make_fresh_pair(host, ctid, name, netns);
	if (r == -EOPNOTSUPP)
		return fail(e, E_BAD_KERNEL, "the kernel has no veth links (CONFIG_VETH)");
	if (r == -EEXIST)
		return fail(e, E_ADDIP, "a link %s that is not ours is in the way", name);
	if (r)
		return refused(host, r, ctid, "make the link", e);
	r = fill(host, ctid, name, netns, ips, e);
	if (r < 0 && !rtnl_link(host, name, 0, &l))
		delete_link(host, l.index);
	return r;
}

/* Both ends of a running container's link. */
static int find_ends(struct rtnl *host, struct rtnl *ct, uint32_t ctid, unsigned *ret_out,
		     unsigned *ret_in, struct err *e)
{
	struct rtnl_link out, in;
	char name[16];

	venet_name(ctid, name);
	if (rtnl_link(host, name, 0, &out) || out.group != VENET_GROUP ||
	    rtnl_link(ct, "venet0", 0, &in))
		return fail(e, E_ADDIP, "container %u has lost its venet0", ctid);
	*ret_out = out.index;
	*ret_in = in.index;
	return 0;
}

static int change(uint32_t ctid, int netns, const struct ipaddr *ip, bool add, struct err *e)
{
	_cleanup_rtnl_ struct rtnl *host = NULL, *ct = NULL;
	unsigned out = 0, in = 0;
	int r = rtnl_open(&host, -1, e);

	if (r >= 0)
		r = rtnl_open(&ct, netns, e);
	if (r >= 0)
		r = find_ends(host, ct, ctid, &out, &in, e);
	if (r < 0)
		return r;
	if (add)
		return add_one(host, ct, ctid, out, in, ip, e);
	r = route_host(host, false, out, ip, WABE_RTPROT);
	if (r && r != -ESRCH)
		return refused(host, r, ctid, "remove the host's route", e);
	/* the container's root may have removed it already */
	r = route_addr(ct, false, in, ip);
	if (r && r != -EADDRNOTAVAIL)
		return refused(ct, r, ctid, "remove an address", e);
	return 0;
}

int venet_addr_add(uint32_t ctid, int netns, const struct ipaddr *ip, struct err *e)
{
	return change(ctid, netns, ip, true, e);
}

int venet_addr_del(uint32_t ctid, int netns, const struct ipaddr *ip, struct err *e)
{
	return change(ctid, netns, ip, false, e);
}

int venet_down(uint32_t ctid, const struct ipaddrs *ips, bool wait, struct err *e)
{
	_cleanup_rtnl_ struct rtnl *host = NULL;
	struct rtnl_link l;
	char name[16];
	int r = rtnl_open(&host, -1, e);

	if (r < 0)
		return r;
	venet_name(ctid, name);
	if (rtnl_link(host, name, 0, &l) || l.group != VENET_GROUP)
		return 0; /* its routes went with it */
	for (size_t i = 0; i < ips->n; i++)
		route_host(host, false, l.index, &ips->v[i], WABE_RTPROT);
	r = wait ? delete_link(host, l.index) : 0;
	return r && r != -ENODEV ? refused(host, r, ctid, "remove the link", e) : 0;
}

int venet_link(uint32_t ctid, struct err *e)
{
	_cleanup_rtnl_ struct rtnl *host = NULL;
	struct rtnl_link l;
	char name[16];
	int r = rtnl_open(&host, -1, e);

	if (r < 0)
		return r;
	venet_name(ctid, name);
	return rtnl_link(host, name, 0, &l) || l.group != VENET_GROUP ? 0 : (int)l.index;
}
