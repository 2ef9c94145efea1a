/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory of its own for a test program: scratch_begin() makes it and goes there,
 * scratch_end() removes it. $top_srcdir is made absolute first.
 */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/tree.h"
#include "tests/unit/tap.h"

static char scratch[] = "/tmp/wabe-unit.XXXXXX";

static inline int scratch_begin(void)
{
	const char *top = getenv("top_srcdir");
	_cleanup_free_ char *full = top ? realpath(top, NULL) : NULL;

	if (full)
		setenv("top_srcdir", full, 1);
	umask(022);
	return !mkdtemp(scratch) || chdir(scratch) < 0 ? -1 : 0;
}

static inline void scratch_end(void)
{
	if (!chdir("/"))
		tree_remove(AT_FDCWD, scratch, NULL);
}

static inline void put_bytes(const char *path, const char *text, size_t len)
{
	struct err e;

	if (file_replace(AT_FDCWD, path, text, len, 0644, false, &e) < 0)
		ok(false, "%s is written: %s", path, e.msg);
}

static inline void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static inline void is_file(const char *path, const char *want, const char *what)
{
	_cleanup_buf_ struct buf b = BUF_INIT;

	if (file_read(AT_FDCWD, path, 1 << 21, &b))
		ok(false, "%s: cannot be read", what);
	else
		is_str(b.s, want, "%s", what);
}

/* For ctconf_warn: a line per warning into the struct buf that ctx is. */
static inline void keep_warning(void *ctx, const char *text)
{
	buf_addf(ctx, "%s\n", text);
}

#endif
