/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files whole: read with a bound, replace atomically, make directories. A path is taken
 * relative to `dirfd` (AT_FDCWD: the working directory). For trees that a container can
 * write use in_root_open(): there the host never resolves a link of the container.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Append the file to b. More than `max` bytes is EFBIG, a NUL byte in it EINVAL. Returns 0
 * or -errno and says nothing: the caller knows what the file is for.
 */
int file_read(int dirfd, const char *path, size_t max, struct buf *b);

/* As file_read for a short value of one line (a cgroup or proc file), newline cut off. */
int file_read_line(int dirfd, const char *path, char *line, size_t size);

/* One write(2) of s to an existing file, as cgroup and proc files want it. 0 or -errno. */
int file_put(int dirfd, const char *path, const char *s);

/*
 * Replace the file by `len` bytes: a temporary file beside it, then rename, so that a
 * reader and a crash see the old or the new one, never half. `sync` adds fsync of both file
 * and directory, for what must survive power loss.
 */
int file_replace(int dirfd, const char *path, const void *data, size_t len, mode_t mode,
		 bool sync, struct err *e);

/* Remove from the directory what file_replace() left there in processes that were killed. */
void file_sweep(const char *dir);

/* mkdir with all parents; an existing directory is fine. */
int mkdir_all(const char *path, mode_t mode, struct err *e);

/* Open `path` as the container whose root directory is rootfd sees it (openat2 with
 * RESOLVE_IN_ROOT and no magic links). fd or -1 with errno. */
int in_root_open(int rootfd, const char *path, int flags, mode_t mode);

/* Write all of it, past short writes and EINTR. 0 or -errno. */
int write_all(int fd, const void *p, size_t n);

#endif
