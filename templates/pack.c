/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "base/strv.h"
#include "templates/archiver.h"

struct pack {
	struct archiver job;
	struct archive *disk;	/* reads attributes of one file */
	struct archive *out;
	struct archive_entry_linkresolver *links;
	dev_t dev;		/* the tree's: other file systems are left out */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of the directory, sorted: the same tree makes the same archive. */
static int list_dir(const char *path, struct strv *ret, struct err *e)
{
	_cleanup_closedir_ DIR *d = opendir(path);
	struct dirent *de;

	if (!d)
		return fail(e, E_SYSTEM, "cannot read %.300s: %m", path);
	while ((errno = 0, de = readdir(d)))
		if (strcmp(de->d_name, ".") && strcmp(de->d_name, ".."))
			strv_add(ret, de->d_name);
	if (errno)
		return fail(e, E_SYSTEM, "cannot read %.300s: %m", path);
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_name);
	return 0;
}

/* The attribute whose name follows `last` in the order of names; false after the last. */
static bool next_xattr(struct archive_entry *en, const char *last, const char **ret_name,
		       const void **ret_value, size_t *ret_size)
{
	const char *name, *best = NULL;
	const void *value;
	size_t size;

	archive_entry_xattr_reset(en);
	while (archive_entry_xattr_next(en, &name, &value, &size) == ARCHIVE_OK) {
		if (!name || !archiver_xattr(name) || strcmp(name, last) <= 0 ||
		    (best && strcmp(name, best) >= 0))
			continue;
		best = name;
		*ret_value = value;
		*ret_size = size;
	}
	*ret_name = best;
	return best;
}

/* What travels, in an order that does not depend on the file system. */
static void filter_entry(struct archive_entry *en)
{
	struct archive_entry *all = archive_entry_clone(en);
	const char *name = "";
	const void *value;
	size_t size;

	archive_entry_xattr_clear(en);
	while (next_xattr(all, name, &name, &value, &size))
		archive_entry_xattr_add_entry(en, name, value, size);
	archive_entry_free(all);
	archive_entry_unset_atime(en);
	archive_entry_unset_ctime(en);
	archive_entry_unset_birthtime(en);
	archive_entry_set_fflags(en, 0, 0);
}

static int fail_pack(struct archive *a, const char *path, struct err *e)
{
	char why[256];

	return fail(e, E_SYSTEM, "cannot pack %.250s: %s", path,
		    archiver_why(a, why, sizeof(why)));
}

/* At most the size the header promised; libarchive pads a file that has shrunk. */
static int write_data(struct pack *p, const char *path, int fd, int64_t left, struct err *e)
{
	char chunk[65536];

	while (left > 0) {
		size_t want = left < (int64_t)sizeof(chunk) ? (size_t)left : sizeof(chunk);
		ssize_t n = read(fd, chunk, want);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(e, E_SYSTEM, "cannot read %.300s: %m", path);
		if (!n)
			break;
		if (archive_write_data(p->out, chunk, (size_t)n) < 0)
			return fail_pack(p->out, path, e);
		left -= n;
		p->job.bytes += (uint64_t)n;
		archiver_progress(&p->job);
	}
	return 0;
}

static int write_entry(struct pack *p, const char *path, const struct stat *st,
		       struct archive_entry *en, struct err *e)
{
	struct archive_entry *held = NULL;
	_cleanup_close_ int fd = -1;

	if (S_ISREG(st->st_mode)) {
		fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0)
			return fail(e, E_SYSTEM, "cannot open %.300s: %m", path);
	}
	archive_entry_copy_pathname(en, path);
	archive_entry_copy_sourcepath(en, path);
	if (archive_read_disk_entry_from_file(p->disk, en, fd, st) < ARCHIVE_WARN)
		return fail_pack(p->disk, path, e);
	filter_entry(en);
	archive_entry_linkify(p->links, &en, &held);
	/* ARCHIVE_WARN: a name that is not UTF-8, stored as the bytes it is */
	if (archive_write_header(p->out, en) < ARCHIVE_WARN)
		return fail_pack(p->out, path, e);
	if (fd < 0 || archive_entry_hardlink(en))
		return 0;
	return write_data(p, path, fd, archive_entry_size(en), e);
}

static int pack_one(struct pack *p, const char *path, struct err *e);

static int pack_below(struct pack *p, const char *path, struct err *e)
{
	_cleanup_strv_ struct strv names = STRV_INIT;
	int r = list_dir(path, &names, e);

	for (size_t i = 0; r >= 0 && i < names.n; i++) {
		_cleanup_free_ char *sub = xasprintf("%s/%s", path, names.v[i]);

		if (strlen(sub) >= PATH_MAX)
			return fail(e, E_SYSTEM, "a path is too long: %.60s...", sub);
		r = pack_one(p, sub, e);
	}
	return r;
}

static int pack_one(struct pack *p, const char *path, struct err *e)
{
	struct archive_entry *en;
	struct stat st;
	int r;

	if (lstat(path, &st) < 0)
		return fail(e, E_SYSTEM, "cannot read %.300s: %m", path);
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode) || S_ISSOCK(st.st_mode))
		return 0;
	en = archive_entry_new();
	r = write_entry(p, path, &st, en, e);
	archive_entry_free(en);
	if (r < 0)
		return r;
	p->job.files++;
	archiver_progress(&p->job);
	return S_ISDIR(st.st_mode) && st.st_dev == p->dev ? pack_below(p, path, e) : 0;
}

static bool ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n >= t && !strcmp(s + n - t, tail);
}

static int setup(struct pack *p, const char *name, int fd, struct err *e)
{
	char why[256];

	p->disk = archive_read_disk_new();
	p->out = archive_write_new();
	p->links = archive_entry_linkresolver_new();
	if (!p->disk || !p->out || !p->links)
		return fail(e, E_SYSTEM, "out of memory");
	archive_read_disk_set_behavior(p->disk, ARCHIVE_READDISK_NO_FFLAGS);
	archive_write_set_format_pax_restricted(p->out);
	archive_entry_linkresolver_set_strategy(p->links,
						ARCHIVE_FORMAT_TAR_PAX_RESTRICTED);
	if (ends_with(name, ".zst")) {
		archive_write_add_filter_zstd(p->out);
	} else if (ends_with(name, ".xz")) {
		archive_write_add_filter_xz(p->out);
	} else if (ends_with(name, ".gz")) {
		archive_write_add_filter_gzip(p->out);
		/* a time stamp would make each archive another one */
		archive_write_set_filter_option(p->out, "gzip", "timestamp", NULL);
	}
	archive_write_set_bytes_in_last_block(p->out, 1);
	if (archive_write_open_fd(p->out, fd) != ARCHIVE_OK)
		return fail(e, E_SYSTEM, "cannot write %s: %s", name,
			    archiver_why(p->out, why, sizeof(why)));
	return 0;
}

static int pack_tree(struct pack *p, const char *archive, int fd, struct err *e)
{
	struct stat st;
	int r;

	if (stat("/", &st) < 0)
		return fail(e, E_SYSTEM, "cannot read the tree: %m");
	p->dev = st.st_dev;
	r = setup(p, archive, fd, e);
	if (r >= 0)
		r = pack_one(p, ".", e);
	if (r >= 0 && archive_write_close(p->out) != ARCHIVE_OK)
		r = fail_pack(p->out, archive, e);
	if (r >= 0 && fsync(fd) < 0)
		r = fail(e, E_SYSTEM, "cannot write %s: %m", archive);
	return r;
}

int pack_run(const char *dir, const char *archive, struct err *e)
{
	static const cap_value_t caps[] = { CAP_DAC_READ_SEARCH };
	_cleanup_close_ int dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int fd = -1;
	struct pack p = { 0 };
	int r;

	if (dirfd < 0)
		return fail(e, E_SYSTEM, "cannot open %s: %m", dir);
	/* 0600: it holds /etc/shadow */
	fd = open(archive, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(e, E_SYSTEM, "cannot write %s: %m", archive);
	r = archiver_confine(&dirfd, caps, ARRAY_SIZE(caps), e);
	if (r >= 0)
		r = pack_tree(&p, archive, fd, e);
	archive_entry_linkresolver_free(p.links);
	archive_read_free(p.disk);
	if (p.out)
		archive_write_free(p.out);
	return r;
}
