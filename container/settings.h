/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings as a user gives them: a struct conf of what was given, and the addresses to take
 * away.
 */
#ifndef CONTAINER_SETTINGS_H
#define CONTAINER_SETTINGS_H

#include <stdbool.h>

#include "include/wabe.h"
#include "config/conf.h"

struct wabe_settings {
	struct conf conf;
	struct ipaddrs del;
	bool del_all;
};

/* The container's addresses after these settings: those of `now` less --ipdel, then those of
 * --ipadd. `ret` starts empty. */
void settings_addresses(const struct wabe_settings *s, const struct ipaddrs *now,
			struct ipaddrs *ret);

#endif
