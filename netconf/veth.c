/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/veth.h"

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

#include "netconf/owner.h"

enum {
	MTU = 1500,
	TXQLEN = 1000,
	LO_INDEX = 1,		/* in every network namespace */
	STALE_TRIES = 60,	/* of 5 ms: a dying network namespace takes tens of ms */
	SETTLE_TRIES = 600,	/* of 0.5 ms */
};

/* What both ends have in common: one queue (the default is one per possible processor), and
 * the same address, so that neither needs to ask for the other's. */
static void put_end(struct rtnl *r, const char *name, uint32_t ctid)
{
	const uint8_t mac[6] = { 0x02, 0x56, ctid >> 24 & 0xff, ctid >> 16 & 0xff,
				 ctid >> 8 & 0xff, ctid & 0xff };

	rtnl_put_str(r, IFLA_IFNAME, name);
	rtnl_put(r, IFLA_ADDRESS, mac, sizeof(mac));
	rtnl_put_u32(r, IFLA_MTU, MTU);
	rtnl_put_u32(r, IFLA_TXQLEN, TXQLEN);
	rtnl_put_u32(r, IFLA_NUM_TX_QUEUES, 1);
	rtnl_put_u32(r, IFLA_NUM_RX_QUEUES, 1);
}

/* One message makes both ends, the container's right in its namespace: a link that moves
 * between namespaces costs sixty times as much. The ifindex is the kernel's choice: with a
 * given one it looks for the name only after both ends are there, and a name that is taken
 * costs 16 ms to find out. */
static int make_pair(struct rtnl *r, uint32_t ctid, const char *host, int netns)
{
	struct nlattr *info, *data, *peer;
	struct ifinfomsg *h = rtnl_new(r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(*h));

	put_end(r, host, ctid);
	rtnl_put_u32(r, IFLA_GROUP, VENET_GROUP);
	info = rtnl_nest(r, IFLA_LINKINFO);
	rtnl_put_str(r, IFLA_INFO_KIND, "veth");
	data = rtnl_nest(r, IFLA_INFO_DATA);
	peer = rtnl_nest(r, VETH_INFO_PEER);
	rtnl_put_zero(r, sizeof(*h));
	put_end(r, "venet0", ctid);
	rtnl_put_u32(r, IFLA_NET_NS_FD, (uint32_t)netns);
	rtnl_nest_end(r, peer);
	rtnl_nest_end(r, data);
	rtnl_nest_end(r, info);
	return rtnl_do(r);
}

int veth_delete(struct rtnl *r, unsigned index)
{
	struct ifinfomsg *h = rtnl_new(r, RTM_DELLINK, 0, sizeof(*h));

	h->ifi_index = (int)index;
	return rtnl_do(r);
}

static int rename_link(struct rtnl *r, unsigned index)
{
	struct ifinfomsg *h = rtnl_new(r, RTM_SETLINK, 0, sizeof(*h));
	char name[16];

	h->ifi_index = (int)index;
	snprintf(name, sizeof(name), "gone%x", index);
	rtnl_put_str(r, IFLA_IFNAME, name);
	return rtnl_do(r);
}

/*
 * The name may still be held by the pair of the container's last run, whose namespace dies in
 * the background: 20 ms alone, seconds after a mass stop. The container does not run, so that
 * link is renamed out of the way at once; kernels before 6.2 rename no link that is up, there
 * it is given time, and at last removed.
 */
int veth_make(struct rtnl *r, uint32_t ctid, const char *host, int netns)
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
		if (!owner_has_link(&l, ctid))
			return -EEXIST;
		if (rename_link(r, l.index))
			nanosleep(&moment, NULL);
	}
	if (!rtnl_link(r, host, 0, &l) && owner_has_link(&l, ctid))
		veth_delete(r, l.index);
	return make_pair(r, ctid, host, netns);
}

/* Written out: a new namespace inherits what the host's happen to be. Forwarding is not: set
 * for one link only, it would make the container's own "ip_forward=1" a no-op. */
static void put_inet(struct rtnl *r, bool host)
{
	struct nlattr *inet = rtnl_nest(r, AF_INET);
	struct nlattr *conf = rtnl_nest(r, IFLA_INET_CONF);

	rtnl_put_u32(r, IPV4_DEVCONF_RP_FILTER, host);
	rtnl_put_u32(r, IPV4_DEVCONF_ACCEPT_REDIRECTS, 0);
	rtnl_put_u32(r, IPV4_DEVCONF_SEND_REDIRECTS, 0);
	rtnl_nest_end(r, conf);
	rtnl_nest_end(r, inet);
}

/* No link-local address is generated, so no duplicate detection runs when it goes up. */
static void put_inet6(struct rtnl *r)
{
	struct nlattr *inet6 = rtnl_nest(r, AF_INET6);

	rtnl_put_u8(r, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	rtnl_nest_end(r, inet6);
}

static int put_conf(struct rtnl *r, unsigned index, bool host, bool inet6)
{
	struct ifinfomsg *h = rtnl_new(r, RTM_SETLINK, 0, sizeof(*h));
	struct nlattr *spec;

	h->ifi_index = (int)index;
	spec = rtnl_nest(r, IFLA_AF_SPEC);
	put_inet(r, host);
	if (inet6)
		put_inet6(r);
	rtnl_nest_end(r, spec);
	return rtnl_do(r);
}

int veth_configure(struct rtnl *r, unsigned index, bool host, bool *ret_inet6)
{
	int error = put_conf(r, index, host, true);

	*ret_inet6 = error != -EAFNOSUPPORT && error != -EOPNOTSUPP;
	return *ret_inet6 ? error : put_conf(r, index, host, false);
}

static int set_up(struct rtnl *r, unsigned index, unsigned flags, const char *alias)
{
	struct ifinfomsg *h = rtnl_new(r, RTM_SETLINK, 0, sizeof(*h));

	h->ifi_index = (int)index;
	h->ifi_flags = h->ifi_change = flags;
	if (alias)
		rtnl_put_str(r, IFLA_IFALIAS, alias);
	return rtnl_do(r);
}

int veth_up(struct rtnl *r, unsigned index, const char *alias)
{
	return set_up(r, index, IFF_UP | IFF_NOARP, alias);
}

int veth_up_lo(struct rtnl *r)
{
	return set_up(r, LO_INDEX, IFF_UP, NULL);
}

/*
 * The end that goes up first has no carrier yet. When the other one gives it that, the kernel
 * lets a work queue (linkwatch) replace the queue that drops every packet; until then what the
 * host sends is lost without a word. The operational state follows in the same breath. Since
 * Linux 6.8 asking for the link does the work at once.
 */
void veth_settle(struct rtnl *r, unsigned index)
{
	const struct timespec moment = { .tv_nsec = 500000 };
	struct rtnl_link l;

	for (int i = 0; i < SETTLE_TRIES; i++) {
		if (rtnl_link(r, NULL, index, &l) || l.operstate == IF_OPER_UP)
			return;
		nanosleep(&moment, NULL);
	}
}
