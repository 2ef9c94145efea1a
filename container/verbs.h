/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of verbs that other verbs are made of. The command lock is held by the caller.
 */
#ifndef CONTAINER_VERBS_H
#define CONTAINER_VERBS_H

#include "container/handle.h"
#include "container/live.h"

int start_locked(struct wabe *w, const struct ct *c, const struct wabe_start *o,
		 struct err *e);
int stop_locked(struct wabe *w, const struct ct *c, const struct wabe_stop *o,
		struct err *e);

/* Ask a living supervisor to execute the installed program. */
int stop_reexec(const struct ct *c, struct err *e);

#endif
