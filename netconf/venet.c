/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/venet.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "netconf/forward.h"
#include "netconf/owner.h"
#include "netconf/route.h"
#include "netconf/veth.h"

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

/* ---- the container's side --- */

static int make_inside(struct rtnl *ct, struct err *e, uint32_t ctid, unsigned *ret_index)
{
	struct rtnl_link l;
	bool inet6 = true;
	int error = veth_up(ct, 1, 0, NULL); /* lo is always 1 */

	if (!error)
		error = rtnl_link(ct, "venet0", 0, &l);
	if (!error)
		error = veth_bring_up(ct, l.index, NULL, &inet6);
	if (error)
		return refused(ct, error, ctid, "set up venet0", e);
	*ret_index = l.index;
	return 0;
}

/* ---- addresses --- */

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
		return o.ctid == ctid ? 0 : owner_refuse(&o, ip, e);
	r = route_host(host, true, index, ip, WABE_RTPROT);
	if (r == -EEXIST && owner_find(host, ip, &o, NULL) > 0)
		return owner_refuse(&o, ip, e);
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
		r = veth_bring_up(host, l.index, alias, &inet6);
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
	r = veth_make(host, ctid, name, netns);
	if (r == -EOPNOTSUPP)
		return fail(e, E_BAD_KERNEL, "the kernel has no veth links (CONFIG_VETH)");
	if (r == -EEXIST)
		return fail(e, E_ADDIP, "a link %s that is not ours is in the way", name);
	if (r)
		return refused(host, r, ctid, "make the link", e);
	r = fill(host, ctid, name, netns, ips, e);
	if (r < 0 && !rtnl_link(host, name, 0, &l))
		veth_delete(host, l.index);
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
	r = wait ? veth_delete(host, l.index) : 0;
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
