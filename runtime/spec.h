/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel is asked for: one container start, lowered from its configuration by
 * container/ (later also from OCI JSON). Strings and lists are borrowed.
 */
#ifndef RUNTIME_SPEC_H
#define RUNTIME_SPEC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/strv.h"

struct spec {
	uint32_t ctid;
	uid_t uid_base;		/* host id of the container's root */
	gid_t gid_base;
	uint32_t id_count;
	const char *hostname;
	bool hostname_given;	/* by the admin: then the guest's files say so too */
	const struct strv *nameserver;	 /* written to /etc/resolv.conf when either list */
	const struct strv *searchdomain; /* is not empty */
};

#endif
