/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An IPv4 or IPv6 address with an optional prefix length, as a plain value.
 */
#ifndef CONFIG_IPADDR_H
#define CONFIG_IPADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct ipaddr {
	int family;		/* AF_INET or AF_INET6 */
	uint8_t a[16];		/* network order; 4 or 16 bytes of it count */
	uint8_t plen;		/* prefix length; 32 or 128 when none was given */
};

#define IPADDR_STRLEN 50	/* "ADDR/128" with NUL */

/* ADDR or ADDR/LEN (IPv4 also ADDR/NETMASK). E_BAD_IP: not one, or one no container can
 * own (unspecified, loopback, multicast, broadcast, link-local). */
int ipaddr_parse(const char *s, struct ipaddr *ret, struct err *e);

/* Canonical text, "/LEN" only when it is shorter than the full length. */
const char *ipaddr_str(const struct ipaddr *ip, char out[IPADDR_STRLEN]);

size_t ipaddr_bytes(const struct ipaddr *ip);	/* 4 or 16 */
uint8_t ipaddr_full(const struct ipaddr *ip);	/* 32 or 128 */

/* Same address, whatever the prefix length. */
bool ipaddr_same(const struct ipaddr *x, const struct ipaddr *y);

#endif
