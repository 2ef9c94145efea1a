/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/bootgroup.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cgroups/cgroup.h"
#include "cgroups/limits.h"
#include "config/keys.h"
#include "storage/quota.h"

enum { KILL_MS = 10000 };

static void warn_missing(struct boot *b, const struct strv *missing)
{
	_cleanup_free_ char *list = NULL;

	if (!missing->n)
		return;
	list = strv_join(missing, ", ");
	say(&b->w->progress, SAY_WARN,
	    "this host cannot apply %s now (kept in the configuration)", list);
}

static void apply_disk(struct boot *b, struct strv *missing)
{
	const struct conf *c = &b->ct.conf;
	_cleanup_close_ int dir = open(b->ct.private, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t mask = c->given & (1ull << KEY_DISKSPACE | 1ull << KEY_DISKINODES);
	struct err why;
	int r;

	if (dir < 0 || !mask || (conf_has(c, KEY_DISK_QUOTA) && !c->disk.quota))
		return;
	r = quota_limit(dir, c->local_uid, &c->disk, mask, &why);
	if (r < 0)
		say(&b->w->progress, SAY_WARN, "%s", why.msg);
	if (r > 0)
		strv_add(missing, "DISKSPACE/DISKINODES");
}

int bootgroup_make(struct boot *b, struct err *e)
{
	int r = 0;

	if (b->cgroup < 0)
		r = b->cgroup = cgroup_make(b->ct.id, e);
	if (r >= 0)
		r = b->payload = cgroup_sub_make(b->cgroup, "payload", e);
	return r < 0 ? r : 0;
}

int bootgroup_limit(struct boot *b, struct err *e)
{
	_cleanup_strv_ struct strv missing = STRV_INIT;
	int r = limits_apply(b->cgroup, &b->ct.conf.res, b->ct.conf.given, &missing, e);

	if (r >= 0)
		r = cgroup_bound(b->payload, e);
	if (r >= 0)
		r = cgroup_delegate(b->payload, b->spec.uid_base, b->spec.gid_base, e);
	if (r < 0)
		return r;
	apply_disk(b, &missing);
	b->cpu_applied = conf_has(&b->ct.conf, KEY_CPUUNITS) &&
			 !strv_has(&missing, keys[KEY_CPUUNITS].name);
	warn_missing(b, &missing);
	return 0;
}

void bootgroup_remove(struct boot *b)
{
	close_fd(&b->payload);
	if (b->cgroup < 0)
		b->cgroup = cgroup_open(b->ct.id);
	if (b->cgroup < 0)
		return;
	cgroup_kill(b->cgroup, "payload", KILL_MS, NULL);
	cgroup_kill(b->cgroup, "exec", KILL_MS, NULL);
	cgroup_sub_remove(b->cgroup, "payload");
	cgroup_sub_remove(b->cgroup, "exec");
	close_fd(&b->cgroup);
}
