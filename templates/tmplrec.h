/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two kinds of record: names/NAME (which tree, from which archive) and
 * tree/DIGEST/info (what the tree is). Both are replaced atomically and synced.
 */
#ifndef TEMPLATES_TMPLREC_H
#define TEMPLATES_TMPLREC_H

#include "templates/tmplname.h"

struct tmplrec {
	char digest[65];
	struct archive_id id;
};

/* 0, or -ENOENT and the like when there is none that can be used. */
int tmplrec_read(const struct template_store *s, const char *name, struct tmplrec *ret);
int tmplrec_write(const struct template_store *s, const char *name,
		  const struct tmplrec *rec, struct err *e);
void tmplrec_remove(const struct template_store *s, const char *name);

/* Does any name lead to that tree? */
bool tmplrec_names(const struct template_store *s, const char *digest);

/* 64 lower-case hex digits: what may become a directory's name. */
bool tmplrec_digest_ok(const char *digest);

/* `dir` holds root/ and info. Fills all of `ret` but used. */
int tmplrec_info_read(const char *dir, struct template *ret);
int tmplrec_info_write(const char *dir, const struct template *t, struct err *e);

#endif
