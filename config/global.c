/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/global.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/kv.h"
#include "base/mem.h"
#include "config/keys.h"
#include "config/number.h"
#include "config/text.h"

#define BIT(key) (1ull << (key))

/* What vz.conf says beside keys of containers, as it stands there; NULL: nothing. */
struct raw {
	char *lockdir, *template, *configfile, *def_ostemplate;
	char *logfile, *logging, *verbose, *log_level;
};

struct loader {
	struct global *g;
	const char *root;	/* WABE_ROOT without a final '/', "" when it is not set */
	const char *path;	/* of vz.conf */
	struct raw raw;
	struct ctconf_ear ear;
};

/* Keys that belong to one container: vz.conf of an old node has VE_LAYOUT=ploop and
 * LOCAL_UID=100000, which are not what a container is to have here. */
static const uint64_t not_for_all = BIT(KEY_NAME) | BIT(KEY_ORIGIN_SAMPLE) |
				    BIT(KEY_VE_LAYOUT) | BIT(KEY_LOCAL_UID) |
				    BIT(KEY_LOCAL_GID) | BIT(KEY_IP_ADDRESS);

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

static void loader_clear(struct loader *l)
{
	free(l->raw.lockdir);
	free(l->raw.template);
	free(l->raw.configfile);
	free(l->raw.def_ostemplate);
	free(l->raw.logfile);
	free(l->raw.logging);
	free(l->raw.verbose);
	free(l->raw.log_level);
}

static void tell(const struct loader *l, const char *key, const char *why, const char *used)
{
	_cleanup_free_ char *text = NULL;

	if (!l->ear.warn)
		return;
	text = xasprintf("%s: bad %s: %s, %s is used", l->path, key, why, used);
	l->ear.warn(l->ear.ctx, text);
}

/* An absolute path, below the root. */
static char *below(const char *root, const char *path)
{
	/* on an installed host /vz is a link to /var/lib/vz; below another root it is not */
	if (*root && !strncmp(path, "/vz/", 4))
		return xasprintf("%s/var/lib%s", root, path);
	return xasprintf("%s%s", root, path);
}

static char *place(const struct loader *l, const char *key, const char *value,
		   const char *otherwise)
{
	const char *why = value ? text_path(value) : NULL;

	if (why)
		tell(l, key, why, otherwise);
	return below(l->root, value && !why ? value : otherwise);
}

/* A name that becomes part of a path. */
static char *word(const struct loader *l, const char *key, const char *value,
		  const char *otherwise)
{
	const char *why = value ? text_word(value) : NULL;

	if (why)
		tell(l, key, why, otherwise);
	return xstrdup(value && !why ? value : otherwise);
}

static uint32_t level(const struct loader *l, const char *key, const char *value)
{
	uint64_t n = 0;

	if (value && (number_parse(value, 0, &n) != NUMBER_OK || n > 255)) {
		tell(l, key, "it is not a number in 0..255", "0");
		n = 0;
	}
	return (uint32_t)n;
}

static void fill_places(const struct loader *l)
{
	const struct raw *r = &l->raw;
	struct global *g = l->g;
	bool logging = !r->logging || strcmp(r->logging, "no");

	g->etc = xasprintf("%s/etc/vz", l->root);
	g->confdir = xasprintf("%s/etc/vz/conf", l->root);
	g->names = xasprintf("%s/etc/vz/names", l->root);
	g->var = xasprintf("%s/var/lib/vz", l->root);
	g->claims = xasprintf("%s/var/lib/vz/claims", l->root);
	g->run = xasprintf("%s/run/vz", l->root);
	g->logdir = xasprintf("%s/var/log/vz", l->root);
	g->lockdir = place(l, "LOCKDIR", r->lockdir, "/var/lib/vz/lock");
	g->template = place(l, "TEMPLATE", r->template, "/var/lib/vz/template");
	if (logging)
		g->logfile = place(l, "LOGFILE", r->logfile, "/var/log/vzctl.log");
	g->configfile = word(l, "CONFIGFILE", r->configfile, "vswap-512m");
	g->def_ostemplate = word(l, "DEF_OSTEMPLATE", r->def_ostemplate, "debian-12");
	g->verbose = level(l, "VERBOSE", r->verbose);
	g->log_level = level(l, "LOG_LEVEL", r->log_level);
}

static void fill_defaults(struct conf *c)
{
	if (!conf_has(c, KEY_VE_ROOT))
		replace_str(&c->ve_root, "/var/lib/vz/root/$VEID");
	if (!conf_has(c, KEY_VE_PRIVATE))
		replace_str(&c->ve_private, "/var/lib/vz/private/$VEID");
	if (!c->stop_timeout)
		c->stop_timeout = 120;
	c->given |= BIT(KEY_VE_ROOT) | BIT(KEY_VE_PRIVATE) | BIT(KEY_STOP_TIMEOUT);
}

int global_load(struct global *g, ctconf_warn *warn, void *ctx, struct err *e)
{
	const char *env = getenv("WABE_ROOT");
	_cleanup_free_ char *root = xstrdup(env ? env : ""), *path = NULL;
	_cleanup_(loader_clear) struct loader l = { .g = g, .ear = { warn, ctx } };
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct err why = { 0 };
	size_t len = strlen(root);
	int r;

	if (len && text_path(root) && strspn(root, "/") != len)
		return fail(e, E_NO_VZCONF, "bad WABE_ROOT: %s", text_path(root));
	while (len && root[len - 1] == '/')
		root[--len] = '\0';
	path = xasprintf("%s/etc/vz/vz.conf", root);
	r = ctconf_text(path, &text, &why);
	if (r < 0 && r != -E_NO_CTCONF)
		return fail(e, E_NO_VZCONF, "%s", why.msg);
	l.root = root;
	l.path = path;
	*g = (struct global){ 0 };
	ctconf_parse(text.s, path, not_for_all, &g->defaults, &l.ear);
	kv_each(text.s, take_raw, &l.raw);
	fill_places(&l);
	fill_defaults(&g->defaults);
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

	return below(root, path);
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
