/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "config/keys.h"
#include "container/set.h"
#include "netconf/venet.h"
#include "runtime/spawn.h"
#include "storage/quota.h"

/* vzctl's rule: what this kernel cannot apply is not saved either, unless forced. */
static int forgive(const struct set *s, int r, struct err *e)
{
	if (r != -E_BAD_KERNEL || !s->o->save || !s->o->force)
		return r;
	say(&s->w->progress, SAY_WARN, "%s", e->msg);
	return 0;
}

/* ---- limits of the cgroup --- */

int set_limits(void *set, struct err *e)
{
	struct set *s = set;
	int r;

	if (!s->live.running)
		return 0;
	limits_keep(s->live.cgroup, s->mask, &s->old_limits);
	r = limits_apply(s->live.cgroup, &s->s->conf.res, s->mask, NULL, e);
	if (r >= 0 && set_given(s, KEY_CPUUNITS))
		say(&s->w->progress, SAY_INFO, "Setting CPU units: %u",
		    s->s->conf.res.cpuunits);
	return forgive(s, r, e);
}

void unset_limits(void *set)
{
	struct set *s = set;

	if (s->live.running)
		limits_put_back(s->live.cgroup, &s->old_limits);
}

/* ---- limits of the disk, of a stopped container too --- */

static uint64_t disk_mask(const struct set *s)
{
	return s->mask & (1ull << KEY_DISKSPACE | 1ull << KEY_DISKINODES);
}

int set_disk(void *set, struct err *e)
{
	struct set *s = set;
	_cleanup_close_ int dir = -1;
	int r;

	if (!disk_mask(s))
		return 0;
	dir = open(s->ct.private, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return fail(e, E_NO_PRIVATE, "private area %s: %m", s->ct.private);
	s->had_disk = !quota_limits(dir, s->ct.conf.local_uid, &s->old_disk);
	/* both limits are one call of the kernel's: the one not given keeps its value */
	r = quota_limit(dir, s->ct.conf.local_uid, &s->s->conf.disk, disk_mask(s), e);
	if (r > 0 && s->live.running)
		r = fail(e, E_BAD_KERNEL,
			 "disk limits cannot be applied: the file system of %s has no "
			 "project quota", s->ct.private);
	return r > 0 ? 0 : forgive(s, r, e);
}

void unset_disk(void *set)
{
	struct set *s = set;
	_cleanup_close_ int dir = -1;

	if (!s->had_disk)
		return;
	dir = open(s->ct.private, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0)
		quota_limit(dir, s->ct.conf.local_uid, &s->old_disk, disk_mask(s), NULL);
}

/* ---- addresses --- */

/* Only the addresses, and only into the state of this init: a reboot from inside takes no
 * lock, and its state must not be overwritten by what was read before it. */
static int record_addresses(struct set *s, struct err *e)
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

static int drop_addresses(struct set *s, const struct ipaddrs *want, int netns,
			  struct err *e)
{
	struct ipaddrs *now = &s->live.state.ip;
	char ip[IPADDR_STRLEN];
	int r = 0;

	for (size_t i = now->n; r >= 0 && i-- > 0;) {
		struct ipaddr old = now->v[i];

		if (ipaddrs_find(want, &old))
			continue;
		say(&s->w->progress, SAY_INFO, "Deleting IP address(es): %s",
		    ipaddr_str(&old, ip));
		r = venet_addr_del(s->ct.id, netns, &old, e);
		if (r >= 0)
			ipaddrs_del(now, &old);
	}
	return r;
}

static int add_addresses(struct set *s, const struct ipaddrs *want, int netns,
			 struct err *e)
{
	struct ipaddrs *now = &s->live.state.ip;
	char ip[IPADDR_STRLEN];
	int r = 0;

	/* one that started without addresses has no link yet; before the first is recorded */
	if (!now->n && want->n)
		r = venet_attach(s->ct.id, netns, e);
	for (size_t i = 0; r >= 0 && i < want->n; i++) {
		if (ipaddrs_find(now, &want->v[i]))
			continue;
		say(&s->w->progress, SAY_INFO, "Adding IP address(es): %s",
		    ipaddr_str(&want->v[i], ip));
		/* recorded first: teardown must find it whatever happens next */
		ipaddrs_add(now, &want->v[i]);
		r = record_addresses(s, e);
		if (r >= 0)
			r = venet_addr_add(s->ct.id, netns, &want->v[i], e);
		if (r < 0)
			ipaddrs_del(now, &want->v[i]);
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

static int change_addresses(struct set *s, const struct ipaddrs *want, struct err *e)
{
	_cleanup_close_ int netns = open_ns(s, "net", e);
	int r = netns < 0 ? netns : drop_addresses(s, want, netns, e), saved;

	if (r >= 0)
		r = add_addresses(s, want, netns, e);
	saved = netns < 0 ? 0 : record_addresses(s, r < 0 ? NULL : e);
	return r < 0 ? r : saved;
}

int set_addresses(void *set, struct err *e)
{
	struct set *s = set;

	if (!s->live.running || !set_given(s, KEY_IP_ADDRESS))
		return 0;
	return change_addresses(s, &s->ip, e);
}

void unset_addresses(void *set)
{
	struct set *s = set;

	if (s->live.running && set_given(s, KEY_IP_ADDRESS))
		change_addresses(s, &s->old_ip, NULL);
}

/* ---- host name --- */

int set_hostname(void *set, struct err *e)
{
	struct set *s = set;
	const char *name = s->s->conf.net.hostname;
	_cleanup_close_ int init = -1;
	int r;

	if (!s->live.running || !set_given(s, KEY_HOSTNAME))
		return 0;
	init = live_init(&s->ct, &s->live, e);
	r = init < 0 ? init : guestfiles_rename(init, name, s->old_hostname, e);
	if (r >= 0)
		say(&s->w->progress, SAY_INFO, "Set hostname: %s", name);
	return r;
}

void unset_hostname(void *set)
{
	struct set *s = set;
	_cleanup_close_ int init = s->old_hostname[0] ? live_init(&s->ct, &s->live, NULL) : -1;

	if (init >= 0)
		guestfiles_rename(init, s->old_hostname, NULL, NULL);
}
