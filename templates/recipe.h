/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recipes behind template_build(). Each makes the archive at `archive` (its name says
 * how to compress it). It and whatever a recipe needs meanwhile lie in the directory
 * `temp`, which is there, empty and 0700: host users must not reach what is setuid in it.
 * The caller removes it.
 */
#ifndef TEMPLATES_RECIPE_H
#define TEMPLATES_RECIPE_H

#include "templates/build.h"

struct recipe_job {
	const struct template_store *s;
	const struct template_recipe *r;
	const char *temp;
	const char *archive;
};

bool busybox_knows(const char *name);
int busybox_build(const struct recipe_job *j, struct err *e);

bool debian_knows(const char *name);
int debian_build(const struct recipe_job *j, struct err *e);

#endif
