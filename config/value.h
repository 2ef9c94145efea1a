/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers of vzctl's syntax: decimals, suffixes T G M K P(page) B, barrier:limit.
 */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "base/err.h"
#include "config/conf.h"

/* One number, in units of `unit` bytes (0: no suffix is allowed, plain count). A plain
 * number is already in units. "unlimited" is CONF_UNLIMITED. Rounded up to a whole unit. */
int value_number(const char *s, uint64_t unit, uint64_t *ret, struct err *e);

/* N or BARRIER:LIMIT; the barrier may not be above the limit. */
int value_range(const char *s, uint64_t unit, struct range *ret, struct err *e);

#endif
