/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running a process inside a running container, for wabe_exec and for verbs.
 */
#ifndef CONTAINER_INSIDE_H
#define CONTAINER_INSIDE_H

#include "container/live.h"

/* argv[0] looked up on the container's PATH; stdio is /dev/null. */
int inside_run_quiet(const struct ct *c, const struct live *l, const char *const *argv,
		     int *ret_status, struct err *e);

#endif
