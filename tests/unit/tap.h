/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests that print TAP. A test program is `int main(void)` with ok() lines, each one a
 * statement that must hold, and ends with `return done();`.
 */
#ifndef TESTS_UNIT_TAP_H
#define TESTS_UNIT_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_run, tap_failed;

#define ok(cond, ...)                                                            \
	do {                                                                     \
		bool ok_ = (cond);                                               \
		printf("%sok %d - ", ok_ ? "" : "not ", ++tap_run);              \
		printf(__VA_ARGS__);                                             \
		putchar('\n');                                                   \
		if (!ok_) {                                                      \
			tap_failed++;                                            \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond);      \
		}                                                                \
	} while (0)

/* got and want as strings; both are shown when they differ. */
#define is_str(got, want, ...)                                                   \
	do {                                                                     \
		const char *g_ = (got), *w_ = (want);                            \
		bool same_ = g_ && w_ ? !strcmp(g_, w_) : g_ == w_;              \
		ok(same_, __VA_ARGS__);                                          \
		if (!same_)                                                      \
			printf("# got  %s\n# want %s\n", g_ ? g_ : "(null)",     \
			       w_ ? w_ : "(null)");                              \
	} while (0)

#define is_int(got, want, ...)                                                   \
	do {                                                                     \
		long long g_ = (long long)(got), w_ = (long long)(want);         \
		ok(g_ == w_, __VA_ARGS__);                                       \
		if (g_ != w_)                                                    \
			printf("# got  %lld\n# want %lld\n", g_, w_);            \
	} while (0)

static inline int done(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed != 0;
}

#endif
