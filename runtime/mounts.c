/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

struct fs_mount {
	const char *type;
	const char *target;
	unsigned attr;
	const char *options[5][2];	/* key, value; ends with a NULL key */
};

#define QUIET (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/* In the order of attaching. */
static const struct fs_mount mounts[MOUNTS_N] = {
	[MOUNTS_PROC] = { "proc", "proc", QUIET, { { NULL } } },
	[MOUNTS_SYS] = { "sysfs", "sys", QUIET, { { NULL } } },
	[MOUNTS_CGROUP] = { "cgroup2", "sys/fs/cgroup", QUIET, { { NULL } } },
	[MOUNTS_DEV] = { .target = "dev" }, /* the host's side makes it */
	[MOUNTS_PTS] = { "devpts", "dev/pts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
			 { { "gid", "5" }, { "mode", "620" }, { "ptmxmode", "666" },
			   { "max", "1024" } } },
	[MOUNTS_SHM] = { "tmpfs", "dev/shm", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
			 { { "mode", "1777" } } },
	[MOUNTS_MQUEUE] = { "mqueue", "dev/mqueue", QUIET, { { NULL } } },
};

/* The directory to mount on; a template need not have it. */
static int open_target(int root, const char *path, struct err *e)
{
	int fd = in_root_open(root, path, O_PATH | O_DIRECTORY, 0);

	if (fd < 0 && errno == ENOENT && !strchr(path, '/') &&
	    !mkdirat(root, path, 0755))
		fd = in_root_open(root, path, O_PATH | O_DIRECTORY, 0);
	if (fd < 0)
		return fail(e, E_ENVCREATE, "cannot mount on /%s of the container: %m", path);
	return fd;
}

static int mount_onto(int tree, int root, const char *path, struct err *e)
{
	_cleanup_close_ int to = open_target(root, path, e);

	if (to < 0)
		return to;
	if (move_mount(tree, "", to, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return fail(e, E_ENVCREATE, "cannot mount on /%s of the container: %m", path);
	return 0;
}

/* Detached; a descriptor of its root. */
static int make_one(const struct fs_mount *m, struct err *e)
{
	_cleanup_close_ int fs = fsopen(m->type, FSOPEN_CLOEXEC);
	int tree;

	if (fs < 0)
		return fail(e, E_BAD_KERNEL, "the kernel has no %s file system: %m", m->type);
	for (int i = 0; i < 5 && m->options[i][0]; i++)
		if (fsconfig(fs, FSCONFIG_SET_STRING, m->options[i][0], m->options[i][1], 0) < 0)
			return fail(e, E_ENVCREATE, "cannot mount %s (%s=%s): %m", m->type,
				    m->options[i][0], m->options[i][1]);
	fsconfig(fs, FSCONFIG_SET_STRING, "source", m->type, 0);
	if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return fail(e, E_ENVCREATE, "cannot mount %s: %m", m->type);
	tree = fsmount(fs, FSMOUNT_CLOEXEC, m->attr);
	if (tree < 0 && errno == EPERM)
		/* the kernel gives a new proc or sysfs only to who sees a whole one */
		return fail(e, E_ENVCREATE,
			    "cannot mount %s in the container: parts of /%s are hidden on "
			    "the host by other mounts", m->type, m->target);
	return tree < 0 ? fail(e, E_ENVCREATE, "cannot mount %s: %m", m->type) : tree;
}

int mounts_make(int trees[MOUNTS_N], struct err *e)
{
	for (size_t i = 0; i < MOUNTS_N; i++) {
		int fd = mounts[i].type ? make_one(&mounts[i], e) : -1;

		if (fd < 0 && mounts[i].type)
			return fd;
		trees[i] = fd;
	}
	return 0;
}

int mounts_attach(int root, int trees[MOUNTS_N], struct err *e)
{
	int r;

	/* over "/", which every mount namespace has: no directory of the host is needed that
	 * the container's root (to the host a plain user) may not reach */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    move_mount(root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return fail(e, E_ENVCREATE, "cannot attach the root file system: %m");
	for (size_t i = 0; i < MOUNTS_N; i++) {
		r = mount_onto(trees[i], root, mounts[i].target, e);
		if (r < 0)
			return r;
		close_fd(&trees[i]);
	}
	return 0;
}

int mounts_console(int root, int slave, struct err *e)
{
	_cleanup_close_ int to = in_root_open(root, "dev/console", O_PATH | O_NOFOLLOW, 0);
	_cleanup_close_ int tree =
		open_tree(slave, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);

	if (to < 0 || tree < 0 ||
	    move_mount(tree, "", to, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return fail(e, E_ENVCREATE, "cannot mount /dev/console: %m");
	return 0;
}

int mounts_pivot(int root, struct err *e)
{
	char cwd[16];

	/* "." for both: the old root ends up over the new one and goes with its whole tree */
	if (fchdir(root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 ||
	    umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return fail(e, E_ENVCREATE, "cannot change the root directory: %m");
	/* a directory outside the root is reported as "(unreachable)..." */
	if (syscall(SYS_getcwd, cwd, sizeof(cwd)) < 0 || cwd[0] != '/')
		return fail(e, E_ENVCREATE, "the working directory is outside of the root");
	return 0;
}
