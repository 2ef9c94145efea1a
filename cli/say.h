/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What reaches the terminal on the way: errors and warnings on stderr, vzctl's own lines
 * on stdout, details with --verbose, and passing progress on one line of stderr that is
 * overwritten in place, only when that is a terminal. Text may come from a container or a
 * package tool: control characters are made harmless.
 */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/progress.h"

struct say {
	unsigned verbose;
	bool quiet;		/* no info, no details */
	bool mute;		/* as quiet, for commands whose stdout is their result */
	bool tty;		/* stderr is a terminal */
	bool passing;		/* a progress line stands there */
	char prefix[16];	/* before each line: which container it is about */
	char last[256];		/* the last warning: it is not said twice in a row */
};

void say_init(struct say *s);

/* The callback of struct progress; ctx is a struct say. */
void say_line(void *ctx, enum say_level level, const char *text);

/* Wipe the progress line, if one stands. */
void say_end(struct say *s);

/* Append text with control characters (C0, DEL, C1 in UTF-8) as '?', newline and tab as a
 * blank. */
void say_clean(const char *text, struct buf *out);

#endif
