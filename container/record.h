/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a private area says of itself, PRIVATE/template: the name and digest of the template
 * it lies over. It is written before the area is published and never changed.
 */
#ifndef CONTAINER_RECORD_H
#define CONTAINER_RECORD_H

#include "base/err.h"

struct record {
	char *name;
	char *digest;
};

#define RECORD_INIT { NULL, NULL }

int record_write(int private_fd, const char *name, const char *digest, struct err *e);
/* E_NO_PRIVATE: no private area; E_BAD_TEMPLATE: its record is missing or damaged. */
int record_read(const char *private, struct record *ret, struct err *e);
void record_clear(struct record *r);

#endif
