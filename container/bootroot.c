/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/bootroot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "container/record.h"
#include "runtime/devfs.h"
#include "storage/overlay.h"

/* What /sbin/init is decides how it is asked to shut down. Looked up as the container sees
 * it, so a link leads to what it would execute. */
static int find_guest(int root, enum guest_kind *ret, struct err *e)
{
	static const char *const places[] = { "sbin/init", "etc/init", "bin/init" };
	char self[40], target[256];
	const char *base;
	ssize_t n;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		_cleanup_close_ int fd = in_root_open(root, places[i], O_PATH, 0);

		if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
			continue;
		if (fd < 0)
			return fail(e, E_ENVCREATE, "cannot look up /%s of the container: %m",
				    places[i]);
		snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
		n = readlink(self, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		base = strrchr(target, '/');
		base = base ? base + 1 : target;
		*ret = !strcmp(base, "systemd") ? GUEST_SYSTEMD :
		       !strncmp(base, "busybox", 7) ? GUEST_BUSYBOX : GUEST_OTHER;
		return 0;
	}
	return fail(e, E_BAD_TEMPLATE,
		    "the template holds no init (/sbin/init, /etc/init or /bin/init)");
}

int bootroot_open(struct boot *b, struct err *e)
{
	_cleanup_(record_clear) struct record rec = RECORD_INIT;
	_cleanup_(template_clear) struct template t = { 0 };
	_cleanup_close_ int userns = -1;
	_cleanup_free_ char *archiver = NULL, *scratch = NULL;
	struct template_store store = ct_store(b->w, &archiver);
	struct overlay o;
	int r;

	r = record_read(b->ct.private, b->ct.id, &rec, e);
	if (r >= 0)
		r = template_by_digest(&store, rec.digest, &t, e);
	/* again, should the claim of create have been lost: nobody may remove the tree */
	if (r >= 0)
		r = template_hold(&store, rec.digest, b->ct.id, e);
	if (r < 0)
		return r;
	userns = spawn_ns(b->child.pid, "user");
	if (userns < 0)
		return fail(e, E_ENVCREATE, "cannot open the user namespace: %m");
	scratch = xasprintf("%s/layers", b->ct.run);
	o = (struct overlay){ .lower = t.root, .private = b->ct.private, .scratch = scratch };
	r = overlay_open(&o, userns, b->spec.uid_base, b->spec.gid_base, &b->root, e);
	if (r < 0)
		return r;
	r = find_guest(b->root.fd, &b->state.guest, e);
	if (r < 0)
		return r;
	b->dev = devfs_make(b->spec.uid_base, b->spec.gid_base, e);
	if (b->dev < 0)
		return b->dev;
	say(&b->w->progress, SAY_INFO, "Container is mounted");
	return 0;
}
