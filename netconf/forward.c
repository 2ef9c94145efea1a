/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/forward.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"

static bool reads(int dirfd, const char *path, const char *want)
{
	char value[8];

	return !file_read_line(dirfd, path, value, sizeof(value)) && !strcmp(value, want);
}

/*
 * A host that forwards IPv6 drops what it learnt from router advertisements, its default
 * route among it, on links with accept_ra=1. 2 means: accept all the same. "default" stays,
 * for what links come later.
 */
static void keep_advertisements(void)
{
	_cleanup_closedir_ DIR *d = opendir("/proc/sys/net/ipv6/conf");
	struct dirent *de;

	while (d && (de = readdir(d))) {
		char path[300];

		if (de->d_name[0] == '.' || !strcmp(de->d_name, "default"))
			continue;
		snprintf(path, sizeof(path), "%s/accept_ra", de->d_name);
		if (reads(dirfd(d), path, "1"))
			file_put(dirfd(d), path, "2");
	}
}

static void turn_on(const char *path)
{
	int r = file_put(AT_FDCWD, path, "1");

	errno = -r;
	if (r)
		log_info("cannot turn on %s: %m", path);
}

void forward_on(void)
{
	static const char v4[] = "/proc/sys/net/ipv4/ip_forward";
	static const char v6[] = "/proc/sys/net/ipv6/conf/all/forwarding";

	if (reads(AT_FDCWD, v4, "0"))
		turn_on(v4);
	if (reads(AT_FDCWD, v6, "0")) {
		keep_advertisements();
		turn_on(v6);
	}
}

int forward_guard(const char *link, struct err *e)
{
	char path[64];
	int r;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/accept_ra", link);
	if (reads(AT_FDCWD, path, "0"))
		return 0;
	r = file_put(AT_FDCWD, path, "0");
	errno = -r;
	return r ? fail(e, E_ADDIP, "cannot write 0 to %s: %m", path) : 0;
}
