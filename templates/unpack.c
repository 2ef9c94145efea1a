/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/kv.h"
#include "base/mem.h"
#include "templates/archiver.h"

struct source {
	int fd;
	struct sha256_ctx sha;
	unsigned char chunk[128 * 1024];
};

struct unpack {
	struct archiver job;
	struct source *src;
	struct archive *in;
	struct archive *out;
	uint64_t entries;
	struct timespec root_time;
	bool root_noted;
};

static ssize_t source_next(struct source *s)
{
	ssize_t n;

	do
		n = read(s->fd, s->chunk, sizeof(s->chunk));
	while (n < 0 && errno == EINTR);
	if (n > 0)
		sha256_update(&s->sha, (size_t)n, s->chunk);
	return n;
}

static la_ssize_t source_read(struct archive *a, void *ctx, const void **ret)
{
	struct source *s = ctx;
	ssize_t n = source_next(s);

	if (n < 0)
		archive_set_error(a, errno, "cannot read the archive");
	*ret = s->chunk;
	return n;
}

static int source_open(struct source *s, const char *path, struct err *e)
{
	struct stat st;

	s->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (s->fd < 0 || fstat(s->fd, &st) < 0)
		return fail(e, E_BAD_TEMPLATE, "cannot open %s: %m", path);
	if (!S_ISREG(st.st_mode))
		return fail(e, E_BAD_TEMPLATE, "%s is not a regular file", path);
	posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	sha256_init(&s->sha);
	return 0;
}

/* The digest covers the whole file: what follows the end of the archive too. */
static int source_finish(struct source *s, struct buf *out, struct err *e)
{
	uint8_t sum[SHA256_DIGEST_SIZE];
	char hex[2 * SHA256_DIGEST_SIZE + 1];
	ssize_t n;

	while ((n = source_next(s)) > 0)
		;
	if (n < 0)
		return fail(e, E_SYSTEM, "cannot read the archive: %m");
	sha256_digest(&s->sha, sizeof(sum), sum);
	for (size_t i = 0; i < sizeof(sum); i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
	kv_add(out, "DIGEST", hex);
	return 0;
}

/* ---- what an archive may hold --- */

static const char *skip_dots(const char *name)
{
	while (name[0] == '.' && name[1] == '/') {
		name += 2;
		name += strspn(name, "/");
	}
	return *name ? name : ".";
}

static int check_name(const char *name, struct err *e)
{
	if (!name || !*name)
		return fail(e, E_BAD_TEMPLATE, "an entry has no name");
	if (strlen(name) >= PATH_MAX)
		return fail(e, E_BAD_TEMPLATE, "a name is too long: %.60s...", name);
	if (*name == '/')
		return fail(e, E_BAD_TEMPLATE, "%.200s: absolute names are refused", name);
	for (const char *p = name; *p;) {
		size_t n = strcspn(p, "/");

		if (n == 2 && !memcmp(p, "..", 2))
			return fail(e, E_BAD_TEMPLATE, "%.200s: \"..\" is refused", name);
		p += n;
		p += strspn(p, "/");
	}
	return 0;
}

static bool id_fits(int64_t id)
{
	return id >= 0 && id <= ARCHIVER_MAX_ID;
}

static int check_ids(struct archive_entry *en, struct err *e)
{
	const int all = ARCHIVE_ENTRY_ACL_TYPE_ACCESS | ARCHIVE_ENTRY_ACL_TYPE_DEFAULT;
	int type, perm, tag, id;
	const char *name;

	if (!id_fits(archive_entry_uid(en)) || !id_fits(archive_entry_gid(en)))
		return fail(e, E_BAD_TEMPLATE,
			    "%.200s belongs to %lld:%lld, a container has ids up to %d",
			    archive_entry_pathname(en), (long long)archive_entry_uid(en),
			    (long long)archive_entry_gid(en), ARCHIVER_MAX_ID);
	archive_entry_acl_reset(en, all);
	while (archive_entry_acl_next(en, all, &type, &perm, &tag, &id, &name) == ARCHIVE_OK)
		if ((tag == ARCHIVE_ENTRY_ACL_USER || tag == ARCHIVE_ENTRY_ACL_GROUP) &&
		    !id_fits(id))
			return fail(e, E_BAD_TEMPLATE,
				    "%.200s has an access list for id %d, above %d",
				    archive_entry_pathname(en), id, ARCHIVER_MAX_ID);
	return 0;
}

static int check_size(struct unpack *u, struct archive_entry *en, struct err *e)
{
	int64_t size = archive_entry_size(en);

	if (++u->entries > ARCHIVER_MAX_ENTRIES)
		return fail(e, E_BAD_TEMPLATE, "more than %u entries", ARCHIVER_MAX_ENTRIES);
	if (size < 0 || (uint64_t)size > ARCHIVER_MAX_BYTES - u->job.bytes)
		return fail(e, E_BAD_TEMPLATE, "more than %llu GiB of files",
			    ARCHIVER_MAX_BYTES >> 30);
	return 0;
}

static int check_entry(struct unpack *u, struct archive_entry *en, struct err *e)
{
	const char *link = archive_entry_hardlink(en);
	_cleanup_free_ char *name = NULL;
	int r = check_name(archive_entry_pathname(en), e);

	if (r < 0)
		return r;
	name = xstrdup(skip_dots(archive_entry_pathname(en)));
	archive_entry_copy_pathname(en, name);
	if (!strcmp(name, ".") && (link || archive_entry_filetype(en) != AE_IFDIR))
		return fail(e, E_BAD_TEMPLATE, "the archive's root is not a directory");
	if (link) {
		_cleanup_free_ char *to = NULL;

		r = check_name(link, e);
		if (r < 0)
			return r;
		to = xstrdup(skip_dots(link));
		archive_entry_copy_hardlink(en, to);
	}
	r = check_ids(en, e);
	return r < 0 ? r : check_size(u, en, e);
}

static void filter_xattrs(struct archive_entry *en)
{
	struct archive_entry *keep = NULL;
	const char *name;
	const void *value;
	size_t size;

	if (!archive_entry_xattr_reset(en))
		return;
	keep = archive_entry_new();
	while (archive_entry_xattr_next(en, &name, &value, &size) == ARCHIVE_OK)
		if (name && archiver_xattr(name))
			archive_entry_xattr_add_entry(keep, name, value, size);
	archive_entry_xattr_clear(en);
	archive_entry_xattr_reset(keep);
	while (archive_entry_xattr_next(keep, &name, &value, &size) == ARCHIVE_OK)
		archive_entry_xattr_add_entry(en, name, value, size);
	archive_entry_free(keep);
}

static bool is_skipped(struct archive_entry *en)
{
	switch (archive_entry_filetype(en)) {
	case AE_IFCHR:
	case AE_IFBLK:
	case AE_IFSOCK:
		return !archive_entry_hardlink(en);
	default:
		return false;
	}
}

/* ---- writing --- */

static int fail_entry(struct archive *a, struct archive_entry *en, struct err *e)
{
	char why[256];

	return fail(e, E_BAD_TEMPLATE, "%.200s: %s", archive_entry_pathname(en),
		    archiver_why(a, why, sizeof(why)));
}

static int copy_data(struct unpack *u, struct archive_entry *en, struct err *e)
{
	const void *block;
	la_int64_t at;
	size_t n;
	int r;

	while ((r = archive_read_data_block(u->in, &block, &n, &at)) == ARCHIVE_OK) {
		if (archive_write_data_block(u->out, block, n, at) < ARCHIVE_OK)
			return fail_entry(u->out, en, e);
		u->job.bytes += n;
		archiver_progress(&u->job);
	}
	return r == ARCHIVE_EOF ? 0 : fail_entry(u->in, en, e);
}

/*
 * A warning of libarchive is a failure here: it says that an owner, a mode or a capability
 * could not be set, and a tree that differs from its archive is worse than none.
 */
static int write_entry(struct unpack *u, struct archive_entry *en, struct err *e)
{
	uint64_t before = u->job.bytes;
	bool link = archive_entry_hardlink(en);
	int r;

	filter_xattrs(en);
	archive_entry_set_fflags(en, 0, 0);
	if (archive_write_header(u->out, en) != ARCHIVE_OK)
		return fail_entry(u->out, en, e);
	if (archive_entry_size(en) > 0) {
		r = copy_data(u, en, e);
		if (r < 0)
			return r;
	}
	if (archive_write_finish_entry(u->out) != ARCHIVE_OK)
		return fail_entry(u->out, en, e);
	u->job.bytes = before;
	if (!link) {
		u->job.bytes += (uint64_t)archive_entry_size(en);
		u->job.inodes++;
	}
	return 0;
}

/* libarchive puts times right at the end for directories that it made; the root was there. */
static void note_root(struct unpack *u, struct archive_entry *en)
{
	if (strcmp(skip_dots(archive_entry_pathname(en)), ".") || !archive_entry_mtime_is_set(en))
		return;
	u->root_time = (struct timespec){ .tv_sec = archive_entry_mtime(en),
					  .tv_nsec = archive_entry_mtime_nsec(en) };
	u->root_noted = true;
}

static int set_root_time(const struct unpack *u, struct err *e)
{
	const struct timespec t[2] = { { .tv_nsec = UTIME_OMIT }, u->root_time };

	if (u->root_noted && utimensat(AT_FDCWD, ".", t, 0) < 0)
		return fail(e, E_SYSTEM, "cannot set the time of the tree: %m");
	return 0;
}

static int unpack_entries(struct unpack *u, struct err *e)
{
	struct archive_entry *en;
	char why[256];
	int r;

	/* ARCHIVE_WARN is a name that is not UTF-8: taken as the bytes it is */
	while ((r = archive_read_next_header(u->in, &en)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
		r = check_entry(u, en, e);
		if (r < 0)
			return r;
		if (is_skipped(en)) {
			u->job.skipped++;
			continue;
		}
		note_root(u, en);
		r = write_entry(u, en, e);
		if (r < 0)
			return r;
		u->job.files++;
		archiver_progress(&u->job);
	}
	if (r != ARCHIVE_EOF)
		return fail(e, E_BAD_TEMPLATE, "the archive cannot be read: %s",
			    archiver_why(u->in, why, sizeof(why)));
	if (!u->entries)
		return fail(e, E_BAD_TEMPLATE, "the archive is empty");
	/* modes and times of directories are set here */
	if (archive_write_close(u->out) != ARCHIVE_OK)
		return fail(e, E_SYSTEM, "cannot finish the tree: %s",
			    archiver_why(u->out, why, sizeof(why)));
	return set_root_time(u, e);
}

static int setup(struct unpack *u, struct err *e)
{
	char why[256];

	u->in = archive_read_new();
	u->out = archive_write_disk_new();
	if (!u->in || !u->out)
		return fail(e, E_SYSTEM, "out of memory");
	archive_read_support_format_tar(u->in);
	archive_read_support_filter_gzip(u->in);
	archive_read_support_filter_bzip2(u->in);
	archive_read_support_filter_xz(u->in);
	archive_read_support_filter_zstd(u->in);
	/* no archive_write_disk_set_standard_lookup(): it would ask NSS inside the tree */
	archive_write_disk_set_options(
		u->out, ARCHIVE_EXTRACT_OWNER | ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME |
				ARCHIVE_EXTRACT_ACL | ARCHIVE_EXTRACT_XATTR |
				ARCHIVE_EXTRACT_SPARSE | ARCHIVE_EXTRACT_SECURE_SYMLINKS |
				ARCHIVE_EXTRACT_SECURE_NODOTDOT |
				ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS);
	if (archive_read_open(u->in, u->src, NULL, source_read, NULL) != ARCHIVE_OK)
		return fail(e, E_BAD_TEMPLATE, "the archive cannot be read: %s",
			    archiver_why(u->in, why, sizeof(why)));
	return 0;
}

static void print_result(const struct buf *b)
{
	fwrite(b->s, 1, b->len, stdout);
}

int unpack_run(const char *archive, const char *dir, struct err *e)
{
	static const cap_value_t caps[] = { CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER,
					    CAP_FSETID, CAP_SETFCAP };
	_cleanup_free_ struct source *src = xcalloc(1, sizeof(*src));
	_cleanup_buf_ struct buf out = BUF_INIT;
	_cleanup_close_ int dirfd = -1;
	struct unpack u = { .src = src };
	int r = source_open(src, archive, e);

	if (r >= 0) {
		dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = dirfd < 0 ? fail(e, E_SYSTEM, "cannot open %s: %m", dir) : 0;
	}
	if (r >= 0)
		r = archiver_confine(&dirfd, caps, ARRAY_SIZE(caps), e);
	if (r >= 0)
		r = setup(&u, e);
	if (r >= 0)
		r = unpack_entries(&u, e);
	if (r >= 0)
		r = source_finish(src, &out, e);
	archive_read_free(u.in);
	archive_write_free(u.out);
	cleanup_closep(&src->fd);
	if (r < 0)
		return r;
	kv_addf(&out, "BYTES", "%llu", (unsigned long long)u.job.bytes);
	kv_addf(&out, "INODES", "%llu", (unsigned long long)u.job.inodes);
	kv_addf(&out, "SKIPPED", "%llu", (unsigned long long)u.job.skipped);
	print_result(&out);
	return 0;
}

int unpack_digest(const char *archive, struct err *e)
{
	_cleanup_free_ struct source *src = xcalloc(1, sizeof(*src));
	_cleanup_buf_ struct buf out = BUF_INIT;
	int r = source_open(src, archive, e);

	if (r >= 0)
		r = source_finish(src, &out, e);
	cleanup_closep(&src->fd);
	if (r >= 0)
		print_result(&out);
	return r;
}
