/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers in vzctl's syntax: decimals (2.2G), one suffix T G M K P(page) B in either case,
 * "unlimited", barrier:limit. They say nothing about bounds: config/value.c does.
 */
#ifndef CONFIG_NUMBER_H
#define CONFIG_NUMBER_H

#include "config/conf.h"

enum number_kind {
	NUMBER_BAD = -1,	/* not a number; nothing was written */
	NUMBER_OK = 0,
	NUMBER_OVER = 1,	/* larger than LONG_MAX: CONF_UNLIMITED was written */
};

/*
 * One number in units of `unit` bytes, rounded up to a whole one; without a suffix it is in
 * units already and must be whole. `unit` 0: a plain count, no suffix is allowed.
 * "unlimited" is CONF_UNLIMITED, and so is LONG_MAX, which old files write for it.
 */
enum number_kind number_parse(const char *s, uint64_t unit, uint64_t *ret);

/* N, which is both, or BARRIER:LIMIT in any order of size. NUMBER_OVER: one of them was. */
enum number_kind number_range(const char *s, uint64_t unit, struct range *ret);

#endif
