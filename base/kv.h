/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KEY="value" lines, the one text format of Wabe's files: vz.conf, CTID.conf, samples, run
 * state, template records. The rules are vzctl's: no blanks round '=', '#' starts a comment
 * line, a quoted value ends at the last quote of its line, an unquoted one at a blank
 * before '#' (shells, which source these files, see the same), backslash takes the next
 * character literally.
 */
#ifndef BASE_KV_H
#define BASE_KV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/strv.h"

/* What a line is. */
enum kv_kind {
	KV_PAIR,
	KV_BLANK,	/* empty or a comment */
	KV_BAD,		/* neither: the reader warns and goes on */
};

/* Split one line (without newline). For KV_PAIR *key and *value are heap strings of the
 * caller; otherwise they are untouched. Control characters in a value make it KV_BAD. */
enum kv_kind kv_line(const char *line, char **key, char **value);

/* Append KEY="value"\n with what shells need escaped. */
void kv_add(struct buf *b, const char *key, const char *value);
void kv_addf(struct buf *b, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Call fn for each pair of the text; bad lines are skipped and counted in the result. */
typedef void kv_fn(void *ctx, const char *key, const char *value);
int kv_each(const char *text, kv_fn *fn, void *ctx);

#endif
