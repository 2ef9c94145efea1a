/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * venet: a routed point-to-point link between the host and one container.
 *
 * A veth pair whose peer is created inside the container's network namespace as "venet0":
 * one queue, NOARP and the same locally administered MAC on both ends, so there is no ARP
 * and no neighbour discovery on the link. The container holds its addresses as /32 and /128
 * and a default route by 169.254.0.1 and fe80::1 (on-link). The host has one route per
 * address to its end of the pair, with a routing protocol number of our own.
 *
 * That route is the claim on the address: it is made exclusively, so two containers cannot
 * have one address, and it goes when the network namespace goes. Nothing is recorded
 * elsewhere. The host's end is found by the container's id alone: name v<CTID>.0 with the
 * alias "wabe:CTID:0"; a link of that name without the alias is not ours.
 *
 * Order: venet_up() after clone with the child waiting; venet_addr_add/del while it runs;
 * venet_down() first thing at teardown (routes go at once; the pair goes with the
 * namespace). Everything is synchronous netlink, no forks, no dumps.
 */
#ifndef NETCONF_VENET_H
#define NETCONF_VENET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "config/conf.h"

/* RTPROT of our routes (ip route: "proto 170"). */
enum { WABE_RTPROT = 170 };

/*
 * Make the pair, set up both sides, bring up lo and add all addresses. `netns` is a
 * descriptor of the container's network namespace; stays the caller's. Turns on
 * net.ipv4.ip_forward and net.ipv6.conf.all.forwarding in the calling namespace when they are off.
 * E_IP_INUSE names the holder of an address; E_BAD_KERNEL names the missing CONFIG_ option;
 * else E_ADDIP. On failure nothing of it stays.
 */
int venet_up(uint32_t ctid, int netns, const struct ipaddrs *ips, struct err *e);

/* On a running container. Re-adding an address it has is success. */
int venet_addr_add(uint32_t ctid, int netns, const struct ipaddr *ip, struct err *e);
int venet_addr_del(uint32_t ctid, int netns, const struct ipaddr *ip, struct err *e);

/* Remove what the host has of the container's link: routes of the addresses given, and the
 * pair if `wait` is true (else it goes with the namespace). Not there is success. */
int venet_down(uint32_t ctid, const struct ipaddrs *ips, bool wait, struct err *e);

/* Is the host's end there (and ours)? Returns its ifindex, 0: no, or a negative code. */
int venet_link(uint32_t ctid, struct err *e);

/*
 * Who has an address on the node. `ctid` 0: the host itself or a route that is not ours, then
 * `what` says which ("address of eth0", "route on v7.0").
 */
struct addr_owner {
	uint32_t ctid;
	char what[64];
};

/* Is nobody but the container itself using any of the addresses? E_IP_INUSE names who does. */
int venet_addrs_free(uint32_t ctid, const struct ipaddrs *ips, struct err *e);

#endif
