/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/venet.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "netconf/forward.h"
#include "netconf/inside.h"
#include "netconf/owner.h"
#include "netconf/route.h"
#include "netconf/veth.h"

/* Both ends of one container's link: a socket in each namespace, and the ifindex there. */
struct ends {
	uint32_t ctid;
	struct rtnl *host, *ct;
	unsigned out, in;
};

static void ends_close(struct ends *n)
{
	rtnl_close(n->host);
	rtnl_close(n->ct);
}

#define _cleanup_ends_ _cleanup_(ends_close)

static int ends_open(struct ends *n, int netns, struct err *e)
{
	int r = rtnl_open(&n->host, -1, e);

	return r < 0 ? r : rtnl_open(&n->ct, netns, e);
}

/* The sentence for a refusal of the kernel, its own words after ours. */
static int refused(const struct rtnl *r, int error, uint32_t ctid, const char *what,
		   struct err *e)
{
	errno = -error;
	switch (-error) {
	case EOPNOTSUPP:
	case EAFNOSUPPORT:
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

/* The same about one address; `r` tells which side refused it. */
static int refused_addr(const struct ends *n, const struct rtnl *r, int error,
			const struct ipaddr *ip, struct err *e)
{
	const bool inet6 = ip->family == AF_INET6;
	char text[IPADDR_STRLEN], what[80];

	ipaddr_str(ip, text);
	if (inet6 && (error == -EOPNOTSUPP || error == -EAFNOSUPPORT))
		return fail(e, E_BAD_KERNEL,
			    "cannot add address %s: the kernel has no IPv6 "
			    "(CONFIG_IPV6, or it was booted with ipv6.disable=1)", text);
	if (inet6 && error == -EACCES)
		return fail(e, E_ADDIP,
			    "cannot add address %s: IPv6 is turned off %s "
			    "(net.ipv6.conf.all.disable_ipv6)", text,
			    r == n->ct ? "in the container" : "on this host");
	snprintf(what, sizeof(what), "add address %s", text);
	return refused(r, error, n->ctid, what, e);
}

/* ---- addresses --- */

/*
 * Claim the address by its route. "Exclusive" holds per metric only, so a route that
 * somebody else made is looked for first, and one that appears between the look and the claim
 * goes unnoticed if its metric differs. Ours all have one metric: of two containers only one
 * can win. A claim of the container's own may be left on the pair of its last run and is
 * moved. *ret_made: this call made or moved the route.
 */
static int claim(const struct ends *n, const struct ipaddr *ip, bool *ret_made,
		 struct err *e)
{
	struct addr_owner o;
	int r = owner_find(n->host, ip, &o, e);

	if (r < 0)
		return r;
	if (r && o.ctid != n->ctid)
		return owner_refuse(&o, ip, e);
	*ret_made = !r || o.index != n->out;
	if (!*ret_made)
		return 0;
	r = r ? route_move(n->host, n->out, ip, WABE_RTPROT) :
		route_host(n->host, true, n->out, ip, WABE_RTPROT);
	if (r != -EEXIST)
		return r ? refused_addr(n, n->host, r, ip, e) : 0;
	if (owner_find(n->host, ip, &o, NULL) <= 0)
		o = (struct addr_owner){ .what = "unreachable or blackhole route" };
	return owner_refuse(&o, ip, e);
}

/* The host's side first: it is the claim. */
static int add_one(const struct ends *n, const struct ipaddr *ip, struct err *e)
{
	bool made = false;
	int r = claim(n, ip, &made, e);

	if (r < 0)
		return r;
	r = inside_add(n->ct, n->in, ip);
	if (!r)
		return 0;
	r = refused_addr(n, n->ct, r, ip, e);
	if (made)
		route_host(n->host, false, n->out, ip, WABE_RTPROT);
	return r;
}

/* ---- the pair --- */

static int new_pair(struct ends *n, int netns, struct err *e)
{
	struct rtnl_link l = { 0 };
	char name[16];
	int r;

	venet_name(n->ctid, name);
	r = veth_make(n->host, n->ctid, name, netns);
	if (r == -EOPNOTSUPP)
		return fail(e, E_BAD_KERNEL, "the kernel has no veth links (CONFIG_VETH)%s",
			    n->host->why);
	if (r == -EEXIST)
		return fail(e, E_ADDIP, "a link %s that is not ours is in the way", name);
	if (!r)
		r = rtnl_link(n->host, name, 0, &l);
	n->out = l.index;
	return r ? refused(n->host, r, n->ctid, "make the link", e) : 0;
}

static int host_setup(const struct ends *n, struct err *e)
{
	bool inet6 = false;
	char name[16], alias[32];
	int r = veth_configure(n->host, n->out, true, &inet6);

	venet_name(n->ctid, name);
	venet_alias(n->ctid, alias);
	if (!r && inet6 && forward_guard(name, e) < 0)
		return -E_ADDIP;
	if (!r)
		r = veth_up(n->host, n->out, alias);
	return r ? refused(n->host, r, n->ctid, "set up the host's link", e) : 0;
}

static int fill(struct ends *n, const struct ipaddrs *ips, struct err *e)
{
	int r = host_setup(n, e);

	if (r < 0)
		return r;
	r = inside_setup(n->ct, &n->in);
	if (r)
		return refused(n->ct, r, n->ctid, "set up venet0", e);
	for (size_t i = 0; r >= 0 && i < ips->n; i++)
		r = add_one(n, &ips->v[i], e);
	if (r < 0)
		return r;
	/* last: the kernel had all that time for it */
	veth_settle(n->host, n->out);
	inside_settle(n->ct, ips->v, ips->n);
	return 0;
}

static int make(struct ends *n, int netns, const struct ipaddrs *ips, struct err *e)
{
	int r;

	forward_on();
	r = new_pair(n, netns, e);
	if (r < 0)
		return r;
	r = fill(n, ips, e);
	if (r < 0)
		veth_delete(n->host, n->out);
	return r;
}

int venet_up(uint32_t ctid, int netns, const struct ipaddrs *ips, struct err *e)
{
	_cleanup_ends_ struct ends n = { .ctid = ctid };
	int r = ends_open(&n, netns, e);

	return r < 0 ? r : make(&n, netns, ips, e);
}

int venet_lo(uint32_t ctid, int netns, struct err *e)
{
	_cleanup_rtnl_ struct rtnl *ct = NULL;
	int r = rtnl_open(&ct, netns, e);

	if (r < 0)
		return r;
	r = veth_up_lo(ct);
	return r ? refused(ct, r, ctid, "bring up lo", e) : 0;
}

/* ---- what is there --- */

/* The host's end: 1 with its ifindex, 0: none that is ours, or a negative code. */
static int find_out(struct ends *n, struct err *e)
{
	struct rtnl_link l;
	char name[16];
	int r;

	venet_name(n->ctid, name);
	r = rtnl_link(n->host, name, 0, &l);
	errno = -r;
	if (r && r != -ENODEV)
		return fail(e, E_SYSTEM, "cannot look up link %s: %m%s", name, n->host->why);
	if (r || !owner_has_link(&l, n->ctid))
		return 0;
	n->out = l.index;
	return 1;
}

static int find_in(struct ends *n, struct err *e)
{
	if (inside_find(n->ct, &n->in))
		return fail(e, E_ADDIP, "container %u has lost its venet0", n->ctid);
	return 0;
}

static int find_both(struct ends *n, struct err *e)
{
	int r = find_out(n, e);

	if (!r)
		return fail(e, E_ADDIP, "container %u has lost its venet0", n->ctid);
	return r < 0 ? r : find_in(n, e);
}

/*
 * An end without the other: the host's is one of the last run, still dying, or its peer was
 * renamed; no address is lost with it, and veth_make() moves it out of the way. The
 * container's is something else that its root made.
 */
int venet_attach(uint32_t ctid, int netns, struct err *e)
{
	_cleanup_ends_ struct ends n = { .ctid = ctid };
	const struct ipaddrs none = { 0 };
	int in, r = ends_open(&n, netns, e);

	if (r >= 0)
		r = find_out(&n, e);
	if (r < 0)
		return r;
	in = inside_find(n.ct, &n.in);
	if (in && in != -ENODEV)
		return refused(n.ct, in, ctid, "look up venet0", e);
	if (!r && !in)
		return fail(e, E_ADDIP, "container %u has a venet0 of its own", ctid);
	/* both: somebody may have been killed before they were set up */
	return in ? make(&n, netns, &none, e) : fill(&n, &none, e);
}

int venet_addr_add(uint32_t ctid, int netns, const struct ipaddr *ip, struct err *e)
{
	_cleanup_ends_ struct ends n = { .ctid = ctid };
	int r = ends_open(&n, netns, e);

	if (r >= 0)
		r = find_both(&n, e);
	if (r >= 0)
		r = add_one(&n, ip, e);
	if (r >= 0)
		inside_settle(n.ct, ip, 1);
	return r;
}

int venet_addr_del(uint32_t ctid, int netns, const struct ipaddr *ip, struct err *e)
{
	_cleanup_ends_ struct ends n = { .ctid = ctid };
	int r = ends_open(&n, netns, e);

	if (r >= 0)
		r = find_both(&n, e);
	if (r < 0)
		return r;
	r = route_host(n.host, false, n.out, ip, WABE_RTPROT);
	if (r && r != -ESRCH)
		return refused(n.host, r, ctid, "remove the host's route", e);
	r = inside_del(n.ct, n.in, ip);
	return r ? refused(n.ct, r, ctid, "remove an address", e) : 0;
}

int venet_addrs(uint32_t ctid, int netns, struct ipaddrs *ret, struct err *e)
{
	_cleanup_ends_ struct ends n = { .ctid = ctid };
	int r = rtnl_open(&n.ct, netns, e);

	if (r >= 0)
		r = find_in(&n, e);
	if (r < 0)
		return r;
	r = inside_list(n.ct, n.in, ret);
	return r ? refused(n.ct, r, ctid, "list the addresses", e) : 0;
}

int venet_down(uint32_t ctid, const struct ipaddrs *ips, bool wait, struct err *e)
{
	_cleanup_ends_ struct ends n = { .ctid = ctid };
	int r = rtnl_open(&n.host, -1, e);

	if (r >= 0)
		r = find_out(&n, e);
	if (r <= 0)
		return r; /* its routes went with it */
	for (size_t i = 0; i < ips->n; i++)
		route_host(n.host, false, n.out, &ips->v[i], WABE_RTPROT);
	/* the answer comes when the name is free again */
	r = wait ? veth_delete(n.host, n.out) : 0;
	return r && r != -ENODEV ? refused(n.host, r, ctid, "remove the link", e) : 0;
}

int venet_link(uint32_t ctid, struct err *e)
{
	_cleanup_ends_ struct ends n = { .ctid = ctid };
	int r = rtnl_open(&n.host, -1, e);

	if (r >= 0)
		r = find_out(&n, e);
	return r > 0 ? (int)n.out : r;
}
