/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "templates/build.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/tree.h"
#include "templates/recipe.h"
#include "templates/tmplname.h"

struct recipe_kind {
	bool (*knows)(const char *name);
	int (*build)(const struct recipe_job *j, struct err *e);
	const char *suffix;
};

static const struct recipe_kind kinds[] = {
	{ busybox_knows, busybox_build, ".tar.gz" },
	{ debian_knows, debian_build, ".tar.zst" },
};

static const struct recipe_kind *find_kind(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].knows(name))
			return &kinds[i];
	return NULL;
}

static void remove_path(const char *dir, const char *base)
{
	_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		tree_remove(fd, base, NULL);
}

/* What a killed build leaves in cache/ is found by its pid (tmpltree_lock()). */
static int build_and_adopt(const struct template_store *s, const struct template_recipe *r,
			   const struct recipe_kind *kind, struct template *ret,
			   struct err *e)
{
	_cleanup_free_ char *cache = xasprintf("%s/cache", s->dir);
	_cleanup_free_ char *base = xasprintf(".tmp.%d.%s", (int)getpid(), r->name);
	_cleanup_free_ char *temp = xasprintf("%s/%s", cache, base);
	_cleanup_free_ char *archive = xasprintf("%s/out%s", temp, kind->suffix);
	struct recipe_job job = { .s = s, .r = r, .temp = temp, .archive = archive };
	int code = mkdir_all(cache, 0755, e);

	if (code < 0)
		return code;
	remove_path(cache, base);
	if (mkdir(temp, 0700) < 0)
		return fail_write(e, temp);
	code = kind->build(&job, e);
	if (code < 0)
		code = fail_in(e, "cannot build template %s", r->name);
	else if (chmod(archive, 0600) < 0)
		code = fail_write(e, archive);
	if (code >= 0)
		code = template_adopt(s, r->name, archive, ret, e);
	remove_path(cache, base);
	return code;
}

static bool is_there(const struct template_store *s, const char *name)
{
	_cleanup_strv_ struct strv all = STRV_INIT;

	return tmplname_all(s, &all, NULL) >= 0 && strv_has(&all, name);
}

int template_build(const struct template_store *s, const struct template_recipe *r,
		   struct template *ret, struct err *e)
{
	const struct recipe_kind *kind;
	int code = tmplname_check(r->name, e);

	if (code < 0)
		return code;
	kind = find_kind(r->name);
	if (!kind)
		return fail(e, E_NO_TEMPLATE,
			    "there is no recipe for %s; these can be built: busybox, "
			    "debian-11, debian-12, debian-13 and variants such as "
			    "debian-12-web", r->name);
	if (!r->force && r->include.n && is_there(s, r->name))
		return fail(e, E_LOCKED, "template %s is there already: --force builds it anew, or "
			    "take another name (%s-web)", r->name, r->name);
	if (!r->force && is_there(s, r->name))
		return template_get(s, r->name, ret, e);
	return build_and_adopt(s, r, kind, ret, e);
}
