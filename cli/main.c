/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "cli/cmd.h"

/* A descriptor 0-2 that the caller closed would be given to the next file we open. It
 * gets /dev/null the wrong way round, so that its use fails as it would have. */
static void occupy_std_fds(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd ? O_RDONLY : O_WRONLY);
}

int main(int argc, char **argv)
{
	occupy_std_fds();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* then it is a write that fails */
	/* where a caller ignores it, no child of ours could be waited for */
	signal(SIGCHLD, SIG_DFL);
	return front_main(argc, argv);
}
