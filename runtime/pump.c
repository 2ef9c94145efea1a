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

/*
 * One direction: what was read and not yet written. Reading waits while something is held,
 * and our own ends do not block, so that a command which writes before it reads on cannot
 * stop both directions.
 */
struct flow {
	int from, to;		/* -1: ended */
	size_t at, len;
	char data[16384];
};

/* Our end of a pipe or terminal; the caller's own descriptors are left as they are, since
 * others share their flags. */
static void no_blocking(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static struct pollfd flow_wish(const struct flow *f)
{
	if (f->len)
		return (struct pollfd){ .fd = f->to, .events = POLLOUT };
	return (struct pollfd){ .fd = f->to < 0 ? -1 : f->from, .events = POLLIN };
}

static bool try_again(ssize_t n)
{
	return n < 0 && (errno == EINTR || errno == EAGAIN);
}

/* One read or one write, as flow_wish() had it. False when the flow has ended. */
static bool flow_step(struct flow *f)
{
	ssize_t n;

	if (f->len) {
		n = write(f->to, f->data + f->at, f->len);
		if (try_again(n))
			return true;
		if (n < 0)
			return false;
		f->at += (size_t)n;
		f->len -= (size_t)n;
		return true;
	}
	n = read(f->from, f->data, sizeof(f->data));
	if (try_again(n))
		return true;
	if (n <= 0)
		return false;
	f->at = 0;
	f->len = (size_t)n;
	return true;
}

/* What the process wrote before it ended. Others may still hold the pipe: no waiting. */
static void flow_drain(struct flow *f)
{
	while (f->from >= 0 && f->to >= 0) {
		struct pollfd p = flow_wish(f);

		if (poll(&p, 1, f->len ? 1000 : 0) <= 0 || !flow_step(f))
			return;
	}
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

static void follow_size(int master)
{
	struct winsize w;

	if (!ioctl(0, TIOCGWINSZ, &w))
		ioctl(master, TIOCSWINSZ, &w);
}

static void pass_signal(int sigs, const struct entered *c, int master)
{
	int sig = take_signal(sigs);

	if (sig == SIGWINCH && master >= 0)
		follow_size(master);
	else if (sig && sig != SIGWINCH)
		pidfd_send_signal(c->pidfd, sig, NULL, 0);
}

/* Run the flows until the process ends. `ours[i]` (may be NULL) is closed when flow i ends;
 * `master` >= 0 follows the size of our terminal. */
static void run_flows(struct flow *v, size_t n, int *const *ours, const struct entered *c,
		      int master)
{
	_cleanup_close_ int sigs = -1;
	sigset_t old;

	sigs = open_signals(&old);
	for (bool ended = false; !ended;) {
		struct pollfd p[5] = { { .fd = c->pidfd, .events = POLLIN },
				       { .fd = sigs, .events = POLLIN } };

		for (size_t i = 0; i < n; i++)
			p[2 + i] = flow_wish(&v[i]);
		if (poll(p, 2 + n, -1) < 0)
			continue;
		for (size_t i = 0; i < n; i++)
			if (p[2 + i].revents && !flow_step(&v[i])) {
				v[i].from = v[i].to = -1;
				v[i].len = 0;
				if (ours[i])
					close_fd(ours[i]);
			}
		if (p[1].revents)
			pass_signal(sigs, c, master);
		ended = p[0].revents;
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
}

int pump_run(struct pump *p, const struct entered *c, int *ret_status, struct err *e)
{
	int *const ours[] = { &p->outside[IN], &p->outside[OUT], &p->outside[ERR] };
	struct flow v[3] = {
		{ .from = p->outside[IN] < 0 ? -1 : 0, .to = p->outside[IN] },
		{ .from = p->outside[OUT], .to = p->outside[OUT] < 0 ? -1 : 1 },
		{ .from = p->outside[ERR], .to = p->outside[ERR] < 0 ? -1 : 2 },
	};

	for (int i = IN; i <= ERR; i++) {
		close_fd(&p->inside[i]);
		no_blocking(p->outside[i]);
	}
	run_flows(v, 3, ours, c, -1);
	flow_drain(&v[OUT]);
	flow_drain(&v[ERR]);
	return reap(c, ret_status, e);
}

int pump_terminal(const struct entered *c, int *ret_status, struct err *e)
{
	int *const ours[] = { NULL, NULL };
	struct flow v[2] = {
		{ .from = 0, .to = c->master },
		{ .from = c->master, .to = 1 },
	};
	struct termios saved, raw;

	if (tcgetattr(0, &saved) < 0)
		return fail(e, E_EXEC, "stdin is not a terminal");
	raw = saved;
	cfmakeraw(&raw);
	follow_size(c->master);
	no_blocking(c->master);
	tcsetattr(0, TCSADRAIN, &raw);
	run_flows(v, 2, ours, c, c->master);
	flow_drain(&v[1]);
	tcsetattr(0, TCSADRAIN, &saved);
	return reap(c, ret_status, e);
}
