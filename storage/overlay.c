/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "storage/overlay.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strv.h"

/* The three directories of one overlay, opened; mounts of their own when idmapped. */
struct layers {
	int lower, upper, work;
};

#define LAYERS_INIT { -1, -1, -1 }

static void layers_close(struct layers *l)
{
	close_fd(&l->lower);
	close_fd(&l->upper);
	close_fd(&l->work);
}

static int sub_dir(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int overlay_prepare(int private_fd, const char *lower, struct err *e)
{
	_cleanup_close_ int fs = -1, upper = -1;
	struct stat st;

	if (stat(lower, &st) < 0)
		return fail(e, E_NO_TEMPLATE, "cannot look at template tree %s: %m", lower);
	if (mkdirat(private_fd, "fs", 0700) < 0)
		return fail_write(e, "the private area");
	fs = sub_dir(private_fd, "fs");
	if (fs < 0 || mkdirat(fs, "upper", 0755) < 0 || mkdirat(fs, "work", 0755) < 0)
		return fail_write(e, "the private area");
	upper = sub_dir(fs, "upper");
	if (upper < 0 || fchown(upper, st.st_uid, st.st_gid) < 0 ||
	    fchmod(upper, st.st_mode & 07777) < 0)
		return fail_write(e, "the private area");
	return 0;
}

static int idmap(int tree, int userns, const char *what, struct err *e)
{
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_IDMAP,
		.userns_fd = (uint64_t)userns,
	};

	if (!mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)))
		return 0;
	if (errno == EINVAL || errno == EOPNOTSUPP)
		return fail(e, E_BAD_KERNEL,
			    "the file system of %s cannot be idmapped (ext4, xfs and btrfs can)",
			    what);
	return fail(e, E_MOUNT, "cannot idmap %s: %m", what);
}

/* A detached clone of the directory as a mount of its own, idmapped. */
static int clone_idmapped(int at, const char *path, int userns, const char *what,
			  struct err *e)
{
	_cleanup_close_ int tree =
		open_tree(at, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW);
	int r;

	if (tree < 0)
		return fail(e, E_MOUNT, "cannot open %s: %m", what);
	r = idmap(tree, userns, what, e);
	return r < 0 ? r : steal_fd(&tree);
}

static int open_fs_dir(const struct overlay *o, struct err *e)
{
	_cleanup_close_ int private = sub_dir(AT_FDCWD, o->private);
	int fs;

	if (private < 0)
		return fail(e, E_NO_PRIVATE, "private area %s: %m", o->private);
	fs = sub_dir(private, "fs");
	if (fs < 0)
		return fail(e, E_NO_PRIVATE, "private area %s holds no overlay: %m",
			    o->private);
	return fs;
}

/* upper and work must lie in one mount, so the clone is of their parent. */
static int idmapped_layers(const struct overlay *o, int userns, struct layers *l,
			   int *ret_fs, struct err *e)
{
	_cleanup_close_ int fs = open_fs_dir(o, e), tree = -1;
	int r;

	if (fs < 0)
		return fs;
	l->lower = clone_idmapped(AT_FDCWD, o->lower, userns, o->lower, e);
	if (l->lower < 0)
		return errno == ENOENT ? fail(e, E_NO_TEMPLATE,
					      "the template tree %s is gone", o->lower) :
					 l->lower;
	tree = open_tree(fs, "",
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	if (tree < 0)
		return fail(e, E_MOUNT, "cannot open %s: %m", o->private);
	r = idmap(tree, userns, o->private, e);
	if (r < 0)
		return r;
	l->upper = sub_dir(tree, "upper");
	l->work = sub_dir(tree, "work");
	if (l->upper < 0 || l->work < 0)
		return fail(e, E_NO_PRIVATE, "private area %s is damaged: %m", o->private);
	*ret_fs = steal_fd(&tree);
	return 0;
}

static int set_layer(int fs, const char *key, int dir, bool by_fd)
{
	char path[40];

	if (by_fd)
		return fsconfig(fs, FSCONFIG_SET_FD, key, NULL, dir);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", dir);
	return fsconfig(fs, FSCONFIG_SET_STRING, key, path, 0);
}

/*
 * fsopen .. fsmount of one overlay. The mounter's credentials are taken at CMD_CREATE.
 * 6.13 takes layers as descriptors; before that they are paths and the lower key has no '+'.
 */
static int make_overlay(const struct layers *l, bool by_fd, const char *source, unsigned attr)
{
	_cleanup_close_ int fs = fsopen("overlay", FSOPEN_CLOEXEC);

	if (fs < 0)
		return -1;
	if (set_layer(fs, by_fd ? "lowerdir+" : "lowerdir", l->lower, by_fd) < 0 ||
	    set_layer(fs, "upperdir", l->upper, by_fd) < 0 ||
	    set_layer(fs, "workdir", l->work, by_fd) < 0 ||
	    fsconfig(fs, FSCONFIG_SET_STRING, "source", source, 0) < 0 ||
	    fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -1;
	return fsmount(fs, FSMOUNT_CLOEXEC, attr);
}

/*
 * With an idmapped upper, overlayfs must create files as an id that the map has: plain host
 * root (0) has none, and the mount would silently be read-only. So fsuid and fsgid become
 * the container's root, which drops the file system capabilities, and those are raised
 * again: the credentials of the initial user namespace are what overlayfs needs later.
 */
static void raise_all_caps(void)
{
	struct __user_cap_header_struct h = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[2];

	if (syscall(SYS_capget, &h, d) < 0)
		return;
	d[0].effective = d[0].permitted;
	d[1].effective = d[1].permitted;
	syscall(SYS_capset, &h, d);
}

static int make_as(const struct layers *l, bool by_fd, uid_t uid, gid_t gid)
{
	int fd, keep;

	setfsgid(gid);
	setfsuid(uid);
	raise_all_caps();
	fd = make_overlay(l, by_fd, "overlay", 0);
	keep = errno;
	setfsuid(0);
	setfsgid(0);
	raise_all_caps();
	errno = keep;
	return fd;
}

/* Attach a detached tree below the scratch directory and open `sub` of it there. */
static int attach(const struct overlay *o, int tree, const char *name)
{
	_cleanup_free_ char *at = xasprintf("%s/%s", o->scratch, name);

	if (mkdir(at, 0700) < 0 && errno != EEXIST)
		return -1;
	return move_mount(tree, "", AT_FDCWD, at, MOVE_MOUNT_F_EMPTY_PATH);
}

static void detach(const struct overlay *o, const char *name)
{
	_cleanup_free_ char *at = xasprintf("%s/%s", o->scratch, name);

	umount2(at, MNT_DETACH);
	rmdir(at);
}

/*
 * Linux 6.1 refuses layers that are not attached anywhere. They are attached in a mount
 * namespace of this process alone, so that the host never sees them, and detached again:
 * the overlay holds its layers itself.
 */
static int make_attached(const struct overlay *o, const struct layers *l, int fs_tree,
			 uid_t uid, gid_t gid)
{
	int fd = -1, keep;

	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0 ||
	    (mkdir(o->scratch, 0700) < 0 && errno != EEXIST))
		return -1;
	if (!attach(o, l->lower, "lower") && !attach(o, fs_tree, "fs"))
		fd = make_as(l, false, uid, gid);
	keep = errno;
	detach(o, "lower");
	detach(o, "fs");
	rmdir(o->scratch);
	errno = keep;
	return fd;
}

static bool is_mount_root(const char *target)
{
	struct statx sx;

	if (statx(AT_FDCWD, target, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &sx) < 0)
		return false;
	return sx.stx_attributes_mask & sx.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

int overlay_open(const struct overlay *o, int userns, uid_t uid, gid_t gid,
		 struct overlay_root *ret, struct err *e)
{
	_cleanup_(layers_close) struct layers l = LAYERS_INIT;
	_cleanup_close_ int fs_tree = -1;
	int fd, r;

	r = idmapped_layers(o, userns, &l, &fs_tree, e);
	if (r < 0)
		return r;
	fd = make_as(&l, true, uid, gid);
	/* layers by descriptor: 6.1's fsconfig knows none at all, later ones not these keys,
	 * and up to 6.12 no O_PATH descriptor, which a clone is */
	if (fd < 0 && (errno == EINVAL || errno == EOPNOTSUPP || errno == EBADF))
		fd = make_attached(o, &l, fs_tree, uid, gid);
	if (fd < 0 && errno == ENODEV)
		return fail(e, E_BAD_KERNEL,
			    "the kernel has no overlay file system (CONFIG_OVERLAY_FS)");
	if (fd < 0)
		return fail(e, E_MOUNT, "cannot mount the root file system: %m");
	*ret = (struct overlay_root){ fd, { steal_fd(&l.lower), steal_fd(&fs_tree) } };
	return 0;
}

void overlay_close(struct overlay_root *r)
{
	close_fd(&r->fd);
	close_fd(&r->layers[0]);
	close_fd(&r->layers[1]);
}

/* An empty directory with nothing mounted on it. */
static int check_target(const char *target, struct err *e)
{
	_cleanup_closedir_ DIR *d = opendir(target);
	struct dirent *de;

	if (!d)
		return fail(e, E_MKMOUNTPOINT, "cannot open %s: %m", target);
	if (is_mount_root(target))
		return fail(e, E_MOUNT, "something else is mounted at %s", target);
	while ((de = readdir(d)))
		if (strcmp(de->d_name, ".") && strcmp(de->d_name, ".."))
			return fail(e, E_MOUNT, "%s is not empty", target);
	return 0;
}

int overlay_mount(const struct overlay *o, const char *target, struct err *e)
{
	_cleanup_(layers_close) struct layers l = LAYERS_INIT;
	_cleanup_close_ int fs = open_fs_dir(o, e), fd = -1;
	int r;

	if (fs < 0)
		return fs;
	l.lower = sub_dir(AT_FDCWD, o->lower);
	if (l.lower < 0)
		return fail(e, E_NO_TEMPLATE, "template tree %s: %m", o->lower);
	l.upper = sub_dir(fs, "upper");
	l.work = sub_dir(fs, "work");
	if (l.upper < 0 || l.work < 0)
		return fail(e, E_NO_PRIVATE, "private area %s is damaged: %m", o->private);
	r = mkdir_all(target, 0700, e);
	if (r >= 0)
		r = check_target(target, e);
	if (r < 0)
		return r;
	/* ids are plain here: a setuid file of the container would be one of the host's root */
	fd = make_overlay(&l, false, o->private, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
	if (fd < 0 || move_mount(fd, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return fail(e, E_MOUNT, "cannot mount %s: %m", target);
	return 0;
}

/* Mount point and source of a line of mountinfo, in place; blanks in them stay escaped. */
static bool split_mount(char *line, char **point, char **source)
{
	char *save = NULL, *word = strtok_r(line, " ", &save);

	for (int i = 0; word && i < 4; i++)
		word = strtok_r(NULL, " ", &save);
	*point = word;
	while (word && strcmp(word, "-"))
		word = strtok_r(NULL, " ", &save);
	word = word ? strtok_r(NULL, " ", &save) : NULL; /* type */
	*source = word ? strtok_r(NULL, " ", &save) : NULL;
	return *source != NULL;
}

/* Only what we mounted counts: its source is the private area. mountinfo is read when
 * something is mounted there at all, which is seldom. */
bool overlay_is_mounted(const char *target, const char *private)
{
	_cleanup_fclose_ FILE *f = is_mount_root(target) ?
					   fopen("/proc/self/mountinfo", "re") : NULL;
	_cleanup_free_ char *line = NULL;
	char *point, *source;
	bool ours = false;
	size_t cap = 0;

	/* the last of a stack is the one that is seen */
	while (f && getline(&line, &cap, f) > 0)
		if (split_mount(line, &point, &source) && !strcmp(point, target))
			ours = !strcmp(source, private);
	return ours;
}

/* The admin may have mounted more below: the deepest go first. */
static int umount_below(const char *target, struct err *e)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/self/mountinfo", "re");
	_cleanup_strv_ struct strv below = STRV_INIT;
	_cleanup_free_ char *line = NULL;
	size_t cap = 0, len = strlen(target);
	char *point, *source;

	while (f && getline(&line, &cap, f) > 0)
		if (split_mount(line, &point, &source) && !strncmp(point, target, len) &&
		    point[len] == '/')
			strv_add(&below, point);
	for (size_t i = below.n; i-- > 0;)
		if (umount2(below.v[i], UMOUNT_NOFOLLOW) < 0)
			return fail(e, E_UMOUNT, "cannot unmount %s: %m", below.v[i]);
	return 0;
}

int overlay_umount(const char *target, const char *private, struct err *e)
{
	int r;

	if (!overlay_is_mounted(target, private))
		return 0;
	r = umount_below(target, e);
	if (r < 0)
		return r;
	if (umount2(target, UMOUNT_NOFOLLOW) < 0)
		return errno == EBUSY ? fail(e, E_UMOUNT, "%s is in use", target) :
					fail(e, E_UMOUNT, "cannot unmount %s: %m", target);
	return 0;
}

bool overlay_is_unused(const char *private)
{
	_cleanup_free_ char *upper = xasprintf("%s/fs/upper", private);
	_cleanup_closedir_ DIR *d = opendir(upper);
	struct dirent *de;

	while (d && (de = readdir(d)))
		if (strcmp(de->d_name, ".") && strcmp(de->d_name, ".."))
			return false;
	return d;
}
