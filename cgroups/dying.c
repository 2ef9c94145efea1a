/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cgroups/dying.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/file.h"

/* 32 pages are the least that the kernel reclaims at once. More would make it look harder at
 * the living when the dying do not have as much. */
#define REQUEST "131072"

static long count(int tree)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	const char *found;
	long n = 0;

	if (file_read(tree, "cgroup.stat", 4096, &text))
		return 0;
	found = strstr(text.s, "nr_dying_descendants ");
	return found && sscanf(found, "%*s %ld", &n) == 1 ? n : 0;
}

/* Cache only, where the kernel (6.9) can be told so: nobody's memory shall be swapped. */
static int reclaim(int tree)
{
	int r = file_put(tree, "memory.reclaim", REQUEST " swappiness=0");

	return r == -EINVAL ? file_put(tree, "memory.reclaim", REQUEST) : r;
}

void dying_sweep(int tree)
{
	long long end = now_ms() + DYING_BUDGET_MS;

	while (count(tree) > DYING_MAX)
		if (reclaim(tree) || now_ms() >= end)
			return;
}
