/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/value.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"

typedef unsigned __int128 u128;

enum { FRACTION_DIGITS = 6, FRACTION_ONE = 1000000 };

static uint64_t suffix_bytes(char c)
{
	switch (toupper((unsigned char)c)) {
	case 'T':
		return 1ull << 40;
	case 'G':
		return 1ull << 30;
	case 'M':
		return 1ull << 20;
	case 'K':
		return 1ull << 10;
	case 'P':
		return (uint64_t)sysconf(_SC_PAGESIZE);
	case 'B':
		return 1;
	default:
		return 0;
	}
}

/* Digits with an optional fraction, in millionths. NULL when there are none, or too many. */
static const char *scan(const char *s, u128 *ret)
{
	u128 v = 0;
	int digits = 0;
	unsigned scale = FRACTION_ONE;

	for (; isdigit((unsigned char)*s); s++, digits++) {
		if (digits >= 20)
			return NULL;
		v = v * 10 + (unsigned)(*s - '0');
	}
	v *= FRACTION_ONE;
	if (*s == '.' && isdigit((unsigned char)s[1]))
		for (s++; isdigit((unsigned char)*s); s++, digits++)
			v += (u128)(scale /= 10) * (unsigned)(*s - '0');
	*ret = v;
	return digits ? s : NULL;
}

static int bad(const char *s, struct err *e)
{
	return fail(e, E_VALUE, "bad number '%.40s'", s);
}

int value_number(const char *s, uint64_t unit, uint64_t *ret, struct err *e)
{
	const char *end;
	uint64_t bytes = 0;
	u128 v;

	if (!strcasecmp(s, "unlimited")) {
		*ret = CONF_UNLIMITED;
		return 0;
	}
	end = scan(s, &v);
	if (!end)
		return bad(s, e);
	if (*end && unit) {
		bytes = suffix_bytes(*end++);
		if (!bytes)
			return bad(s, e);
	}
	if (*end)
		return bad(s, e);
	if (bytes)
		v = (v * bytes + (u128)unit * FRACTION_ONE - 1) / unit;
	else if (v % FRACTION_ONE)
		return bad(s, e);
	v /= FRACTION_ONE;
	/* LONG_MAX is how old files write unlimited */
	*ret = v >= LONG_MAX ? CONF_UNLIMITED : (uint64_t)v;
	return 0;
}

int value_range(const char *s, uint64_t unit, struct range *ret, struct err *e)
{
	const char *colon = strchr(s, ':');
	_cleanup_free_ char *first = colon ? xstrndup(s, (size_t)(colon - s)) : xstrdup(s);
	struct range r;
	int rc = value_number(first, unit, &r.bar, e);

	if (rc < 0)
		return rc;
	r.lim = r.bar;
	if (colon)
		rc = value_number(colon + 1, unit, &r.lim, e);
	if (rc < 0)
		return rc;
	if (r.bar > r.lim)
		return fail(e, E_VALUE, "bad number '%.40s': barrier is above limit", s);
	*ret = r;
	return 0;
}
