/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "registry/claim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"

/* Held while a claim is judged and written: two takers of a dead owner's claim must not
 * both win. A file that a crash left empty has owner 0, which no container has. */
static int take_guard(const struct claims *c, const char *kind, struct err *e)
{
	_cleanup_free_ char *dir = xasprintf("%s/%s", c->dir, kind);
	_cleanup_free_ char *path = xasprintf("%s/.guard", dir);
	_cleanup_close_ int fd = -1;
	int r = mkdir_all(dir, 0700, e);

	if (r < 0)
		return r;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		return fail_write(e, path);
	return steal_fd(&fd);
}

static uint32_t read_owner(const char *path)
{
	char line[16];

	if (file_read_line(AT_FDCWD, path, line, sizeof(line)))
		return 0;
	return (uint32_t)strtoul(line, NULL, 10);
}

int claim_take(const struct claims *c, const char *kind, const char *key, uint32_t ctid,
	       uint32_t *ret_owner, struct err *e)
{
	_cleanup_free_ char *path = xasprintf("%s/%s/%s", c->dir, kind, key);
	_cleanup_close_ int guard = take_guard(c, kind, e);
	char text[16];
	uint32_t owner;
	int n;

	if (guard < 0)
		return guard;
	owner = read_owner(path);
	if (owner == ctid)
		return 0;
	if (owner && c->alive(c->ctx, owner)) {
		*ret_owner = owner;
		return 1;
	}
	n = snprintf(text, sizeof(text), "%u\n", ctid);
	return file_replace(AT_FDCWD, path, text, (size_t)n, 0600, false, e);
}

void claim_drop(const struct claims *c, const char *kind, const char *key, uint32_t ctid)
{
	_cleanup_free_ char *path = xasprintf("%s/%s/%s", c->dir, kind, key);
	_cleanup_close_ int guard = take_guard(c, kind, NULL);

	if (guard >= 0 && read_owner(path) == ctid)
		unlink(path);
}

void claim_sweep(const struct claims *c, const char *kind)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", c->dir, kind);
	_cleanup_closedir_ DIR *d = opendir(path);
	_cleanup_close_ int guard = d ? take_guard(c, kind, NULL) : -1;
	struct dirent *de;

	while (guard >= 0 && (de = readdir(d))) {
		_cleanup_free_ char *file = xasprintf("%s/%s", path, de->d_name);
		uint32_t owner;

		if (de->d_name[0] == '.')
			continue;
		owner = read_owner(file);
		if (!owner || !c->alive(c->ctx, owner))
			unlink(file);
	}
}
