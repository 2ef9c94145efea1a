/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * venet: a routed point-to-point link between the host and one container.
 *
 * A veth pair whose peer is created inside the container's network namespace as "venet0":
 * one queue, NOARP and the same locally administered MAC on both ends (netconf/veth.h), so
 * there is no ARP and no neighbour discovery on the link. The container holds its addresses
 * as /32 and /128 and has default routes by 169.254.0.1 and fe80::1 (on-link) from the
 * beginning, whatever addresses it has; where the kernel has no IPv6, or it is turned off,
 * that half is missing and only asking for an IPv6 address is an error. The host has one
 * route per address to its end of the pair, with a routing protocol number of our own. It
 * takes no source address that it would not route back there (IPv4; rp_filter), no redirect
 * and no router advertisement from the link.
 *
 * That route is the claim on the address: it is made exclusively, so two containers cannot
 * have one address, and it goes when the network namespace goes. Nothing is recorded
 * elsewhere. "Exclusively" is the kernel's word for one metric: a foreign route that appears
 * with another metric in the microseconds between the look for it and the claim is not
 * noticed. The host's end is found by the container's id alone: name v<CTID>.0 with the
 * alias "wabe:CTID:0"; a link of that name with another alias, or with none and not in our
 * device group, is not ours.
 *
 * Order: venet_up() after clone with the child waiting; venet_addr_add/del while it runs;
 * venet_down() first thing at teardown (routes go at once; the pair goes with the
 * namespace). A container without addresses can do with venet_lo() in place of venet_up();
 * then venet_attach() before its first address is recorded and added.
 *
 * Everything is synchronous netlink, no forks, no dumps of what belongs to others. For
 * single-threaded callers: opening a socket in the container's namespace takes the calling
 * thread there and back, and the program aborts when it cannot come back.
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
 * net.ipv4.ip_forward and net.ipv6.conf.all.forwarding in the calling namespace when they
 * are off. The link of a former run makes way. The addresses answer when it returns.
 * E_IP_INUSE names the holder of an address; E_BAD_KERNEL names the missing CONFIG_ option;
 * E_SYSTEM: no netlink socket; else E_ADDIP. On failure nothing of it stays.
 */
int venet_up(uint32_t ctid, int netns, const struct ipaddrs *ips, struct err *e);

/* lo alone: what a container without any address needs. */
int venet_lo(uint32_t ctid, int netns, struct err *e);

/* The pair in a running container that has no address: made when it is not there, else set
 * up to the end. E_ADDIP: a link that is not ours has one of its names. */
int venet_attach(uint32_t ctid, int netns, struct err *e);

/* On a running container. Re-adding an address it has is success. */
int venet_addr_add(uint32_t ctid, int netns, const struct ipaddr *ip, struct err *e);
int venet_addr_del(uint32_t ctid, int netns, const struct ipaddr *ip, struct err *e);

/* The addresses that venet0 has inside right now, with their prefix lengths: what the
 * container's root made of them, link-local ones too. At most 4096, the rest is left out.
 * *ret is to be cleared by the caller. E_ADDIP: there is no venet0. */
int venet_addrs(uint32_t ctid, int netns, struct ipaddrs *ret, struct err *e);

/* Remove what the host has of the container's link: routes of the addresses given, and the
 * pair if `wait` is true (else it goes with the namespace). Not there is success. */
int venet_down(uint32_t ctid, const struct ipaddrs *ips, bool wait, struct err *e);

/* Is the host's end there (and ours)? Returns its ifindex, 0: no, or a negative code. */
int venet_link(uint32_t ctid, struct err *e);

/*
 * Who has an address on the node, by its exact /32 or /128 route as the host's own traffic
 * finds it; a route to a shorter prefix is nobody's claim. `ctid` 0: the host itself or a
 * route that is not ours, then `what` says which ("address of eth0", "route on v7.0"). A
 * blackhole or unreachable route is not seen, but refuses venet_up() and venet_addr_add().
 */
struct addr_owner {
	uint32_t ctid;
	unsigned index;		/* of the link that the route leads to; 0: none, or several */
	char what[64];
};

/* Is nobody but the container itself using any of the addresses? E_IP_INUSE names who does. */
int venet_addrs_free(uint32_t ctid, const struct ipaddrs *ips, struct err *e);

#endif
