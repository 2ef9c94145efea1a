/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/kv.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

static bool has_control(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return true;
	return false;
}

/* Copy s[0..n) without the backslashes that escape. */
static char *unescape(const char *s, size_t n)
{
	char *out = xmalloc(n + 1), *o = out;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\\' && i + 1 < n)
			i++;
		*o++ = s[i];
	}
	*o = '\0';
	return out;
}

static size_t unquoted_len(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if ((s[i] == ' ' || s[i] == '\t') && *skip_blanks(s + i) == '#')
			return i;
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	return n;
}

enum kv_kind kv_line(const char *line, char **key, char **value)
{
	const char *s = skip_blanks(line), *eq, *v;
	size_t n;

	n = strlen(s);
	while (n && (s[n - 1] == '\r' || s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	if (!n || *s == '#')
		return KV_BLANK;
	eq = memchr(s, '=', n);
	if (!eq || eq == s)
		return KV_BAD;
	for (const char *p = s; p < eq; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			return KV_BAD;
	v = eq + 1;
	n -= (size_t)(v - s);
	if (n && (*v == '"' || *v == '\'')) {
		const char *end = memrchr(v + 1, *v, n - 1);

		if (!end)
			return KV_BAD;
		v++;
		n = (size_t)(end - v);
	} else {
		_cleanup_free_ char *rest = xstrndup(v, n);

		n = unquoted_len(rest);
	}
	if (has_control(v, n))
		return KV_BAD;
	*key = xstrndup(s, (size_t)(eq - s));
	*value = unescape(v, n);
	return KV_PAIR;
}

void kv_add(struct buf *b, const char *key, const char *value)
{
	buf_adds(b, key);
	buf_adds(b, "=\"");
	for (const char *p = value; *p; p++) {
		/* shells source these files: only $VEID is theirs to expand */
		bool expand = *p == '$' && strncmp(p, "$VEID", 5) && strncmp(p, "${VEID}", 7);

		if (expand || *p == '"' || *p == '\\' || *p == '`')
			buf_addc(b, '\\');
		buf_addc(b, *p);
	}
	buf_adds(b, "\"\n");
}

void kv_addf(struct buf *b, const char *key, const char *fmt, ...)
{
	char value[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	kv_add(b, key, value);
}

int kv_each(const char *text, kv_fn *fn, void *ctx)
{
	int bad = 0;

	while (*text) {
		size_t n = strcspn(text, "\n");
		_cleanup_free_ char *line = xstrndup(text, n);
		_cleanup_free_ char *key = NULL, *value = NULL;

		text += n + (text[n] == '\n');
		switch (kv_line(line, &key, &value)) {
		case KV_PAIR:
			fn(ctx, key, value);
			break;
		case KV_BAD:
			bad++;
			break;
		case KV_BLANK:
			break;
		}
	}
	return bad;
}
