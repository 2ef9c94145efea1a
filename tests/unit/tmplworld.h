/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A template store in a directory of its own, and archives made by hand, byte by byte: no
 * tar program writes hostile ones.
 */
#ifndef TESTS_UNIT_TMPLWORLD_H
#define TESTS_UNIT_TMPLWORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "templates/cache.h"

struct said {
	unsigned unpacked, warned;
};

struct world {
	char dir[64];		/* everything is below */
	char *outside;		/* what no archive may touch */
	char *archiver;
	struct said said;
	struct template_store store;
};

struct ent {
	const char *name;
	char type;		/* tar's: '0' file, '1' link, '2' symlink, '5' directory ... */
	const char *text;	/* contents of a file, target of a link */
	unsigned mode, uid;
	uint64_t sparse;	/* size of a file that is one hole */
};

#define ENT_END { NULL, 0, NULL, 0, 0, 0 }
#define E(name, type, text) { name, type, text, 0, 0, 0 }
#define ENTS(...) ((const struct ent[]){ __VA_ARGS__, ENT_END })

/* NULL, or why the tests cannot be run here. */
const char *tw_prepare(struct world *w);
void tw_clear(struct world *w);

void tw_write_file(const char *path, const void *data, size_t n);
/* Make cache/NAME.tar of the entries up to ENT_END. */
void tw_make_tar(struct world *w, const char *name, const struct ent *en);

/* template_get() with w->said reset. */
int tw_get(struct world *w, const char *name, struct template *t, struct err *e);
/* Run wabe-archive. */
int tw_archiver(struct world *w, const char *verb, const char *a, const char *b,
		struct buf *out);

/* Is there a dir/rest, or dir itself where rest is NULL? */
bool tw_there(const char *dir, const char *rest);
/* Entries of dir/sub whose names begin with `prefix`. */
unsigned tw_entries(const char *dir, const char *sub, const char *prefix);

#endif
