/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/number.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"

enum { FRACTION_ONE = 1000000 };

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

/*
 * Digits with an optional fraction, in millionths. What comes out is at most 10 * LONG_MAX
 * millionths, so that a suffix (2^40) fits into 128 bits: 2^67 * 2^20 * 2^40.
 */
static const char *scan(const char *s, unsigned __int128 *ret)
{
	unsigned __int128 v = 0;
	bool digits = false;
	unsigned scale = FRACTION_ONE;

	for (; isdigit((unsigned char)*s); s++, digits = true)
		if (v <= LONG_MAX)
			v = v * 10 + (unsigned)(*s - '0');
	v *= FRACTION_ONE;
	if (*s == '.' && isdigit((unsigned char)s[1]))
		for (s++; isdigit((unsigned char)*s); s++, digits = true)
			v += (scale /= 10) * (unsigned)(*s - '0');
	*ret = v;
	return digits ? s : NULL;
}

enum number_kind number_parse(const char *s, uint64_t unit, uint64_t *ret)
{
	unsigned __int128 v;
	uint64_t bytes = 0;
	const char *end;

	if (!strcasecmp(s, "unlimited")) {
		*ret = CONF_UNLIMITED;
		return NUMBER_OK;
	}
	end = scan(s, &v);
	if (!end)
		return NUMBER_BAD;
	if (*end && unit) {
		bytes = suffix_bytes(*end++);
		if (!bytes)
			return NUMBER_BAD;
	}
	if (*end || (!bytes && v % FRACTION_ONE))
		return NUMBER_BAD;
	if (bytes)
		v = (v * bytes + unit - 1) / unit + FRACTION_ONE - 1;
	v /= FRACTION_ONE;
	*ret = v >= LONG_MAX ? CONF_UNLIMITED : (uint64_t)v;
	return v > LONG_MAX ? NUMBER_OVER : NUMBER_OK;
}

enum number_kind number_range(const char *s, uint64_t unit, struct range *ret)
{
	const char *colon = strchr(s, ':');
	_cleanup_free_ char *first = colon ? xstrndup(s, (size_t)(colon - s)) : NULL;
	enum number_kind bar, lim;
	struct range r;

	lim = number_parse(colon ? colon + 1 : s, unit, &r.lim);
	bar = first ? number_parse(first, unit, &r.bar) : lim;
	if (lim == NUMBER_BAD || bar == NUMBER_BAD)
		return NUMBER_BAD;
	if (!first)
		r.bar = r.lim;
	*ret = r;
	return bar == NUMBER_OVER || lim == NUMBER_OVER ? NUMBER_OVER : NUMBER_OK;
}
