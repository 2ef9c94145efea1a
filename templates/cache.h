/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Templates of the node. Below TEMPLATE (vz.conf):
 *
 *   cache/NAME.tar[.zst|.gz|.xz|.bz2]   the archive, where vzctl's users put theirs
 *   names/NAME                          record: DIGEST and the archive's identity (size,
 *                                       mtime, inode) it was taken from
 *   tree/DIGEST/root/                   the archive unpacked once, never changed afterwards
 *   tree/DIGEST/info                    record: NAME DIGEST SIZE INODES CREATED
 *   tree/DIGEST/used/CTID               one empty file per container that lies over it
 *
 * DIGEST is the SHA-256 of the archive's bytes in hex. An archive that changes gets a new
 * tree; containers keep theirs. Ids on disk are the archive's own, unshifted. The unpacking
 * itself is done by the helper program wabe-archive (libarchive), confined to the tree.
 *
 * All trees are made under tree/.tmp.* and renamed into place: a crash leaves a .tmp entry
 * that the next call removes.
 */
#ifndef TEMPLATES_CACHE_H
#define TEMPLATES_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"

struct template {
	char name[129];
	char digest[65];
	char *root;		/* TEMPLATE/tree/DIGEST/root */
	uint64_t bytes;		/* apparent size of all files */
	uint64_t inodes;
	int64_t created;	/* seconds since the epoch */
	unsigned used;		/* containers over it (template_list only) */
};

void template_clear(struct template *t);

/* Where the node's templates are and the helper that unpacks them. */
struct template_store {
	const char *dir;	/* TEMPLATE */
	const char *archiver;	/* path of wabe-archive */
	struct progress progress;
	/* Does this container exist? A claim of one that does not is dropped. May be NULL:
	 * all claims count. */
	bool (*alive)(void *ctx, uint32_t ctid);
	void *alive_ctx;
};

/*
 * The template of that name, unpacked when its archive is new or has changed. O(1) when it
 * was unpacked before; its archive may then be deleted to save the room. E_NO_TEMPLATE
 * lists near names; E_BAD_TEMPLATE: the archive is not
 * one or holds what a root file system may not.
 */
int template_get(const struct template_store *s, const char *name, struct template *ret,
		 struct err *e);

/* By digest, for a container that exists. E_NO_TEMPLATE. `name` is the one that the tree
 * was unpacked for. */
int template_by_digest(const struct template_store *s, const char *digest,
		       struct template *ret, struct err *e);

/*
 * Note and forget that a container lies over the tree. Both idempotent. Between a get and
 * its hold the template may be deleted: then hold says E_NO_TEMPLATE. A tree that no name
 * and no container leads to any more is removed.
 */
int template_hold(const struct template_store *s, const char *digest, uint32_t ctid,
		  struct err *e);
void template_release(const struct template_store *s, const char *digest, uint32_t ctid);

/* Drop what killed commands held, when nobody else works on the templates. */
void template_sweep(const struct template_store *s);

/* All templates sorted by name; heap array of the caller, each entry template_clear()ed. One
 * whose archive was not unpacked yet has "" as its digest, no root and no sizes. */
int template_list(const struct template_store *s, struct template **ret, size_t *ret_n,
		  struct err *e);

/* Remove archive, record and tree. Refused (E_RUNNING is not used; E_LOCKED) while a
 * container lies over it; the message names up to three of them. */
int template_delete(const struct template_store *s, const char *name, struct err *e);

/* Put a finished archive (on the file system of cache/, with the suffix it shall have) in
 * the place of NAME's and unpack it; one that cannot be unpacked changes nothing. Used by
 * template_build(). */
int template_adopt(const struct template_store *s, const char *name, const char *archive,
		   struct template *ret, struct err *e);

#endif
