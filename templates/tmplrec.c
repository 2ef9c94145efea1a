/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "templates/tmplrec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/kv.h"
#include "base/mem.h"

enum { MAX_RECORD = 4096 };

bool tmplrec_digest_ok(const char *digest)
{
	return strlen(digest) == 64 && strspn(digest, "0123456789abcdef") == 64;
}

static uint64_t number(const char *text)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	return errno || *end || *text == '-' ? 0 : n;
}

static void rec_field(void *ctx, const char *key, const char *value)
{
	struct tmplrec *rec = ctx;

	if (!strcmp(key, "DIGEST") && tmplrec_digest_ok(value))
		memcpy(rec->digest, value, sizeof(rec->digest));
	else if (!strcmp(key, "SIZE"))
		rec->id.size = number(value);
	else if (!strcmp(key, "MTIME"))
		rec->id.mtime = number(value);
	else if (!strcmp(key, "INODE"))
		rec->id.inode = number(value);
}

static char *rec_path(const struct template_store *s, const char *name)
{
	return xasprintf("%s/names/%s", s->dir, name);
}

int tmplrec_read(const struct template_store *s, const char *name, struct tmplrec *ret)
{
	_cleanup_free_ char *path = rec_path(s, name);
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct tmplrec rec = { 0 };
	int r = file_read(AT_FDCWD, path, MAX_RECORD, &text);

	if (r < 0)
		return r;
	kv_each(text.s, rec_field, &rec);
	if (!rec.digest[0])
		return -EINVAL;
	*ret = rec;
	return 0;
}

int tmplrec_write(const struct template_store *s, const char *name,
		  const struct tmplrec *rec, struct err *e)
{
	_cleanup_free_ char *path = rec_path(s, name);
	_cleanup_buf_ struct buf b = BUF_INIT;

	kv_add(&b, "DIGEST", rec->digest);
	kv_addf(&b, "SIZE", "%llu", (unsigned long long)rec->id.size);
	kv_addf(&b, "MTIME", "%llu", (unsigned long long)rec->id.mtime);
	kv_addf(&b, "INODE", "%llu", (unsigned long long)rec->id.inode);
	return file_replace(AT_FDCWD, path, b.s, b.len, 0600, true, e);
}

void tmplrec_remove(const struct template_store *s, const char *name)
{
	_cleanup_free_ char *path = rec_path(s, name);

	unlink(path);
}

bool tmplrec_names(const struct template_store *s, const char *digest)
{
	_cleanup_strv_ struct strv names = STRV_INIT;

	/* when that cannot be told, some name may */
	if (tmplname_all(s, &names, NULL) < 0)
		return true;
	for (size_t i = 0; i < names.n; i++) {
		struct tmplrec rec;

		if (!tmplrec_read(s, names.v[i], &rec) && !strcmp(rec.digest, digest))
			return true;
	}
	return false;
}

static void info_field(void *ctx, const char *key, const char *value)
{
	struct template *t = ctx;

	if (!strcmp(key, "NAME") && tmplname_ok(value))
		memcpy(t->name, value, strlen(value) + 1);
	else if (!strcmp(key, "DIGEST") && tmplrec_digest_ok(value))
		memcpy(t->digest, value, sizeof(t->digest));
	else if (!strcmp(key, "SIZE"))
		t->bytes = number(value);
	else if (!strcmp(key, "INODES"))
		t->inodes = number(value);
	else if (!strcmp(key, "CREATED"))
		t->created = (int64_t)number(value);
}

int tmplrec_info_read(const char *dir, struct template *ret)
{
	_cleanup_free_ char *path = xasprintf("%s/info", dir);
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct template t = { 0 };
	int r = file_read(AT_FDCWD, path, MAX_RECORD, &text);

	if (r < 0)
		return r;
	kv_each(text.s, info_field, &t);
	if (!t.digest[0] || !t.name[0])
		return -EINVAL;
	t.root = xasprintf("%s/root", dir);
	*ret = t;
	return 0;
}

int tmplrec_info_write(const char *dir, const struct template *t, struct err *e)
{
	_cleanup_free_ char *path = xasprintf("%s/info", dir);
	_cleanup_buf_ struct buf b = BUF_INIT;

	kv_add(&b, "NAME", t->name);
	kv_add(&b, "DIGEST", t->digest);
	kv_addf(&b, "SIZE", "%llu", (unsigned long long)t->bytes);
	kv_addf(&b, "INODES", "%llu", (unsigned long long)t->inodes);
	kv_addf(&b, "CREATED", "%lld", (long long)t->created);
	return file_replace(AT_FDCWD, path, b.s, b.len, 0600, true, e);
}
