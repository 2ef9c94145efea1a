/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of templates and the archives that carry them: TEMPLATE/cache/NAME.SUFFIX. Names
 * come from users and become file names: [A-Za-z0-9] first, then [A-Za-z0-9._+@-], no
 * "..", at most 128 bytes. Where several archives have one name the newest counts.
 */
#ifndef TEMPLATES_TMPLNAME_H
#define TEMPLATES_TMPLNAME_H

#include <stdbool.h>

#include "base/strv.h"
#include "templates/cache.h"

enum { TMPLNAME_MAX = 128 };

/* Suffixes of archives, the preferred one first, NULL at the end. */
extern const char *const tmplname_suffixes[];

bool tmplname_ok(const char *name);
int tmplname_check(const char *name, struct err *e); /* E_NO_TEMPLATE */

/* The suffix that `file` ends with, NULL when it is none of an archive. */
const char *tmplname_suffix(const char *file);

/* What tells whether an archive is still the one that was unpacked. */
struct archive_id {
	uint64_t size;
	uint64_t mtime;		/* ns */
	uint64_t inode;
};

/* The archive of `name`: heap path of the caller, or NULL when there is none. */
char *tmplname_find(const struct template_store *s, const char *name,
		    struct archive_id *ret);

/* Names of all archives and records, sorted, each once. */
int tmplname_all(const struct template_store *s, struct strv *ret, struct err *e);

/* E_NO_TEMPLATE with the names that `name` could have meant. */
int tmplname_unknown(const struct template_store *s, const char *name, struct err *e);

#endif
