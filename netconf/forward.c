/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/forward.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

static bool is_off(const char *path)
{
	char value[8];

	return !file_read_line(AT_FDCWD, path, value, sizeof(value)) && !strcmp(value, "0");
}

/* A host that forwards IPv6 drops what it learnt from router advertisements, its default
 * route among it, on links with accept_ra=1. 2 means: accept all the same. */
static void keep_advertisements(void)
{
	_cleanup_closedir_ DIR *d = opendir("/proc/sys/net/ipv6/conf");
	struct dirent *de;

	while (d && (de = readdir(d))) {
		char path[300], value[8];

		if (de->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/accept_ra", de->d_name);
		if (!file_read_line(dirfd(d), path, value, sizeof(value)) &&
		    !strcmp(value, "1"))
			file_put(dirfd(d), path, "2");
	}
}

void forward_on(void)
{
	static const char v4[] = "/proc/sys/net/ipv4/ip_forward";
	static const char v6[] = "/proc/sys/net/ipv6/conf/all/forwarding";

	if (is_off(v4))
		file_put(AT_FDCWD, v4, "1");
	if (is_off(v6)) {
		keep_advertisements();
		file_put(AT_FDCWD, v6, "1");
	}
}
