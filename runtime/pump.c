/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/pump.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

enum { IN, OUT, ERR };

static bool harmless(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	return S_ISFIFO(st.st_mode) || (S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3));
}

int pump_open(struct pump *p, struct err *e)
{
	for (int i = IN; i <= ERR; i++) {
		int ends[2];

		if (harmless(i)) {
			p->inside[i] = fcntl(i, F_DUPFD_CLOEXEC, 3);
		} else if (pipe2(ends, O_CLOEXEC) < 0) {
			return fail(e, E_EXEC, "cannot make a pipe: %m");
		} else {
			p->inside[i] = ends[i == IN ? 0 : 1];
			p->outside[i] = ends[i == IN ? 1 : 0];
		}
		if (p->inside[i] < 0)
			return fail(e, E_EXEC, "cannot duplicate a descriptor: %m");
	}
	return 0;
}

void pump_close(struct pump *p)
{
	for (int i = IN; i <= ERR; i++) {
		close_fd(&p->inside[i]);
		close_fd(&p->outside[i]);
	}
}

/* Copy what is there; false when the source ended or the sink is gone. */
static bool copy(int from, int to)
{
	char data[16384];
	ssize_t n = read(from, data, sizeof(data));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	return n > 0 && !write_all(to, data, (size_t)n);
}

static int open_signals(sigset_t *ret_old)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, ret_old);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int take_signal(int sigs)
{
	struct signalfd_siginfo s;

	return read(sigs, &s, sizeof(s)) == sizeof(s) ? (int)s.ssi_signo : 0;
}

static int reap(const struct entered *c, int *ret_status, struct err *e)
{
	int status;

	while (waitpid(c->pid, &status, 0) < 0)
		if (errno != EINTR)
			return fail(e, E_EXEC, "cannot wait for the command: %m");
	*ret_status = status;
	return 0;
}

/* What the process wrote before it ended. Others may still hold the pipe: no waiting. */
static void drain(int from, int to)
{
	struct pollfd f = { .fd = from, .events = POLLIN };

	while (from >= 0 && poll(&f, 1, 0) > 0 && f.revents & POLLIN && copy(from, to))
		;
}

int pump_run(struct pump *p, const struct entered *c, int *ret_status, struct err *e)
{
	_cleanup_close_ int sigs = -1;
	sigset_t old;

	for (int i = IN; i <= ERR; i++)
		close_fd(&p->inside[i]);
	sigs = open_signals(&old);
	for (;;) {
		struct pollfd f[] = {
			{ .fd = p->outside[IN] < 0 ? -1 : 0, .events = POLLIN },
			{ .fd = p->outside[OUT], .events = POLLIN },
			{ .fd = p->outside[ERR], .events = POLLIN },
			{ .fd = c->pidfd, .events = POLLIN },
			{ .fd = sigs, .events = POLLIN },
		};

		if (poll(f, ARRAY_SIZE(f), -1) < 0 && errno != EINTR)
			break;
		if (f[IN].revents && !copy(0, p->outside[IN]))
			close_fd(&p->outside[IN]);
		if (f[OUT].revents && !copy(p->outside[OUT], 1))
			close_fd(&p->outside[OUT]);
		if (f[ERR].revents && !copy(p->outside[ERR], 2))
			close_fd(&p->outside[ERR]);
		if (f[4].revents)
			pidfd_send_signal(c->pidfd, take_signal(sigs), NULL, 0);
		if (f[3].revents)
			break;
	}
	drain(p->outside[OUT], 1);
	drain(p->outside[ERR], 2);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return reap(c, ret_status, e);
}

static void follow_size(int master)
{
	struct winsize w;

	if (!ioctl(0, TIOCGWINSZ, &w))
		ioctl(master, TIOCSWINSZ, &w);
}

int pump_terminal(const struct entered *c, int *ret_status, struct err *e)
{
	struct termios saved, raw;
	_cleanup_close_ int sigs = -1;
	bool in_open = true, out_open = true;
	sigset_t old;

	if (tcgetattr(0, &saved) < 0)
		return fail(e, E_EXEC, "stdin is not a terminal");
	raw = saved;
	cfmakeraw(&raw);
	follow_size(c->master);
	tcsetattr(0, TCSADRAIN, &raw);
	sigs = open_signals(&old);
	for (;;) {
		struct pollfd f[] = {
			{ .fd = in_open ? 0 : -1, .events = POLLIN },
			{ .fd = out_open ? c->master : -1, .events = POLLIN },
			{ .fd = c->pidfd, .events = POLLIN },
			{ .fd = sigs, .events = POLLIN },
		};

		if (poll(f, ARRAY_SIZE(f), -1) < 0 && errno != EINTR)
			break;
		if (f[0].revents && !copy(0, c->master))
			in_open = false;
		/* the master reports EIO once every slave is closed */
		if (f[1].revents && !copy(c->master, 1))
			out_open = false;
		if (f[3].revents) {
			int s = take_signal(sigs);

			if (s == SIGWINCH)
				follow_size(c->master);
			else
				pidfd_send_signal(c->pidfd, s, NULL, 0);
		}
		if (f[2].revents)
			break;
	}
	drain(c->master, 1);
	tcsetattr(0, TCSADRAIN, &saved);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return reap(c, ret_status, e);
}
