/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <linux/fs.h>
#include <unistd.h>

#include "base/cleanup.h"

enum { DEEPEST = 200 }; /* open directories at once, well below RLIMIT_NOFILE's 1024 */

struct walk {
	int top;		/* the tree's root: too deep directories move up to it */
	dev_t dev;
	unsigned moved;
};

static int remove_below(struct walk *w, int fd, int depth);

/* chattr +i and +a on a directory or file of the tree stand in the way of unlink. */
static void clear_flags(int dirfd, const char *name)
{
	_cleanup_close_ int fd =
		openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int flags;

	if (fd < 0 || ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return;
	if (flags & (FS_IMMUTABLE_FL | FS_APPEND_FL)) {
		flags &= ~(FS_IMMUTABLE_FL | FS_APPEND_FL);
		ioctl(fd, FS_IOC_SETFLAGS, &flags);
	}
}

static int remove_dir(struct walk *w, int dirfd, const char *name, int depth)
{
	_cleanup_close_ int fd = -1;
	struct stat st;
	int r;

	if (depth >= DEEPEST) {
		char flat[32];

		/* names of a removal that was cut short are passed over */
		do {
			snprintf(flat, sizeof(flat), ".flat.%u", w->moved++);
			r = renameat(dirfd, name, w->top, flat) < 0 ? -errno : 0;
		} while (r == -ENOTEMPTY || r == -EEXIST);
		return r;
	}
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (st.st_dev != w->dev)
		return -EXDEV;
	r = remove_below(w, fd, depth + 1);
	if (r)
		return r;
	return unlinkat(dirfd, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

static int remove_entry(struct walk *w, int dirfd, const struct dirent *d, int depth)
{
	if (d->d_type != DT_DIR) {
		if (!unlinkat(dirfd, d->d_name, 0) || errno == ENOENT)
			return 0;
		if (errno == EPERM) {
			clear_flags(dirfd, d->d_name);
			if (!unlinkat(dirfd, d->d_name, 0))
				return 0;
		}
		if (errno != EISDIR)
			return -errno;
	}
	return remove_dir(w, dirfd, d->d_name, depth);
}

static int remove_below(struct walk *w, int fd, int depth)
{
	_cleanup_closedir_ DIR *dir = NULL;
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	struct dirent *d;
	bool again;
	int r;

	if (copy < 0)
		return -errno;
	clear_flags(fd, ".");
	dir = fdopendir(copy);
	if (!dir) {
		close(copy);
		return -ENOMEM;
	}
	do {
		again = false;
		rewinddir(dir);
		while ((d = readdir(dir))) {
			if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
				continue;
			r = remove_entry(w, fd, d, depth);
			if (r)
				return r;
			again = true;
		}
	} while (again);
	return 0;
}

int tree_remove(int dirfd, const char *name, struct err *e)
{
	_cleanup_close_ int fd =
		openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct walk w = { .top = fd };
	struct stat st;
	int r;

	if (fd < 0) {
		if (errno == ENOENT)
			return 0;
		if ((errno == ENOTDIR || errno == ELOOP) && !unlinkat(dirfd, name, 0))
			return 0;
		return fail(e, E_SYSTEM, "cannot remove %s: %m", name);
	}
	if (fstat(fd, &st) < 0)
		return fail(e, E_SYSTEM, "cannot remove %s: %m", name);
	w.dev = st.st_dev;
	r = remove_below(&w, fd, 0);
	if (!r && unlinkat(dirfd, name, AT_REMOVEDIR) < 0)
		r = -errno;
	if (r) {
		errno = -r;
		return fail(e, E_SYSTEM, "cannot remove %s: %m", name);
	}
	return 0;
}
