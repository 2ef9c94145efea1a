/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/steps.h"
#include "cgroups/cgroup.h"
#include "container/ctl.h"
#include "container/inside.h"
#include "container/launch.h"
#include "container/verbs.h"
#include "storage/overlay.h"

enum { KILL_MS = 10000, DEFAULT_S = 120 };

/* Would SIGTERM reach init? For the first process of a pid namespace a signal without a
 * handler does not exist. */
static bool catches_term(pid_t pid)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	unsigned long long caught = 0;
	char path[40];
	char *line;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if (file_read(AT_FDCWD, path, 65536, &text))
		return false;
	line = strstr(text.s, "\nSigCgt:");
	if (line)
		sscanf(line + 8, "%llx", &caught);
	return caught >> (SIGTERM - 1) & 1;
}

/* An init that knows no shutdown signal: run halt inside, else SIGTERM if it has a handler.
 * False: there is no way to ask, so waiting is of no use. */
static bool ask_other(const struct ct *c, const struct live *l)
{
	static const char *const halt[] = { "halt", NULL };
	_cleanup_close_ int init = live_init(c, l, NULL);
	int status;

	if (init < 0)
		return true;
	if (!inside_run_quiet(c, l, halt, &status, NULL) && WIFEXITED(status) &&
	    !WEXITSTATUS(status))
		return true;
	return catches_term(l->state.init) && !pidfd_send_signal(init, SIGTERM, NULL, 0);
}

static void signal_guest(const struct ct *c, const struct live *l)
{
	_cleanup_close_ int init = live_init(c, l, NULL);

	if (init < 0)
		return;
	if (l->state.guest == GUEST_SYSTEMD)
		pidfd_send_signal(init, SIGRTMIN + 4, NULL, 0);
	else if (l->state.guest == GUEST_BUSYBOX)
		pidfd_send_signal(init, SIGUSR2, NULL, 0);
}

enum { DONE, NO_ANSWER, TOO_LATE };

/* DONE and so on, or negative: it answered with an error. */
static int ask_supervisor(const struct ct *c, const struct live *l, int timeout,
			  struct err *e)
{
	_cleanup_free_ char *path = state_socket(c->run);
	_cleanup_close_ int fd = ctl_connect(path), pid = proc_open(l->supervisor, 0);
	struct ctl_request q = { .version = CTL_VERSION, .op = CTL_STOP, .timeout = timeout };
	struct ctl_reply m;
	ssize_t n;
	int r;

	if (fd < 0 || fd_send(fd, &q, sizeof(q), NULL, 0))
		return NO_ANSWER;
	r = fd_wait(fd, timeout * 1000 + 2 * KILL_MS);
	if (!r)
		return TOO_LATE;
	n = fd_recv(fd, &m, sizeof(m), NULL, NULL);
	if (n != (ssize_t)sizeof(m))
		return NO_ANSWER;
	m.err.msg[sizeof(m.err.msg) - 1] = '\0';
	if (m.err.code)
		return fail(e, m.err.code, "%s", m.err.msg);
	if (pid >= 0)
		fd_wait(pid, KILL_MS);
	return DONE;
}

/* ---- the steps --- */

struct stop {
	struct wabe *w;
	const struct ct *c;
	struct live live;
	int timeout;		/* s, 0: kill */
	bool gone;		/* the supervisor, and all that ran with it */
};

static int ask(void *op, struct err *e)
{
	struct stop *s = op;
	struct live *l = &s->live;
	int r;

	/* its guest needs a console to shut down */
	if (s->timeout && l->running && !l->supervisor)
		launch_adopt(s->w, s->c, l, NULL);
	if (s->timeout && l->running && l->state.guest == GUEST_OTHER && !ask_other(s->c, l))
		s->timeout = 0;
	r = l->supervisor ? ask_supervisor(s->c, l, s->timeout, e) : NO_ANSWER;
	if (r == TOO_LATE)
		s->timeout = 0;
	s->gone = r == DONE;
	return r < 0 ? r : 0;
}

/* The supervisor is dead, or cannot be reached since /run was wiped: then it is ended, and
 * all of it is done from here. */
static int stop_here(void *op, struct err *e)
{
	struct stop *s = op;
	_cleanup_close_ int init = -1;
	int r;

	if (s->gone)
		return 0;
	r = cgroup_kill(s->live.cgroup, "supervisor", KILL_MS, e);
	if (r < 0)
		return r;
	init = live_init(s->c, &s->live, NULL);
	if (s->timeout && init >= 0) {
		signal_guest(s->c, &s->live);
		fd_wait(init, s->timeout * 1000);
	}
	return 0;
}

static int teardown(void *op, struct err *e)
{
	struct stop *s = op;

	return launch_teardown(s->w, s->c, e);
}

static int check_stopped(void *op, struct err *e)
{
	struct stop *s = op;

	live_clear(&s->live);
	live_read(s->c, &s->live);
	if (s->live.running)
		return fail(e, E_STOP, "container %u does not stop", s->c->id);
	return 0;
}

/* No undo: what is not done yet is what the next stop does. */
static const struct step rows[] = {
	{ "ask", ask, NULL },
	{ "here", stop_here, NULL },
	{ "teardown", teardown, NULL },
	{ "check", check_stopped, NULL },
};

static STEPS(table, "stop", rows);

static int timeout_of(const struct ct *c, const struct wabe_stop *o)
{
	if (o && o->fast)
		return 0;
	if (o && o->timeout)
		return o->timeout;
	return c->conf.stop_timeout ? (int)c->conf.stop_timeout : DEFAULT_S;
}

int stop_locked(struct wabe *w, const struct ct *c, const struct wabe_stop *o, struct err *e)
{
	struct stop s = { .w = w, .c = c, .live = LIVE_INIT, .timeout = timeout_of(c, o) };
	int r;

	live_read(c, &s.live);
	if (!s.live.running && !s.live.supervisor) {
		if (s.live.cgroup >= 0 || s.live.has_state)
			launch_teardown(w, c, NULL);
		live_clear(&s.live);
		say(&w->progress, SAY_INFO, "Container is not running");
		return 0;
	}
	say(&w->progress, SAY_INFO, "Stopping container ...");
	r = steps_run(&table, &s, e);
	live_clear(&s.live);
	if (r < 0)
		return r;
	say(&w->progress, SAY_INFO, "Container was stopped");
	say(&w->progress, SAY_INFO, "Container is unmounted");
	return 0;
}

int wabe_stop(struct wabe *w, uint32_t ctid, const struct wabe_stop *o, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_ct_ struct ct c = CT_INIT;
	int r = ct_open_any(w, ctid, "stopping", &c, &lock, e);

	return r < 0 ? r : stop_locked(w, &c, o, e);
}

int stop_reexec(const struct ct *c, struct err *e)
{
	_cleanup_free_ char *path = state_socket(c->run);
	_cleanup_close_ int fd = ctl_connect(path);
	struct ctl_request q = { .version = CTL_VERSION, .op = CTL_REEXEC };
	struct ctl_reply m;

	if (fd < 0 || fd_send(fd, &q, sizeof(q), NULL, 0) || fd_wait(fd, 5000) <= 0 ||
	    fd_recv(fd, &m, sizeof(m), NULL, NULL) != (ssize_t)sizeof(m))
		return fail(e, E_SYSTEM, "the supervisor of container %u does not answer",
			    c->id);
	m.err.msg[sizeof(m.err.msg) - 1] = '\0';
	return m.err.code ? fail(e, m.err.code, "container %u: %s", c->id, m.err.msg) : 0;
}
