/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/lock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"

struct holder {
	int pid;
	unsigned long long start;	/* 0: written by a tool that does not know the line */
	char doing[32];
};

static bool read_holder(const char *path, struct holder *h)
{
	struct buf b = BUF_INIT;
	bool ok = false;

	*h = (struct holder){ 0 };
	if (!file_read(AT_FDCWD, path, 4096, &b) &&
	    sscanf(b.s, "%d\n%31[^\n]\n%llu", &h->pid, h->doing, &h->start) >= 1)
		ok = true;
	buf_clear(&b);
	return ok;
}

static bool holder_lives(const struct holder *h)
{
	uint64_t start;
	char state = 0;

	if (h->pid <= 0)
		return false;
	/* killed and not yet reaped by whoever started it is dead all the same */
	start = proc_start_time(h->pid, &state);
	return start && state != 'Z' && state != 'X' && (!h->start || h->start == start);
}

/*
 * Checking for a stale lock and replacing it must be one step, or two commands that both
 * saw the stale one would both succeed: a flock on the directory's guard file makes it so.
 */
static int take_guard(const char *dir, struct err *e)
{
	_cleanup_free_ char *path = xasprintf("%s/.guard", dir);
	_cleanup_close_ int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 && errno == EROFS)
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		return fail_write(e, path);
	return steal_fd(&fd);
}

/* Where no file can be made, the command that may help holds the guard instead. */
static bool no_room(const char *dir, int r)
{
	return r == -E_NO_SPACE || (r < 0 && access(dir, W_OK) < 0 && errno == EROFS);
}

int lock_take(struct lock *l, const char *dir, uint32_t ctid, const char *doing,
	      struct err *e)
{
	_cleanup_free_ char *path = xasprintf("%s/%u.lck", dir, ctid);
	_cleanup_free_ char *text = NULL;
	_cleanup_close_ int guard = -1;
	struct holder h;
	int r;

	r = mkdir_all(dir, 0755, e);
	if (r < 0)
		return r;
	guard = take_guard(dir, e);
	if (guard < 0)
		return guard;
	if (read_holder(path, &h) && holder_lives(&h))
		return fail(e, E_LOCKED, "container %u is locked by process %d (%s)", ctid,
			    h.pid, h.doing[0] ? h.doing : "unknown");
	text = xasprintf("%d\n%s\n%llu\n", (int)getpid(), doing,
			 (unsigned long long)proc_start_time(getpid(), NULL));
	r = file_replace(AT_FDCWD, path, text, strlen(text), 0644, false, e);
	if (no_room(dir, r))
		l->guard = steal_fd(&guard);
	else if (r < 0)
		return r;
	else
		l->path = steal_ptr(path);
	return 0;
}

void lock_drop(struct lock *l)
{
	close_fd(&l->guard);
	if (!l->path)
		return;
	unlink(l->path);
	free(l->path);
	l->path = NULL;
}

bool lock_held(const char *dir, uint32_t ctid, char ret_doing[32])
{
	_cleanup_free_ char *path = xasprintf("%s/%u.lck", dir, ctid);
	struct holder h;

	if (!read_holder(path, &h) || !holder_lives(&h))
		return false;
	if (ret_doing)
		memcpy(ret_doing, h.doing, sizeof(h.doing));
	return true;
}

void lock_sweep(const char *dir)
{
	_cleanup_closedir_ DIR *d = opendir(dir);
	_cleanup_close_ int guard = d ? take_guard(dir, NULL) : -1;
	struct dirent *de;

	while (guard >= 0 && (de = readdir(d))) {
		_cleanup_free_ char *path = xasprintf("%s/%s", dir, de->d_name);
		const char *dot = strrchr(de->d_name, '.');
		struct holder h;

		if (dot && !strcmp(dot, ".lck") && read_holder(path, &h) && !holder_lives(&h))
			unlink(path);
	}
}
