/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of containers: a symbolic link ETC/names/NAME -> ../conf/CTID.conf, vzctl's form. The
 * link is the claim on the name.
 */
#ifndef CONTAINER_NAMES_H
#define CONTAINER_NAMES_H

#include <stdint.h>

#include "base/err.h"
#include "container/handle.h"

/* E_NAME names the holder. Taking a name one has is success; a name whose container is gone,
 * or has another one since a command was killed while it changed it, is taken over. */
int name_take(struct wabe *w, const char *name, uint32_t ctid, struct err *e);
/* Only if it is the container's. */
void name_drop(struct wabe *w, const char *name, uint32_t ctid);

/* Remove what could be taken over. */
void names_sweep(struct wabe *w);

#endif
