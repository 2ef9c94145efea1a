/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/devfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"

struct entry {
	const char *name;
	mode_t mode;		/* with type */
	unsigned major, minor;
	const char *target;	/* of a symbolic link */
};

static const struct entry entries[] = {
	{ "null", S_IFCHR | 0666, 1, 3, NULL },
	{ "zero", S_IFCHR | 0666, 1, 5, NULL },
	{ "full", S_IFCHR | 0666, 1, 7, NULL },
	{ "random", S_IFCHR | 0666, 1, 8, NULL },
	{ "urandom", S_IFCHR | 0666, 1, 9, NULL },
	{ "tty", S_IFCHR | 0666, 5, 0, NULL },
	{ "console", S_IFREG | 0600, 0, 0, NULL }, /* the pty's slave is mounted on it */
	{ "pts", S_IFDIR | 0755, 0, 0, NULL },
	{ "shm", S_IFDIR | 01777, 0, 0, NULL },
	{ "mqueue", S_IFDIR | 0755, 0, 0, NULL },
	{ "net", S_IFDIR | 0755, 0, 0, NULL },
	{ "ptmx", S_IFLNK, 0, 0, "pts/ptmx" },
	{ "fd", S_IFLNK, 0, 0, "/proc/self/fd" },
	{ "stdin", S_IFLNK, 0, 0, "/proc/self/fd/0" },
	{ "stdout", S_IFLNK, 0, 0, "/proc/self/fd/1" },
	{ "stderr", S_IFLNK, 0, 0, "/proc/self/fd/2" },
	{ "core", S_IFLNK, 0, 0, "/proc/kcore" },
};

static int make_entry(int dir, const struct entry *n, uid_t uid, gid_t gid)
{
	int r;

	switch (n->mode & S_IFMT) {
	case S_IFLNK:
		r = symlinkat(n->target, dir, n->name);
		break;
	case S_IFDIR:
		r = mkdirat(dir, n->name, n->mode & 07777);
		break;
	default:
		r = mknodat(dir, n->name, n->mode, makedev(n->major, n->minor));
		break;
	}
	if (r < 0)
		return -1;
	return fchownat(dir, n->name, uid, gid, AT_SYMLINK_NOFOLLOW);
}

int devfs_make(uid_t uid, gid_t gid, struct err *e)
{
	_cleanup_close_ int fs = fsopen("tmpfs", FSOPEN_CLOEXEC), dir = -1;
	mode_t mask;

	if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, "mode", "755", 0) < 0 ||
	    fsconfig(fs, FSCONFIG_SET_STRING, "size", "500k", 0) < 0 ||
	    fsconfig(fs, FSCONFIG_SET_STRING, "nr_inodes", "1024", 0) < 0 ||
	    fsconfig(fs, FSCONFIG_SET_STRING, "source", "dev", 0) < 0 ||
	    fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return fail(e, E_ENVCREATE, "cannot make /dev: %m");
	dir = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
	if (dir < 0 || fchownat(dir, "", uid, gid, AT_EMPTY_PATH) < 0)
		return fail(e, E_ENVCREATE, "cannot make /dev: %m");
	mask = umask(0);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		if (make_entry(dir, &entries[i], uid, gid) < 0) {
			umask(mask);
			return fail(e, E_ENVCREATE, "cannot make /dev/%s: %m",
				    entries[i].name);
		}
	umask(mask);
	return steal_fd(&dir);
}
