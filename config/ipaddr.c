/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/ipaddr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t ipaddr_bytes(const struct ipaddr *ip)
{
	return ip->family == AF_INET ? 4 : 16;
}

uint8_t ipaddr_full(const struct ipaddr *ip)
{
	return ip->family == AF_INET ? 32 : 128;
}

bool ipaddr_same(const struct ipaddr *x, const struct ipaddr *y)
{
	return x->family == y->family && !memcmp(x->a, y->a, ipaddr_bytes(x));
}

const char *ipaddr_str(const struct ipaddr *ip, char out[IPADDR_STRLEN])
{
	inet_ntop(ip->family, ip->a, out, IPADDR_STRLEN);
	if (ip->plen != ipaddr_full(ip))
		snprintf(out + strlen(out), 5, "/%u", ip->plen);
	return out;
}

/* What is wrong with the address as a container's own, NULL: nothing. */
static const char *not_usable(const struct ipaddr *ip)
{
	static const uint8_t zero[16], v4mapped[12] = { [10] = 0xff, [11] = 0xff };
	const uint8_t *a = ip->a;

	if (ip->family == AF_INET) {
		if (a[0] == 0)
			return "unspecified";
		if (a[0] == 127)
			return "a loopback address";
		if (a[0] == 169 && a[1] == 254)
			return "link-local";
		if (a[0] >= 224 && a[0] < 240)
			return "a multicast address";
		return a[0] >= 240 ? "reserved" : NULL;
	}
	if (!memcmp(a, zero, 16))
		return "unspecified";
	if (!memcmp(a, zero, 15) && a[15] == 1)
		return "a loopback address";
	if (!memcmp(a, v4mapped, 12))
		return "an IPv4-mapped address";
	if (a[0] == 0xff)
		return "a multicast address";
	return a[0] == 0xfe && (a[1] & 0xc0) == 0x80 ? "link-local" : NULL;
}

static int mask_length(const char *s, uint8_t *ret)
{
	uint8_t m[4];
	uint32_t v;

	if (inet_pton(AF_INET, s, m) != 1)
		return -1;
	v = (uint32_t)m[0] << 24 | (uint32_t)m[1] << 16 | (uint32_t)m[2] << 8 | m[3];
	*ret = (uint8_t)__builtin_popcount(v);
	return v && (~v & (~v + 1)) ? -1 : v ? 0 : -1;
}

static int prefix_length(const char *s, const struct ipaddr *ip, uint8_t *ret)
{
	size_t n = strspn(s, "0123456789");
	unsigned long v;

	if (ip->family == AF_INET && strchr(s, '.'))
		return mask_length(s, ret);
	if (!n || n > 3 || s[n])
		return -1;
	v = strtoul(s, NULL, 10);
	if (v < 1 || v > ipaddr_full(ip))
		return -1;
	*ret = (uint8_t)v;
	return 0;
}

int ipaddr_parse(const char *s, struct ipaddr *ret, struct err *e)
{
	char text[64];
	struct ipaddr ip = { 0 };
	const char *why;
	char *slash;

	if (strlen(s) >= sizeof(text))
		return fail(e, E_BAD_IP, "bad IP address: too long");
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return fail(e, E_BAD_IP, "bad IP address: blank or control character");
	strcpy(text, s);
	slash = strchr(text, '/');
	if (slash)
		*slash++ = '\0';
	ip.family = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(ip.family, text, ip.a) != 1)
		return fail(e, E_BAD_IP, "bad IP address '%s'", s);
	ip.plen = ipaddr_full(&ip);
	if (slash && prefix_length(slash, &ip, &ip.plen) < 0)
		return fail(e, E_BAD_IP, "bad IP address '%s': bad prefix length", s);
	why = not_usable(&ip);
	if (why)
		return fail(e, E_BAD_IP, "bad IP address '%s': it is %s", s, why);
	*ret = ip;
	return 0;
}
