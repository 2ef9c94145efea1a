/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of `list`, as a table: name, header and width are vzlist's (4.x), so that
 * what scripts cut out of its output stays where it was; fields of our own follow. What a
 * row holds says where a container's value is found; cli/columns.h shows it.
 */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum field_kind {
	FIELD_CTID,
	FIELD_TEXT,	/* char * */
	FIELD_LIST,	/* struct strv */
	FIELD_STATE,
	FIELD_SMART,	/* name, or ctid where there is none */
	FIELD_NUMBER,	/* int64_t, -1: unknown */
	FIELD_LIVE,	/* int64_t, only while it runs */
	FIELD_PID,	/* pid_t, 0: none */
	FIELD_BOOL,
	FIELD_UPTIME,	/* s */
	FIELD_HELD,	/* UBC: int64_t usage at `at`, its limit at `lim` */
	FIELD_LIMIT,	/* int64_t, -1: unlimited, the largest number */
	FIELD_DISK,	/* int64_t usage at `at`, its hard limit at `lim` */
	FIELD_SOFT,	/* first number of the setting `key` */
	FIELD_KEY,	/* the setting `key` */
};

struct field {
	const char *name;
	const char *header;
	const char *help;	/* what it is, a clause; marks as in cmd.h */
	int width;		/* negative: flush left */
	enum field_kind kind;
	size_t at, lim;		/* offsets in struct wabe_info */
	unsigned char page;	/* the field counts pages, info bytes */
	unsigned reads;		/* what wabe_info() must read for it */
	bool part;		/* ".x" of another field: not in JSON */
	bool alias;		/* of another field: only when asked for */
	const char *key;
};

/* What was asked for, in that order. */
struct fields {
	const struct field **v;
	size_t n;
};

#define _cleanup_fields_ __attribute__((cleanup(fields_clear)))

/* Field i of the table, NULL past the last. */
const struct field *field_at(size_t i);

/* E_SYNTAX: unknown; the message names a near one. */
int field_find(const char *name, const struct field **ret, struct err *e);

/* "ctid,status,..." E_SYNTAX for an unknown field, or one that JSON does not have. */
int fields_parse(const char *list, bool json, struct fields *ret, struct err *e);
void fields_all(struct fields *ret);	/* those of JSON without -o */
void fields_clear(struct fields *c);

unsigned fields_read(const struct fields *c);	/* what all of them need */
bool fields_config(const struct fields *c);	/* or from the configuration? */

#endif
