/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/mem.h"
#include "base/strv.h"
#include "cgroups/limits.h"
#include "config/keys.h"
#include "container/handle.h"
#include "container/launch.h"
#include "container/names.h"
#include "container/settings.h"
#include "container/verbs.h"
#include "netconf/venet.h"
#include "runtime/guestfiles.h"
#include "runtime/spawn.h"
#include "storage/overlay.h"
#include "storage/quota.h"

/* One `set`: the container as it is, as it will be, and what differs. */
struct set {
	struct wabe *w;
	const struct wabe_settings *s;
	const struct wabe_set *o;
	struct ct ct;
	struct live live;
	struct ipaddrs ip;	/* live, after the change */
	struct ipaddrs saved;	/* in the configuration, after the change */
	uint64_t mask;		/* keys given, KEY_IP_ADDRESS for --ipdel too */
};

static bool given(const struct set *s, int key)
{
	return s->mask >> key & 1;
}

static bool running(const struct set *s)
{
	return s->live.running;
}

/* ---- checks that come before any effect --- */

static int check_save(const struct set *s, struct err *e)
{
	/* vzctl's code for the name; what takes effect later must be kept somewhere */
	for (int k = 0; k < KEY_COUNT; k++)
		if (given(s, k) && !(keys[k].flags & KF_LIVE) && !s->o->save)
			return fail(e, k == KEY_NAME ? E_NAME : E_SYNTAX,
				    "--%s needs --save", keys[k].option);
	if ((given(s, KEY_VE_PRIVATE) || given(s, KEY_VE_ROOT)) && running(s))
		return fail(e, E_RUNNING, "container %u is running; stop it first", s->ct.id);
	if ((given(s, KEY_VE_PRIVATE) || given(s, KEY_VE_ROOT)) &&
	    overlay_is_mounted(s->ct.root, s->ct.private))
		return fail(e, E_MOUNTED, "container %u is mounted; unmount it first",
			    s->ct.id);
	if (s->o->save)
		return 0;
	if (!running(s))
		return fail(e, E_NOT_RUNNING,
			    "container %u is not running: use --save to keep the settings",
			    s->ct.id);
	return 0;
}

/* ---- applying to a running container --- */

/* Only the addresses, and only into the state of this init: a reboot from inside takes no
 * lock, and its state must not be overwritten by what was read before it. */
static int save_addresses(struct set *s, struct err *e)
{
	_cleanup_state_ struct state now = STATE_INIT;

	if (state_load(s->ct.run, &now)) {
		/* /run was wiped: what the kernel told is all there is */
		strcpy(now.phase, "running");
		now.init = s->live.state.init;
		now.init_start = s->live.state.init_start;
	} else if (now.init_start != s->live.state.init_start) {
		return fail(e, E_LOCKED, "container %u is being restarted", s->ct.id);
	}
	ipaddrs_clear(&now.ip);
	for (size_t i = 0; i < s->live.state.ip.n; i++)
		ipaddrs_add(&now.ip, &s->live.state.ip.v[i]);
	return state_save(s->ct.run, &now, e);
}

static int drop_addresses(struct set *s, int netns, struct err *e)
{
	struct ipaddrs *now = &s->live.state.ip;
	char ip[IPADDR_STRLEN];
	int r = 0;

	for (size_t i = now->n; r >= 0 && i-- > 0;) {
		struct ipaddr old = now->v[i];

		if (ipaddrs_find(&s->ip, &old))
			continue;
		say(&s->w->progress, SAY_INFO, "Deleting IP address(es): %s",
		    ipaddr_str(&old, ip));
		r = venet_addr_del(s->ct.id, netns, &old, e);
		if (r >= 0)
			ipaddrs_del(now, &old);
	}
	return r;
}

static int add_addresses(struct set *s, int netns, struct err *e)
{
	struct ipaddrs *now = &s->live.state.ip;
	char ip[IPADDR_STRLEN];
	int r = 0;

	/* one that started without addresses has no link yet; before the first is recorded */
	if (!now->n && s->ip.n)
		r = venet_attach(s->ct.id, netns, e);
	for (size_t i = 0; r >= 0 && i < s->ip.n; i++) {
		if (ipaddrs_find(now, &s->ip.v[i]))
			continue;
		say(&s->w->progress, SAY_INFO, "Adding IP address(es): %s",
		    ipaddr_str(&s->ip.v[i], ip));
		/* recorded first: teardown must find it whatever happens next */
		ipaddrs_add(now, &s->ip.v[i]);
		r = save_addresses(s, e);
		if (r >= 0)
			r = venet_addr_add(s->ct.id, netns, &s->ip.v[i], e);
		if (r < 0)
			ipaddrs_del(now, &s->ip.v[i]);
	}
	return r;
}

/* A namespace of init, opened by its number: the pidfd, still alive afterwards, proves that
 * the number was not another's meanwhile. */
static int open_ns(struct set *s, const char *name, struct err *e)
{
	_cleanup_close_ int init = live_init(&s->ct, &s->live, e), ns = -1;

	if (init < 0)
		return init;
	ns = spawn_ns(s->live.state.init, name);
	if (ns < 0 || fd_wait(init, 0))
		return fail(e, E_NOT_RUNNING, "container %u is not running any more", s->ct.id);
	return steal_fd(&ns);
}

static int apply_addresses(struct set *s, struct err *e)
{
	_cleanup_close_ int netns = open_ns(s, "net", e);
	int r = netns < 0 ? netns : drop_addresses(s, netns, e), saved;

	if (r >= 0)
		r = add_addresses(s, netns, e);
	saved = netns < 0 ? 0 : save_addresses(s, r < 0 ? NULL : e);
	return r < 0 ? r : saved;
}

static int apply_hostname(struct set *s, struct err *e)
{
	_cleanup_close_ int init = live_init(&s->ct, &s->live, e);
	const char *name = s->s->conf.net.hostname;
	int r = init < 0 ? init : guestfiles_rename(init, name, e);

	if (r >= 0)
		say(&s->w->progress, SAY_INFO, "Set hostname: %s", name);
	return r;
}

static int apply_disk(struct set *s, struct err *e)
{
	_cleanup_close_ int dir = open(s->ct.private, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t mask = s->mask & (1ull << KEY_DISKSPACE | 1ull << KEY_DISKINODES);
	int r;

	if (!mask)
		return 0;
	if (dir < 0)
		return fail(e, E_NO_PRIVATE, "private area %s: %m", s->ct.private);
	/* both limits are one call of the kernel's: the one not given keeps its value */
	r = quota_limit(dir, s->ct.conf.local_uid, &s->s->conf.disk, mask, e);
	if (r <= 0)
		return r;
	if (running(s) && !s->o->force)
		return fail(e, E_BAD_KERNEL,
			    "disk limits cannot be applied: the file system of %s has no "
			    "project quota", s->ct.private);
	return 0;
}

static int apply(struct set *s, struct err *e)
{
	int r;

	if (!running(s))
		return apply_disk(s, e);
	r = limits_apply(s->live.cgroup, &s->s->conf.res, s->mask, NULL, e);
	if (r >= 0 && given(s, KEY_CPUUNITS))
		say(&s->w->progress, SAY_INFO, "Setting CPU units: %u",
		    s->s->conf.res.cpuunits);
	if (r >= 0 && given(s, KEY_IP_ADDRESS))
		r = apply_addresses(s, e);
	if (r >= 0 && given(s, KEY_HOSTNAME))
		r = apply_hostname(s, e);
	return r < 0 ? r : apply_disk(s, e);
}

static bool needs_restart(const struct set *s, int key)
{
	return running(s) && given(s, key) && !(keys[key].flags & (KF_LIVE | KF_SAVE_ONLY));
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

/* ---- saving --- */

static int save(struct set *s, struct err *e)
{
	_cleanup_conf_ struct conf out = CONF_INIT;
	const char *new = s->s->conf.name, *old = s->ct.conf.name;
	bool rename = given(s, KEY_NAME) && strcmp(old ? old : "", new ? new : "");
	int r = rename && new && *new ? name_take(s->w, new, s->ct.id, e) : 0;

	if (r < 0)
		return r;
	conf_merge(&out, &s->s->conf);
	if (given(s, KEY_IP_ADDRESS)) {
		ipaddrs_clear(&out.net.ip);
		for (size_t i = 0; i < s->saved.n; i++)
			ipaddrs_add(&out.net.ip, &s->saved.v[i]);
		out.given |= 1ull << KEY_IP_ADDRESS;
	}
	if (given(s, KEY_NAME) && (!out.name || !*out.name))
		out.given &= ~(1ull << KEY_NAME);
	r = ctconf_save(s->ct.conf_path, NULL, &out, s->mask, e);
	/* of the two names the one that the file does not have goes */
	if (rename && r < 0 && new && *new)
		name_drop(s->w, new, s->ct.id);
	if (rename && r >= 0 && old && *old)
		name_drop(s->w, old, s->ct.id);
	if (r < 0)
		return r;
	say(&s->w->progress, SAY_INFO, "CT configuration saved to %s", s->ct.conf_path);
	return 0;
}

static void clear(struct set *s)
{
	live_clear(&s->live);
	ct_clear(&s->ct);
	ipaddrs_clear(&s->ip);
	ipaddrs_clear(&s->saved);
}

static int prepare(struct set *s, struct err *e)
{
	int r;

	live_read(&s->ct, &s->live);
	r = launch_adopt(s->w, &s->ct, &s->live, e);
	if (r < 0)
		return r;
	s->mask = s->s->conf.given;
	if (s->s->del_all || s->s->del.n)
		s->mask |= 1ull << KEY_IP_ADDRESS;
	settings_addresses(s->s, &s->live.state.ip, &s->ip);
	settings_addresses(s->s, &s->ct.conf.net.ip, &s->saved);
	r = check_save(s, e);
	return r < 0 ? r : venet_addrs_free(s->ct.id, &s->s->conf.net.ip, e);
}

int wabe_set(struct wabe *w, uint32_t ctid, const struct wabe_settings *st,
	     const struct wabe_set *o, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_(clear) struct set s = { .w = w, .s = st, .o = o, .live = LIVE_INIT };
	int r = ct_open_locked(w, ctid, "setting", &s.ct, &lock, e);

	if (r >= 0)
		r = prepare(&s, e);
	if (r < 0)
		return r;
	r = apply(&s, e);
	/* vzctl's rule: what cannot be applied is not saved, unless forced */
	if (r < 0 && !(o->save && o->force && r == -E_BAD_KERNEL))
		return r;
	if (r < 0)
		say(&w->progress, SAY_WARN, "%s", e->msg);
	if (o->save)
		r = save(&s, e);
	else
		say(&w->progress, SAY_WARN, "the settings were not saved (no --save)");
	return o->save && r < 0 ? r : restart_or_warn(&s, e);
}
