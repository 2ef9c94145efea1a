/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The open node behind wabe.h, and what the verbs share: paths of a container, its lock,
 * whether it exists.
 */
#ifndef CONTAINER_HANDLE_H
#define CONTAINER_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/lock.h"
#include "base/progress.h"
#include "config/global.h"
#include "include/wabe.h"
#include "registry/claim.h"
#include "templates/cache.h"

struct wabe {
	struct global g;
	struct progress progress;
	char *libexec;		/* directory of the helper programs */
	int logfd;
};

/* A container's paths, heap strings, and its configuration where it has one. */
struct ct {
	uint32_t id;
	bool has_conf;
	struct conf conf;	/* node defaults and CTID.conf */
	char *conf_path;
	char *private;
	char *root;
	char *run;
};

#define CT_INIT { 0 }
#define _cleanup_ct_ __attribute__((cleanup(ct_clear)))

/* Read what there is of the container; not having a configuration is no error. */
int ct_open(struct wabe *w, uint32_t ctid, struct ct *ret, struct err *e);
void ct_clear(struct ct *c);

/* As ct_open, and E_NO_CTCONF when it has no configuration. */
int ct_must_open(struct wabe *w, uint32_t ctid, struct ct *ret, struct err *e);

/* What the verbs begin with: root, a container with a configuration, its command lock. */
int ct_open_locked(struct wabe *w, uint32_t ctid, const char *doing, struct ct *ret,
		   struct lock *l, struct err *e);
/* For stop and umount: as ct_open_locked, but a container that lives or is mounted needs no
 * configuration, nor a readable one: the node's defaults stand in. */
int ct_open_any(struct wabe *w, uint32_t ctid, const char *doing, struct ct *ret,
		struct lock *l, struct err *e);
/* The container by its number alone. */
void ct_by_number(struct wabe *w, uint32_t ctid, struct ct *ret);
int ct_lock(struct wabe *w, uint32_t ctid, const char *doing, struct lock *l, struct err *e);

/* Configuration, private area or a command that is making one: registry's `alive`. */
bool ct_exists(void *wabe, uint32_t ctid);

struct claims ct_claims(struct wabe *w);

/* A name of our own beside the private area, for one in the making or being removed: no
 * directory of an admin is ever called so. Heap string. */
char *ct_beside(const struct ct *c, const char *what);
/* That of the container's private area in the making. */
char *ct_making(const struct ct *c);

/* Template store; `ret_archiver` holds the path it points to and is the caller's. */
struct template_store ct_store(struct wabe *w, char **ret_archiver);

/* Path of a helper program; heap string. */
char *ct_program(const struct wabe *w, const char *name);

/* E_NO_ACCESS unless effective uid is 0. */
int must_be_root(struct err *e);

#endif
