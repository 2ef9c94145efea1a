/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cgroups/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "config/keys.h"

enum { VALUE_LEN = LIMITS_TEXT, PERIOD_US = 100000 };

struct limit {
	enum key_id key;
	const char *file;
	void (*text)(const struct conf_res *r, char out[VALUE_LEN]);
};

static void number(uint64_t v, uint64_t unit, char out[VALUE_LEN])
{
	/* what does not fit is more than any machine has */
	if (v > (uint64_t)INT64_MAX / unit)
		snprintf(out, VALUE_LEN, "max");
	else
		snprintf(out, VALUE_LEN, "%" PRIu64, v * unit);
}

static void memory_text(const struct conf_res *r, char out[VALUE_LEN])
{
	number(r->physpages.lim, (uint64_t)sysconf(_SC_PAGESIZE), out);
}

static void swap_text(const struct conf_res *r, char out[VALUE_LEN])
{
	number(r->swappages.lim, (uint64_t)sysconf(_SC_PAGESIZE), out);
}

static void pids_text(const struct conf_res *r, char out[VALUE_LEN])
{
	number(r->numproc.lim, 1, out);
}

static void weight_text(const struct conf_res *r, char out[VALUE_LEN])
{
	unsigned w = r->cpuunits / 10; /* 1000 units are the default, as weight 100 is */

	snprintf(out, VALUE_LEN, "%u", w < 1 ? 1 : w > 10000 ? 10000 : w);
}

static void cpu_max_text(const struct conf_res *r, char out[VALUE_LEN])
{
	if (!r->cpulimit)
		snprintf(out, VALUE_LEN, "max %d", PERIOD_US);
	else
		snprintf(out, VALUE_LEN, "%" PRIu64 " %d",
			 (uint64_t)r->cpulimit * (PERIOD_US / 100), PERIOD_US);
}

static const struct limit limits[] = {
	{ KEY_PHYSPAGES, "memory.max", memory_text },
	{ KEY_SWAPPAGES, "memory.swap.max", swap_text },
	{ KEY_NUMPROC, "pids.max", pids_text },
	{ KEY_CPUUNITS, "cpu.weight", weight_text },
	{ KEY_CPULIMIT, "cpu.max", cpu_max_text },
};

int limits_apply(int ct, const struct conf_res *res, uint64_t mask, struct strv *missing,
		 struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		const struct limit *l = &limits[i];
		const char *name = keys[l->key].name;
		char text[VALUE_LEN];
		int r;

		if (!(mask >> l->key & 1))
			continue;
		l->text(res, text);
		r = file_put(ct, l->file, text);
		errno = -r;
		if (r == -ENOENT && missing)
			strv_add(missing, name);
		else if (r == -ENOENT)
			return fail(e, E_BAD_KERNEL,
				    "%s cannot be applied: this host's cgroup2 tree does not "
				    "offer %s", name, l->file);
		else if (r)
			return fail(e, E_RESOURCE, "%s cannot be applied: %s=%s: %m", name,
				    l->file, text);
	}
	return 0;
}

_Static_assert(ARRAY_SIZE(limits) <= LIMITS_MAX, "room for all limits");

void limits_keep(int ct, uint64_t mask, struct limits_kept *ret)
{
	*ret = (struct limits_kept){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (mask >> limits[i].key & 1 &&
		    file_read_line(ct, limits[i].file, ret->text[i], LIMITS_TEXT))
			ret->text[i][0] = '\0';
}

void limits_put_back(int ct, const struct limits_kept *k)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (k->text[i][0])
			file_put(ct, limits[i].file, k->text[i]);
}

static int64_t read_value(int ct, const char *file)
{
	char text[64], *end;
	long long v;

	if (file_read_line(ct, file, text, sizeof(text)))
		return -1;
	v = strtoll(text, &end, 10);
	return end == text || *end ? -1 : v;
}

void limits_usage(int ct, enum limits_kind kind, int64_t *ret, int64_t *ret_max)
{
	static const char *const files[][2] = {
		[LIMITS_PIDS] = { "pids.current", "pids.max" },
		[LIMITS_MEMORY] = { "memory.current", "memory.max" },
		[LIMITS_SWAP] = { "memory.swap.current", "memory.swap.max" },
	};

	*ret = read_value(ct, files[kind][0]);
	if (*ret >= 0)
		*ret_max = read_value(ct, files[kind][1]);
}
