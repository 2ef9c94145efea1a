/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/mem.h"
#include "base/steps.h"
#include "config/keys.h"
#include "container/handle.h"
#include "container/launch.h"
#include "container/names.h"
#include "container/set.h"
#include "container/verbs.h"
#include "netconf/venet.h"
#include "runtime/spawn.h"
#include "storage/overlay.h"

enum { ROUNDS = 5, END_MS = 5000 };

/* ---- checks that come before any effect --- */

static int check_save(const struct set *s, struct err *e)
{
	/* vzctl's code for the name; what takes effect later must be kept somewhere */
	for (int k = 0; k < KEY_COUNT; k++)
		if (set_given(s, k) && !(keys[k].flags & KF_LIVE) && !s->o->save)
			return fail(e, k == KEY_NAME ? E_NAME : E_SYNTAX,
				    "--%s needs --save", keys[k].option);
	if ((set_given(s, KEY_VE_PRIVATE) || set_given(s, KEY_VE_ROOT)) && s->live.running)
		return fail(e, E_RUNNING, "container %u is running; stop it first", s->ct.id);
	if ((set_given(s, KEY_VE_PRIVATE) || set_given(s, KEY_VE_ROOT)) &&
	    overlay_is_mounted(s->ct.root, s->ct.private))
		return fail(e, E_MOUNTED, "container %u is mounted; unmount it first",
			    s->ct.id);
	if (s->o->save)
		return 0;
	if (!s->live.running)
		return fail(e, E_NOT_RUNNING,
			    "container %u is not running: use --save to keep the settings",
			    s->ct.id);
	return 0;
}

static bool needs_restart(const struct set *s, int key)
{
	return s->live.running && set_given(s, key) &&
	       !(keys[key].flags & (KF_LIVE | KF_SAVE_ONLY));
}

/* --setmode restart does it, otherwise it is said. */
static int restart_or_warn(struct set *s, struct err *e)
{
	_cleanup_ct_ struct ct now = CT_INIT;
	bool restart = false;
	int r;

	for (int k = 0; k < KEY_COUNT; k++) {
		if (!needs_restart(s, k))
			continue;
		restart = s->o->restart;
		if (!restart)
			say(&s->w->progress, SAY_WARN,
			    "%s takes effect when the container is restarted",
			    keys[k].name);
	}
	if (!restart)
		return 0;
	r = stop_locked(s->w, &s->ct, NULL, e);
	if (r >= 0)
		r = ct_must_open(s->w, s->ct.id, &now, e);
	return r < 0 ? r : start_locked(s->w, &now, NULL, e);
}

/* ---- name and configuration --- */

/* The name to take and the name to give up; NULL: none. */
static const char *new_name(const struct set *s)
{
	const char *new = s->s->conf.name, *old = s->ct.conf.name;
	bool given = s->o->save && set_given(s, KEY_NAME) && new && *new;

	return given && (!old || strcmp(old, new)) ? new : NULL;
}

static const char *old_name(const struct set *s)
{
	const char *new = s->s->conf.name, *old = s->ct.conf.name;
	bool given = s->o->save && set_given(s, KEY_NAME) && old && *old;

	return given && (!new || strcmp(old, new)) ? old : NULL;
}

static int take_name(void *op, struct err *e)
{
	struct set *s = op;
	const char *name = new_name(s);

	return name ? name_take(s->w, name, s->ct.id, e) : 0;
}

static void untake_name(void *op)
{
	struct set *s = op;
	const char *name = new_name(s);

	/* only its own: a name that was another's before is still that one's */
	if (name)
		name_drop(s->w, name, s->ct.id);
}

static int save(void *op, struct err *e)
{
	struct set *s = op;
	_cleanup_conf_ struct conf out = CONF_INIT;
	_cleanup_buf_ struct buf old = BUF_INIT;
	int r;

	if (!s->o->save) {
		say(&s->w->progress, SAY_WARN, "the settings were not saved (no --save)");
		return 0;
	}
	conf_merge(&out, &s->s->conf);
	if (set_given(s, KEY_IP_ADDRESS)) {
		ipaddrs_clear(&out.net.ip);
		for (size_t i = 0; i < s->saved.n; i++)
			ipaddrs_add(&out.net.ip, &s->saved.v[i]);
		out.given |= 1ull << KEY_IP_ADDRESS;
	}
	if (set_given(s, KEY_NAME) && (!out.name || !*out.name))
		out.given &= ~(1ull << KEY_NAME);
	r = ctconf_text(s->ct.conf_path, &old, e);
	if (r >= 0)
		r = ctconf_save(s->ct.conf_path, NULL, &out, s->mask, e);
	if (r < 0)
		return r;
	s->old_text = buf_steal(&old);
	say(&s->w->progress, SAY_INFO, "CT configuration saved to %s", s->ct.conf_path);
	return 0;
}

static void unsave(void *op)
{
	struct set *s = op;

	if (s->old_text)
		ctconf_put_back(s->ct.conf_path, s->old_text, NULL);
}

static int drop_name(void *op, struct err *e)
{
	struct set *s = op;
	const char *name = old_name(s);
	(void)e;

	if (name)
		name_drop(s->w, name, s->ct.id);
	return 0;
}

static void undrop_name(void *op)
{
	struct set *s = op;
	const char *name = old_name(s);

	if (name)
		name_take(s->w, name, s->ct.id, NULL);
}

/* What may be refused comes first; of the two names the one that the file does not have goes
 * last, so that one that leads to the container is always there. */
static const struct step rows[] = {
	{ "name", take_name, untake_name },
	{ "limits", set_limits, unset_limits },
	{ "disk", set_disk, unset_disk },
	{ "addresses", set_addresses, unset_addresses },
	{ "hostname", set_hostname, unset_hostname },
	{ "save", save, unsave },
	{ "old-name", drop_name, undrop_name },
};

static STEPS(table, "set", rows);

static void clear(struct set *s)
{
	live_clear(&s->live);
	ct_clear(&s->ct);
	ipaddrs_clear(&s->ip);
	ipaddrs_clear(&s->saved);
	ipaddrs_clear(&s->old_ip);
	free(s->old_text);
	*s = (struct set){ .w = s->w, .s = s->s, .o = s->o, .live = LIVE_INIT };
}

static int prepare(struct set *s, struct err *e)
{
	int r = live_settle(&s->ct, &s->live, e);

	if (r >= 0)
		r = launch_adopt(s->w, &s->ct, &s->live, e);
	if (r < 0)
		return r;
	s->mask = s->s->conf.given;
	if (s->s->del_all || s->s->del.n)
		s->mask |= 1ull << KEY_IP_ADDRESS;
	for (size_t i = 0; i < s->live.state.ip.n; i++)
		ipaddrs_add(&s->old_ip, &s->live.state.ip.v[i]);
	settings_addresses(s->s, &s->live.state.ip, &s->ip);
	settings_addresses(s->s, &s->ct.conf.net.ip, &s->saved);
	r = check_save(s, e);
	return r < 0 ? r : venet_addrs_free(s->ct.id, &s->s->conf.net.ip, e);
}

/* A reboot from inside takes no lock: is the init that got the settings gone? It loses its
 * namespaces some time before it counts as ended. */
static bool rebooted(const struct set *s)
{
	_cleanup_close_ int init = live_init(&s->ct, &s->live, NULL), ns = -1;

	if (!s->live.running)
		return false;
	ns = init < 0 ? -1 : spawn_ns(s->live.state.init, "net");
	if (ns >= 0 && !fd_wait(init, 0))
		return false;
	if (init >= 0)
		fd_wait(init, END_MS);
	return true;
}

int wabe_set(struct wabe *w, uint32_t ctid, const struct wabe_settings *st,
	     const struct wabe_set *o, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_(clear) struct set s = { .w = w, .s = st, .o = o, .live = LIVE_INIT };
	int r = ct_open_locked(w, ctid, "setting", &s.ct, &lock, e);

	for (int rounds = ROUNDS; r >= 0;) {
		r = prepare(&s, e);
		if (r < 0)
			return r;
		r = steps_run(&table, &s, e);
		if (!--rounds || !rebooted(&s))
			break;
		/* the next init may have been started with half of it: all once more */
		clear(&s);
		r = ct_must_open(w, ctid, &s.ct, e);
	}
	return r < 0 ? r : restart_or_warn(&s, e);
}
