/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "templates/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "templates/tmplname.h"
#include "templates/tmplrec.h"
#include "templates/tmpltree.h"

void template_clear(struct template *t)
{
	free(t->root);
	*t = (struct template){ 0 };
}

static bool same_archive(const struct archive_id *a, const struct archive_id *b)
{
	return a->size == b->size && a->mtime == b->mtime && a->inode == b->inode;
}

/* ---- get --- */

/* The tree of `name` if there is one of its archive as it is now. An archive that is gone
 * left its tree: admins delete the one to have the room. */
static bool up_to_date(const struct template_store *s, const char *name,
		       const char *archive, const struct archive_id *id,
		       struct template *ret)
{
	struct tmplrec rec;

	if (tmplrec_read(s, name, &rec) < 0 || (archive && !same_archive(&rec.id, id)) ||
	    !tmpltree_have(s, rec.digest, ret))
		return false;
	memcpy(ret->name, name, strlen(name) + 1);
	return true;
}

static int unpack_and_note(const struct template_store *s, const char *name,
			   const char *archive, const struct archive_id *id,
			   struct template *ret, struct err *e)
{
	struct tmplrec rec = { .id = *id };
	struct template t = { 0 };
	int r = tmpltree_unpack(s, name, archive, &t, e);

	if (r < 0)
		return r;
	memcpy(rec.digest, t.digest, sizeof(rec.digest));
	r = tmplrec_write(s, name, &rec, e);
	if (r < 0) {
		template_clear(&t);
		return r;
	}
	tmpltree_sweep(s);
	*ret = t;
	return 0;
}

int template_get(const struct template_store *s, const char *name, struct template *ret,
		 struct err *e)
{
	_cleanup_free_ char *archive = NULL;
	_cleanup_close_ int lock = -1;
	struct archive_id id = { 0 };
	int r = tmplname_check(name, e);

	if (r < 0)
		return r;
	archive = tmplname_find(s, name, &id);
	if (up_to_date(s, name, archive, &id, ret))
		return 0;
	if (!archive)
		return tmplname_unknown(s, name, e);
	lock = tmpltree_lock(s, true, e);
	if (lock < 0)
		return lock;
	/* whoever had the lock before may have unpacked it, or another one */
	free(archive);
	archive = tmplname_find(s, name, &id);
	if (up_to_date(s, name, archive, &id, ret))
		return 0;
	if (!archive)
		return tmplname_unknown(s, name, e);
	return unpack_and_note(s, name, archive, &id, ret, e);
}

int template_by_digest(const struct template_store *s, const char *digest,
		       struct template *ret, struct err *e)
{
	if (tmpltree_have(s, digest, ret))
		return 0;
	return fail(e, E_NO_TEMPLATE, "the template %.64s is not on this node (%s/tree)",
		    digest, s->dir);
}

/* ---- hold and release --- */

static char *used_path(const struct template_store *s, const char *digest, uint32_t ctid)
{
	return xasprintf("%s/tree/%s/used/%u", s->dir, digest, ctid);
}

int template_hold(const struct template_store *s, const char *digest, uint32_t ctid,
		  struct err *e)
{
	_cleanup_free_ char *path = used_path(s, digest, ctid);
	_cleanup_close_ int fd = -1;

	if (!tmplrec_digest_ok(digest))
		return fail(e, E_NO_TEMPLATE, "\"%.64s\" is not the digest of a template",
			    digest);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0)
		return 0;
	if (errno == ENOENT)
		return fail(e, E_NO_TEMPLATE, "the template %.16s was removed meanwhile",
			    digest);
	return fail_write(e, path);
}

void template_release(const struct template_store *s, const char *digest, uint32_t ctid)
{
	_cleanup_free_ char *path = used_path(s, digest, ctid);
	_cleanup_close_ int lock = -1;

	if (!tmplrec_digest_ok(digest) || unlink(path) < 0 || tmplrec_names(s, digest))
		return;
	/* The last one over a tree that has no name any more takes it along; when others
	 * work on the templates, one of their sweeps does. */
	lock = tmpltree_lock(s, false, NULL);
	if (lock >= 0 && !tmplrec_names(s, digest))
		tmpltree_remove(s, digest);
}

void template_sweep(const struct template_store *s)
{
	_cleanup_close_ int lock = access(s->dir, F_OK) ? -1 : tmpltree_lock(s, false, NULL);

	if (lock >= 0)
		tmpltree_sweep(s);
}

/* ---- list --- */

static struct template describe(const struct template_store *s, const char *name)
{
	_cleanup_free_ char *archive = NULL;
	struct archive_id id = { 0 };
	struct template t = { 0 };

	archive = tmplname_find(s, name, &id);
	if (up_to_date(s, name, archive, &id, &t)) {
		t.used = tmpltree_used(s, t.digest, 0, NULL);
		return t;
	}
	memcpy(t.name, name, strlen(name) + 1);
	t.created = (int64_t)(id.mtime / 1000000000u);
	return t;
}

int template_list(const struct template_store *s, struct template **ret, size_t *ret_n,
		  struct err *e)
{
	_cleanup_strv_ struct strv names = STRV_INIT;
	struct template *list;
	int r = tmplname_all(s, &names, e);

	if (r < 0)
		return r;
	list = xcalloc(names.n + 1, sizeof(*list));
	for (size_t i = 0; i < names.n; i++)
		list[i] = describe(s, names.v[i]);
	*ret = list;
	*ret_n = names.n;
	return 0;
}

/* ---- delete and adopt --- */

/* All archives of the name but `keep` (may be NULL). */
static int remove_archives(const struct template_store *s, const char *name,
			   const char *keep, struct err *e)
{
	for (size_t i = 0; tmplname_suffixes[i]; i++) {
		_cleanup_free_ char *path =
			xasprintf("%s/cache/%s%s", s->dir, name, tmplname_suffixes[i]);

		if (keep && !strcmp(path, keep))
			continue;
		if (unlink(path) < 0 && errno != ENOENT)
			return fail(e, E_SYSTEM, "cannot remove %s: %m", path);
	}
	return 0;
}

static int refuse_used(const struct template_store *s, const char *name,
		       const char *digest, struct err *e)
{
	_cleanup_strv_ struct strv some = STRV_INIT;
	unsigned n = tmpltree_used(s, digest, 3, &some);
	_cleanup_free_ char *text = NULL;

	if (!n)
		return 0;
	text = strv_join(&some, ", ");
	return fail(e, E_LOCKED, "template %s is used by %u container%s: %s%s", name, n,
		    n == 1 ? "" : "s", text, n > some.n ? ", ..." : "");
}

int template_delete(const struct template_store *s, const char *name, struct err *e)
{
	_cleanup_close_ int lock = -1;
	_cleanup_free_ char *archive = NULL;
	struct tmplrec rec = { 0 };
	struct archive_id id;
	int found, r = tmplname_check(name, e);

	if (r >= 0)
		r = lock = tmpltree_lock(s, true, e);
	if (r < 0)
		return r;
	found = tmplrec_read(s, name, &rec);
	archive = tmplname_find(s, name, &id);
	if (found == -ENOENT && !archive)
		return tmplname_unknown(s, name, e);
	r = found < 0 ? 0 : refuse_used(s, name, rec.digest, e);
	if (r >= 0)
		r = remove_archives(s, name, NULL, e);
	if (r < 0)
		return r;
	tmplrec_remove(s, name);
	tmpltree_sweep(s);
	return 0;
}

static int move_in(const struct template_store *s, const char *archive, const char *to,
		   struct err *e)
{
	_cleanup_free_ char *dir = xasprintf("%s/cache", s->dir);
	_cleanup_close_ int dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dirfd < 0 || rename(archive, to) < 0 || fsync(dirfd) < 0)
		return fail_write(e, to);
	return 0;
}

/* The record of the archive that lies in its place now. */
static int note(const struct template_store *s, const char *name, const char *digest,
		struct err *e)
{
	struct tmplrec rec = { 0 };
	_cleanup_free_ char *path = tmplname_find(s, name, &rec.id);

	if (!path)
		return fail(e, E_SYSTEM, "the archive of template %s vanished", name);
	memcpy(rec.digest, digest, sizeof(rec.digest));
	return tmplrec_write(s, name, &rec, e);
}

int template_adopt(const struct template_store *s, const char *name, const char *archive,
		   struct template *ret, struct err *e)
{
	const char *suffix = tmplname_suffix(archive);
	_cleanup_free_ char *to = NULL;
	_cleanup_close_ int lock = -1;
	struct template t = { 0 };
	int r = tmplname_check(name, e);

	if (r < 0)
		return r;
	if (!suffix)
		return fail(e, E_BAD_TEMPLATE, "%s has no suffix of an archive", archive);
	lock = tmpltree_lock(s, true, e);
	if (lock < 0)
		return lock;
	to = xasprintf("%s/cache/%s%s", s->dir, name, suffix);
	/* unpacked first: what cannot be used must not replace what can */
	r = tmpltree_unpack(s, name, archive, &t, e);
	if (r >= 0)
		r = move_in(s, archive, to, e);
	if (r >= 0)
		r = remove_archives(s, name, to, e);
	if (r >= 0)
		r = note(s, name, t.digest, e);
	tmpltree_sweep(s);
	if (r < 0) {
		template_clear(&t);
		return r;
	}
	*ret = t;
	return 0;
}
