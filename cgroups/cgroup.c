/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cgroups/cgroup.h"

#include <dirent.h>
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
#include "base/proc.h"

enum { MAX_DEPTH = 16 };

static const char *const controllers[] = { "cpuset", "cpu", "io", "memory", "pids" };

/* Mount point of the last cgroup2 line of mountinfo; octal escapes undone. */
static bool find_mount(char *path, size_t size)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/self/mountinfo", "re");
	_cleanup_free_ char *line = NULL;
	size_t cap = 0;
	bool found = false;

	if (!f)
		return false;
	while (getline(&line, &cap, f) > 0) {
		char *sep = strstr(line, " - "), *p = line, *out = path;

		if (!sep || strncmp(sep + 3, "cgroup2 ", 8))
			continue;
		for (int field = 0; field < 4 && p; field++)
			p = strchr(p, ' ') ? strchr(p, ' ') + 1 : NULL;
		if (!p)
			continue;
		while (*p != ' ' && out < path + size - 1) {
			unsigned o;

			if (*p == '\\' && sscanf(p + 1, "%3o", &o) == 1) {
				*out++ = (char)o;
				p += 4;
			} else {
				*out++ = *p++;
			}
		}
		*out = '\0';
		found = true;
	}
	return found;
}

static int open_dir(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The cgroup2 mount's root; -1 with errno. The usual places need no look at mountinfo. */
static int open_tree_root(void)
{
	static const char *const usual[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	char path[4096];

	for (size_t i = 0; i < ARRAY_SIZE(usual); i++) {
		_cleanup_close_ int fd = open_dir(AT_FDCWD, usual[i]);

		/* only a cgroup2 directory has this file */
		if (fd >= 0 && !faccessat(fd, "cgroup.controllers", F_OK, 0))
			return steal_fd(&fd);
	}
	if (!find_mount(path, sizeof(path))) {
		errno = ENOENT;
		return -1;
	}
	return open_dir(AT_FDCWD, path);
}

static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = list; (s = strstr(s, word)); s += n)
		if ((s == list || s[-1] == ' ') && (!s[n] || s[n] == ' '))
			return true;
	return false;
}

/* Offer to children each controller that the directory has; one it lacks is left out. */
static void enable_controllers(int dir)
{
	char have[512], now[512], want[64];

	if (file_read_line(dir, "cgroup.controllers", have, sizeof(have)) ||
	    file_read_line(dir, "cgroup.subtree_control", now, sizeof(now)))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(controllers); i++) {
		if (!has_word(have, controllers[i]) || has_word(now, controllers[i]))
			continue;
		snprintf(want, sizeof(want), "+%s", controllers[i]);
		/* EBUSY where processes sit in a namespaced root: then it stays missing,
		 * and who needs the controller is told by name */
		file_put(dir, "cgroup.subtree_control", want);
	}
}

static int make_dir(int at, const char *name, struct err *e)
{
	int fd;

	if (mkdirat(at, name, 0755) < 0 && errno != EEXIST)
		return fail(e, E_RESOURCE, "cannot make cgroup %s: %m", name);
	fd = open_dir(at, name);
	if (fd < 0)
		return fail(e, E_RESOURCE, "cannot open cgroup %s: %m", name);
	return fd;
}

int cgroup_make(uint32_t ctid, struct err *e)
{
	_cleanup_close_ int root = open_tree_root(), vz = -1, ct = -1;
	char name[16];

	if (root < 0)
		return fail(e, E_BAD_KERNEL,
			    "no cgroup2 file system is mounted (mount -t cgroup2 cgroup2 "
			    "/sys/fs/cgroup; the kernel needs CONFIG_CGROUPS)");
	vz = open_dir(root, "vz");
	if (vz < 0) {
		enable_controllers(root);
		vz = make_dir(root, "vz", e);
	}
	if (vz < 0)
		return vz;
	enable_controllers(vz);
	snprintf(name, sizeof(name), "%u", ctid);
	ct = make_dir(vz, name, e);
	if (ct < 0)
		return ct;
	enable_controllers(ct);
	return steal_fd(&ct);
}

int cgroup_open(uint32_t ctid)
{
	_cleanup_close_ int root = open_tree_root();
	char name[32];

	if (root < 0)
		return -1;
	snprintf(name, sizeof(name), "vz/%u", ctid);
	return open_dir(root, name);
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

/* Name of any sub-group of the directory. */
static bool any_child(int dir, char name[256])
{
	_cleanup_closedir_ DIR *d = NULL;
	int copy = open_dir(dir, ".");
	struct dirent *de;

	if (copy < 0)
		return false;
	d = fdopendir(copy);
	if (!d) {
		close(copy);
		return false;
	}
	while ((de = readdir(d)))
		if (de->d_type == DT_DIR && de->d_name[0] != '.') {
			snprintf(name, 256, "%s", de->d_name);
			return true;
		}
	return false;
}

/*
 * Remove all groups below. A container may have nested them deeper than one process may have
 * descriptors: only the current one is held, the way up is "..".
 */
static int remove_below(int top)
{
	_cleanup_close_ int cur = open_dir(top, ".");
	bool came_up = false;
	int depth = 0, next;
	char name[256];

	for (;;) {
		if (cur < 0)
			return -errno;
		if (any_child(cur, name)) {
			if (!unlinkat(cur, name, AT_REMOVEDIR) || errno == ENOENT) {
				came_up = false;
				continue;
			}
			/* empty now, and still not to be removed: it holds a process */
			if (errno != EBUSY || came_up)
				return -errno;
			next = open_dir(cur, name);
			depth++;
		} else {
			if (!depth)
				return 0;
			next = open_dir(cur, "..");
			came_up = true;
			depth--;
		}
		close(cur);
		cur = next;
	}
}

int cgroup_sub_remove(int ct, const char *name)
{
	_cleanup_close_ int dir = open_dir(ct, name);

	if (dir < 0)
		return errno == ENOENT ? 0 : -errno;
	remove_below(dir);
	if (unlinkat(ct, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}

int cgroup_remove(uint32_t ctid)
{
	_cleanup_close_ int root = open_tree_root(), vz = -1;
	char name[16];

	if (root < 0)
		return 0;
	vz = open_dir(root, "vz");
	if (vz < 0)
		return 0;
	snprintf(name, sizeof(name), "%u", ctid);
	return cgroup_sub_remove(vz, name);
}

int cgroup_leave(void)
{
	_cleanup_close_ int root = open_tree_root();

	return root < 0 ? -errno : file_put(root, "cgroup.procs", "0");
}

static pid_t scan_procs(int dir, bool any)
{
	_cleanup_close_ int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	_cleanup_fclose_ FILE *f = NULL;
	int pid;

	if (fd < 0)
		return 0;
	f = fdopen(fd, "re");
	if (!f)
		return 0;
	fd = -1;
	while (fscanf(f, "%d", &pid) == 1)
		if (pid > 0 && (any || proc_ns_pid(pid) == 1))
			return pid;
	return 0;
}

static pid_t find_init(int dir, int depth)
{
	_cleanup_closedir_ DIR *d = NULL;
	pid_t pid = scan_procs(dir, false);
	int copy = pid ? -1 : open_dir(dir, ".");
	struct dirent *de;

	if (pid || copy < 0)
		return pid;
	d = fdopendir(copy);
	if (!d) {
		close(copy);
		return 0;
	}
	while (!pid && (de = readdir(d))) {
		_cleanup_close_ int sub = -1;

		if (de->d_type != DT_DIR || de->d_name[0] == '.' || depth >= MAX_DEPTH)
			continue;
		sub = open_dir(dir, de->d_name);
		if (sub >= 0)
			pid = find_init(sub, depth + 1);
	}
	return pid;
}

pid_t cgroup_find_init(int ct, const char *name)
{
	_cleanup_close_ int dir = open_dir(ct, name);

	return dir < 0 ? 0 : find_init(dir, 0);
}

pid_t cgroup_first_pid(int ct, const char *name)
{
	_cleanup_close_ int dir = open_dir(ct, name);

	return dir < 0 ? 0 : scan_procs(dir, true);
}
