/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/proc.h"
#include "cgroups/cgroup.h"
#include "container/handle.h"
#include "container/launch.h"
#include "container/verbs.h"
#include "storage/overlay.h"

enum { END_MS = 15000 };

/* A supervisor that lives while nothing runs is taking its container down or about to
 * restart it: give it time to end. */
static int await_end(const struct ct *c, struct live *l, struct err *e)
{
	_cleanup_close_ int fd = proc_open(l->supervisor, 0);

	if (fd >= 0 && fd_wait(fd, END_MS) == 0)
		return fail(e, E_LOCKED, "container %u is being stopped or restarted", c->id);
	live_clear(l);
	live_read(c, l);
	return 0;
}

static int refuse_running(struct wabe *w, const struct ct *c, struct live *l, struct err *e)
{
	int r = launch_adopt(w, c, l, e);

	return r < 0 ? r : fail(e, E_RUNNING, "container %u is running already", c->id);
}

/* Nothing of an earlier life may be there: what a killed supervisor left is removed. */
static int make_ready(struct wabe *w, const struct ct *c, struct err *e)
{
	_cleanup_live_ struct live l = LIVE_INIT;
	int r = 0;

	live_read(c, &l);
	if (!l.running && l.supervisor)
		r = await_end(c, &l, e);
	if (r < 0)
		return r;
	if (l.running)
		return refuse_running(w, c, &l, e);
	if (l.cgroup >= 0 || l.has_state)
		r = launch_teardown(w, c, e);
	if (r < 0)
		return r;
	/* two mounts of one upper directory are undefined */
	return overlay_umount(c->root, c->private, e);
}

int start_locked(struct wabe *w, const struct ct *c, const struct wabe_start *o,
		 struct err *e)
{
	struct err ignored;
	int r = make_ready(w, c, e);

	if (r < 0)
		return r;
	if (c->conf.disabled && !(o && o->force))
		return fail(e, E_DISABLED, "container %u is disabled (DISABLED=yes)", c->id);
	if (access(c->private, F_OK) < 0)
		return fail(e, E_NO_PRIVATE, "container %u has no private area %s", c->id,
			    c->private);
	say(&w->progress, SAY_INFO, "Starting container...");
	r = launch(w, c, supervise_start, e);
	if (r < 0) {
		/* undone by the supervisor itself; by us what a dead one left */
		launch_teardown(w, c, &ignored);
		return r;
	}
	return 0;
}

int wabe_start(struct wabe *w, uint32_t ctid, const struct wabe_start *o, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_ct_ struct ct c = CT_INIT;
	int r = ct_open_locked(w, ctid, "starting", &c, &lock, e);

	return r < 0 ? r : start_locked(w, &c, o, e);
}

int wabe_restart(struct wabe *w, uint32_t ctid, const struct wabe_start *so,
		 const struct wabe_stop *po, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_ct_ struct ct c = CT_INIT;
	_cleanup_live_ struct live l = LIVE_INIT;
	int r = ct_open_locked(w, ctid, "restarting", &c, &lock, e);

	if (r < 0)
		return r;
	live_read(&c, &l);
	if (l.running)
		r = stop_locked(w, &c, po, e);
	return r < 0 ? r : start_locked(w, &c, so, e);
}

int wabe_reexec(struct wabe *w, uint32_t ctid, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_ct_ struct ct c = CT_INIT;
	_cleanup_live_ struct live l = LIVE_INIT;
	int r = ct_open_locked(w, ctid, "upgrading", &c, &lock, e);

	if (r < 0)
		return r;
	live_read(&c, &l);
	if (!l.running)
		return fail(e, E_NOT_RUNNING, "container %u is not running", ctid);
	if (!l.supervisor)
		return launch_adopt(w, &c, &l, e);
	return stop_reexec(&c, e);
}
