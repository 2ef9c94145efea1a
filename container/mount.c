/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "container/handle.h"
#include "container/live.h"
#include "container/record.h"
#include "storage/overlay.h"

int wabe_mount(struct wabe *w, uint32_t ctid, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_(record_clear) struct record rec = RECORD_INIT;
	_cleanup_(template_clear) struct template t = { 0 };
	_cleanup_ct_ struct ct c = CT_INIT;
	_cleanup_live_ struct live l = LIVE_INIT;
	_cleanup_free_ char *archiver = NULL;
	struct template_store store = ct_store(w, &archiver);
	struct overlay o;
	int r = ct_open_locked(w, ctid, "mounting", &c, &lock, e);

	if (r >= 0)
		r = live_settle(&c, &l, e);
	if (r < 0)
		return r;
	if (l.running || overlay_is_mounted(c.root, c.private)) {
		say(&w->progress, SAY_INFO, "Container is already mounted");
		return 0;
	}
	r = record_read(c.private, ctid, &rec, e);
	if (r >= 0)
		r = template_by_digest(&store, rec.digest, &t, e);
	if (r < 0)
		return r;
	o = (struct overlay){ .lower = t.root, .private = c.private };
	r = overlay_mount(&o, c.root, e);
	if (r < 0)
		return r;
	say(&w->progress, SAY_INFO, "Container is mounted");
	return 0;
}

int wabe_umount(struct wabe *w, uint32_t ctid, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_ct_ struct ct c = CT_INIT;
	_cleanup_live_ struct live l = LIVE_INIT;
	int r = ct_open_any(w, ctid, "unmounting", &c, &lock, e);

	if (r >= 0)
		r = live_settle(&c, &l, e);
	if (r < 0)
		return r;
	if (l.running)
		return fail(e, E_RUNNING, "container %u is running; stop it first", ctid);
	if (!overlay_is_mounted(c.root, c.private))
		return fail(e, E_NOT_MOUNTED, "container %u is not mounted", ctid);
	r = overlay_umount(c.root, c.private, e);
	if (r < 0)
		return r;
	say(&w->progress, SAY_INFO, "Container is unmounted");
	return 0;
}
