/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/target.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"

/* In units of the same kind: nanoseconds, bytes, one. */
static const struct unit {
	const char *name;
	char kind;
	double size;
} units[] = {
	{ "ps", 't', 1e-3 }, { "ns", 't', 1 }, { "us", 't', 1e3 },   { "ms", 't', 1e6 },
	{ "s", 't', 1e9 },   { "B", 'm', 1 },  { "KiB", 'm', 1024 }, { "n", 'n', 1 },
	{ "x", 'x', 1 },
};

static const struct unit *find_unit(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(units[i].name, name))
			return &units[i];
	return NULL;
}

static char *trim(char *s)
{
	char *end = s + strlen(s);

	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return s + strspn(s, " \t");
}

static bool take_limit(struct target *t, const char *text)
{
	char *end;

	t->limit = strtod(text, &end);
	if (end == text || !find_unit(trim(end)))
		return false;
	t->unit = xstrdup(trim(end));
	return (t->how == '/') == !strcmp(t->unit, "x");
}

static bool take_line(struct targets *list, char *line)
{
	char *field[4];
	struct target *t;
	size_t i;

	for (i = 0; i < 4; i++) {
		field[i] = strsep(&line, "|");
		if (!field[i])
			return false;
		field[i] = trim(field[i]);
	}
	list->v = xrealloc(list->v, list->n + 1, sizeof(*t));
	t = &list->v[list->n++];
	*t = (struct target){ .what = xstrdup(field[0]), .series = xstrdup(field[1]) };
	if (*field[2]) {
		t->how = *field[2];
		strv_add_words(&t->against, field[2] + 1);
		if (!strchr("/-", t->how) || !t->against.n)
			return false;
	}
	return !line && *t->what && *t->series && take_limit(t, field[3]);
}

int targets_load(struct targets *t, const char *path, struct err *e)
{
	_cleanup_buf_ struct buf b = BUF_INIT;
	char *save = NULL, *line;
	int n = file_read(AT_FDCWD, path, 1 << 20, &b);

	if (n < 0) {
		errno = -n;
		return fail(e, E_SYSTEM, "cannot read %s: %m", path);
	}
	for (line = strtok_r(b.s, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (*line != '#' && *trim(line) && !take_line(t, line))
			return fail(e, E_SYNTAX, "%s has a line that is no target: %s",
				    path, line);
	}
	return 0;
}

void targets_clear(struct targets *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		free(t->v[i].what);
		free(t->v[i].series);
		free(t->v[i].unit);
		strv_clear(&t->v[i].against);
	}
	free(t->v);
	*t = (struct targets)TARGETS_INIT;
}

/* The median in units of its kind; false: not measured, or of another kind. */
static bool median(const struct results *r, const char *name, char kind, double *ret)
{
	const struct series *s = results_find(r, name);
	const struct unit *u = s ? find_unit(s->unit) : NULL;
	int64_t m = s ? median_of(s->v, s->n) : -1;

	if (m < 0 || !u || (kind && u->kind != kind))
		return false;
	*ret = (double)m * u->size;
	return true;
}

struct verdict target_judge(const struct target *t, const struct results *r)
{
	const struct unit *u = find_unit(t->unit);
	struct verdict v = { .known = false };
	double mine, other, least = -1;
	char kind = t->how == '/' ? 0 : u->kind;
	size_t i;

	for (i = 0; i < t->against.n; i++)
		if (median(r, t->against.v[i], kind, &other) &&
		    (least < 0 || other < least))
			least = other;
	if (!median(r, t->series, kind, &mine) || (t->how && least < 0) ||
	    (t->how == '/' && !(least > 0)))
		return v;
	v.known = true;
	if (t->how == '/')
		v.value = mine / least;
	else
		v.value = (t->how == '-' ? mine - least : mine) / u->size;
	v.reached = v.value <= t->limit;
	return v;
}
