/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/mem.h"
#include "base/proc.h"
#include "config/keys.h"
#include "container/bootgroup.h"
#include "container/bootroot.h"
#include "container/ctl.h"
#include "netconf/venet.h"
#include "registry/uidrange.h"
#include "runtime/resolver.h"
#include "runtime/seccomp.h"

/* ---- intent and socket: what outlives a reboot --- */

static int intent(void *op, struct err *e)
{
	struct boot *b = op;

	strcpy(b->state.phase, "starting");
	b->state.init = 0;
	b->state.init_start = 0;
	return state_save(b->ct.run, &b->state, e);
}

static void undo_intent(void *op)
{
	struct boot *b = op;

	state_remove(b->ct.run);
}

static int open_socket(void *op, struct err *e)
{
	struct boot *b = op;
	_cleanup_free_ char *path = state_socket(b->ct.run);
	int fd = ctl_listen(path, e);

	if (fd < 0)
		return fd;
	b->listen = fd;
	return 0;
}

static int make_cgroup(void *op, struct err *e)
{
	return bootgroup_make(op, e);
}

/* Taken at create; a configuration copied by hand has no claim of its own. */
static int claim_ids(struct boot *b, struct err *e)
{
	struct claims claims = ct_claims(b->w);
	uint32_t base;

	return uidrange_take(&claims, b->ct.id, b->spec.uid_base, &base, e);
}

static int set_limits(void *op, struct err *e)
{
	struct boot *b = op;
	int r = claim_ids(b, e);

	if (r >= 0)
		r = bootgroup_limit(b, e);
	return r < 0 ? spawn_failed(&b->child, r, e) : 0;
}

static void undo_cgroup(void *op)
{
	bootgroup_remove(op);
}

/* ---- first process --- */

static int spawn(void *op, struct err *e)
{
	struct boot *b = op;
	int r = spawn_clone(&b->spec, b->payload, &b->child, e);

	if (r < 0)
		return r;
	b->state.init = b->child.pid;
	b->state.init_start = proc_start_time(b->child.pid, NULL);
	return 0;
}

static void undo_spawn(void *op)
{
	struct boot *b = op;

	spawn_kill(&b->child);
}

/* ---- root file system --- */

static int open_root(void *op, struct err *e)
{
	struct boot *b = op;
	int r;

	if (b->meanwhile)
		b->meanwhile(b);
	r = bootroot_open(b, e);
	/* the child has enough to do of its own meanwhile */
	if (r >= 0)
		r = b->filter = seccomp_build(e);
	return r < 0 ? spawn_failed(&b->child, r, e) : 0;
}

static void undo_root(void *op)
{
	struct boot *b = op;

	overlay_close(&b->root);
	close_fd(&b->dev);
	close_fd(&b->filter);
}

/* ---- network --- */

static void say_addresses(struct boot *b)
{
	_cleanup_buf_ struct buf list = BUF_INIT;
	char ip[IPADDR_STRLEN];

	for (size_t i = 0; i < b->state.ip.n; i++)
		buf_addf(&list, " %s", ipaddr_str(&b->state.ip.v[i], ip));
	if (list.len)
		say(&b->w->progress, SAY_INFO, "Adding IP address(es):%s", list.s);
}

static int make_net(void *op, struct err *e)
{
	struct boot *b = op;
	_cleanup_close_ int netns = spawn_netns(&b->child, e);
	int r;

	if (netns < 0)
		return netns;
	say_addresses(b);
	r = b->state.ip.n ? venet_up(b->ct.id, netns, &b->state.ip, e) :
			    venet_lo(b->ct.id, netns, e);
	return r < 0 ? spawn_failed(&b->child, r, e) : 0;
}

static void undo_net(void *op)
{
	struct boot *b = op;

	/* the routes at once; the pair goes with the network namespace */
	venet_down(b->ct.id, &b->state.ip, false, NULL);
}

/* ---- go, ready, release, running --- */

static int go(void *op, struct err *e)
{
	struct boot *b = op;

	return spawn_go(&b->child, &(struct spawn_fds){ b->root.fd, b->dev, b->filter }, e);
}

static int ready(void *op, struct err *e)
{
	struct boot *b = op;

	return spawn_ready(&b->child, &b->console, e);
}

static void undo_ready(void *op)
{
	struct boot *b = op;

	close_fd(&b->console);
}

/* Printable tail of what init wrote to its console. */
static void console_tail(int console, char out[200])
{
	struct pollfd p = { .fd = console, .events = POLLIN };
	char text[4096];
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(text) - 1 && poll(&p, 1, 0) > 0 && p.revents & POLLIN) {
		n = read(console, text + len, sizeof(text) - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	while (len && (unsigned char)text[len - 1] <= ' ')
		len--;
	text[len] = '\0';
	if (len > 199)
		memmove(text, text + len - 199, 200);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	snprintf(out, 200, "%s", text);
}

/*
 * An init that cannot run (no loader, a script that ends) exits within moments. Watching
 * ends as soon as it waits for something of its own accord, which such a one never does.
 */
static int watch_init(struct boot *b, struct err *e)
{
	char tail[200], state = 0;

	for (int ms = 0; ms < 20; ms++) {
		if (fd_wait(b->child.pidfd, ms ? 1 : 0) > 0) {
			console_tail(b->console, tail);
			return fail(e, E_ENVCREATE, "the container's init exited at once%s%s",
				    tail[0] ? "; its console says: " : "", tail);
		}
		if (proc_start_time(b->child.pid, &state) && state == 'S')
			break;
	}
	return 0;
}

static int release(void *op, struct err *e)
{
	struct boot *b = op;
	int r;

	if (b->cpu_applied)
		say(&b->w->progress, SAY_INFO, "Setting CPU units: %u",
		    b->ct.conf.res.cpuunits);
	say(&b->w->progress, SAY_INFO, "Container start in progress...");
	r = spawn_release(&b->child, e);
	return r < 0 ? r : watch_init(b, e);
}

static int running(void *op, struct err *e)
{
	struct boot *b = op;
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	b->state.started = now.tv_sec;
	strcpy(b->state.phase, "running");
	return state_save(b->ct.run, &b->state, e);
}

static const struct step rows[] = {
	{ "intent", intent, undo_intent },
	{ "socket", open_socket, NULL },
	{ "cgroup", make_cgroup, undo_cgroup },
	{ "spawn", spawn, undo_spawn },
	{ "root", open_root, undo_root },
	{ "go", go, NULL },
	{ "limits", set_limits, NULL },
	{ "net", make_net, undo_net },
	{ "ready", ready, undo_ready },
	{ "release", release, NULL },
	{ "running", running, NULL },
};

STEPS(boot_table, "start", rows);

/* Lower what the admin wrote to what the kernel is asked for. */
static int make_spec(struct boot *b, struct err *e)
{
	const struct conf *c = &b->ct.conf;

	if (!conf_has(c, KEY_LOCAL_UID) || !c->local_uid)
		return fail(e, E_BAD_CTCONF, "%s has no LOCAL_UID", b->ct.conf_path);
	if (c->layout && strcmp(c->layout, "overlay"))
		return fail(e, E_BAD_CTCONF, "VE_LAYOUT=%s is not known here", c->layout);
	snprintf(b->hostname, sizeof(b->hostname), "CT%u", b->ct.id);
	resolver_inherit(&b->ct.conf.net.nameserver, &b->ct.conf.net.searchdomain);
	b->spec = (struct spec){
		.ctid = b->ct.id,
		.uid_base = c->local_uid,
		.gid_base = conf_has(c, KEY_LOCAL_GID) && c->local_gid ? c->local_gid :
									 c->local_uid,
		.id_count = UIDRANGE_COUNT,
		/* never the host's own, which a new UTS namespace begins with */
		.hostname = c->net.hostname && *c->net.hostname ? c->net.hostname : b->hostname,
		.hostname_given = c->net.hostname && *c->net.hostname,
		.nameserver = &c->net.nameserver,
		.searchdomain = &c->net.searchdomain,
	};
	return 0;
}

static const struct boot fresh = {
	.child = SPAWN_INIT, .cgroup = -1, .payload = -1,
	.root = OVERLAY_ROOT_INIT, .dev = -1, .filter = -1, .console = -1, .listen = -1,
};

int boot_init(struct boot *b, struct wabe *w, const struct ct *c, int cgroup, struct err *e)
{
	*b = fresh;
	b->w = w;
	b->ct = *c;
	b->cgroup = cgroup;
	for (size_t i = 0; i < c->conf.net.ip.n; i++)
		ipaddrs_add(&b->state.ip, &c->conf.net.ip.v[i]);
	return make_spec(b, e);
}

int boot_open(struct boot *b, struct wabe *w, uint32_t ctid, bool teardown, struct err *e)
{
	struct ct c = CT_INIT;
	int r;

	if (!teardown) {
		r = ct_must_open(w, ctid, &c, e);
		return r < 0 ? r : boot_init(b, w, &c, -1, e);
	}
	*b = fresh;
	b->w = w;
	/* a configuration that cannot be read must not keep a container running */
	if (ct_open(w, ctid, &b->ct, e) < 0)
		b->ct = (struct ct){ .id = ctid, .run = global_run(&w->g, ctid) };
	state_load(b->ct.run, &b->state);
	return 0;
}

void boot_clear(struct boot *b)
{
	spawn_clear(&b->child);
	close_fd(&b->cgroup);
	close_fd(&b->payload);
	undo_root(b);
	close_fd(&b->console);
	close_fd(&b->listen);
	state_clear(&b->state);
	ct_clear(&b->ct);
}
