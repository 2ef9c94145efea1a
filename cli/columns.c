/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/columns.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/near.h"
#include "cli/say.h"

#define INFO(field) .at = offsetof(struct wabe_info, field)
#define MAX(field) .lim = offsetof(struct wabe_info, field)
#define UBC(nm, hd, held, max, pg)                                                \
	{ nm, hd, 10, COL_HELD, INFO(held), MAX(max), .page = pg, .live = true }, \
	{ nm ".l", hd ".L", 10, COL_LIMIT, INFO(max), .page = pg, .part = true }
#define DISK(nm, hd, field, ky)                                                   \
	{ nm, hd, 10, COL_DISK, INFO(field), MAX(field##_max), .live = true,      \
	  .key = ky },                                                            \
	{ nm ".s", hd ".S", 10, COL_SOFT, .part = true, .key = ky },              \
	{ nm ".h", hd ".H", 10, COL_LIMIT, INFO(field##_max), .part = true }

static const struct column table[] = {
	{ "ctid", "CTID", 10, COL_CTID, INFO(ctid) },
	{ "veid", "CTID", 10, COL_CTID, INFO(ctid), .alias = true },
	{ "vpsid", "CTID", 10, COL_CTID, INFO(ctid), .alias = true },
	{ "private", "PRIVATE", -32, COL_TEXT, INFO(private_dir) },
	{ "root", "ROOT", -32, COL_TEXT, INFO(root_dir) },
	{ "origin_sample", "ORIGIN_SAMPLE", -32, COL_KEY, .key = "ORIGIN_SAMPLE" },
	{ "hostname", "HOSTNAME", -32, COL_TEXT, INFO(hostname) },
	{ "name", "NAME", -32, COL_TEXT, INFO(name) },
	{ "smart_name", "SMARTNAME", 10, COL_SMART, INFO(name) },
	{ "description", "DESCRIPTION", -32, COL_TEXT, INFO(description) },
	{ "ostemplate", "OSTEMPLATE", -32, COL_TEXT, INFO(ostemplate) },
	{ "ip", "IP_ADDR", -15, COL_LIST, INFO(ip) },
	{ "nameserver", "NAMESERVER", -15, COL_LIST, INFO(nameserver) },
	{ "searchdomain", "SEARCHDOMAIN", -15, COL_LIST, INFO(searchdomain) },
	{ "status", "STATUS", -9, COL_STATE, INFO(state) },
	UBC("numproc", "NPROC", numproc, numproc_max, 0),
	UBC("physpages", "PHYSP", memory, memory_max, 1),
	UBC("swappages", "SWAPP", swap, swap_max, 1),
	DISK("diskspace", "DSPACE", diskspace, "DISKSPACE"),
	DISK("diskinodes", "DINODES", diskinodes, "DISKINODES"),
	{ "uptime", "UPTIME", 15, COL_UPTIME, INFO(uptime), .live = true },
	{ "cpulimit", "CPULIM", 7, COL_NUMBER, INFO(cpulimit), .live = true },
	{ "cpuunits", "CPUUNI", 7, COL_NUMBER, INFO(cpuunits), .live = true },
	{ "layout", "LAYOUT", -7, COL_TEXT, INFO(layout) },
	{ "disabled", "DISABL", 6, COL_BOOL, INFO(disabled) },
	/* ours */
	{ "pid", "PID", 10, COL_PID, INFO(pid) },
	{ "supervisor", "SUPERVISOR", 10, COL_PID, INFO(supervisor) },
	{ "memory", "MEMORY", 14, COL_LIVE, INFO(memory), .live = true },
	{ "memory_max", "MEMORY_MAX", 20, COL_LIMIT, INFO(memory_max) },
	{ "uid_base", "UID_BASE", 10, COL_NUMBER, INFO(uid_base) },
};

static const void *info_at(const struct column_row *r, size_t at)
{
	return (const char *)&r->info + at;
}

const struct column *column_at(size_t i)
{
	return i < ARRAY_SIZE(table) ? &table[i] : NULL;
}

static void columns_add(struct columns *c, const struct column *col)
{
	c->v = xrealloc(c->v, c->n + 1, sizeof(*c->v));
	c->v[c->n++] = col;
}

void columns_clear(struct columns *c)
{
	free(c->v);
	*c = (struct columns){ 0 };
}

void columns_all(struct columns *ret)
{
	*ret = (struct columns){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (!table[i].part && !table[i].alias)
			columns_add(ret, &table[i]);
}

int column_find(const char *name, const struct column **ret, struct err *e)
{
	struct near n = near_start(name);

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (!strcmp(table[i].name, name)) {
			*ret = &table[i];
			return 0;
		}
		near_try(&n, table[i].name);
	}
	if (n.best)
		return fail(e, E_SYNTAX, "unknown field \"%.64s\", did you mean \"%s\"?",
			    name, n.best);
	return fail(e, E_SYNTAX, "unknown field \"%.64s\"; \"list -L\" shows all", name);
}

int columns_parse(const char *list, bool json, struct columns *ret, struct err *e)
{
	_cleanup_columns_ struct columns c = { 0 };

	for (;;) {
		size_t len = strcspn(list, ",");
		_cleanup_free_ char *name = xstrndup(list, len);
		const struct column *col;
		int r = column_find(name, &col, e);

		if (r < 0)
			return r;
		if (json && col->part)
			return fail(e, E_SYNTAX,
				    "JSON has no field \"%s\": it is part of "
				    "\"%.*s\"",
				    name, (int)strcspn(name, "."), name);
		columns_add(&c, col);
		if (!list[len])
			break;
		list += len + 1;
	}
	*ret = c;
	c = (struct columns){ 0 };
	return 0;
}

bool columns_live(const struct columns *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->live)
			return true;
	return false;
}

bool columns_config(const struct columns *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->key)
			return true;
	return false;
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

static int64_t in_unit(const struct column *col, int64_t n)
{
	return col->page && n > 0 ? n / sysconf(_SC_PAGESIZE) : n;
}

static int64_t limit_of(const struct column *col, size_t at, const struct column_row *r)
{
	int64_t n = *(const int64_t *)info_at(r, at);

	return n < 0 ? INT64_MAX : in_unit(col, n);
}

/* The soft limit: "bar:lim", "both" or "unlimited". -1: not set. */
static int64_t soft_of(const struct column *col, const struct column_row *r)
{
	const char *s = row_setting(r, col->key);

	if (!s)
		return -1;
	return isdigit((unsigned char)*s) ? strtoll(s, NULL, 10) : INT64_MAX;
}

/* The value as a number; -1: unknown. False: the column is none of numbers. */
static bool column_number(const struct column *col, const struct column_row *r,
			  int64_t *ret)
{
	switch (col->kind) {
	case COL_CTID:
		*ret = r->info.ctid;
		return true;
	case COL_PID:
		*ret = *(const pid_t *)info_at(r, col->at);
		*ret = *ret > 0 ? *ret : -1;
		return true;
	case COL_LIVE:
	case COL_UPTIME:
	case COL_HELD:
		*ret = row_runs(r) ? in_unit(col, *(const int64_t *)info_at(r, col->at))
				   : -1;
		return true;
	case COL_NUMBER:
	case COL_DISK:
		*ret = *(const int64_t *)info_at(r, col->at);
		return true;
	case COL_LIMIT:
		*ret = limit_of(col, col->at, r);
		return true;
	case COL_SOFT:
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
static const char *column_string(const struct column *col, const struct column_row *r,
				 struct buf *buf)
{
	const struct strv *list;

	switch (col->kind) {
	case COL_TEXT:
		return *(char *const *)info_at(r, col->at);
	case COL_KEY:
		return row_setting(r, col->key);
	case COL_STATE:
		return row_state(r);
	case COL_BOOL:
		return *(const bool *)info_at(r, col->at) ? "yes" : "no";
	case COL_SMART:
		if (!r->info.name)
			buf_addf(buf, "%" PRIu32, r->info.ctid);
		return r->info.name ? r->info.name : buf->s;
	case COL_LIST:
		list = info_at(r, col->at);
		for (size_t i = 0; i < list->n; i++)
			buf_addf(buf, "%s%s", i ? " " : "", list->v[i]);
		return list->n ? buf->s : NULL;
	default:
		return NULL;
	}
}

static void column_text(const struct column *col, const struct column_row *r,
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
	} else if (col->kind == COL_UPTIME) {
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
static void add_cell(const struct column *col, const char *cell, bool cut,
		     struct buf *out)
{
	size_t width = (size_t)abs(col->width), chars, bytes;
	bool left = col->width < 0;

	bytes = utf8_cut(cell, cut && left ? width : SIZE_MAX, &chars);
	if (cut && col->kind == COL_LIST) {
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

void columns_line(const struct columns *c, const struct column_row *r, bool trim,
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
static void held_json(const struct column *col, const struct column_row *r, int64_t held,
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

static void disk_json(const struct column *col, const struct column_row *r, int64_t usage,
		      struct json *j)
{
	json_object(j, col->name);
	json_number(j, "usage", usage);
	json_number(j, "softlimit", soft_of(col, r));
	json_int(j, "hardlimit", limit_of(col, col->lim, r));
	json_end(j);
}

static void column_json(const struct column *col, const struct column_row *r,
			struct json *j)
{
	_cleanup_buf_ struct buf buf = BUF_INIT;
	const struct strv *list;
	int64_t n;

	if (column_number(col, r, &n)) {
		if (col->kind == COL_HELD)
			held_json(col, r, n, j);
		else if (col->kind == COL_DISK)
			disk_json(col, r, n, j);
		else
			json_number(j, col->name, n);
	} else if (col->kind == COL_BOOL) {
		json_bool(j, col->name, *(const bool *)info_at(r, col->at));
	} else if (col->kind == COL_LIST) {
		list = info_at(r, col->at);
		json_array(j, col->name);
		for (size_t i = 0; i < list->n; i++)
			json_str(j, NULL, list->v[i]);
		json_end(j);
	} else {
		json_str(j, col->name, column_string(col, r, &buf));
	}
}

void columns_json(const struct columns *c, const struct column_row *r, struct json *j)
{
	json_object(j, NULL);
	for (size_t i = 0; i < c->n; i++)
		column_json(c->v[i], r, j);
	json_end(j);
}

int column_compare(const struct column *col, const struct column_row *x,
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
