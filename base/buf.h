/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing string. `struct buf b = BUF_INIT;` holds the empty string; b.s is always NUL
 * terminated (b.len does not count the NUL). buf_clear() releases; buf_steal() hands the
 * heap string to the caller and leaves the buffer empty.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

struct buf {
	char *s;
	size_t len;
	size_t cap;
};

extern char buf_empty[];

#define BUF_INIT { buf_empty, 0, 0 }
#define _cleanup_buf_ __attribute__((cleanup(buf_clear)))

void buf_clear(struct buf *b);
void buf_reset(struct buf *b); /* to the empty string, memory kept */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *buf_steal(struct buf *b);

#endif
