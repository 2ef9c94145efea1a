/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"

/* Held while a name is judged and taken: a lock on the directory itself. */
static int take_guard(struct wabe *w)
{
	_cleanup_close_ int fd = open(w->g.names, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 || flock(fd, LOCK_EX) < 0 ? -1 : steal_fd(&fd);
}

/* Left by a command that was killed: the container is gone, or has another name and no
 * command is about to change that. A link made by hand, of a container that has no name of
 * its own, counts. */
static bool stale(struct wabe *w, const char *name, uint32_t owner)
{
	_cleanup_free_ char *path = global_ctconf(&w->g, owner);
	_cleanup_conf_ struct conf c = CONF_INIT;

	if (!ct_exists(w, owner))
		return true;
	if (lock_held(w->g.lockdir, owner, NULL) || ctconf_read(path, &c, NULL, NULL, NULL) < 0)
		return false;
	return c.name && *c.name && strcmp(c.name, name);
}

int name_take(struct wabe *w, const char *name, uint32_t ctid, struct err *e)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", w->g.names, name);
	_cleanup_free_ char *target = xasprintf("../conf/%u.conf", ctid);
	_cleanup_close_ int guard = -1;
	uint32_t owner;
	int r = mkdir_all(w->g.names, 0755, e);

	if (r < 0)
		return r;
	guard = take_guard(w);
	if (!symlink(target, path))
		return 0;
	if (errno != EEXIST)
		return fail_write(e, path);
	if (wabe_find(w, name, &owner, NULL) < 0)
		return fail(e, E_NAME, "%s is in the way of the name", path);
	if (owner == ctid)
		return 0;
	if (!stale(w, name, owner))
		return fail(e, E_NAME, "the name %s belongs to container %u", name, owner);
	unlink(path);
	return symlink(target, path) < 0 ? fail_write(e, path) : 0;
}

void name_drop(struct wabe *w, const char *name, uint32_t ctid)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", w->g.names, name);
	uint32_t owner;

	if (!wabe_find(w, name, &owner, NULL) && owner == ctid)
		unlink(path);
}

void names_sweep(struct wabe *w)
{
	_cleanup_close_ int guard = take_guard(w);
	_cleanup_closedir_ DIR *d = guard < 0 ? NULL : opendir(w->g.names);
	struct dirent *de;

	while (d && (de = readdir(d))) {
		uint32_t owner;

		if (de->d_type == DT_LNK && !wabe_find(w, de->d_name, &owner, NULL) &&
		    stale(w, de->d_name, owner))
			unlinkat(guard, de->d_name, 0);
	}
}
