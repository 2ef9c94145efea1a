/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_gen.h>

#include "base/buf.h"
#include "base/mem.h"

enum { MAX_DEPTH = 32 };

struct json {
	yajl_gen gen;
	bool is_array[MAX_DEPTH];
	int depth;
	struct buf text;
};

/* Length of the valid UTF-8 sequence at s (bounded by the NUL), 0 when it is none. */
static size_t utf8_len(const unsigned char *s)
{
	size_t n = s[0] < 0x80 ? 1 : (s[0] & 0xe0) == 0xc0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 :
		   (s[0] & 0xf8) == 0xf0 ? 4 : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if (n == 2 && s[0] < 0xc2)
		return 0;
	if (n == 3 && ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f)))
		return 0;
	if (n == 4 && ((s[0] == 0xf0 && s[1] < 0x90) || s[0] > 0xf4 ||
		       (s[0] == 0xf4 && s[1] > 0x8f)))
		return 0;
	return n;
}

static void put_string(struct json *j, const char *s)
{
	struct buf clean = BUF_INIT;

	while (*s) {
		size_t n = utf8_len((const unsigned char *)s);

		if (n)
			buf_add(&clean, s, n);
		else
			buf_adds(&clean, "\xef\xbf\xbd");
		s += n ? n : 1;
	}
	yajl_gen_string(j->gen, (const unsigned char *)clean.s, clean.len);
	buf_clear(&clean);
}

struct json *json_new(bool pretty)
{
	struct json *j = xcalloc(1, sizeof(*j));

	j->gen = yajl_gen_alloc(NULL);
	if (!j->gen)
		abort();
	yajl_gen_config(j->gen, yajl_gen_beautify, pretty);
	yajl_gen_config(j->gen, yajl_gen_indent_string, "  ");
	j->text = (struct buf)BUF_INIT;
	j->is_array[0] = true;
	return j;
}

void json_free(struct json *j)
{
	if (!j)
		return;
	yajl_gen_free(j->gen);
	buf_clear(&j->text);
	free(j);
}

static void put_key(struct json *j, const char *key)
{
	if (!j->is_array[j->depth])
		put_string(j, key);
}

static void open_level(struct json *j, const char *key, bool array)
{
	put_key(j, key);
	if (j->depth + 1 >= MAX_DEPTH)
		abort();
	j->is_array[++j->depth] = array;
	if (array)
		yajl_gen_array_open(j->gen);
	else
		yajl_gen_map_open(j->gen);
}

void json_object(struct json *j, const char *key)
{
	open_level(j, key, false);
}

void json_array(struct json *j, const char *key)
{
	open_level(j, key, true);
}

void json_end(struct json *j)
{
	if (j->is_array[j->depth--])
		yajl_gen_array_close(j->gen);
	else
		yajl_gen_map_close(j->gen);
}

void json_str(struct json *j, const char *key, const char *value)
{
	put_key(j, key);
	if (value)
		put_string(j, value);
	else
		yajl_gen_null(j->gen);
}

void json_int(struct json *j, const char *key, int64_t value)
{
	put_key(j, key);
	yajl_gen_integer(j->gen, value);
}

void json_uint(struct json *j, const char *key, uint64_t value)
{
	char s[24];
	int n = snprintf(s, sizeof(s), "%" PRIu64, value);

	put_key(j, key);
	yajl_gen_number(j->gen, s, (size_t)n);
}

void json_bool(struct json *j, const char *key, bool value)
{
	put_key(j, key);
	yajl_gen_bool(j->gen, value);
}

void json_null(struct json *j, const char *key)
{
	put_key(j, key);
	yajl_gen_null(j->gen);
}

/* If an empty array or object starts at s, which yajl spreads over three lines, its length.
 * Inside a string there is no bare newline, so this cannot be one. */
static size_t empty_len(const unsigned char *s, size_t n)
{
	size_t i = 1;

	if (n < 2 || (*s != '[' && *s != '{') || s[1] != '\n')
		return 0;
	while (i < n && (s[i] == '\n' || s[i] == ' '))
		i++;
	return i < n && s[i] == (*s == '[' ? ']' : '}') ? i + 1 : 0;
}

const char *json_text(struct json *j)
{
	const unsigned char *s;
	size_t n, empty;

	yajl_gen_get_buf(j->gen, &s, &n);
	buf_reset(&j->text);
	for (size_t i = 0; i < n; i += empty ? empty : 1) {
		empty = empty_len(s + i, n - i);
		buf_addc(&j->text, (char)s[i]);
		if (empty)
			buf_addc(&j->text, (char)s[i + empty - 1]);
	}
	if (!n || s[n - 1] != '\n')
		buf_addc(&j->text, '\n');
	return j->text.s;
}
