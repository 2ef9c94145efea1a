/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A private network namespace as "the host", more of them as containers, and what tests of
 * the network look at in them. Descriptors and heap strings belong to the caller; helpers
 * that cannot go wrong on a working kernel end the program when they do.
 */
#ifndef TESTS_UNIT_NETWORLD_H
#define TESTS_UNIT_NETWORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "config/conf.h"
#include "netconf/rtnl.h"

/* Leave the machine's network for an own one with lo up. false: not allowed to. */
bool networld_enter(void);

/* A new empty network namespace; it dies with the last descriptor. */
int networld_ns(void);

/* Go there; returns a descriptor of where the thread was, for networld_back(). */
int networld_go(int netns);
void networld_back(int own);

/* A socket of the host's namespace (netns -1) or of another. */
struct rtnl *networld_rtnl(int netns);

struct ipaddr networld_ip(const char *text);

/* An address or route "text" on link `index` of the host (index 0: a blackhole route). */
void networld_addr(struct rtnl *r, unsigned index, const char *text);
void networld_route(struct rtnl *r, unsigned index, const char *text, unsigned proto);

/* A pair of links that are nobody's: `name` here and one in netns. */
void networld_link(struct rtnl *r, const char *name, int netns);

/* Interface flags, MTU, queues and MAC; false when there is no such link. */
struct networld_nic {
	unsigned flags, mtu, queues;
	uint8_t mac[6];
};
bool networld_nic(int netns, const char *name, struct networld_nic *ret);

/* Is there a line with both words in /proc/net/FILE of that namespace? */
bool networld_line(int netns, const char *file, const char *word, const char *word2);

/* Write or read /proc/sys/net/PATH of that namespace (-1: the host's). */
void networld_put(int netns, const char *path, const char *value);
bool networld_is(int netns, const char *path, const char *value);

/* A datagram from the first to the second (each an address in its namespace, -1: host) and
 * an answer back. */
bool networld_talk(int from_ns, const char *from, int to_ns, const char *to);

/* Send a router advertisement with a default route from link `index` in netns. */
void networld_advertise(int netns, unsigned index);

#endif
