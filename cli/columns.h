/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of `list`, as a table: name, header and width are vzlist's (4.x), so that
 * what scripts cut out of its output stays where it was; fields of our own follow. A
 * field knows its text, its JSON value and its order. Unknown values are "-" in text and
 * null in JSON.
 */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/strv.h"
#include "include/wabe.h"

/* One container of the list. */
struct column_row {
	struct wabe_info info;
	struct strv keys, values; /* of wabe_config(), when a column needs them */
};

enum column_kind {
	COL_CTID,
	COL_TEXT,	/* char * */
	COL_LIST,	/* struct strv */
	COL_STATE,
	COL_SMART,	/* name, or ctid where there is none */
	COL_NUMBER,	/* int64_t, -1: unknown */
	COL_LIVE,	/* int64_t, only while it runs */
	COL_PID,	/* pid_t, 0: none */
	COL_BOOL,
	COL_UPTIME,	/* s */
	COL_HELD,	/* UBC: int64_t usage at `at`, its limit at `lim` */
	COL_LIMIT,	/* int64_t, -1: unlimited, the largest number */
	COL_DISK,	/* int64_t usage at `at`, its hard limit at `lim` */
	COL_SOFT,	/* first number of the setting `key` */
	COL_KEY,	/* the setting `key` */
};

struct column {
	const char *name;
	const char *header;
	int width;		/* negative: flush left */
	enum column_kind kind;
	size_t at, lim;		/* offsets in struct wabe_info */
	unsigned char page;	/* the field counts pages, info bytes */
	bool live;		/* needs wabe_info() with live */
	bool part;		/* ".x" of another field: not in JSON */
	bool alias;		/* of another field: only when asked for */
	const char *key;
};

/* What was asked for, in that order. */
struct columns {
	const struct column **v;
	size_t n;
};

#define _cleanup_columns_ __attribute__((cleanup(columns_clear)))

/* Column i of the table, NULL past the last. */
const struct column *column_at(size_t i);

/* E_SYNTAX: unknown; the message names a near one. */
int column_find(const char *name, const struct column **ret, struct err *e);

/* "ctid,status,..." E_SYNTAX for an unknown field, or one that JSON does not have. */
int columns_parse(const char *list, bool json, struct columns *ret, struct err *e);
void columns_all(struct columns *ret);	/* those of JSON without -o */
void columns_clear(struct columns *c);

bool columns_live(const struct columns *c);	/* is one of them live? */
bool columns_config(const struct columns *c);	/* or from the configuration? */

/* Append the line of the row (NULL: the header) with its newline. Without `trim` long
 * values are shown whole and lists with all their items. */
void columns_line(const struct columns *c, const struct column_row *r, bool trim,
		  struct buf *out);

/* Write the row as a JSON object. */
void columns_json(const struct columns *c, const struct column_row *r, struct json *j);

/* As strcmp(), by the column; unknown values first. */
int column_compare(const struct column *col, const struct column_row *x,
		   const struct column_row *y);

void column_row_clear(struct column_row *r);

#endif
