/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The unpacked trees, TEMPLATE/tree/DIGEST. They are made, and removed, by the holder of
 * the store's lock alone; everything else takes no lock. That works because used/ is the
 * claim: removing a tree begins with rmdir(used/), which fails while a container is in it
 * and after which no container can come in. A tree without used/ is one half removed.
 *
 * The parents are 0700 root: a file that is setuid in a container is out of the reach of
 * the node's own users.
 */
#ifndef TEMPLATES_TMPLTREE_H
#define TEMPLATES_TMPLTREE_H

#include <stdbool.h>

#include "base/strv.h"
#include "templates/cache.h"

/* Make the directories below TEMPLATE and take the lock; an fd that is it. With `wait`
 * false a lock that is taken gives -E_LOCKED. What a killed holder left is removed. */
int tmpltree_lock(const struct template_store *s, bool wait, struct err *e);

/* Heap string: TEMPLATE/tree/DIGEST. */
char *tmpltree_path(const struct template_store *s, const char *digest);

/* Is it there, whole? Then `ret` (may be NULL) is what its info says. */
bool tmpltree_have(const struct template_store *s, const char *digest,
		   struct template *ret);

/* Unpack `archive` for `name` (lock held); a tree of that digest that is there is kept. */
int tmpltree_unpack(const struct template_store *s, const char *name, const char *archive,
		    struct template *ret, struct err *e);

/* CTIDs over the tree as strings (at most `max`); how many there are in all. */
unsigned tmpltree_used(const struct template_store *s, const char *digest, size_t max,
		       struct strv *ret);

/* Remove the tree unless a container lies over it (lock held). True: it is gone. */
bool tmpltree_remove(const struct template_store *s, const char *digest);

/* Remove all trees that neither a name nor a container leads to (lock held). */
void tmpltree_sweep(const struct template_store *s);

#endif
