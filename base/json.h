/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON output; the only room that knows yajl. Values are written in order into a heap
 * string; strings that are not UTF-8 have the bad bytes replaced by U+FFFD. A key is given
 * with each value inside an object (NULL inside an array).
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

struct json;

struct json *json_new(bool pretty);
void json_free(struct json *j);

void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j); /* of the innermost object or array */
void json_str(struct json *j, const char *key, const char *value); /* NULL: null */
void json_int(struct json *j, const char *key, int64_t value);
void json_uint(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/* The text with a final newline; belongs to j. */
const char *json_text(struct json *j);

#endif
