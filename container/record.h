/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a private area says of itself, PRIVATE/template: whose it is, and the name and digest of
 * the template it lies over. It is written before the area is published and never changed.
 */
#ifndef CONTAINER_RECORD_H
#define CONTAINER_RECORD_H

#include <stdint.h>

#include "base/err.h"

struct record {
	uint32_t ctid;		/* whose area it is */
	char *name;
	char *digest;
};

#define RECORD_INIT { 0, NULL, NULL }

int record_write(int private_fd, uint32_t ctid, const char *name, const char *digest,
		 struct err *e);
/* Of the area that must be container `ctid`'s. E_NO_PRIVATE: there is none, or it is another
 * container's, or no private area at all: VE_PRIVATE is what an admin wrote. */
int record_read(const char *private, uint32_t ctid, struct record *ret, struct err *e);
void record_clear(struct record *r);

#endif
