/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

uint64_t proc_start_time(pid_t pid, char *ret_state)
{
	char path[40], line[1024], *s;
	unsigned long long start = 0;
	char state = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (file_read_line(AT_FDCWD, path, line, sizeof(line)))
		return 0;
	/* the name, field 2, may hold blanks and parentheses: count from the last one */
	s = strrchr(line, ')');
	if (!s || sscanf(s + 1,
			 " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d"
			 " %*d %*d %*d %llu",
			 &state, &start) != 2)
		return 0;
	if (ret_state)
		*ret_state = state;
	return start;
}

int proc_open(pid_t pid, uint64_t start)
{
	_cleanup_close_ int fd = -1;

	if (pid <= 0) {
		errno = ESRCH;
		return -1;
	}
	fd = pidfd_open(pid, 0);
	if (fd < 0)
		return -1;
	/* read after the pidfd is held: the number cannot change owner any more */
	if (start && proc_start_time(pid, NULL) != start) {
		errno = ESRCH;
		return -1;
	}
	return steal_fd(&fd);
}

pid_t proc_ns_pid(pid_t pid)
{
	struct buf b = BUF_INIT;
	char path[40];
	char *s, *end;
	long last = 0;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if (!file_read(AT_FDCWD, path, 65536, &b) && (s = strstr(b.s, "\nNSpid:"))) {
		s += 7;
		s[strcspn(s, "\n")] = '\0';
		for (; *s; s = end) {
			long v = strtol(s, &end, 10);

			if (end == s)
				break;
			/* our number, then its own; a third is of a namespace inside that one,
			 * where whoever runs in a container can be number 1 too */
			last = ++n <= 2 ? v : 0;
		}
	}
	buf_clear(&b);
	return (pid_t)last;
}

void proc_name(pid_t pid, char name[16])
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	if (file_read_line(AT_FDCWD, path, name, 16))
		name[0] = '\0';
}

void proc_default_signals(void)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
