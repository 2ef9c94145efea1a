/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command's side of a supervisor: bring one up, and do its work when it is dead.
 */
#ifndef CONTAINER_LAUNCH_H
#define CONTAINER_LAUNCH_H

#include "container/handle.h"
#include "container/live.h"
#include "container/supervise.h"

/*
 * Let a new process, born in the container's cgroup, do `fn` as its supervisor, and wait for
 * its report; what it says goes to the callback. The process is a copy of the caller (which
 * therefore must have one thread only): it has the configuration already, and one program
 * less has to be loaded until the container runs.
 */
typedef int supervise_fn(struct supervisor *s, const struct ct *c, int cgroup);
int launch(struct wabe *w, const struct ct *c, supervise_fn *fn, struct err *e);

/* Undo the start of a container whose supervisor is dead: processes, routes, cgroup, state.
 * Nothing there is fine. The command lock must be held. */
int launch_teardown(struct wabe *w, const struct ct *c, struct err *e);

/* Make `l` true again for a running container: a dead supervisor is replaced. */
int launch_adopt(struct wabe *w, const struct ct *c, struct live *l, struct err *e);

#endif
