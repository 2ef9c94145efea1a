/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The container's side of venet, over a socket opened in its network namespace. Its root can
 * do there what it likes at any moment, so nothing found is taken for granted.
 */
#ifndef NETCONF_INSIDE_H
#define NETCONF_INSIDE_H

#include <stdbool.h>

#include "config/conf.h"
#include "netconf/rtnl.h"

/* Most addresses that are listed. */
enum { INSIDE_MAX = 4096 };

/* lo and venet0 up, default routes of both families; IPv6 is left out where there is none.
 * 0 and venet0's ifindex, or -errno. */
int inside_setup(struct rtnl *ct, unsigned *ret_index);

/* venet0's ifindex. 0 or -errno. */
int inside_find(struct rtnl *ct, unsigned *ret_index);

/* The address, and again the default route of its family. On failure the address is not
 * there unless it was before. 0 or -errno. */
int inside_add(struct rtnl *ct, unsigned index, const struct ipaddr *ip);

/* Wait, for at most 300 ms in all, until the container answers for the addresses. */
void inside_settle(struct rtnl *ct, const struct ipaddr *v, size_t n);

/* 0, also when it is not there, or -errno. */
int inside_del(struct rtnl *ct, unsigned index, const struct ipaddr *ip);

/* The addresses of link `index` in the order of the kernel; *ret belongs to the caller. */
int inside_list(struct rtnl *ct, unsigned index, struct ipaddrs *ret);

#endif
