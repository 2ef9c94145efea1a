/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/strv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

void strv_clear(struct strv *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->v[i]);
	free(v->v);
	*v = (struct strv)STRV_INIT;
}

void strv_take(struct strv *v, char *s)
{
	v->v = xrealloc(v->v, v->n + 2, sizeof(*v->v));
	v->v[v->n++] = s;
	v->v[v->n] = NULL;
}

void strv_add(struct strv *v, const char *s)
{
	strv_take(v, xstrdup(s));
}

void strv_addf(struct strv *v, const char *fmt, ...)
{
	char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = xstrdup("");
	va_end(ap);
	strv_take(v, s);
}

bool strv_has(const struct strv *v, const char *s)
{
	for (size_t i = 0; i < v->n; i++)
		if (!strcmp(v->v[i], s))
			return true;
	return false;
}

void strv_copy(struct strv *to, const struct strv *from)
{
	struct strv copy = STRV_INIT;

	for (size_t i = 0; i < from->n; i++)
		strv_add(&copy, from->v[i]);
	strv_clear(to);
	*to = copy;
}

void strv_add_words(struct strv *v, const char *s)
{
	static const char blank[] = " \t\r\n";

	for (s += strspn(s, blank); *s; s += strspn(s, blank)) {
		size_t n = strcspn(s, blank);

		strv_take(v, xstrndup(s, n));
		s += n;
	}
}

char *strv_join(const struct strv *v, const char *sep)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < v->n; i++) {
		if (i)
			buf_adds(&b, sep);
		buf_adds(&b, v->v[i]);
	}
	return buf_steal(&b);
}
