/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The start of a container as a table, run by its supervisor; stop is the same table
 * undone, by the supervisor or, when that is dead, by the command. Undo works from the CTID
 * and the state file alone.
 */
#ifndef CONTAINER_BOOT_H
#define CONTAINER_BOOT_H

#include "base/steps.h"
#include "container/handle.h"
#include "container/live.h"
#include "runtime/spawn.h"
#include "storage/overlay.h"

struct boot {
	struct wabe *w;
	struct ct ct;
	struct state state;
	struct spec spec;
	char hostname[24];	/* where the configuration names none */
	struct spawn child;
	int cgroup, payload;
	bool cpu_applied;
	void (*meanwhile)(struct boot *b); /* the supervisor's own affairs, done while the
					     child sets itself up; or NULL */
	struct overlay_root root;
	int dev, filter;
	int console;
	int listen;
};

/* The rows before this one stay over a reboot: state file and socket. */
enum { BOOT_FIRST_AGAIN = 2 };

extern const struct steps boot_table;

/* A start of the container `c`, whose strings are the boot's from now on, and so is the
 * descriptor of vz/CTID (-1: none yet), also on failure. */
int boot_init(struct boot *b, struct wabe *w, const struct ct *c, int cgroup, struct err *e);
/* Load configuration (E_NO_CTCONF) or, with `teardown`, only what undo needs. */
int boot_open(struct boot *b, struct wabe *w, uint32_t ctid, bool teardown, struct err *e);
void boot_clear(struct boot *b); /* descriptors and memory; no effect on the container */

#endif
