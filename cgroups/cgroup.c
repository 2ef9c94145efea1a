/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cgroups/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/file.h"
#include "cgroups/cgtree.h"
#include "cgroups/dying.h"

static int make_dir(int at, const char *name, struct err *e)
{
	int fd;

	if (mkdirat(at, name, 0755) < 0 && errno != EEXIST)
		return fail(e, E_RESOURCE, "cannot make cgroup %s: %m", name);
	fd = cgtree_dir(at, name);
	if (fd < 0)
		return fail(e, E_RESOURCE, "cannot open cgroup %s: %m", name);
	return fd;
}

int cgroup_make(uint32_t ctid, struct err *e)
{
	_cleanup_close_ int root = cgtree_root(), vz = -1, ct = -1;
	char name[16];

	if (root < 0)
		return fail(e, E_BAD_KERNEL,
			    "no cgroup2 file system is mounted (mount -t cgroup2 cgroup2 "
			    "/sys/fs/cgroup; the kernel needs CONFIG_CGROUPS)");
	vz = cgtree_dir(root, "vz");
	if (vz < 0) {
		cgtree_enable(root);
		vz = make_dir(root, "vz", e);
	}
	if (vz < 0)
		return vz;
	cgtree_enable(vz);
	snprintf(name, sizeof(name), "%u", ctid);
	ct = make_dir(vz, name, e);
	if (ct < 0)
		return ct;
	cgtree_enable(ct);
	return steal_fd(&ct);
}

int cgroup_open(uint32_t ctid)
{
	_cleanup_close_ int root = cgtree_root();
	char name[32];

	if (root < 0)
		return -1;
	snprintf(name, sizeof(name), "vz/%u", ctid);
	return cgtree_dir(root, name);
}

int cgroup_sub_make(int ct, const char *name, struct err *e)
{
	return make_dir(ct, name, e);
}

int cgroup_delegate(int dir, uid_t uid, gid_t gid, struct err *e)
{
	_cleanup_buf_ struct buf list = BUF_INIT;
	char *save = NULL;

	if (fchown(dir, uid, gid) < 0)
		return fail(e, E_RESOURCE, "cannot delegate the cgroup: %m");
	if (file_read(AT_FDCWD, "/sys/kernel/cgroup/delegate", 4096, &list))
		buf_adds(&list, "cgroup.procs\ncgroup.threads\ncgroup.subtree_control\n");
	for (char *f = strtok_r(list.s, "\n", &save); f; f = strtok_r(NULL, "\n", &save)) {
		if (strchr(f, '/'))
			continue;
		/* a file of a controller that is not enabled here is not there */
		if (fchownat(dir, f, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 && errno != ENOENT)
			return fail(e, E_RESOURCE, "cannot delegate %s: %m", f);
	}
	return 0;
}

int cgroup_bound(int dir, struct err *e)
{
	int r = file_put(dir, "cgroup.max.descendants", "2000");

	if (!r)
		r = file_put(dir, "cgroup.max.depth", "64");
	errno = -r;
	return r ? fail(e, E_RESOURCE, "cannot bound the container's cgroups: %m") : 0;
}

static bool events_populated(int fd)
{
	char text[256];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	/* ENODEV: the group was removed meanwhile */
	if (n < 0)
		return false;
	text[n] = '\0';
	return strstr(text, "populated 1") != NULL;
}

static int open_events(int ct, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/cgroup.events", name ? name : ".");
	return openat(ct, path, O_RDONLY | O_CLOEXEC);
}

bool cgroup_populated(int ct, const char *name)
{
	_cleanup_close_ int fd = open_events(ct, name);

	return fd >= 0 && events_populated(fd);
}

int cgroup_kill(int ct, const char *name, int ms, struct err *e)
{
	_cleanup_close_ int fd = open_events(ct, name);
	long long end = now_ms() + ms;
	char path[64];

	if (fd < 0)
		return 0;
	snprintf(path, sizeof(path), "%s/cgroup.freeze", name);
	file_put(ct, path, "0");
	snprintf(path, sizeof(path), "%s/cgroup.kill", name);
	while (events_populated(fd)) {
		/* POLLPRI: the kernel notifies a change of cgroup.events */
		struct pollfd p = { .fd = fd, .events = POLLPRI };
		long long left = end - now_ms();

		if (left <= 0)
			return fail(e, E_STOP, "its processes do not die (stuck in I/O?)");
		/* again each round: a clone into the group may have raced with the kill */
		file_put(ct, path, "1");
		if (events_populated(fd))
			poll(&p, 1, left > 100 ? 100 : (int)left);
	}
	return 0;
}

int cgroup_sub_remove(int ct, const char *name)
{
	_cleanup_close_ int dir = cgtree_dir(ct, name);

	if (dir < 0)
		return errno == ENOENT ? 0 : -errno;
	cgtree_empty(dir);
	if (unlinkat(ct, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}

int cgroup_remove(uint32_t ctid)
{
	_cleanup_close_ int root = cgtree_root(), vz = -1;
	char name[16];
	int r;

	if (root < 0)
		return 0;
	vz = cgtree_dir(root, "vz");
	if (vz < 0)
		return 0;
	snprintf(name, sizeof(name), "%u", ctid);
	r = cgroup_sub_remove(vz, name);
	dying_sweep(vz);
	return r;
}

int cgroup_leave(void)
{
	_cleanup_close_ int root = cgtree_root();

	return root < 0 ? -errno : file_put(root, "cgroup.procs", "0");
}

pid_t cgroup_find_init(int ct, const char *name)
{
	_cleanup_close_ int dir = cgtree_dir(ct, name);

	return dir < 0 ? 0 : cgtree_init(dir);
}

pid_t cgroup_first_pid(int ct, const char *name)
{
	_cleanup_close_ int dir = cgtree_dir(ct, name);

	return dir < 0 ? 0 : cgtree_proc(dir, true);
}
