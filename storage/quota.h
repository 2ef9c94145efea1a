/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disk limits of a container by project quota (ext4 with the quota and project features,
 * XFS with prjquota): the private area carries a project id that everything made below
 * inherits. The id must be set before anything is made below. DISKSPACE counts KiB.
 * Source: quotactl_fd(2), ioctl FS_IOC_FSSETXATTR.
 */
#ifndef STORAGE_QUOTA_H
#define STORAGE_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "config/conf.h"

/* Give the (empty) directory the project id, for it and all that will be below it. 0, or 1
 * when this file system has no project ids. */
int quota_tag(int dir, uint32_t project, struct err *e);

/* Set soft and hard limits of `d` for the keys of `mask`. 0, or 1 when the file system that
 * the directory lies on has no project quota in force. E_SET_QUOTA. */
int quota_limit(int dir, uint32_t project, const struct conf_disk *d, uint64_t mask,
		struct err *e);

/* The limits in force, 0 where there is none; 1 as above. */
int quota_limits(int dir, uint32_t project, struct conf_disk *ret);

struct quota_usage {
	int64_t space;		/* KiB; -1: not known */
	int64_t inodes;
};
void quota_usage(int dir, uint32_t project, struct quota_usage *ret);

#endif
