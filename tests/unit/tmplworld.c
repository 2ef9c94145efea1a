/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/run.h"
#include "base/tree.h"
#include "tests/unit/tmplworld.h"

static void note_said(void *ctx, enum say_level level, const char *text)
{
	struct said *s = ctx;

	if (level == SAY_WARN)
		s->warned++;
	if (level == SAY_INFO && !strncmp(text, "Unpacking", 9))
		s->unpacked++;
}

static void put_big(char *field, uint64_t n)
{
	field[0] = (char)0x80;
	for (int i = 0; i < 8; i++)
		field[11 - i] = (char)(n >> (8 * i));
}

static void add_header(struct buf *b, const struct ent *en, size_t size)
{
	char h[512] = { 0 };
	unsigned sum = 0;

	snprintf(h, 100, "%s", en->name);
	snprintf(h + 100, 8, "%07o", en->mode ? en->mode : en->type == '5' ? 0755 : 0644);
	snprintf(h + 108, 8, "%07o", en->uid);
	snprintf(h + 116, 8, "%07o", en->uid);
	snprintf(h + 124, 12, "%011zo", size);
	snprintf(h + 136, 12, "%011o", 1700000000);
	memset(h + 148, ' ', 8);
	h[156] = en->type;
	if (en->type == '1' || en->type == '2')
		snprintf(h + 157, 100, "%s", en->text);
	memcpy(h + 257, en->sparse ? "ustar  " : "ustar\00000", 8);
	if (en->type == '3')
		memcpy(h + 329, "0000001\0000000003", 16);
	if (en->sparse) {
		put_big(h + 386, en->sparse);
		put_big(h + 398, 0);
		put_big(h + 483, en->sparse);
	}
	for (size_t i = 0; i < sizeof(h); i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	buf_add(b, h, sizeof(h));
}

static void add_entry(struct buf *b, const struct ent *en)
{
	static const char zero[512];
	bool has = en->text && (en->type == '0' || en->type == 'x');
	size_t n = has ? strlen(en->text) : 0;

	add_header(b, en, n);
	if (n) {
		buf_add(b, en->text, n);
		buf_add(b, zero, (512 - n % 512) % 512);
	}
}

void tw_write_file(const char *path, const void *data, size_t n)
{
	struct err e;

	if (file_replace(AT_FDCWD, path, data, n, 0644, false, &e) < 0)
		printf("# %s\n", e.msg);
}

void tw_make_tar(struct world *w, const char *name, const struct ent *en)
{
	_cleanup_free_ char *path = xasprintf("%s/cache/%s.tar", w->store.dir, name);
	_cleanup_buf_ struct buf b = BUF_INIT;
	static const char end[1024];

	for (; en->name; en++)
		add_entry(&b, en);
	buf_add(&b, end, sizeof(end));
	tw_write_file(path, b.s, b.len);
}

bool tw_there(const char *dir, const char *rest)
{
	_cleanup_free_ char *path = xasprintf("%s%s%s", dir, rest ? "/" : "", rest ? rest : "");
	struct stat st;

	return !lstat(path, &st);
}

int tw_get(struct world *w, const char *name, struct template *t, struct err *e)
{
	w->said = (struct said){ 0 };
	return template_get(&w->store, name, t, e);
}

unsigned tw_entries(const char *dir, const char *sub, const char *prefix)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", dir, sub);
	_cleanup_closedir_ DIR *d = opendir(path);
	struct dirent *de;
	unsigned n = 0;

	while (d && (de = readdir(d)))
		n += strcmp(de->d_name, ".") && strcmp(de->d_name, "..") &&
		     !strncmp(de->d_name, prefix, strlen(prefix));
	return n;
}

int tw_archiver(struct world *w, const char *verb, const char *a, const char *b,
		    struct buf *out)
{
	const char *argv[] = { w->archiver, verb, a, b, NULL };
	const struct run run = { .argv = argv, .out = out };
	struct err e;
	int r = run_wait(&run, &e);

	if (r < 0)
		printf("# %s\n", e.msg);
	return r;
}

const char *tw_prepare(struct world *w)
{
	const char *env = getenv("WABE_ARCHIVE");
	_cleanup_free_ char *cache = NULL, *secret = NULL;
	struct err e;

	if (geteuid())
		return "needs root";
	w->archiver = realpath(env ? env : "./wabe-archive", NULL);
	if (!w->archiver)
		return "wabe-archive is not there (WABE_ARCHIVE)";
	snprintf(w->dir, sizeof(w->dir), "/var/tmp/wabe-templates.XXXXXX");
	if (!mkdtemp(w->dir))
		return "cannot make a directory in /var/tmp";
	w->outside = xasprintf("%s/outside", w->dir);
	secret = xasprintf("%s/secret", w->outside);
	w->store = (struct template_store){
		.dir = xasprintf("%s/store", w->dir),
		.archiver = w->archiver,
		.progress = { note_said, &w->said },
	};
	cache = xasprintf("%s/cache", w->store.dir);
	if (mkdir_all(w->outside, 0755, &e) < 0 || mkdir_all(cache, 0755, &e) < 0)
		return "cannot make directories";
	tw_write_file(secret, "secret\n", 7);
	return NULL;
}

void tw_clear(struct world *w)
{
	if (w->dir[0] && tree_remove(AT_FDCWD, w->dir, NULL) < 0)
		printf("# %s is left\n", w->dir);
	free((char *)w->store.dir);
	free(w->outside);
	free(w->archiver);
}
