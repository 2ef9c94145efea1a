/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/columns.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/say.h"

static const void *info_at(const struct column_row *r, size_t at)
{
	return (const char *)&r->info + at;
}
static const char *row_setting(const struct column_row *r, const char *key)
{
	for (size_t i = 0; i < r->keys.n; i++)
		if (!strcmp(r->keys.v[i], key))
			return r->values.v[i];
	return NULL;
}

static bool row_runs(const struct column_row *r)
{
	return r->info.state == WABE_RUNNING || r->info.state == WABE_STARTING ||
	       r->info.state == WABE_STOPPING;
}

/* vzlist knows four words. */
static const char *row_state(const struct column_row *r)
{
	return row_runs(r) ? wabe_state_word(WABE_RUNNING)
			   : wabe_state_word(r->info.state);
}

static int64_t in_unit(const struct field *col, int64_t n)
{
	return col->page && n > 0 ? n / sysconf(_SC_PAGESIZE) : n;
}

static int64_t limit_of(const struct field *col, size_t at, const struct column_row *r)
{
	int64_t n = *(const int64_t *)info_at(r, at);

	return n < 0 ? INT64_MAX : in_unit(col, n);
}

/* The soft limit: "bar:lim", "both" or "unlimited". -1: not set. */
static int64_t soft_of(const struct field *col, const struct column_row *r)
{
	const char *s = row_setting(r, col->key);

	if (!s)
		return -1;
	return isdigit((unsigned char)*s) ? strtoll(s, NULL, 10) : INT64_MAX;
}

/* The value as a number; -1: unknown. False: the column is none of numbers. */
static bool column_number(const struct field *col, const struct column_row *r,
			  int64_t *ret)
{
	switch (col->kind) {
	case FIELD_CTID:
		*ret = r->info.ctid;
		return true;
	case FIELD_PID:
		*ret = *(const pid_t *)info_at(r, col->at);
		*ret = *ret > 0 ? *ret : -1;
		return true;
	case FIELD_LIVE:
	case FIELD_UPTIME:
	case FIELD_HELD:
		*ret = row_runs(r) ? in_unit(col, *(const int64_t *)info_at(r, col->at))
				   : -1;
		return true;
	case FIELD_NUMBER:
	case FIELD_DISK:
		*ret = *(const int64_t *)info_at(r, col->at);
		return true;
	case FIELD_LIMIT:
		*ret = limit_of(col, col->at, r);
		return true;
	case FIELD_SOFT:
		*ret = soft_of(col, r);
		return true;
	default:
		return false;
	}
}

static void uptime_text(int64_t s, struct buf *out)
{
	buf_addf(out, "%03" PRId64 "d%02dh:%02dm:%02ds", s / 86400, (int)(s / 3600 % 24),
		 (int)(s / 60 % 60), (int)(s % 60));
}

/* The value of a column that is none of numbers; NULL: unknown. `buf` may serve. */
static const char *column_string(const struct field *col, const struct column_row *r,
				 struct buf *buf)
{
	const struct strv *list;

	switch (col->kind) {
	case FIELD_TEXT:
		return *(char *const *)info_at(r, col->at);
	case FIELD_KEY:
		return row_setting(r, col->key);
	case FIELD_STATE:
		return row_state(r);
	case FIELD_BOOL:
		return *(const bool *)info_at(r, col->at) ? "yes" : "no";
	case FIELD_SMART:
		if (!r->info.name)
			buf_addf(buf, "%" PRIu32, r->info.ctid);
		return r->info.name ? r->info.name : buf->s;
	case FIELD_LIST:
		list = info_at(r, col->at);
		for (size_t i = 0; i < list->n; i++)
			buf_addf(buf, "%s%s", i ? " " : "", list->v[i]);
		return list->n ? buf->s : NULL;
	default:
		return NULL;
	}
}

static void column_text(const struct field *col, const struct column_row *r,
			struct buf *out)
{
	_cleanup_buf_ struct buf buf = BUF_INIT;
	const char *s;
	int64_t n;

	if (!column_number(col, r, &n)) {
		s = column_string(col, r, &buf);
		say_clean(s && *s ? s : "-", out);
	} else if (n < 0) {
		buf_addc(out, '-');
	} else if (col->kind == FIELD_UPTIME) {
		uptime_text(n, out);
	} else {
		buf_addf(out, "%" PRId64, n);
	}
}

/* Bytes of the first `max` characters of s, and how many these are. */
static size_t utf8_cut(const char *s, size_t max, size_t *ret_chars)
{
	size_t bytes = 0, chars = 0;

	for (; s[bytes]; bytes++) {
		if (((unsigned char)s[bytes] & 0xc0) == 0x80)
			continue;
		if (chars == max)
			break;
		chars++;
	}
	*ret_chars = chars;
	return bytes;
}

/* vzlist's trimming: of a list the first item, of other text what fits, unless it is the
 * last column. */
static void add_cell(const struct field *col, const char *cell, bool cut,
		     struct buf *out)
{
	size_t width = (size_t)abs(col->width), chars, bytes;
	bool left = col->width < 0;

	bytes = utf8_cut(cell, cut && left ? width : SIZE_MAX, &chars);
	if (cut && col->kind == FIELD_LIST) {
		bytes = strcspn(cell, " ");
		utf8_cut(cell, SIZE_MAX, &chars);
		chars = bytes; /* addresses and domains are ASCII */
	}
	for (; !left && chars < width; chars++)
		buf_addc(out, ' ');
	buf_add(out, cell, bytes);
	for (; left && chars < width; chars++)
		buf_addc(out, ' ');
}

void columns_line(const struct fields *c, const struct column_row *r, bool trim,
		  struct buf *out)
{
	_cleanup_buf_ struct buf line = BUF_INIT;

	for (size_t i = 0; i < c->n; i++) {
		_cleanup_buf_ struct buf cell = BUF_INIT;

		if (r)
			column_text(c->v[i], r, &cell);
		else
			buf_adds(&cell, c->v[i]->header);
		if (i)
			buf_addc(&line, ' ');
		add_cell(c->v[i], cell.s, trim && r && i + 1 < c->n, &line);
	}
	while (line.len && line.s[line.len - 1] == ' ')
		line.len--;
	buf_add(out, line.s, line.len);
	buf_addc(out, '\n');
}

static void json_number(struct json *j, const char *key, int64_t n)
{
	if (n < 0)
		json_null(j, key);
	else
		json_int(j, key, n);
}

/* As vzlist, which shows 0 held while it is stopped; what is not counted is null. */
static void held_json(const struct field *col, const struct column_row *r, int64_t held,
		      struct json *j)
{
	json_object(j, col->name);
	json_number(j, "held", row_runs(r) ? held : 0);
	json_null(j, "maxheld");
	json_null(j, "barrier");
	json_int(j, "limit", limit_of(col, col->lim, r));
	json_null(j, "failcnt");
	json_end(j);
}

static void disk_json(const struct field *col, const struct column_row *r, int64_t usage,
		      struct json *j)
{
	json_object(j, col->name);
	json_number(j, "usage", usage);
	json_number(j, "softlimit", soft_of(col, r));
	json_int(j, "hardlimit", limit_of(col, col->lim, r));
	json_end(j);
}

static void column_json(const struct field *col, const struct column_row *r,
			struct json *j)
{
	_cleanup_buf_ struct buf buf = BUF_INIT;
	const struct strv *list;
	int64_t n;

	if (column_number(col, r, &n)) {
		if (col->kind == FIELD_HELD)
			held_json(col, r, n, j);
		else if (col->kind == FIELD_DISK)
			disk_json(col, r, n, j);
		else
			json_number(j, col->name, n);
	} else if (col->kind == FIELD_BOOL) {
		json_bool(j, col->name, *(const bool *)info_at(r, col->at));
	} else if (col->kind == FIELD_LIST) {
		list = info_at(r, col->at);
		json_array(j, col->name);
		for (size_t i = 0; i < list->n; i++)
			json_str(j, NULL, list->v[i]);
		json_end(j);
	} else {
		json_str(j, col->name, column_string(col, r, &buf));
	}
}

void columns_json(const struct fields *c, const struct column_row *r, struct json *j)
{
	json_object(j, NULL);
	for (size_t i = 0; i < c->n; i++)
		column_json(c->v[i], r, j);
	json_end(j);
}

int column_compare(const struct field *col, const struct column_row *x,
		   const struct column_row *y)
{
	_cleanup_buf_ struct buf bx = BUF_INIT, by = BUF_INIT;
	const char *sx, *sy;
	int64_t nx, ny;

	if (column_number(col, x, &nx) && column_number(col, y, &ny))
		return (nx > ny) - (nx < ny);
	sx = column_string(col, x, &bx);
	sy = column_string(col, y, &by);
	if (!sx || !sy)
		return !!sx - !!sy;
	return strcmp(sx, sy);
}

void column_row_clear(struct column_row *r)
{
	wabe_info_clear(&r->info);
	strv_clear(&r->keys);
	strv_clear(&r->values);
}
