/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "storage/quota.h"

#include <errno.h>
#include <linux/fs.h>
#include <linux/quota.h>
#include <sys/ioctl.h>

#include "base/sys.h"
#include "config/keys.h"

/* What "there is no project quota here" looks like: no syscall, no quota in the kernel or
 * on this file system, or not turned on. */
static bool not_here(int error)
{
	return error == ENOSYS || error == ENOTTY || error == EOPNOTSUPP || error == ESRCH ||
	       error == ENODEV || error == EINVAL;
}

static int prj(int cmd)
{
	return (int)QCMD((unsigned)cmd, PRJQUOTA);
}

int quota_tag(int dir, uint32_t project, struct err *e)
{
	struct fsxattr x;

	if (ioctl(dir, FS_IOC_FSGETXATTR, &x) < 0)
		return not_here(errno) ? 1 : fail(e, E_SET_QUOTA, "cannot read project id: %m");
	x.fsx_projid = project;
	x.fsx_xflags |= FS_XFLAG_PROJINHERIT;
	if (ioctl(dir, FS_IOC_FSSETXATTR, &x) < 0)
		return not_here(errno) ? 1 : fail(e, E_SET_QUOTA, "cannot set project id: %m");
	return 0;
}

/* 0 is "no limit" for the kernel, and so is what does not fit. */
static uint64_t limit(uint64_t v)
{
	return v > UINT64_MAX >> 12 ? 0 : v;
}

int quota_limit(int dir, uint32_t project, const struct conf_disk *d, uint64_t mask,
		struct err *e)
{
	struct if_dqblk q = { 0 };
	struct fsxattr x;

	/* a directory without the id (made before quota was on) must not look limited */
	if (ioctl(dir, FS_IOC_FSGETXATTR, &x) < 0 || x.fsx_projid != project)
		return 1;
	if (mask >> KEY_DISKSPACE & 1) {
		q.dqb_bsoftlimit = limit(d->space.bar);
		q.dqb_bhardlimit = limit(d->space.lim);
		q.dqb_valid |= QIF_BLIMITS;
	}
	if (mask >> KEY_DISKINODES & 1) {
		q.dqb_isoftlimit = limit(d->inodes.bar);
		q.dqb_ihardlimit = limit(d->inodes.lim);
		q.dqb_valid |= QIF_ILIMITS;
	}
	if (!q.dqb_valid)
		return 0;
	if (sys_quotactl_fd(dir, (unsigned)prj(Q_SETQUOTA), (int)project, &q) < 0)
		return not_here(errno) ? 1 : fail(e, E_SET_QUOTA, "cannot set disk limits: %m");
	return 0;
}

int quota_limits(int dir, uint32_t project, struct conf_disk *ret)
{
	struct if_dqblk q = { 0 };

	if (sys_quotactl_fd(dir, (unsigned)prj(Q_GETQUOTA), (int)project, &q) < 0)
		return 1;
	*ret = (struct conf_disk){
		.space = { q.dqb_bsoftlimit, q.dqb_bhardlimit },
		.inodes = { q.dqb_isoftlimit, q.dqb_ihardlimit },
	};
	return 0;
}

void quota_usage(int dir, uint32_t project, struct quota_usage *ret)
{
	struct if_dqblk q = { 0 };

	*ret = (struct quota_usage){ .space = -1, .inodes = -1 };
	if (sys_quotactl_fd(dir, (unsigned)prj(Q_GETQUOTA), (int)project, &q) < 0)
		return;
	ret->space = (int64_t)(q.dqb_curspace >> 10);
	ret->inodes = (int64_t)q.dqb_curinodes;
}
