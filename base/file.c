/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "base/sys.h"

int file_read(int dirfd, const char *path, size_t max, struct buf *b)
{
	/* O_NONBLOCK: a FIFO in the place of the file must not hang us */
	_cleanup_close_ int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char chunk[8192];
	size_t total = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	for (;;) {
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return 0;
		total += (size_t)n;
		if (total > max)
			return -EFBIG;
		if (memchr(chunk, '\0', (size_t)n))
			return -EINVAL;
		buf_add(b, chunk, (size_t)n);
	}
}

int file_read_line(int dirfd, const char *path, char *line, size_t size)
{
	_cleanup_close_ int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return -errno;
	do
		n = read(fd, line, size - 1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

int file_put(int dirfd, const char *path, const char *s)
{
	_cleanup_close_ int fd = openat(dirfd, path, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(s);
	ssize_t n;

	if (fd < 0)
		return -errno;
	do
		n = write(fd, s, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

int write_all(int fd, const void *p, size_t n)
{
	const char *s = p;

	while (n) {
		ssize_t w = write(fd, s, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -errno;
		s += w;
		n -= (size_t)w;
	}
	return 0;
}

static int sync_parent(int dirfd, const char *path)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *dir =
		slash ? xstrndup(path, slash == path ? 1 : (size_t)(slash - path)) : xstrdup(".");
	_cleanup_close_ int fd = openat(dirfd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : fsync(fd);
}

int file_replace(int dirfd, const char *path, const void *data, size_t len, mode_t mode,
		 bool sync, struct err *e)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
	_cleanup_free_ char *tmp = xasprintf("%s.%d.tmp", path, (int)getpid());
	_cleanup_close_ int fd = -1;
	int r;

	fd = openat(dirfd, tmp, flags, mode);
	if (fd < 0 && errno == EEXIST && !unlinkat(dirfd, tmp, 0))
		fd = openat(dirfd, tmp, flags, mode); /* left by a killed process of our number */
	if (fd < 0)
		return fail_write(e, path);
	r = write_all(fd, data, len);
	if (!r && fchmod(fd, mode) < 0)
		r = -errno;
	if (!r && sync && fsync(fd) < 0)
		r = -errno;
	if (!r && renameat(dirfd, tmp, dirfd, path) < 0)
		r = -errno;
	if (!r && sync && sync_parent(dirfd, path) < 0)
		r = -errno;
	if (r) {
		unlinkat(dirfd, tmp, 0);
		errno = -r;
		return fail_write(e, path);
	}
	return 0;
}

/* NAME.PID.tmp */
static bool left_behind(const char *name)
{
	const char *dot = strrchr(name, '.'), *pid = dot;
	char *end;
	long n;

	if (!dot || strcmp(dot, ".tmp"))
		return false;
	while (pid > name && pid[-1] >= '0' && pid[-1] <= '9')
		pid--;
	if (pid == dot || pid < name + 2 || pid[-1] != '.')
		return false;
	n = strtol(pid, &end, 10);
	return end == dot && n > 0 && n <= INT_MAX && kill((pid_t)n, 0) < 0 && errno == ESRCH;
}

void file_sweep(const char *dir)
{
	_cleanup_closedir_ DIR *d = opendir(dir);
	struct dirent *de;

	while (d && (de = readdir(d)))
		if (left_behind(de->d_name))
			unlinkat(dirfd(d), de->d_name, 0);
}

int mkdir_all(const char *path, mode_t mode, struct err *e)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len >= sizeof(part))
		return fail(e, E_MKDIR, "cannot create directory: path too long");
	if (!mkdir(path, mode) || errno == EEXIST)
		return 0;
	memcpy(part, path, len + 1);
	for (char *p = part + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, mode) < 0 && errno != EEXIST)
			return fail(e, E_MKDIR, "cannot create directory %s: %m", part);
		*p = '/';
	}
	if (mkdir(part, mode) < 0 && errno != EEXIST)
		return fail(e, E_MKDIR, "cannot create directory %s: %m", part);
	return 0;
}

int in_root_open(int rootfd, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = -1;

	/* EAGAIN: a rename or mount anywhere on the machine met a ".." of ours. Bounded, since
	 * someone may do nothing else. */
	for (int i = 0; i < 10000; i++) {
		fd = sys_openat2(rootfd, path, &how);
		if (fd >= 0 || errno != EAGAIN)
			return fd;
		sched_yield();
	}
	return fd;
}
