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

static const char a_path[] = "an absolute path", a_word[] = "a name",
		  a_level[] = "a number in 0..255";

const struct node_key node_keys[NODE_COUNT] = {
	[NODE_TEMPLATE] = { "TEMPLATE", a_path, "/var/lib/vz/template",
			    "directory of templates" },
	[NODE_LOCKDIR] = { "LOCKDIR", a_path, "/var/lib/vz/lock",
			   "directory of the locks of containers" },
	[NODE_CONFIGFILE] = { "CONFIGFILE", a_word, "vswap-512m",
			      "sample configuration of `create` without `--config`" },
	[NODE_DEF_OSTEMPLATE] = { "DEF_OSTEMPLATE", a_word, "debian-12",
				  "template of `create` without `--ostemplate`" },
	[NODE_VERBOSE] = { "VERBOSE", a_level, "0",
			   "how much is printed without `--verbose`" },
	[NODE_LOGGING] = { "LOGGING", "`yes` or `no`", "yes",
			   "whether what is done is logged" },
	[NODE_LOGFILE] = { "LOGFILE", a_path, "/var/log/vzctl.log", "the log file" },
	[NODE_LOG_LEVEL] = { "LOG_LEVEL", a_level, "0",
			     "above 0 each step of what is done is logged" },
};

struct loader {
	struct global *g;
	const char *root;	/* WABE_ROOT without a final '/', "" when it is not set */
	const char *path;	/* of vz.conf */
	char *raw[NODE_COUNT];	/* as it stands in the file; NULL: it does not */
	struct ctconf_ear ear;
};

static uint64_t keys_of_one(void)
{
	uint64_t mask = 0;

	for (int i = 0; i < KEY_COUNT; i++)
		if (keys[i].flags & KF_OWN)
			mask |= BIT(i);
	return mask;
}

static void take_raw(void *ctx, const char *key, const char *value)
{
	struct loader *l = ctx;

	for (int i = 0; i < NODE_COUNT; i++)
		if (!strcmp(node_keys[i].name, key) && !l->raw[i])
			l->raw[i] = xstrdup(value);
}

static void loader_clear(struct loader *l)
{
	for (int i = 0; i < NODE_COUNT; i++)
		free(l->raw[i]);
}

static void tell(const struct loader *l, enum node_key_id id, const char *why)
{
	_cleanup_free_ char *text = NULL;

	if (!l->ear.warn)
		return;
	text = xasprintf("%s: bad %s: %s, %s is used", l->path, node_keys[id].name, why,
			 node_keys[id].unset);
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

/* What the file says, or what counts without it; `check` tells what is wrong with it. */
static const char *said(const struct loader *l, enum node_key_id id,
			const char *(*check)(const char *))
{
	const char *value = l->raw[id], *why = value ? check(value) : NULL;

	if (why)
		tell(l, id, why);
	return value && !why ? value : node_keys[id].unset;
}

static char *place(const struct loader *l, enum node_key_id id)
{
	return below(l->root, said(l, id, text_path));
}

/* A name that becomes part of a path. */
static char *word(const struct loader *l, enum node_key_id id)
{
	return xstrdup(said(l, id, text_word));
}

static const char *not_level(const char *value)
{
	uint64_t n;

	return number_parse(value, 0, &n) != NUMBER_OK || n > 255 ?
		"it is not a number in 0..255" : NULL;
}

static uint32_t level(const struct loader *l, enum node_key_id id)
{
	return (uint32_t)strtoul(said(l, id, not_level), NULL, 10);
}

static void fill_places(const struct loader *l)
{
	struct global *g = l->g;
	const char *logging = l->raw[NODE_LOGGING];

	g->etc = xasprintf("%s/etc/vz", l->root);
	g->confdir = xasprintf("%s/etc/vz/conf", l->root);
	g->names = xasprintf("%s/etc/vz/names", l->root);
	g->var = xasprintf("%s/var/lib/vz", l->root);
	g->claims = xasprintf("%s/var/lib/vz/claims", l->root);
	g->run = xasprintf("%s/run/vz", l->root);
	g->logdir = xasprintf("%s/var/log/vz", l->root);
	g->lockdir = place(l, NODE_LOCKDIR);
	g->template = place(l, NODE_TEMPLATE);
	if (!logging || strcmp(logging, "no"))
		g->logfile = place(l, NODE_LOGFILE);
	g->configfile = word(l, NODE_CONFIGFILE);
	g->def_ostemplate = word(l, NODE_DEF_OSTEMPLATE);
	g->verbose = level(l, NODE_VERBOSE);
	g->log_level = level(l, NODE_LOG_LEVEL);
}

static void fill_defaults(struct conf *c)
{
	if (!conf_has(c, KEY_VE_ROOT))
		replace_str(&c->ve_root, keys[KEY_VE_ROOT].unset);
	if (!conf_has(c, KEY_VE_PRIVATE))
		replace_str(&c->ve_private, keys[KEY_VE_PRIVATE].unset);
	if (!c->stop_timeout)
		c->stop_timeout = (uint32_t)strtoul(keys[KEY_STOP_TIMEOUT].unset, NULL, 10);
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
	ctconf_parse(text.s, path, keys_of_one(), &g->defaults, &l.ear);
	g->in_file = g->defaults.given;
	kv_each(text.s, take_raw, &l);
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
