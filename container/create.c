/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/steps.h"
#include "base/tree.h"
#include "config/keys.h"
#include "config/text.h"
#include "container/handle.h"
#include "container/names.h"
#include "container/record.h"
#include "container/settings.h"
#include "netconf/venet.h"
#include "registry/uidrange.h"
#include "storage/overlay.h"
#include "storage/quota.h"

struct create {
	struct wabe *w;
	const struct wabe_create *o;
	struct ct ct;		/* as found: node defaults and a kept configuration */
	struct conf conf;	/* as it will be written */
	uint64_t write;		/* keys to write */
	char *sample;		/* path of the sample, NULL: the kept configuration counts */
	char *kept;		/* text of the configuration that was there */
	char *tmp;		/* the private area in the making */
	struct template template;
	uint32_t uid_base;
};

/* ---- conf: sample or kept configuration, then what was given --- */

static void warn(void *ctx, const char *text)
{
	struct create *c = ctx;

	say(&c->w->progress, SAY_WARN, "%s", text);
}

static int read_base(struct create *c, struct err *e)
{
	const char *name = c->o->sample ? c->o->sample : c->w->g.configfile;
	_cleanup_buf_ struct buf text = BUF_INIT;
	int r;

	if (c->ct.has_conf && c->o->sample)
		return fail(e, E_SAMPLE, "container %u has a configuration already: --config "
			    "cannot be applied", c->ct.id);
	if (c->ct.has_conf) {
		if (file_read(AT_FDCWD, c->ct.conf_path, 1 << 20, &text))
			return fail(e, E_BAD_CTCONF, "cannot read %s", c->ct.conf_path);
		c->kept = buf_steal(&text);
		say(&c->w->progress, SAY_WARN, "the configuration %s is kept",
		    c->ct.conf_path);
		conf_merge(&c->conf, &c->ct.conf);
		return 0;
	}
	if (text_word(name))
		return fail(e, E_VALUE, "bad name of a sample: %s", text_word(name));
	c->sample = global_sample(&c->w->g, name);
	r = ctconf_read(c->sample, &c->conf, warn, c, e);
	if (r == -E_NO_CTCONF)
		return fail(e, E_SAMPLE, "there is no sample configuration %s", c->sample);
	if (r < 0)
		return fail(e, E_SAMPLE, "the sample configuration %s cannot be used",
			    c->sample);
	replace_str(&c->conf.origin_sample, name);
	c->conf.given |= 1ull << KEY_ORIGIN_SAMPLE;
	c->write |= 1ull << KEY_ORIGIN_SAMPLE;
	return 0;
}

static int read_conf(void *op, struct err *e)
{
	struct create *c = op;
	const struct wabe_settings *s = c->o->settings;
	int r = read_base(c, e);

	if (r < 0)
		return r;
	if (s) {
		conf_merge(&c->conf, &s->conf);
		c->write |= s->conf.given;
	}
	return venet_addrs_free(c->ct.id, &c->conf.net.ip, e);
}

/* ---- template, claims --- */

static int get_template(void *op, struct err *e)
{
	struct create *c = op;
	_cleanup_free_ char *archiver = NULL;
	struct template_store store = ct_store(c->w, &archiver);
	const char *name = conf_has(&c->conf, KEY_OSTEMPLATE) ? c->conf.ostemplate :
								c->w->g.def_ostemplate;
	int r;

	if (!name)
		return fail(e, E_NO_OSTEMPLATE,
			    "no template was named (--ostemplate or DEF_OSTEMPLATE)");
	r = template_get(&store, name, &c->template, e);
	if (r < 0)
		return r;
	r = template_hold(&store, c->template.digest, c->ct.id, e);
	if (r < 0)
		return r;
	if (c->conf.ostemplate != name)
		replace_str(&c->conf.ostemplate, name);
	c->conf.given |= 1ull << KEY_OSTEMPLATE;
	c->write |= 1ull << KEY_OSTEMPLATE;
	return 0;
}

static void release_template(void *op)
{
	struct create *c = op;
	_cleanup_free_ char *archiver = NULL;
	struct template_store store = ct_store(c->w, &archiver);

	if (c->template.digest[0])
		template_release(&store, c->template.digest, c->ct.id);
}

static int take_uids(void *op, struct err *e)
{
	struct create *c = op;
	struct claims claims = ct_claims(c->w);
	uint32_t want = conf_has(&c->conf, KEY_LOCAL_UID) ? c->conf.local_uid : 0;
	int r = uidrange_take(&claims, c->ct.id, want, &c->uid_base, e);

	if (r < 0)
		return r;
	c->conf.local_uid = c->uid_base;
	if (!conf_has(&c->conf, KEY_LOCAL_GID) || !c->conf.local_gid)
		c->conf.local_gid = c->uid_base;
	c->conf.given |= 1ull << KEY_LOCAL_UID | 1ull << KEY_LOCAL_GID;
	c->write |= 1ull << KEY_LOCAL_UID | 1ull << KEY_LOCAL_GID;
	return 0;
}

static void drop_uids(void *op)
{
	struct create *c = op;
	struct claims claims = ct_claims(c->w);

	if (c->uid_base && !c->kept)
		uidrange_drop(&claims, c->ct.id, c->uid_base);
}

static int take_name(void *op, struct err *e)
{
	struct create *c = op;

	if (!conf_has(&c->conf, KEY_NAME) || !c->conf.name || !*c->conf.name)
		return 0;
	return name_take(c->w, c->conf.name, c->ct.id, e);
}

static void drop_name(void *op)
{
	struct create *c = op;

	if (c->conf.name && *c->conf.name && !c->kept)
		name_drop(c->w, c->conf.name, c->ct.id);
}

/* ---- private area --- */

static int limit_disk(struct create *c, int dir, struct err *e)
{
	uint64_t mask = c->conf.given & (1ull << KEY_DISKSPACE | 1ull << KEY_DISKINODES);
	int r;

	if (conf_has(&c->conf, KEY_DISK_QUOTA) && !c->conf.disk.quota)
		return 0;
	/* before anything is made below: what exists already keeps its project */
	r = quota_tag(dir, c->uid_base, e);
	if (!r)
		r = quota_limit(dir, c->uid_base, &c->conf.disk, mask, e);
	return r < 0 ? r : 0;
}

static int make_private(void *op, struct err *e)
{
	struct create *c = op;
	_cleanup_close_ int dir = -1;
	_cleanup_free_ char *parent = xstrdup(c->ct.private);
	char *slash = strrchr(parent, '/');
	int r;

	if (slash && slash != parent) {
		*slash = '\0';
		/* root only: a setuid file of a container must not be reachable by host users */
		r = mkdir_all(parent, 0700, e);
		if (r < 0)
			return r;
	}
	r = tree_remove(AT_FDCWD, c->tmp, e);
	if (r < 0)
		return r;
	if (mkdir(c->tmp, 0700) < 0)
		return fail_write(e, c->tmp);
	dir = open(c->tmp, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return fail_write(e, c->tmp);
	r = limit_disk(c, dir, e);
	if (r >= 0)
		r = record_write(dir, c->ct.id, c->template.name, c->template.digest, e);
	return r < 0 ? r : overlay_prepare(dir, c->template.root, e);
}

static void drop_private(void *op)
{
	struct create *c = op;

	tree_remove(AT_FDCWD, c->tmp, NULL);
}

/* ---- configuration, publish --- */

static int save_conf(struct create *c, struct err *e)
{
	int r = mkdir_all(c->w->g.confdir, 0755, e);

	/* VE_ROOT and VE_PRIVATE as patterns, so that the file says it all by itself */
	if (!conf_has(&c->conf, KEY_VE_ROOT))
		replace_str(&c->conf.ve_root, c->w->g.defaults.ve_root);
	if (!conf_has(&c->conf, KEY_VE_PRIVATE))
		replace_str(&c->conf.ve_private, c->w->g.defaults.ve_private);
	if (!conf_has(&c->conf, KEY_VE_LAYOUT))
		replace_str(&c->conf.layout, "overlay");
	c->conf.given |= 1ull << KEY_VE_ROOT | 1ull << KEY_VE_PRIVATE | 1ull << KEY_VE_LAYOUT;
	c->write |= 1ull << KEY_VE_ROOT | 1ull << KEY_VE_PRIVATE | 1ull << KEY_VE_LAYOUT;
	return r < 0 ? r : ctconf_save(c->ct.conf_path, c->sample, &c->conf, c->write, e);
}

/*
 * A container exists when it has a configuration. So a new one is written last: killed before
 * that, create has made nothing that start would try. One that was there already is brought
 * up to date before the private area appears under it.
 */
static int save_kept(void *op, struct err *e)
{
	struct create *c = op;

	return c->kept ? save_conf(c, e) : 0;
}

static void unsave_kept(void *op)
{
	struct create *c = op;

	if (c->kept)
		ctconf_put_back(c->ct.conf_path, c->kept, NULL);
}

static int publish(void *op, struct err *e)
{
	struct create *c = op;

	if (rename(c->tmp, c->ct.private) < 0)
		return fail_write(e, c->ct.private);
	return 0;
}

static void unpublish(void *op)
{
	struct create *c = op;

	/* only this create made it: its absence was checked under the lock */
	tree_remove(AT_FDCWD, c->ct.private, NULL);
}

static int save_new(void *op, struct err *e)
{
	struct create *c = op;

	return c->kept ? 0 : save_conf(c, e);
}

static void unsave_new(void *op)
{
	struct create *c = op;

	if (!c->kept)
		unlink(c->ct.conf_path);
}

static const struct step rows[] = {
	{ "conf", read_conf, NULL },
	{ "template", get_template, release_template },
	{ "uids", take_uids, drop_uids },
	{ "name", take_name, drop_name },
	{ "private", make_private, drop_private },
	{ "kept", save_kept, unsave_kept },
	{ "publish", publish, unpublish },
	{ "save", save_new, unsave_new },
};

static STEPS(table, "create", rows);

static void clear(struct create *c)
{
	ct_clear(&c->ct);
	conf_clear(&c->conf);
	free(c->sample);
	free(c->kept);
	free(c->tmp);
	template_clear(&c->template);
}

/* What a create left that was killed before it wrote the configuration: the area says that
 * it is this container's, and nothing has ever been written to it. */
static bool is_left(const struct create *c)
{
	_cleanup_(record_clear) struct record rec = RECORD_INIT;
	struct stat st;

	return !c->ct.has_conf && !lstat(c->ct.private, &st) && S_ISDIR(st.st_mode) &&
	       record_read(c->ct.private, c->ct.id, &rec, NULL) >= 0 &&
	       overlay_is_unused(c->ct.private) &&
	       !overlay_is_mounted(c->ct.root, c->ct.private);
}

static int check_free(const struct create *c, struct err *e)
{
	if (access(c->ct.private, F_OK) < 0)
		return 0;
	if (c->ct.has_conf)
		return fail(e, E_PRIVATE_EXISTS, "container %u exists already", c->ct.id);
	if (is_left(c))
		return tree_remove(AT_FDCWD, c->ct.private, e);
	return fail(e, E_PRIVATE_EXISTS, "private area %s exists already", c->ct.private);
}

/* --private and --root given on the command line decide where it goes. */
static void given_places(struct create *c)
{
	const struct wabe_settings *s = c->o->settings;

	if (!s)
		return;
	if (conf_has(&s->conf, KEY_VE_PRIVATE)) {
		free(c->ct.private);
		c->ct.private = global_private(&c->w->g, &s->conf, c->ct.id);
	}
	if (conf_has(&s->conf, KEY_VE_ROOT)) {
		free(c->ct.root);
		c->ct.root = global_root(&c->w->g, &s->conf, c->ct.id);
	}
}

int wabe_create(struct wabe *w, uint32_t ctid, const struct wabe_create *o, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_(clear) struct create c = { .w = w, .o = o };
	int r = must_be_root(e);

	if (r >= 0)
		r = ct_lock(w, ctid, "creating", &lock, e);
	if (r >= 0)
		r = ct_open(w, ctid, &c.ct, e);
	if (r < 0)
		return r;
	given_places(&c);
	r = check_free(&c, e);
	if (r < 0)
		return r;
	c.tmp = ct_making(&c.ct);
	r = steps_run(&table, &c, e);
	if (r < 0)
		return r;
	say(&w->progress, SAY_INFO, "Container private area was created");
	return 0;
}
