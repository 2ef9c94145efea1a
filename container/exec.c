/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "cgroups/cgroup.h"
#include "container/handle.h"
#include "container/inside.h"
#include "container/launch.h"
#include "runtime/enter.h"
#include "runtime/pump.h"

enum { HALT_S = 20 };

/*
 * The leaf that commands are born in. It lies inside the container's own tree, so that what
 * they start can be moved by the container's init (sessions, scopes); the container's root
 * owns that tree and may spoil it, so there is a second one outside of its reach.
 */
static int open_leaves(const struct live *l, int *ret_leaf, int *ret_spare, struct err *e)
{
	_cleanup_close_ int payload = -1, leaf = -1;
	struct err ignored;

	*ret_spare = cgroup_sub_make(l->cgroup, "exec", e);
	if (*ret_spare < 0)
		return *ret_spare;
	payload = cgroup_sub_make(l->cgroup, "payload", e);
	if (payload < 0)
		return payload;
	leaf = cgroup_sub_make(payload, "exec", &ignored);
	*ret_leaf = leaf >= 0 ? steal_fd(&leaf) : *ret_spare;
	if (leaf < 0 && *ret_leaf == *ret_spare)
		*ret_spare = -1;
	return 0;
}

static int enter(const struct ct *c, const struct live *l, struct enter *x,
		 struct entered *ret, struct err *e)
{
	_cleanup_close_ int init = live_init(c, l, e), leaf = -1, spare = -1;
	int r;

	if (init < 0)
		return init;
	r = open_leaves(l, &leaf, &spare, e);
	if (r < 0)
		return r;
	x->pidfd = init;
	x->cgroup = leaf;
	x->cgroup_spare = spare;
	r = enter_spawn(x, ret, e);
	/* silent or dead before execve: the container's root may have frozen the leaf or limited
	 * it to nothing */
	if (r == -E_ENVCREATE && spare >= 0) {
		x->cgroup = spare;
		x->cgroup_spare = -1;
		r = enter_spawn(x, ret, e);
	}
	return r;
}

int inside_run_quiet(const struct ct *c, const struct live *l, const char *const *argv,
		     int *ret_status, struct err *e)
{
	_cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct enter x = { .argv = argv, .stdio = { null, null, null } };
	struct entered p = ENTERED_INIT;
	int r = enter(c, l, &x, &p, e);

	if (r < 0)
		return r;
	/* halt itself may wait for the shutdown it asked for: not for ever */
	if (fd_wait(p.pidfd, HALT_S * 1000) <= 0)
		kill(p.pid, SIGKILL);
	while (waitpid(p.pid, ret_status, 0) < 0 && errno == EINTR)
		;
	close_fd(&p.pidfd);
	return 0;
}

static int run_command(const struct ct *c, const struct live *l, const struct wabe_exec *o,
		       int *ret_status, struct err *e)
{
	_cleanup_(pump_close) struct pump pump = PUMP_INIT;
	struct enter x = { .argv = o->argv, .script = o->script };
	struct entered p = ENTERED_INIT;
	int r = pump_open(&pump, e);

	for (int i = 0; i < 3; i++)
		x.stdio[i] = pump.inside[i];
	if (r >= 0)
		r = enter(c, l, &x, &p, e);
	if (r < 0)
		return r;
	r = pump_run(&pump, &p, ret_status, e);
	close_fd(&p.pidfd);
	return r;
}

static int run_shell(struct wabe *w, const struct ct *c, const struct live *l,
		     const struct wabe_exec *o, int *ret_status, struct err *e)
{
	struct enter x = { .pty = true, .term = getenv("TERM") };
	struct entered p = ENTERED_INIT;
	int r;

	if (!isatty(0))
		return fail(e, E_EXEC, "stdin is not a terminal");
	r = enter(c, l, &x, &p, e);
	if (r < 0)
		return r;
	if (!o->quiet_pty)
		say(&w->progress, SAY_INFO, "entered into CT %u", c->id);
	r = pump_terminal(&p, ret_status, e);
	if (!o->quiet_pty)
		say(&w->progress, SAY_INFO, "exited from CT %u", c->id);
	close_fd(&p.pidfd);
	close_fd(&p.master);
	return r;
}

int wabe_exec(struct wabe *w, uint32_t ctid, const struct wabe_exec *x, int *ret_status,
	      struct err *e)
{
	_cleanup_ct_ struct ct c = CT_INIT;
	_cleanup_live_ struct live l = LIVE_INIT;
	int r = must_be_root(e);

	if (r >= 0)
		r = ct_must_open(w, ctid, &c, e);
	if (r < 0)
		return r;
	live_read(&c, &l);
	if (l.running && !strcmp(l.state.phase, "starting"))
		return fail(e, E_NOT_RUNNING, "container %u is still starting", ctid);
	return x->shell ? run_shell(w, &c, &l, x, ret_status, e) :
			  run_command(&c, &l, x, ret_status, e);
}
