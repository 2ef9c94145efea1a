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

static void tell(const struct reader *r, const char *what)
{
	_cleanup_free_ char *text = NULL;

	if (!r->warn)
		return;
	text = xasprintf("%s:%u: %s", r->path, r->line, what);
	r->warn(r->ctx, text);
}

/* The first line of a key replaces what c held; for the next ones vzctl's rules count. */
static void take_pair(struct reader *r, const char *name, const char *value)
{
	const struct key *k = key_by_name(name);
	struct err e = { 0 };
	int rc;

	if (!k)
		return;
	if (r->seen >> k->id & 1) {
		if (!(k->flags & (KF_ACCUMULATE | KF_LAST_WINS))) {
			tell(r, "the key was given before: the first one counts");
			return;
		}
	} else if (k->flags & KF_ACCUMULATE && conf_has(r->c, k->id)) {
		if (k->type == KT_IPS)
			ipaddrs_clear((struct ipaddrs *)((char *)r->c + k->offset));
		else
			strv_clear((struct strv *)((char *)r->c + k->offset));
	}
	rc = key_parse(r->c, k, value, FROM_FILE, &e);
	if (rc)
		tell(r, e.msg);
	if (rc >= 0)
		r->seen |= 1ull << k->id;
}

static void read_lines(struct reader *r, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		_cleanup_free_ char *line = xstrndup(text, n);
		_cleanup_free_ char *key = NULL, *value = NULL;

		r->line++;
		text += n + (text[n] == '\n');
		switch (kv_line(line, &key, &value)) {
		case KV_PAIR:
			take_pair(r, key, value);
			break;
		case KV_BAD:
			tell(r, "not KEY=\"value\", skipped");
			break;
		case KV_BLANK:
			break;
		}
	}
}

static int read_text(const char *path, struct buf *b, struct err *e)
{
	int r = file_read(AT_FDCWD, path, MAX_FILE, b);

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
	struct reader rd = { .path = path, .c = c, .warn = warn, .ctx = ctx };
	int r = read_text(path, &text, e);

	if (r < 0)
		return r;
	read_lines(&rd, text.s);
	return 0;
}

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

static void add_key(struct buf *out, const struct conf *c, const struct key *k)
{
	_cleanup_buf_ struct buf value = BUF_INIT;

	if (!conf_has(c, k->id))
		return;
	key_format(c, k, &value);
	kv_add(out, k->name, value.s);
}

static void rewrite(const char *text, const struct conf *c, uint64_t mask, struct buf *out)
{
	uint64_t done = 0;

	while (*text) {
		size_t n = strcspn(text, "\n");
		_cleanup_free_ char *line = xstrndup(text, n);
		const struct key *k = key_of_line(line, mask);

		text += n + (text[n] == '\n');
		if (!k) {
			buf_adds(out, line);
			buf_addc(out, '\n');
			continue;
		}
		if (!(done >> k->id & 1))
			add_key(out, c, k);
		done |= 1ull << k->id;
	}
	for (int i = 0; i < KEY_COUNT; i++)
		if (mask >> i & 1 && !(done >> i & 1))
			add_key(out, c, &keys[i]);
}

int ctconf_save(const char *path, const char *base, const struct conf *c, uint64_t mask,
		struct err *e)
{
	_cleanup_buf_ struct buf old = BUF_INIT, new = BUF_INIT;
	_cleanup_free_ char *real = realpath(path, NULL);
	struct err why = { 0 };
	struct stat st;
	mode_t mode = 0644;
	int r = 0;

	if (real) {
		r = read_text(real, &old, &why);
		if (!stat(real, &st))
			mode = st.st_mode & 0777;
	} else if (base) {
		r = read_text(base, &old, &why);
	}
	if (r < 0)
		return fail(e, E_SAVE, "cannot save the configuration: %s", why.msg);
	rewrite(old.s, c, mask, &new);
	r = file_replace(AT_FDCWD, real ? real : path, new.s, new.len, mode, true, &why);
	if (r < 0)
		return fail(e, r == -E_NO_SPACE ? E_NO_SPACE : E_SAVE,
			    "cannot save the configuration: %s", why.msg);
	return 0;
}
