/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

enum { PTMX_INODE = 2 }; /* of every devpts instance */

static int check_ptmx(int fd, struct err *e)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
		return fail(e, E_ENVCREATE, "cannot look at /dev/pts/ptmx: %m");
	if (fs.f_type != DEVPTS_SUPER_MAGIC || !S_ISCHR(st.st_mode) ||
	    st.st_rdev != makedev(5, 2) || st.st_ino != PTMX_INODE)
		return fail(e, E_ENVCREATE, "/dev/pts of the container is not a devpts");
	return 0;
}

/* Proved before it is opened and, as it is opened by its name, proved again: not through
 * /proc, which a process in the container's mount namespace alone is not seen in. */
static int open_ptmx(int devpts, struct err *e)
{
	_cleanup_close_ int path = in_root_open(devpts, "ptmx", O_PATH | O_NOFOLLOW, 0), fd = -1;
	int r;

	if (path < 0)
		return fail(e, E_ENVCREATE, "cannot look at /dev/pts/ptmx: %m");
	r = check_ptmx(path, e);
	if (r < 0)
		return r;
	fd = in_root_open(devpts, "ptmx", O_RDWR | O_NOCTTY | O_NOFOLLOW, 0);
	if (fd < 0)
		return fail(e, E_ENVCREATE, "cannot open a pty: %m");
	r = check_ptmx(fd, e);
	return r < 0 ? r : steal_fd(&fd);
}

int tty_pair(int devpts, int *ret_master, int *ret_slave, struct err *e)
{
	_cleanup_close_ int master = open_ptmx(devpts, e);
	int slave, unlock = 0;

	if (master < 0)
		return master;
	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return fail(e, E_ENVCREATE, "cannot unlock a pty: %m");
	/* by the master itself: no name in between that somebody could replace */
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return fail(e, E_ENVCREATE, "cannot open a pty: %m");
	*ret_master = steal_fd(&master);
	*ret_slave = slave;
	return 0;
}

int tty_pair_here(int *ret_master, int *ret_slave, struct err *e)
{
	_cleanup_close_ int dir =
		open("/dev/pts", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0)
		return fail(e, E_ENVCREATE, "cannot open /dev/pts of the container: %m");
	return tty_pair(dir, ret_master, ret_slave, e);
}

int tty_become(int slave, int control, struct err *e)
{
	if (control && (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) < 0))
		return fail(e, E_ENVCREATE, "cannot take the terminal: %m");
	for (int fd = 0; fd < 3; fd++)
		if (dup2(slave, fd) < 0)
			return fail(e, E_ENVCREATE, "cannot set up stdio: %m");
	return 0;
}
