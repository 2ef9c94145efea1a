/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/series.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t median_of(const int64_t *v, size_t n)
{
	_cleanup_free_ int64_t *s = xcalloc(n + 1, sizeof(*s));

	if (!n)
		return -1;
	memcpy(s, v, n * sizeof(*s));
	qsort(s, n, sizeof(*s), by_value);
	if (s[0] < 0)
		return -1;
	return n % 2 ? s[n / 2] : (s[n / 2 - 1] + s[n / 2]) / 2;
}

int64_t least_of(const int64_t *v, size_t n)
{
	int64_t least = n ? v[0] : -1;

	while (n-- > 0)
		least = v[n] < least ? v[n] : least;
	return least;
}

static struct series *find(const struct results *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (!strcmp(r->v[i].name, name))
			return &r->v[i];
	return NULL;
}

const struct series *results_find(const struct results *r, const char *name)
{
	return find(r, name);
}

static struct series *add_series(struct results *r, const char *name, const char *unit)
{
	struct series *s = find(r, name);

	if (s)
		return strcmp(s->unit, unit) ? NULL : s;
	r->v = xrealloc(r->v, r->n + 1, sizeof(*s));
	s = &r->v[r->n++];
	*s = (struct series){ .name = xstrdup(name), .unit = xstrdup(unit) };
	return s;
}

static int take_line(struct results *r, char *line)
{
	char *save = NULL, *name, *unit, *word, *end;
	struct series *s;
	int64_t value;

	if (!strncmp(line, "# ", 2)) {
		strv_add(&r->notes, line + 2);
		return 0;
	}
	name = strtok_r(line, " \t", &save);
	if (!name)
		return 0;
	unit = strtok_r(NULL, " \t", &save);
	s = unit ? add_series(r, name, unit) : NULL;
	if (!s)
		return -1;
	while ((word = strtok_r(NULL, " \t", &save))) {
		value = strtoll(word, &end, 10);
		if (*end)
			return -1;
		s->v = xrealloc(s->v, s->n + 1, sizeof(value));
		s->v[s->n++] = value;
	}
	return 0;
}

int results_load(struct results *r, const char *path, struct err *e)
{
	_cleanup_buf_ struct buf b = BUF_INIT;
	char *save = NULL, *line;
	int n = file_read(AT_FDCWD, path, 64 << 20, &b);

	if (n < 0) {
		errno = -n;
		return fail(e, E_SYSTEM, "cannot read %s: %m", path);
	}
	for (line = strtok_r(b.s, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (take_line(r, line))
			return fail(e, E_SYNTAX, "%s has a line that is no series: %s",
				    path, line);
	return 0;
}

void results_clear(struct results *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		free(r->v[i].name);
		free(r->v[i].unit);
		free(r->v[i].v);
	}
	free(r->v);
	strv_clear(&r->notes);
	*r = (struct results)RESULTS_INIT;
}
