/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/names.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"

int name_take(struct wabe *w, const char *name, uint32_t ctid, struct err *e)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", w->g.names, name);
	_cleanup_free_ char *target = xasprintf("../conf/%u.conf", ctid);
	int r = mkdir_all(w->g.names, 0755, e);

	if (r < 0)
		return r;
	/* twice: a stale link is removed in between */
	for (int i = 0; i < 2; i++) {
		uint32_t owner;

		if (!symlink(target, path))
			return 0;
		if (errno != EEXIST)
			return fail(e, E_NAME, "cannot take the name %s: %m", name);
		if (wabe_find(w, name, &owner, NULL) < 0)
			return fail(e, E_NAME, "%s is in the way of the name", path);
		if (owner == ctid)
			return 0;
		if (ct_exists(w, owner))
			return fail(e, E_NAME, "the name %s belongs to container %u", name,
				    owner);
		unlink(path);
	}
	return fail(e, E_NAME, "the name %s was taken by another command", name);
}

void name_drop(struct wabe *w, const char *name, uint32_t ctid)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", w->g.names, name);
	uint32_t owner;

	if (!wabe_find(w, name, &owner, NULL) && owner == ctid)
		unlink(path);
}
