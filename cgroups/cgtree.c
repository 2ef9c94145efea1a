/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cgroups/cgtree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
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

int cgtree_dir(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The cgroup2 mount's root; -1 with errno. The usual places need no look at mountinfo. */
int cgtree_root(void)
{
	static const char *const usual[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	char path[4096];

	for (size_t i = 0; i < ARRAY_SIZE(usual); i++) {
		_cleanup_close_ int fd = cgtree_dir(AT_FDCWD, usual[i]);

		/* only a cgroup2 directory has this file */
		if (fd >= 0 && !faccessat(fd, "cgroup.controllers", F_OK, 0))
			return steal_fd(&fd);
	}
	if (!find_mount(path, sizeof(path))) {
		errno = ENOENT;
		return -1;
	}
	return cgtree_dir(AT_FDCWD, path);
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
void cgtree_enable(int dir)
{
	char have[512], now[512], want[16], all[80] = "";

	if (file_read_line(dir, "cgroup.controllers", have, sizeof(have)) || !have[0] ||
	    file_read_line(dir, "cgroup.subtree_control", now, sizeof(now)))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(controllers); i++) {
		if (!has_word(have, controllers[i]) || has_word(now, controllers[i]))
			continue;
		snprintf(want, sizeof(want), "+%s ", controllers[i]);
		strcat(all, want);
	}
	/* in one write, as each makes the kernel go over the whole tree below */
	if (!all[0] || !file_put(dir, "cgroup.subtree_control", all))
		return;
	/* EBUSY where processes sit in a namespaced root: then it stays missing, and who needs
	 * the controller is told by name */
	for (char *save = NULL, *c = strtok_r(all, " ", &save); c; c = strtok_r(NULL, " ", &save))
		file_put(dir, "cgroup.subtree_control", c);
}

/* Name of any sub-group of the directory. */
static bool any_child(int dir, char name[256])
{
	_cleanup_closedir_ DIR *d = NULL;
	int copy = cgtree_dir(dir, ".");
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
int cgtree_empty(int top)
{
	_cleanup_close_ int cur = cgtree_dir(top, ".");
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
			next = cgtree_dir(cur, name);
			depth++;
		} else {
			if (!depth)
				return 0;
			next = cgtree_dir(cur, "..");
			came_up = true;
			depth--;
		}
		close(cur);
		cur = next;
	}
}

pid_t cgtree_proc(int dir, bool any)
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
	pid_t pid = cgtree_proc(dir, false);
	int copy = pid ? -1 : cgtree_dir(dir, ".");
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
		sub = cgtree_dir(dir, de->d_name);
		if (sub >= 0)
			pid = find_init(sub, depth + 1);
	}
	return pid;
}

pid_t cgtree_init(int dir)
{
	return find_init(dir, 0);
}
