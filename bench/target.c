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

typedef int64_t statistic(const int64_t *v, size_t n);

/* In units of its kind; false: not measured, or of another kind. */
static bool take(const struct results *r, const char *name, char kind, statistic *of,
		 double *ret)
{
	const struct series *s = results_find(r, name);
	const struct unit *u = s ? find_unit(s->unit) : NULL;
	int64_t m = s ? of(s->v, s->n) : -1;

	if (m < 0 || !u || (kind && u->kind != kind))
		return false;
	*ret = (double)m * u->size;
	return true;
}

static bool compute(const struct target *t, const struct results *r, statistic *of,
		    double *ret)
{
	const struct unit *u = find_unit(t->unit);
	char kind = t->how == '/' ? 0 : u->kind;
	double mine, other, least = -1;
	size_t i;

	for (i = 0; i < t->against.n; i++)
		if (take(r, t->against.v[i], kind, of, &other) &&
		    (least < 0 || other < least))
			least = other;
	if (!take(r, t->series, kind, of, &mine) || (t->how && least < 0) ||
	    (t->how == '/' && !(least > 0)))
		return false;
	if (t->how == '/')
		*ret = mine / least;
	else
		*ret = (t->how == '-' ? mine - least : mine) / u->size;
	return true;
}

struct verdict target_judge(const struct target *t, const struct results *r)
{
	struct verdict v = { .known = false };

	v.known = compute(t, r, median_of, &v.value) && compute(t, r, least_of, &v.least);
	v.reached = v.known && v.value <= t->limit;
	return v;
}
