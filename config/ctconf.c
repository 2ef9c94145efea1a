/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/ctconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/kv.h"
#include "base/mem.h"
#include "config/keys.h"

enum { MAX_FILE = 1 << 20 };

struct reader {
	const char *path;
	struct conf *c;
	uint64_t seen;
	unsigned line;
	ctconf_warn *warn;
	void *ctx;
};

/* ---- reading --- */

static void tell(const struct reader *r, const char *what)
{
	_cleanup_free_ char *text = NULL;

	if (!r->warn)
		return;
	text = xasprintf("%s:%u: %s", r->path, r->line, what);
	r->warn(r->ctx, text);
}

/* The first line of a key replaces what c held, also in lists. */
static int take_first(struct conf *c, const struct key *k, const char *value, struct err *e)
{
	_cleanup_conf_ struct conf one = CONF_INIT;
	int r = key_parse(&one, k, value, FROM_FILE, e);

	if (r >= 0)
		conf_merge(c, &one);
	return r;
}

/* For a key's further lines vzctl's rules count. */
static void take_pair(struct reader *r, const struct key *k, const char *value)
{
	bool again = r->seen >> k->id & 1;
	struct err e = { 0 };
	int rc;

	if (again && !(k->flags & (KF_ACCUMULATE | KF_LAST_WINS))) {
		_cleanup_free_ char *text =
			xasprintf("%s was given before: the first one counts", k->name);

		tell(r, text);
		return;
	}
	rc = again ? key_parse(r->c, k, value, FROM_FILE, &e) :
		     take_first(r->c, k, value, &e);
	if (rc)
		tell(r, e.msg);
	if (rc >= 0)
		r->seen |= 1ull << k->id;
}

void ctconf_parse(const char *text, const char *path, uint64_t skip, struct conf *c,
		  const struct ctconf_ear *ear)
{
	struct reader r = { .path = path, .c = c, .warn = ear->warn, .ctx = ear->ctx };

	while (*text) {
		size_t n = strcspn(text, "\n");
		_cleanup_free_ char *line = xstrndup(text, n);
		_cleanup_free_ char *name = NULL, *value = NULL;
		enum kv_kind kind = kv_line(line, &name, &value);
		const struct key *k = kind == KV_PAIR ? key_by_name(name) : NULL;

		r.line++;
		text += n + (text[n] == '\n');
		if (kind == KV_BAD)
			tell(&r, "this is not KEY=\"value\", the line is skipped");
		else if (k && !(skip >> k->id & 1))
			take_pair(&r, k, value);
	}
}

int ctconf_text(const char *path, struct buf *ret, struct err *e)
{
	struct stat st;
	int r = stat(path, &st) < 0 ? -errno : 0;

	if (!r && !S_ISREG(st.st_mode))
		return fail(e, E_BAD_CTCONF, "%s is not a regular file", path);
	if (!r)
		r = file_read(AT_FDCWD, path, MAX_FILE, ret);
	switch (r) {
	case 0:
		return 0;
	case -ENOENT:
		return fail(e, E_NO_CTCONF, "%s does not exist", path);
	case -EFBIG:
		return fail(e, E_BAD_CTCONF, "%s is larger than 1 MiB", path);
	case -EINVAL:
		return fail(e, E_BAD_CTCONF, "%s is not a text file", path);
	default:
		errno = -r;
		return fail(e, E_BAD_CTCONF, "cannot read %s: %m", path);
	}
}

int ctconf_read(const char *path, struct conf *c, ctconf_warn *warn, void *ctx,
		struct err *e)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	const struct ctconf_ear ear = { warn, ctx };
	int r = ctconf_text(path, &text, e);

	if (r >= 0)
		ctconf_parse(text.s, path, 0, c, &ear);
	return r;
}

/* ---- writing --- */

/* The key of the mask that the line sets, or NULL. */
static const struct key *key_of_line(const char *line, uint64_t mask)
{
	_cleanup_free_ char *name = NULL, *value = NULL;
	const struct key *k;

	if (kv_line(line, &name, &value) != KV_PAIR)
		return NULL;
	k = key_by_name(name);
	return k && mask >> k->id & 1 ? k : NULL;
}

/* As a line of its own, also after a last line that was not ended. */
static void add_key(struct buf *out, const struct conf *c, const struct key *k)
{
	_cleanup_buf_ struct buf value = BUF_INIT;

	if (!conf_has(c, k->id))
		return;
	if (out->len && out->s[out->len - 1] != '\n')
		buf_addc(out, '\n');
	key_format(c, k, &value);
	kv_add(out, k->name, value.s);
}

static void rewrite(const char *text, const struct conf *c, uint64_t mask, struct buf *out)
{
	uint64_t done = 0;

	while (*text) {
		size_t n = strcspn(text, "\n"), whole = n + (text[n] == '\n');
		_cleanup_free_ char *line = xstrndup(text, n);
		const struct key *k = key_of_line(line, mask);

		if (!k) {
			buf_add(out, text, whole);
		} else if (!(done >> k->id & 1)) {
			add_key(out, c, k);
			done |= 1ull << k->id;
		}
		text += whole;
	}
	for (int i = 0; i < KEY_COUNT; i++)
		if (mask >> i & 1 && !(done >> i & 1))
			add_key(out, c, &keys[i]);
}

/* What the file is to start from, and its mode; *ret_real where it is behind links. */
static int read_old(const char *path, const char *base, struct buf *old, char **ret_real,
		    mode_t *mode, struct err *e)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	struct stat st;
	int r;

	if (real) {
		r = ctconf_text(real, old, e);
		if (r >= 0 && !stat(real, &st))
			*mode = st.st_mode & 0777;
	} else if (errno != ENOENT || !lstat(path, &st)) {
		r = fail(e, E_SAVE, "%s leads to no file: %m", path);
	} else {
		r = base ? ctconf_text(base, old, e) : 0;
		real = xstrdup(path);
	}
	if (r >= 0)
		*ret_real = steal_ptr(real);
	return r;
}

int ctconf_save(const char *path, const char *base, const struct conf *c, uint64_t mask,
		struct err *e)
{
	_cleanup_buf_ struct buf old = BUF_INIT, new = BUF_INIT;
	_cleanup_free_ char *real = NULL;
	struct err why = { 0 };
	mode_t mode = 0644;
	int r = read_old(path, base, &old, &real, &mode, &why);

	if (r >= 0) {
		rewrite(old.s, c, mask, &new);
		if (new.len > MAX_FILE)
			r = fail(&why, E_SAVE, "%s would be larger than 1 MiB", path);
	}
	if (r >= 0)
		r = file_replace(AT_FDCWD, real, new.s, new.len, mode, true, &why);
	if (r < 0)
		return fail(e, E_SAVE, "cannot save the configuration: %s", why.msg);
	return 0;
}

int ctconf_put_back(const char *path, const char *text, struct err *e)
{
	_cleanup_buf_ struct buf old = BUF_INIT;
	_cleanup_free_ char *real = NULL;
	mode_t mode = 0644;
	int r = read_old(path, NULL, &old, &real, &mode, e);

	return r < 0 ? r : file_replace(AT_FDCWD, real, text, strlen(text), mode, true, e);
}
