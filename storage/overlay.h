/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The overlay layout: a container's root is its own upper directory over the shared,
 * read-only tree of its template. Below the private area:
 *
 *   fs/upper, fs/work   the layer and overlayfs' working directory; ids unshifted
 *
 * Both layers are idmapped to the container's user namespace, so files on disk keep ids
 * 0..65535 whatever range the container runs with. Source: overlayfs.rst,
 * mount_setattr(2).
 */
#ifndef STORAGE_OVERLAY_H
#define STORAGE_OVERLAY_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct overlay {
	const char *lower;	/* the template's tree */
	const char *private;	/* the container's private area */
	const char *scratch;	/* root-only directory to attach layers in on kernels that
				   take no detached ones; made and removed here */
};

/* Make fs/upper and fs/work below the directory (a private area in the making). The root of
 * upper takes mode and owner of the template's root. */
int overlay_prepare(int private_fd, const char *lower, struct err *e);

/*
 * What overlay_open() made. The overlay itself holds its layers; the descriptors of their
 * mounts are kept only since closing one makes the kernel wait for a grace period: up to a
 * millisecond, which a start has no time for.
 */
struct overlay_root {
	int fd;
	int layers[2];
};

#define OVERLAY_ROOT_INIT { .fd = -1, .layers = { -1, -1 } }

/*
 * The container's root as a detached mount, as the user namespace sees it. `uid`, `gid`: host
 * ids of its root. The process must be single-threaded: its fsuid and capabilities change
 * for a moment, and on older kernels it moves to a mount namespace of its own for good.
 * E_NO_PRIVATE, E_NO_TEMPLATE, E_MOUNT; E_BAD_KERNEL names what the kernel lacks.
 */
int overlay_open(const struct overlay *o, int userns, uid_t uid, gid_t gid,
		 struct overlay_root *ret, struct err *e);
void overlay_close(struct overlay_root *r);

/* Mount it for the admin on the host: ids as on disk, writable, nosuid and nodev. */
int overlay_mount(const struct overlay *o, const char *target, struct err *e);

/* Is that container mounted there, by overlay_mount()? */
bool overlay_is_mounted(const char *target, const char *private);

/* Unmount it and all that is mounted below. Not mounted is success. E_UMOUNT. */
int overlay_umount(const char *target, const char *private, struct err *e);

/* Has nothing ever been written to the container? */
bool overlay_is_unused(const char *private);

#endif
