/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The init of every container that is measured. Its first act is to read
 * CLOCK_MONOTONIC, which all containers share with the host; then it writes the
 * nanoseconds and a newline to /stamp, where bench/measure finds them. A stamp is never
 * removed: one that is older than the start is an old one. After that it reaps what is
 * left to it until a signal tells it to halt (TERM, INT; PWR is lxc-stop's, RTMIN+3 that
 * of managers that expect systemd).
 *
 * With the argument "time" it prints the nanoseconds and exits: `exec` is measured that
 * way.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int put(int fd, const struct timespec *t)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%lld\n",
			 t->tv_sec * 1000000000LL + t->tv_nsec);

	return write(fd, text, (size_t)n) == n ? 0 : 1;
}

static void reap_until_told(void)
{
	sigset_t set;
	int sig = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGPWR);
	sigaddset(&set, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &set, NULL);
	while (sigwait(&set, &sig) == 0 && sig == SIGCHLD)
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
}

int main(int argc, char **argv)
{
	struct timespec t;
	int fd;

	clock_gettime(CLOCK_MONOTONIC, &t);
	if (argc > 1 && !strcmp(argv[1], "time"))
		return put(STDOUT_FILENO, &t);
	fd = open("/stamp", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || put(fd, &t))
		return 1;
	close(fd);
	reap_until_told();
	return 0;
}
