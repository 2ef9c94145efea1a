/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scope-bound release of memory, descriptors, FILE and DIR (attribute cleanup of GCC and
 * clang). Descriptors start at -1, pointers at NULL. What leaves the function is taken out
 * with steal_fd() or steal_ptr(). Effects outside the process are undone by steps
 * (base/steps.h), never here.
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(fn) __attribute__((cleanup(fn)))

static inline void cleanup_freep(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_closep(int *fd)
{
	int keep = errno;

	if (*fd >= 0)
		close(*fd);
	errno = keep;
}

static inline void cleanup_fclosep(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline void cleanup_closedirp(DIR **d)
{
	if (*d)
		closedir(*d);
}

#define _cleanup_free_ _cleanup_(cleanup_freep)
#define _cleanup_close_ _cleanup_(cleanup_closep)
#define _cleanup_fclose_ _cleanup_(cleanup_fclosep)
#define _cleanup_closedir_ _cleanup_(cleanup_closedirp)

static inline int steal_fd(int *fd)
{
	int keep = *fd;

	*fd = -1;
	return keep;
}

/* Close what *fd holds and set it to -1. */
static inline void close_fd(int *fd)
{
	cleanup_closep(fd);
	*fd = -1;
}

#define steal_ptr(p)                  \
	({                            \
		__typeof__(p) _k = p; \
		p = NULL;             \
		_k;                   \
	})

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
