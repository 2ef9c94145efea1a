/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How work below the front ends speaks: whole sentences and progress go up by this
 * callback; nothing below prints. A front end decides what of it is shown and how.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

enum say_level {
	SAY_ERROR = -1,		/* what went wrong beside the returned error */
	SAY_INFO = 0,		/* vzctl's own lines: "Starting container..." */
	SAY_DETAIL = 1,		/* with --verbose */
	SAY_WARN = 2,		/* shown always, on stderr */
	SAY_PROGRESS = 3,	/* a passing state of long work; replaces the one before */
};

struct progress {
	void (*say)(void *ctx, enum say_level level, const char *text);
	void *ctx;
};

/* `p` may be NULL or hold no callback: then nothing is said. */
void say(const struct progress *p, enum say_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
