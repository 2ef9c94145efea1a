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

/* What the group uses and may use now; -1: not counted here, or no limit. Bytes, tasks. */
struct limits_usage {
	int64_t memory, memory_max;
	int64_t swap, swap_max;
	int64_t pids, pids_max;
};
void limits_usage(int ct, struct limits_usage *ret);

#endif
