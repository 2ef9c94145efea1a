/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/global.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/kv.h"
#include "base/mem.h"
#include "config/keys.h"

/* What vz.conf may say beside keys of containers, as it stands there. */
struct raw {
	char *lockdir, *template, *configfile, *def_ostemplate, *logfile, *logging, *verbose, *log_level;
};

static void take_raw(void *ctx, const char *key, const char *value)
{
	struct raw *r = ctx;
	const struct {
		const char *key;
		char **to;
	} known[] = {
		{ "LOCKDIR", &r->lockdir },	  { "TEMPLATE", &r->template },
		{ "CONFIGFILE", &r->configfile }, { "DEF_OSTEMPLATE", &r->def_ostemplate },
		{ "LOGFILE", &r->logfile },	  { "LOGGING", &r->logging },
		{ "VERBOSE", &r->verbose },	  { "LOG_LEVEL", &r->log_level },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i].key, key) && !*known[i].to)
			*known[i].to = xstrdup(value);
}

static void raw_clear(struct raw *r)
{
	free(r->lockdir);
	free(r->template);
	free(r->configfile);
	free(r->def_ostemplate);
	free(r->logfile);
	free(r->logging);
	free(r->verbose);
	free(r->log_level);
}

/* The value if it is an absolute path without "..", else the default; below the root. */
static char *place(const char *root, const char *value, const char *otherwise)
{
	const char *p = value && *value == '/' && !strstr(value, "/..") ? value : otherwise;

	/* on an installed host /vz is a link to /var/lib/vz; below another root it is not */
	if (*root && !strncmp(p, "/vz/", 4))
		return xasprintf("%s/var/lib%s", root, p);
	return xasprintf("%s%s", root, p);
}

/* A name that becomes part of a path. */
static char *name_or(const char *value, const char *otherwise)
{
	return xstrdup(value && *value && !strchr(value, '/') && *value != '.' ? value :
										otherwise);
}

static void default_text(struct conf *c, enum key_id id, char **field, const char *value)
{
	if (!conf_has(c, id))
		replace_str(field, value);
	c->given |= 1ull << id;
}

static void fill(struct global *g, const char *root, const struct raw *r)
{
	bool logging = !r->logging || strcmp(r->logging, "no");

	g->etc = xasprintf("%s/etc/vz", root);
	g->confdir = xasprintf("%s/etc/vz/conf", root);
	g->names = xasprintf("%s/etc/vz/names", root);
	g->var = xasprintf("%s/var/lib/vz", root);
	g->claims = xasprintf("%s/var/lib/vz/claims", root);
	g->run = xasprintf("%s/run/vz", root);
	g->logdir = xasprintf("%s/var/log/vz", root);
	g->lockdir = place(root, r->lockdir, "/var/lib/vz/lock");
	g->template = place(root, r->template, "/var/lib/vz/template");
	g->logfile = logging ? place(root, r->logfile, "/var/log/vzctl.log") : NULL;
	g->configfile = name_or(r->configfile, "vswap-512m");
	g->def_ostemplate = name_or(r->def_ostemplate, "debian-12");
	g->verbose = r->verbose ? (uint32_t)(strtoul(r->verbose, NULL, 10) & 0xff) : 0;
	g->log_level = r->log_level ? (uint32_t)(strtoul(r->log_level, NULL, 10) & 0xff) : 0;
	default_text(&g->defaults, KEY_VE_ROOT, &g->defaults.ve_root, "/var/lib/vz/root/$VEID");
	default_text(&g->defaults, KEY_VE_PRIVATE, &g->defaults.ve_private,
		     "/var/lib/vz/private/$VEID");
	if (!conf_has(&g->defaults, KEY_STOP_TIMEOUT))
		g->defaults.stop_timeout = 120;
	g->defaults.given |= 1ull << KEY_STOP_TIMEOUT;
}

int global_load(struct global *g, ctconf_warn *warn, void *ctx, struct err *e)
{
	const char *env = getenv("WABE_ROOT");
	_cleanup_free_ char *root = xstrdup(env ? env : ""), *path = NULL;
	_cleanup_(raw_clear) struct raw raw = { 0 };
	_cleanup_buf_ struct buf text = BUF_INIT;
	size_t len = strlen(root);
	int r;

	if (len && *root != '/')
		return fail(e, E_NO_VZCONF, "WABE_ROOT is not an absolute path");
	while (len && root[len - 1] == '/')
		root[--len] = '\0';
	path = xasprintf("%s/etc/vz/vz.conf", root);
	*g = (struct global){ 0 };
	r = file_read(AT_FDCWD, path, 1 << 20, &text);
	errno = -r;
	if (r && r != -ENOENT)
		return fail(e, E_NO_VZCONF, "cannot read %s: %m", path);
	if (!r) {
		r = ctconf_read(path, &g->defaults, warn, ctx, e);
		if (r < 0) {
			global_clear(g);
			return -(e->code = E_NO_VZCONF);
		}
		kv_each(text.s, take_raw, &raw);
	}
	fill(g, root, &raw);
	return 0;
}

void global_clear(struct global *g)
{
	free(g->etc);
	free(g->confdir);
	free(g->names);
	free(g->var);
	free(g->claims);
	free(g->run);
	free(g->logdir);
	free(g->lockdir);
	free(g->template);
	free(g->logfile);
	free(g->configfile);
	free(g->def_ostemplate);
	conf_clear(&g->defaults);
	*g = (struct global){ 0 };
}

char *global_ctconf(const struct global *g, uint32_t ctid)
{
	return xasprintf("%s/%u.conf", g->confdir, ctid);
}

char *global_sample(const struct global *g, const char *name)
{
	return xasprintf("%s/ve-%s.conf-sample", g->confdir, name);
}

char *global_run(const struct global *g, uint32_t ctid)
{
	return xasprintf("%s/%u", g->run, ctid);
}

/* g->etc is ROOT/etc/vz: what lies before its end is the root. */
static char *expand(const struct global *g, const char *pattern, uint32_t ctid)
{
	_cleanup_free_ char *root = xstrndup(g->etc, strlen(g->etc) - strlen("/etc/vz"));
	_cleanup_free_ char *path = conf_expand(pattern, ctid);

	return place(root, path, path);
}

char *global_private(const struct global *g, const struct conf *c, uint32_t ctid)
{
	return expand(g, conf_has(c, KEY_VE_PRIVATE) ? c->ve_private : g->defaults.ve_private,
		      ctid);
}

char *global_root(const struct global *g, const struct conf *c, uint32_t ctid)
{
	return expand(g, conf_has(c, KEY_VE_ROOT) ? c->ve_root : g->defaults.ve_root, ctid);
}

int global_read_ct(const struct global *g, uint32_t ctid, struct conf *c,
		   ctconf_warn *warn, void *ctx, struct err *e)
{
	_cleanup_free_ char *path = global_ctconf(g, ctid);

	conf_merge(c, &g->defaults);
	return ctconf_read(path, c, warn, ctx, e);
}
