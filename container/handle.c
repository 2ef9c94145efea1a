/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "cgroups/cgroup.h"
#include "config.h"
#include "storage/overlay.h"

/* Beside the program in the build tree, else where `make install` puts the helpers. */
static char *find_libexec(void)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	_cleanup_free_ char *beside = NULL;
	char *slash;

	if (n > 0) {
		exe[n] = '\0';
		slash = strrchr(exe, '/');
		if (slash) {
			*slash = '\0';
			beside = xasprintf("%s/wabe-supervisor", exe);
			if (!access(beside, X_OK))
				return xstrdup(exe);
		}
	}
	return xstrdup(PKGLIBEXECDIR);
}

static void warn(void *ctx, const char *text)
{
	struct wabe *w = ctx;

	say(&w->progress, SAY_WARN, "%s", text);
}

static void open_log(struct wabe *w)
{
	if (!w->g.logfile || geteuid())
		return;
	w->logfd = open(w->g.logfile, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	log_to(w->logfd, "wabe", w->g.log_level > 0);
}

int wabe_open(struct wabe **ret, const struct progress *p, struct err *e)
{
	struct wabe *w = xcalloc(1, sizeof(*w));
	int r;

	w->logfd = -1;
	if (p)
		w->progress = *p;
	w->libexec = find_libexec();
	r = global_load(&w->g, warn, w, e);
	if (r < 0) {
		wabe_close(w);
		return r;
	}
	open_log(w);
	*ret = w;
	return 0;
}

void wabe_close(struct wabe *w)
{
	if (!w)
		return;
	log_to(-1, NULL, false);
	close_fd(&w->logfd);
	global_clear(&w->g);
	free(w->libexec);
	free(w);
}

void wabe_on_say(struct wabe *w, const struct progress *p)
{
	w->progress = *p;
}

const char *wabe_version(void)
{
	return PACKAGE_VERSION;
}

uint32_t wabe_node_verbose(const struct wabe *w)
{
	return w->g.verbose;
}

static int parse_ctid(const char *s, uint32_t *ret)
{
	unsigned long long v;
	char *end;

	if (!*s || strspn(s, "0123456789") != strlen(s) || strlen(s) > 10)
		return -1;
	v = strtoull(s, &end, 10);
	if (v > CTID_MAX)
		return -1;
	*ret = (uint32_t)v;
	return 0;
}

/* NAME -> ../conf/CTID.conf: the link's text is all that is read of it. */
static int by_name(struct wabe *w, const char *name, uint32_t *ret)
{
	_cleanup_free_ char *path = NULL;
	char target[PATH_MAX], *base, *dot;
	ssize_t n;

	if (strchr(name, '/') || name[0] == '.')
		return -1;
	path = xasprintf("%s/%s", w->g.names, name);
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return -1;
	target[n] = '\0';
	base = strrchr(target, '/');
	base = base ? base + 1 : target;
	dot = strstr(base, ".conf");
	if (!dot || dot[5])
		return -1;
	*dot = '\0';
	return parse_ctid(base, ret);
}

int wabe_find(struct wabe *w, const char *what, uint32_t *ret, struct err *e)
{
	uint32_t id;
	bool number = *what && strspn(what, "0123456789") == strlen(what);

	if (strlen(what) > 255)
		return fail(e, E_VALUE, "bad container ID or name: too long");
	if (number ? parse_ctid(what, &id) : by_name(w, what, &id)) {
		for (const char *p = what; *p; p++)
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				return fail(e, E_VALUE,
					    "bad container ID or name: control character");
		return fail(e, E_VALUE, number ? "container ID %s is not in 1..2147483644" :
						 "no container has the name or ID '%s'", what);
	}
	if (!id)
		return fail(e, E_VALUE, "container ID 0 is the host itself");
	*ret = id;
	return 0;
}

void ct_clear(struct ct *c)
{
	conf_clear(&c->conf);
	free(c->conf_path);
	free(c->private);
	free(c->root);
	free(c->run);
	*c = (struct ct)CT_INIT;
}

int ct_open(struct wabe *w, uint32_t ctid, struct ct *ret, struct err *e)
{
	struct ct c = { .id = ctid, .conf_path = global_ctconf(&w->g, ctid) };
	struct err why = { 0 };
	int r = global_read_ct(&w->g, ctid, &c.conf, warn, w, &why);

	if (r < 0 && r != -E_NO_CTCONF) {
		if (e)
			*e = why;
		ct_clear(&c);
		return r;
	}
	c.has_conf = r >= 0;
	if (!c.has_conf) {
		conf_clear(&c.conf);
		conf_merge(&c.conf, &w->g.defaults);
	}
	c.private = global_private(&w->g, &c.conf, ctid);
	c.root = global_root(&w->g, &c.conf, ctid);
	c.run = global_run(&w->g, ctid);
	*ret = c;
	return 0;
}

static int no_such(uint32_t ctid, struct err *e)
{
	return fail(e, E_NO_CTCONF, "container %u does not exist", ctid);
}

int ct_must_open(struct wabe *w, uint32_t ctid, struct ct *ret, struct err *e)
{
	int r = ct_open(w, ctid, ret, e);

	if (r < 0 || ret->has_conf)
		return r;
	ct_clear(ret);
	return no_such(ctid, e);
}

int ct_lock(struct wabe *w, uint32_t ctid, const char *doing, struct lock *l, struct err *e)
{
	log_ct(ctid);
	return lock_take(l, w->g.lockdir, ctid, doing, e);
}

/* Read under the lock: what a command that held it before has changed counts. */
int ct_open_locked(struct wabe *w, uint32_t ctid, const char *doing, struct ct *ret,
		   struct lock *l, struct err *e)
{
	_cleanup_free_ char *conf = global_ctconf(&w->g, ctid);
	int r = must_be_root(e);

	if (r >= 0 && access(conf, F_OK) < 0)
		return no_such(ctid, e);
	if (r >= 0)
		r = ct_lock(w, ctid, doing, l, e);
	return r < 0 ? r : ct_must_open(w, ctid, ret, e);
}

void ct_by_number(struct wabe *w, uint32_t ctid, struct ct *ret)
{
	*ret = (struct ct){ .id = ctid, .conf_path = global_ctconf(&w->g, ctid) };
	conf_merge(&ret->conf, &w->g.defaults);
	ret->private = global_private(&w->g, &ret->conf, ctid);
	ret->root = global_root(&w->g, &ret->conf, ctid);
	ret->run = global_run(&w->g, ctid);
}

int ct_open_any(struct wabe *w, uint32_t ctid, const char *doing, struct ct *ret,
		struct lock *l, struct err *e)
{
	_cleanup_free_ char *conf = global_ctconf(&w->g, ctid);
	_cleanup_close_ int cgroup = cgroup_open(ctid);
	_cleanup_ct_ struct ct bare = CT_INIT;
	struct err why = { 0 };
	int r = must_be_root(e);

	ct_by_number(w, ctid, &bare);
	if (r >= 0 && access(conf, F_OK) < 0 && cgroup < 0 &&
	    !overlay_is_mounted(bare.root, bare.private))
		return no_such(ctid, e);
	if (r >= 0)
		r = ct_lock(w, ctid, doing, l, e);
	if (r < 0)
		return r;
	if (ct_open(w, ctid, ret, &why) < 0) {
		say(&w->progress, SAY_WARN, "%s", why.msg);
		ct_by_number(w, ctid, ret);
	}
	return 0;
}

bool ct_exists(void *wabe, uint32_t ctid)
{
	struct wabe *w = wabe;
	_cleanup_free_ char *conf = global_ctconf(&w->g, ctid);
	_cleanup_free_ char *private = global_private(&w->g, &w->g.defaults, ctid);

	return !access(conf, F_OK) || !access(private, F_OK) ||
	       lock_held(w->g.lockdir, ctid, NULL);
}

char *ct_beside(const struct ct *c, const char *what)
{
	const char *slash = strrchr(c->private, '/');

	return xasprintf("%.*s/.wabe-%s", (int)(slash ? slash - c->private : 0), c->private,
			 what);
}

char *ct_making(const struct ct *c)
{
	char what[24];

	snprintf(what, sizeof(what), "making.%u", c->id);
	return ct_beside(c, what);
}

struct claims ct_claims(struct wabe *w)
{
	return (struct claims){ .dir = w->g.claims, .alive = ct_exists, .ctx = w };
}

struct template_store ct_store(struct wabe *w, char **ret_archiver)
{
	*ret_archiver = ct_program(w, "wabe-archive");
	return (struct template_store){
		.dir = w->g.template,
		.archiver = *ret_archiver,
		.progress = w->progress,
		.alive = ct_exists,
		.alive_ctx = w,
	};
}

char *ct_program(const struct wabe *w, const char *name)
{
	return xasprintf("%s/%s", w->libexec, name);
}

int must_be_root(struct err *e)
{
	return geteuid() ? fail(e, E_NO_ACCESS, "this needs root") : 0;
}
