/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removed memory groups that are still in the kernel.
 *
 * A page of the page cache is charged to the group whose process touched it first, and holds
 * that group until it is evicted or its file is deleted: what a container wrote, and pages of
 * a template's files that were not in memory before. So a group lives on as "dying" after its
 * rmdir, for as long as there is no need for the memory: on a quiet node for ever, at tens of
 * KiB each, and more of them with each stop.
 *
 * dying_sweep() keeps their number near DYING_MAX. Below that it reads one file. Above it
 * asks the kernel for 32 pages of the whole tree (memory.reclaim, since Linux 5.19), again
 * while there is time: of a removed group the kernel takes up to 32 pages at once, of a living
 * one a four-thousandth of what it has cached. Up to 6.10 one request visits all groups and
 * clears most of the small ones; later kernels go round them and stop where they have enough.
 * Running containers lose next to nothing, and only what they have not used for long. Pages
 * that are dirty or in use stay until a later sweep: the bound is soft.
 *
 * It is best effort and never fails. Without the memory controller there is nothing to do, nor
 * on kernels that move the pages of a removed group to its parent (7.3 does).
 * See doc/memory.md.
 */
#ifndef CGROUPS_DYING_H
#define CGROUPS_DYING_H

enum {
	DYING_MAX = 256,
	DYING_BUDGET_MS = 2,	/* after which no further request is made; one always is */
};

/* `tree`: the directory of the groups below which the dying ones are (vz). */
void dying_sweep(int tree);

#endif
