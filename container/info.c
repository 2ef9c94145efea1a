/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"
#include "cgroups/limits.h"
#include "config/keys.h"
#include "container/handle.h"
#include "container/live.h"
#include "storage/overlay.h"
#include "storage/quota.h"

const char *wabe_state_word(enum wabe_state s)
{
	static const char *const words[] = {
		[WABE_STOPPED] = "stopped",   [WABE_MOUNTED] = "mounted",
		[WABE_STARTING] = "starting", [WABE_RUNNING] = "running",
		[WABE_STOPPING] = "stopping",
	};

	return words[s];
}

static int64_t limit_of(const struct conf *c, int key, const struct range *r, int64_t unit)
{
	if (!conf_has(c, key) || r->lim > (uint64_t)INT64_MAX / (uint64_t)unit)
		return -1;
	return (int64_t)r->lim * unit;
}

static char *copy(const char *s)
{
	return s && *s ? xstrdup(s) : NULL;
}

static void from_conf(const struct ct *c, struct wabe_info *i)
{
	const struct conf *f = &c->conf;
	int64_t page = sysconf(_SC_PAGESIZE);
	char ip[IPADDR_STRLEN];

	i->name = copy(f->name);
	i->description = copy(f->description);
	i->hostname = copy(f->net.hostname);
	i->ostemplate = copy(f->ostemplate);
	i->layout = copy(f->layout ? f->layout : "overlay");
	i->private_dir = xstrdup(c->private);
	i->root_dir = xstrdup(c->root);
	for (size_t k = 0; k < f->net.ip.n; k++)
		strv_add(&i->ip, ipaddr_str(&f->net.ip.v[k], ip));
	strv_copy(&i->nameserver, &f->net.nameserver);
	strv_copy(&i->searchdomain, &f->net.searchdomain);
	i->disabled = f->disabled;
	i->uid_base = conf_has(f, KEY_LOCAL_UID) ? (int64_t)f->local_uid : -1;
	i->numproc_max = limit_of(f, KEY_NUMPROC, &f->res.numproc, 1);
	i->memory_max = limit_of(f, KEY_PHYSPAGES, &f->res.physpages, page);
	i->swap_max = limit_of(f, KEY_SWAPPAGES, &f->res.swappages, page);
	i->cpuunits = conf_has(f, KEY_CPUUNITS) ? (int64_t)f->res.cpuunits : -1;
	i->cpulimit = conf_has(f, KEY_CPULIMIT) ? (int64_t)f->res.cpulimit : -1;
	i->diskspace_max = limit_of(f, KEY_DISKSPACE, &f->disk.space, 1);
	i->diskinodes_max = limit_of(f, KEY_DISKINODES, &f->disk.inodes, 1);
}

static void from_disk(const struct ct *c, struct wabe_info *i)
{
	_cleanup_close_ int dir = open(c->private, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct quota_usage q;

	if (dir < 0 || i->uid_base < 0)
		return;
	quota_usage(dir, (uint32_t)i->uid_base, &q);
	i->diskspace = q.space;
	i->diskinodes = q.inodes;
}

static enum wabe_state state_of(const struct live *l, bool mounted)
{
	if (l->running && l->supervisor && !strcmp(l->state.phase, "starting"))
		return WABE_STARTING;
	if (l->running)
		return WABE_RUNNING;
	if (l->supervisor)
		return strcmp(l->state.phase, "starting") ? WABE_STOPPING : WABE_STARTING;
	return mounted ? WABE_MOUNTED : WABE_STOPPED;
}

/* Start times count clock ticks since boot, suspend included. */
static int64_t uptime_of(uint64_t start)
{
	struct timespec now;

	if (!start)
		return -1;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec - (int64_t)(start / (uint64_t)sysconf(_SC_CLK_TCK));
}

static void from_kernel(const struct ct *c, unsigned reads, struct wabe_info *i)
{
	_cleanup_live_ struct live l = LIVE_INIT;
	const struct {
		enum wabe_read read;
		enum limits_kind what;
		int64_t *now, *max;
	} of[] = {
		{ WABE_READ_PROCESSES, LIMITS_PIDS, &i->numproc, &i->numproc_max },
		{ WABE_READ_MEMORY, LIMITS_MEMORY, &i->memory, &i->memory_max },
		{ WABE_READ_SWAP, LIMITS_SWAP, &i->swap, &i->swap_max },
	};
	bool host_mount = overlay_is_mounted(c->root, c->private);
	char ip[IPADDR_STRLEN];

	live_read(c, &l);
	i->state = state_of(&l, host_mount);
	i->mounted = host_mount || l.running;
	i->supervisor = l.supervisor;
	if (!l.running)
		return;
	i->pid = l.state.init;
	i->uptime = uptime_of(l.state.init_start);
	if (l.has_state) {
		strv_clear(&i->ip);
		for (size_t k = 0; k < l.state.ip.n; k++)
			strv_add(&i->ip, ipaddr_str(&l.state.ip.v[k], ip));
	}
	for (size_t k = 0; k < ARRAY_SIZE(of); k++)
		if (reads & of[k].read)
			limits_usage(l.cgroup, of[k].what, of[k].now, of[k].max);
}

int wabe_info(struct wabe *w, uint32_t ctid, unsigned reads, struct wabe_info *ret,
	      struct err *e)
{
	_cleanup_ct_ struct ct c = CT_INIT;
	struct err why = { 0 };

	(void)e;
	/* a configuration that cannot be read does not change what runs */
	if (ct_open(w, ctid, &c, &why) < 0) {
		say(&w->progress, SAY_WARN, "%s", why.msg);
		ct_by_number(w, ctid, &c);
		c.has_conf = true;
	}
	*ret = (struct wabe_info){
		.ctid = ctid, .exists = c.has_conf, .uid_base = -1, .uptime = -1,
		.numproc = -1, .numproc_max = -1, .memory = -1, .memory_max = -1,
		.swap = -1, .swap_max = -1, .cpuunits = -1, .cpulimit = -1,
		.diskspace = -1, .diskspace_max = -1, .diskinodes = -1, .diskinodes_max = -1,
	};
	from_conf(&c, ret);
	from_kernel(&c, reads, ret);
	if (reads & WABE_READ_DISK)
		from_disk(&c, ret);
	return 0;
}

void wabe_info_clear(struct wabe_info *i)
{
	free(i->name);
	free(i->description);
	free(i->hostname);
	free(i->ostemplate);
	free(i->layout);
	free(i->private_dir);
	free(i->root_dir);
	strv_clear(&i->ip);
	strv_clear(&i->nameserver);
	strv_clear(&i->searchdomain);
	*i = (struct wabe_info){ 0 };
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* CTID of a file name CTID.conf, else 0 (0.conf is the host's). */
static uint32_t conf_name(const char *name)
{
	size_t n = strspn(name, "0123456789");
	unsigned long long v;

	if (!n || n > 10 || strcmp(name + n, ".conf"))
		return 0;
	v = strtoull(name, NULL, 10);
	return v > CTID_MAX ? 0 : (uint32_t)v;
}

int wabe_list(struct wabe *w, uint32_t **ret, size_t *ret_n, struct err *e)
{
	_cleanup_closedir_ DIR *d = opendir(w->g.confdir);
	_cleanup_free_ uint32_t *ids = NULL;
	size_t n = 0, cap = 0;
	struct dirent *de;

	if (!d && errno != ENOENT)
		return fail(e, E_SYSTEM, "cannot read %s: %m", w->g.confdir);
	while (d && (de = readdir(d))) {
		uint32_t id = conf_name(de->d_name);

		if (!id)
			continue;
		if (n == cap) {
			cap = cap ? cap * 2 : 64;
			ids = xrealloc(ids, cap, sizeof(*ids));
		}
		ids[n++] = id;
	}
	if (n)
		qsort(ids, n, sizeof(*ids), by_number);
	*ret = steal_ptr(ids);
	*ret_n = n;
	return 0;
}

int wabe_samples(struct wabe *w, struct strv *ret, struct err *e)
{
	static const char head[] = "ve-", tail[] = ".conf-sample";
	const size_t extra = strlen(head) + strlen(tail);
	_cleanup_closedir_ DIR *d = opendir(w->g.confdir);
	struct dirent *de;

	if (!d && errno != ENOENT)
		return fail(e, E_SYSTEM, "cannot read %s: %m", w->g.confdir);
	while (d && (de = readdir(d))) {
		size_t n = strlen(de->d_name);

		if (n > extra && !strncmp(de->d_name, head, strlen(head)) &&
		    !strcmp(de->d_name + n - strlen(tail), tail))
			strv_addf(ret, "%.*s", (int)(n - extra), de->d_name + strlen(head));
	}
	return 0;
}

int wabe_config(struct wabe *w, uint32_t ctid, wabe_setting_fn *fn, void *ctx,
		struct err *e)
{
	_cleanup_ct_ struct ct c = CT_INIT;
	_cleanup_conf_ struct conf own = CONF_INIT;
	int r = ct_must_open(w, ctid, &c, e);

	if (r >= 0)
		r = ctconf_read(c.conf_path, &own, NULL, NULL, e);
	if (r < 0)
		return r;
	for (int k = 0; k < KEY_COUNT; k++) {
		_cleanup_buf_ struct buf value = BUF_INIT;

		if (!conf_has(&c.conf, k))
			continue;
		key_format(&c.conf, &keys[k], &value);
		fn(ctx, keys[k].name, value.s,
		   conf_has(&own, k) ? "ct" : w->g.in_file >> k & 1 ? "node" : "built-in");
	}
	return 0;
}
