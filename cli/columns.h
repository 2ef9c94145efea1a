/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Containers as rows of fields (cli/fields.h): a line of text as vzlist prints it, a JSON
 * object, the order of two rows. Unknown values are "-" in text and null in JSON.
 */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/strv.h"
#include "cli/fields.h"
#include "include/wabe.h"

/* One container of the list. */
struct column_row {
	struct wabe_info info;
	struct strv keys, values; /* of wabe_config(), when a column needs them */
};

/* Append the line of the row (NULL: the header) with its newline. Without `trim` long
 * values are shown whole and lists with all their items. */
void columns_line(const struct fields *c, const struct column_row *r, bool trim,
		  struct buf *out);

/* Write the row as a JSON object. */
void columns_json(const struct fields *c, const struct column_row *r, struct json *j);

/* As strcmp(), by the column; unknown values first. */
int column_compare(const struct field *col, const struct column_row *x,
		   const struct column_row *y);

void column_row_clear(struct column_row *r);

#endif
