/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strv.h"

enum { MAX_OUT = 65536, MAX_LINE = 400 };

static void exec_child(const struct run *r, pid_t parent, int out, int err)
{
	struct strv env = STRV_INIT;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	strv_add(&env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	strv_add(&env, "HOME=/");
	strv_add(&env, "LC_ALL=C");
	for (size_t i = 0; r->env && r->env[i]; i++)
		strv_add(&env, r->env[i]);
	proc_default_signals();
	setpgid(0, 0);
	/* who waits for it was killed: what it makes is of no use, and is being removed */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(127);
	environ = env.v;
	execvp(r->argv[0], (char *const *)r->argv);
	_exit(127);
}

/* stderr so far without its end of line: hand over whole lines, keep the last one. */
static void take_lines(const struct run *r, struct buf *text, char last[MAX_LINE])
{
	char *nl;

	while ((nl = strchr(text->s, '\n'))) {
		size_t n = (size_t)(nl - text->s);

		*nl = '\0';
		if (n) {
			strncpy(last, text->s, MAX_LINE - 1);
			last[MAX_LINE - 1] = '\0';
			if (r->line)
				r->line(r->ctx, text->s);
		}
		memmove(text->s, nl + 1, text->len - n);
		text->len -= n + 1;
	}
	if (text->len > MAX_OUT)
		buf_reset(text);
}

/* Read one pipe; false at its end. */
static bool drain(int *fd, struct buf *to, bool bounded)
{
	char chunk[4096];
	ssize_t n = read(*fd, chunk, sizeof(chunk));

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0) {
		close_fd(fd);
		return false;
	}
	if (to && (!bounded || to->len + (size_t)n <= MAX_OUT) && !memchr(chunk, 0, (size_t)n))
		buf_add(to, chunk, (size_t)n);
	return true;
}

/* Collect both pipes until they end. False when the deadline passed. */
static bool pump(const struct run *r, int *out, int *err, char last[MAX_LINE])
{
	long long end = now_ms() + r->timeout_ms;
	_cleanup_buf_ struct buf text = BUF_INIT;

	while (*out >= 0 || *err >= 0) {
		struct pollfd p[2] = {
			{ .fd = *out, .events = POLLIN },
			{ .fd = *err, .events = POLLIN },
		};
		long long left = r->timeout_ms ? end - now_ms() : -1;

		if (r->timeout_ms && left <= 0)
			return false;
		if (poll(p, 2, (int)left) < 0 && errno != EINTR)
			return false;
		if (p[0].revents)
			drain(out, r->out, true);
		if (p[1].revents) {
			drain(err, &text, false);
			take_lines(r, &text, last);
		}
	}
	if (text.len) {
		buf_addc(&text, '\n');
		take_lines(r, &text, last);
	}
	return true;
}

int run_wait(const struct run *r, struct err *e)
{
	_cleanup_close_ int out_r = -1, out_w = -1, err_r = -1, err_w = -1;
	char last[MAX_LINE] = "";
	int p[2], status;
	bool late;
	pid_t parent, pid;

	if (pipe2(p, O_CLOEXEC) < 0)
		return fail(e, E_SYSTEM, "cannot make a pipe: %m");
	out_r = p[0];
	out_w = p[1];
	if (pipe2(p, O_CLOEXEC) < 0)
		return fail(e, E_SYSTEM, "cannot make a pipe: %m");
	err_r = p[0];
	err_w = p[1];
	parent = getpid();
	pid = fork();
	if (pid < 0)
		return fail(e, E_SYSTEM, "cannot fork for %s: %m", r->argv[0]);
	if (!pid)
		exec_child(r, parent, r->out ? out_w : err_w, err_w);
	close_fd(&out_w);
	close_fd(&err_w);
	late = !pump(r, &out_r, &err_r, last);
	if (late)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (late)
		return fail(e, E_SYSTEM, "%s did not finish within %d s", r->argv[0],
			    r->timeout_ms / 1000);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return fail(e, E_SYSTEM, "cannot run %s: is it installed?", r->argv[0]);
	if (WIFSIGNALED(status))
		return fail(e, E_SYSTEM, "%s was killed by signal %d", r->argv[0],
			    WTERMSIG(status));
	return fail(e, E_SYSTEM, "%s exited with %d%s%s", r->argv[0], WEXITSTATUS(status),
		    last[0] ? ": " : "", last);
}
