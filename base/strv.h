/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of strings: v.v has v.n entries and a NULL after them, so that it can serve as an
 * argv. Strings belong to the list.
 */
#ifndef BASE_STRV_H
#define BASE_STRV_H

#include <stdbool.h>
#include <stddef.h>

struct strv {
	char **v;
	size_t n;
};

#define STRV_INIT { NULL, 0 }
#define _cleanup_strv_ __attribute__((cleanup(strv_clear)))

void strv_clear(struct strv *v);
void strv_add(struct strv *v, const char *s); /* copies s */
void strv_take(struct strv *v, char *s);      /* owns s from now on */
void strv_addf(struct strv *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool strv_has(const struct strv *v, const char *s);
void strv_copy(struct strv *to, const struct strv *from); /* replaces what `to` held */

/* Add the words of s that white space separates. */
void strv_add_words(struct strv *v, const char *s);

/* The entries with `sep` between them; heap string of the caller. */
char *strv_join(const struct strv *v, const char *sep);

#endif
