/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "container/handle.h"
#include "templates/build.h"

static struct wabe_template copy_of(const struct template *t)
{
	return (struct wabe_template){
		.name = xstrdup(t->name), .digest = xstrdup(t->digest), .bytes = t->bytes,
		.inodes = t->inodes, .created = t->created, .used = t->used,
	};
}

void wabe_template_clear(struct wabe_template *t)
{
	free(t->name);
	free(t->digest);
	*t = (struct wabe_template){ 0 };
}

int wabe_template_build(struct wabe *w, const struct wabe_build *b,
			struct wabe_template *ret, struct err *e)
{
	_cleanup_(template_clear) struct template t = { 0 };
	_cleanup_free_ char *archiver = NULL;
	struct template_store store = ct_store(w, &archiver);
	struct template_recipe recipe = { .name = b->name, .force = b->force };
	int r = must_be_root(e);

	for (size_t i = 0; b->include && b->include[i]; i++)
		strv_add(&recipe.include, b->include[i]);
	if (r >= 0)
		r = template_build(&store, &recipe, &t, e);
	strv_clear(&recipe.include);
	if (r < 0)
		return r;
	*ret = copy_of(&t);
	return 0;
}

int wabe_template_list(struct wabe *w, struct wabe_template **ret, size_t *ret_n,
		       struct err *e)
{
	_cleanup_free_ char *archiver = NULL;
	struct template_store store = ct_store(w, &archiver);
	struct template *list = NULL;
	size_t n = 0;
	int r = template_list(&store, &list, &n, e);

	if (r < 0)
		return r;
	*ret = xcalloc(n, sizeof(**ret));
	for (size_t i = 0; i < n; i++) {
		(*ret)[i] = copy_of(&list[i]);
		template_clear(&list[i]);
	}
	free(list);
	*ret_n = n;
	return 0;
}

int wabe_template_delete(struct wabe *w, const char *name, struct err *e)
{
	_cleanup_free_ char *archiver = NULL;
	struct template_store store = ct_store(w, &archiver);
	int r = must_be_root(e);

	return r < 0 ? r : template_delete(&store, name, e);
}
