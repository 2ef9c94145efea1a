/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One `set`: a table of steps (set.c), whose rows for what a running container gets at once
 * are here (setlive.c). Each row does nothing when none of its settings is given, and its
 * undo puts back what the row found, so that a change is whole or not at all.
 */
#ifndef CONTAINER_SET_H
#define CONTAINER_SET_H

#include "cgroups/limits.h"
#include "container/handle.h"
#include "container/live.h"
#include "container/settings.h"
#include "runtime/guestfiles.h"

struct set {
	struct wabe *w;
	const struct wabe_settings *s;
	const struct wabe_set *o;
	struct ct ct;
	struct live live;
	struct ipaddrs ip;	/* live, after the change */
	struct ipaddrs saved;	/* in the configuration, after the change */
	uint64_t mask;		/* keys given, KEY_IP_ADDRESS for --ipdel too */

	/* what was there before, for the undo */
	struct ipaddrs old_ip;
	struct limits_kept old_limits;
	struct conf_disk old_disk;
	bool had_disk;
	char old_hostname[GUEST_NAME_LEN];
	char *old_text;		/* the configuration; NULL: not written */
};

static inline bool set_given(const struct set *s, int key)
{
	return s->mask >> key & 1;
}

int set_limits(void *set, struct err *e);
void unset_limits(void *set);
int set_disk(void *set, struct err *e);
void unset_disk(void *set);
int set_addresses(void *set, struct err *e);
void unset_addresses(void *set);
int set_hostname(void *set, struct err *e);
void unset_hostname(void *set);

#endif
