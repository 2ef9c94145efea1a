/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/ctl.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"

static int address(const char *path, struct sockaddr_un *a)
{
	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(a->sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(a->sun_path, path);
	return 0;
}

int ctl_connect(const char *path)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un a;

	if (fd < 0 || address(path, &a) < 0 ||
	    connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		return -1;
	return steal_fd(&fd);
}

int ctl_listen(const char *path, struct err *e)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un a;
	mode_t mask;
	int r;

	if (fd < 0 || address(path, &a) < 0)
		return fail(e, E_SYSTEM, "cannot make socket %s: %m", path);
	unlink(path);
	mask = umask(077);
	r = bind(fd, (struct sockaddr *)&a, sizeof(a));
	umask(mask);
	if (r < 0 || listen(fd, 16) < 0)
		return fail(e, E_SYSTEM, "cannot make socket %s: %m", path);
	return steal_fd(&fd);
}

int ctl_reply(int fd, enum ctl_kind kind, int code, const char *text)
{
	struct ctl_reply r = { .kind = (uint8_t)kind, .err = { .code = code } };

	if (fd < 0)
		return 0;
	strncpy(r.err.msg, text ? text : "", sizeof(r.err.msg) - 1);
	return fd_send(fd, &r, sizeof(r), NULL, 0);
}
