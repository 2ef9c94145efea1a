/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <unistd.h>

#include "base/cleanup.h"
#include "base/steps.h"
#include "container/handle.h"
#include "container/launch.h"
#include "container/verbs.h"
#include "storage/overlay.h"

/* ---- start, the command's half; the supervisor's is container/boot.c --- */

struct start {
	struct wabe *w;
	const struct ct *c;
	bool force;
};

static int refuse_running(struct start *s, struct live *l, struct err *e)
{
	int r = launch_adopt(s->w, s->c, l, e);

	return r < 0 ? r : fail(e, E_RUNNING, "container %u is running already", s->c->id);
}

/* Nothing of an earlier life may be there: what a killed supervisor left is removed. */
static int make_ready(void *op, struct err *e)
{
	struct start *s = op;
	_cleanup_live_ struct live l = LIVE_INIT;
	int r = live_settle(s->c, &l, e);

	if (r < 0)
		return r;
	if (l.running)
		return refuse_running(s, &l, e);
	if (l.cgroup >= 0 || l.has_state)
		r = launch_teardown(s->w, s->c, e);
	/* two mounts of one upper directory are undefined */
	return r < 0 ? r : overlay_umount(s->c->root, s->c->private, e);
}

static int check(void *op, struct err *e)
{
	struct start *s = op;
	const struct ct *c = s->c;

	if (c->conf.disabled && !s->force)
		return fail(e, E_DISABLED, "container %u is disabled (DISABLED=yes)", c->id);
	if (access(c->private, F_OK) < 0)
		return fail(e, E_NO_PRIVATE, "container %u has no private area %s", c->id,
			    c->private);
	return 0;
}

static int bring_up(void *op, struct err *e)
{
	struct start *s = op;

	return launch(s->w, s->c, supervise_start, e);
}

static void take_down(void *op)
{
	struct start *s = op;

	/* undone by the supervisor itself; by us what a dead one left */
	launch_teardown(s->w, s->c, NULL);
}

static const struct step start_rows[] = {
	{ "ready", make_ready, NULL },
	{ "check", check, NULL },
	{ "launch", bring_up, take_down },
};

static STEPS(start_table, "launch", start_rows);

int start_locked(struct wabe *w, const struct ct *c, const struct wabe_start *o,
		 struct err *e)
{
	struct start s = { .w = w, .c = c, .force = o && o->force };

	return steps_run(&start_table, &s, e);
}

int wabe_start(struct wabe *w, uint32_t ctid, const struct wabe_start *o, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_ct_ struct ct c = CT_INIT;
	int r = ct_open_locked(w, ctid, "starting", &c, &lock, e);

	return r < 0 ? r : start_locked(w, &c, o, e);
}

/* ---- restart --- */

struct restart {
	struct wabe *w;
	struct ct ct;
	const struct wabe_start *so;
	const struct wabe_stop *po;
};

static int restart_stop(void *op, struct err *e)
{
	struct restart *s = op;
	_cleanup_live_ struct live l = LIVE_INIT;
	int r = live_settle(&s->ct, &l, e);

	return r < 0 || !l.running ? r : stop_locked(s->w, &s->ct, s->po, e);
}

static int restart_start(void *op, struct err *e)
{
	struct restart *s = op;

	return start_locked(s->w, &s->ct, s->so, e);
}

static const struct step restart_rows[] = {
	{ "stop", restart_stop, NULL },
	{ "start", restart_start, NULL },
};

static STEPS(restart_table, "restart", restart_rows);

int wabe_restart(struct wabe *w, uint32_t ctid, const struct wabe_start *so,
		 const struct wabe_stop *po, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	struct restart s = { .w = w, .ct = CT_INIT, .so = so, .po = po };
	int r = ct_open_locked(w, ctid, "restarting", &s.ct, &lock, e);

	if (r >= 0)
		r = steps_run(&restart_table, &s, e);
	ct_clear(&s.ct);
	return r;
}

/* ---- reexec --- */

int wabe_reexec(struct wabe *w, uint32_t ctid, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_ct_ struct ct c = CT_INIT;
	_cleanup_live_ struct live l = LIVE_INIT;
	int r = ct_open_locked(w, ctid, "upgrading", &c, &lock, e);

	if (r >= 0)
		r = live_settle(&c, &l, e);
	if (r < 0)
		return r;
	if (!l.running)
		return fail(e, E_NOT_RUNNING, "container %u is not running", ctid);
	if (!l.supervisor)
		return launch_adopt(w, &c, &l, e);
	return stop_reexec(&c, e);
}
