/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/caps.h"

#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/cleanup.h"

static const cap_value_t dropped[] = {
	CAP_SYS_MODULE,	   CAP_SYS_RAWIO,    CAP_SYS_TIME,	CAP_MAC_ADMIN,
	CAP_MAC_OVERRIDE,  CAP_SYSLOG,	     CAP_WAKE_ALARM,	CAP_BLOCK_SUSPEND,
	CAP_AUDIT_CONTROL, CAP_AUDIT_READ,   CAP_PERFMON,	CAP_BPF,
};

int caps_confine(struct err *e)
{
	cap_t c;
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(dropped); i++)
		if (cap_drop_bound(dropped[i]) < 0)
			return fail(e, E_CAPS, "cannot drop capability %d: %m", dropped[i]);
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return fail(e, E_CAPS, "cannot clear ambient capabilities: %m");
	c = cap_get_proc();
	if (!c)
		return fail(e, E_CAPS, "cannot read capabilities: %m");
	r = cap_clear_flag(c, CAP_INHERITABLE);
	if (!r)
		r = cap_set_proc(c);
	cap_free(c);
	return r ? fail(e, E_CAPS, "cannot set capabilities: %m") : 0;
}

int caps_rlimits(struct err *e)
{
	static const struct {
		int what;
		rlim_t cur, max;
	} want[] = {
		{ RLIMIT_NOFILE, 1024, 524288 },
		{ RLIMIT_CORE, 0, RLIM_INFINITY },
		{ RLIMIT_MEMLOCK, 8 << 20, 8 << 20 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		struct rlimit now, set;

		if (getrlimit(want[i].what, &now) < 0)
			return fail(e, E_CAPS, "cannot read limits: %m");
		/* lowering alone: raising needs CAP_SYS_RESOURCE on the host */
		set.rlim_max = want[i].max < now.rlim_max ? want[i].max : now.rlim_max;
		set.rlim_cur = want[i].cur < set.rlim_max ? want[i].cur : set.rlim_max;
		if (setrlimit(want[i].what, &set) < 0)
			return fail(e, E_CAPS, "cannot set limits: %m");
	}
	return 0;
}
