/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resource settings as cgroup v2 files, by one table: PHYSPAGES -> memory.max, SWAPPAGES ->
 * memory.swap.max, NUMPROC -> pids.max, CPUUNITS -> cpu.weight, CPULIMIT -> cpu.max.
 * Values are in vzctl's units (config/conf.h); cgroup v2 counts swap apart from memory, as
 * VSwap containers mean it.
 */
#ifndef CGROUPS_LIMITS_H
#define CGROUPS_LIMITS_H

#include <stdint.h>

#include "base/err.h"
#include "base/strv.h"
#include "config/conf.h"

/*
 * Apply the settings of `mask` (bits KEY_x) to the group. A key whose controller the tree
 * does not offer goes by name into `missing` when that is given, else it is E_BAD_KERNEL.
 * Any other refusal of the kernel is E_RESOURCE.
 */
int limits_apply(int ct, const struct conf_res *res, uint64_t mask, struct strv *missing,
		 struct err *e);

/* The limits of the same keys as they are, to be put back when a change fails halfway. What
 * cannot be read is left out, what cannot be written stays. */
enum { LIMITS_MAX = 8, LIMITS_TEXT = 48 };
struct limits_kept {
	char text[LIMITS_MAX][LIMITS_TEXT];	/* "": none */
};
void limits_keep(int ct, uint64_t mask, struct limits_kept *ret);
void limits_put_back(int ct, const struct limits_kept *k);

/* What the group uses now of one kind (tasks, bytes, bytes), and may use (-1: no limit). Where
 * it is not counted *ret is -1 and *ret_max stays as it is. */
enum limits_kind {
	LIMITS_PIDS,
	LIMITS_MEMORY,
	LIMITS_SWAP,
};
void limits_usage(int ct, enum limits_kind kind, int64_t *ret, int64_t *ret_max);

#endif
