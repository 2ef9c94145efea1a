/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "templates/tmplname.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"

enum { SHOWN = 8, NEAR = 3 };

const char *const tmplname_suffixes[] = {
	".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tar.zst", NULL,
};

bool tmplname_ok(const char *name)
{
	size_t n = strlen(name);

	if (!n || n > TMPLNAME_MAX || !isalnum((unsigned char)*name) || strstr(name, ".."))
		return false;
	for (const char *p = name; *p; p++)
		if (!isascii((unsigned char)*p) ||
		    (!isalnum((unsigned char)*p) && !strchr("._+@-", *p)))
			return false;
	return true;
}

int tmplname_check(const char *name, struct err *e)
{
	if (tmplname_ok(name))
		return 0;
	return fail(e, E_NO_TEMPLATE,
		    "a template's name is letters, digits and . _ + @ -, not \"%.64s\"", name);
}

const char *tmplname_suffix(const char *file)
{
	size_t n = strlen(file);

	for (size_t i = 0; tmplname_suffixes[i]; i++) {
		size_t len = strlen(tmplname_suffixes[i]);

		if (n > len && !strcmp(file + n - len, tmplname_suffixes[i]))
			return tmplname_suffixes[i];
	}
	return NULL;
}

char *tmplname_find(const struct template_store *s, const char *name,
		    struct archive_id *ret)
{
	struct archive_id best = { 0 };
	char *found = NULL;

	for (size_t i = 0; tmplname_suffixes[i]; i++) {
		_cleanup_free_ char *path =
			xasprintf("%s/cache/%s%s", s->dir, name, tmplname_suffixes[i]);
		struct stat st;
		uint64_t mtime;

		if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		mtime = (uint64_t)st.st_mtim.tv_sec * 1000000000u +
			(uint64_t)st.st_mtim.tv_nsec;
		if (found && mtime <= best.mtime)
			continue;
		best = (struct archive_id){ (uint64_t)st.st_size, mtime, st.st_ino };
		free(found);
		found = steal_ptr(path);
	}
	if (found)
		*ret = best;
	return found;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in TEMPLATE/`dir`; `suffixed`: of archives, else of records. */
static int add_names(const struct template_store *s, const char *dir, bool suffixed,
		     struct strv *to, struct err *e)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", s->dir, dir);
	_cleanup_closedir_ DIR *d = opendir(path);
	struct dirent *de;

	if (!d)
		return errno == ENOENT ? 0 : fail(e, E_SYSTEM, "cannot read %s: %m", path);
	while ((de = readdir(d))) {
		const char *suffix = suffixed ? tmplname_suffix(de->d_name) : "";
		_cleanup_free_ char *name = NULL;

		if (!suffix)
			continue;
		name = xstrndup(de->d_name, strlen(de->d_name) - strlen(suffix));
		if (tmplname_ok(name))
			strv_take(to, steal_ptr(name));
	}
	return 0;
}

int tmplname_all(const struct template_store *s, struct strv *ret, struct err *e)
{
	_cleanup_strv_ struct strv all = STRV_INIT;
	int r = add_names(s, "cache", true, &all, e);

	if (r >= 0)
		r = add_names(s, "names", false, &all, e);
	if (r < 0)
		return r;
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), by_text);
	for (size_t i = 0; i < all.n; i++)
		if (!i || strcmp(all.v[i], all.v[i - 1]))
			strv_add(ret, all.v[i]);
	return 0;
}

/* Edits from a to b, letter case aside; both are names, so at most TMPLNAME_MAX long. */
static unsigned edits(const char *a, const char *b)
{
	unsigned row[TMPLNAME_MAX + 1];
	size_t n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i]; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < n; j++) {
			bool same = tolower((unsigned char)a[i]) ==
				    tolower((unsigned char)b[j]);
			unsigned best = corner + !same;

			corner = row[j + 1];
			if (corner + 1 < best)
				best = corner + 1;
			if (row[j] + 1 < best)
				best = row[j] + 1;
			row[j + 1] = best;
		}
	}
	return row[n];
}

static bool is_near(const char *name, const char *other)
{
	return strcasestr(other, name) || strcasestr(name, other) ||
	       edits(name, other) <= NEAR;
}

static void shown(const struct strv *names, const char *near, struct strv *ret)
{
	for (size_t i = 0; i < names->n && ret->n < SHOWN; i++)
		if (!near || is_near(near, names->v[i]))
			strv_add(ret, names->v[i]);
}

int tmplname_unknown(const struct template_store *s, const char *name, struct err *e)
{
	_cleanup_strv_ struct strv all = STRV_INIT, few = STRV_INIT;
	_cleanup_free_ char *text = NULL;

	if (tmplname_all(s, &all, NULL) < 0 || !all.n)
		return fail(e, E_NO_TEMPLATE,
			    "there is no template %s: %s/cache holds none yet "
			    "(\"wabe template build\" makes one)", name, s->dir);
	shown(&all, name, &few);
	if (few.n) {
		text = strv_join(&few, ", ");
		return fail(e, E_NO_TEMPLATE, "there is no template %s; did you mean %.300s?",
			    name, text);
	}
	shown(&all, NULL, &few);
	text = strv_join(&few, ", ");
	return fail(e, E_NO_TEMPLATE, "there is no template %s; this node has %.300s%s", name,
		    text, all.n > few.n ? ", ..." : "");
}
