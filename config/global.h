/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The node: vz.conf and where everything lies. One layout, OpenVZ's own; WABE_ROOT in the
 * environment moves all of it below another directory (tests, demos). vz.conf may hold any
 * key of a container as the node's default (vz.conf < CTID.conf < command line).
 * Those of KF_OWN belong to one container and are ignored there: an old node's file has
 * VE_LAYOUT=ploop and LOCAL_UID=100000, which are not what a container is to have here.
 */
#ifndef CONFIG_GLOBAL_H
#define CONFIG_GLOBAL_H

#include "base/err.h"
#include "config/conf.h"
#include "config/ctconf.h"

/* The keys of vz.conf that are none of a container: one row each. */
enum node_key_id {
	NODE_TEMPLATE,
	NODE_LOCKDIR,
	NODE_CONFIGFILE,
	NODE_DEF_OSTEMPLATE,
	NODE_VERBOSE,
	NODE_LOGGING,
	NODE_LOGFILE,
	NODE_LOG_LEVEL,
	NODE_COUNT
};

struct node_key {
	const char *name;
	const char *values;	/* what a value may be, as key_values() */
	const char *unset;	/* what counts where the file does not have it */
	const char *help;	/* one clause, no full stop; `literals` in backquotes */
};

/* Row i has id i. */
extern const struct node_key node_keys[NODE_COUNT];

struct global {
	char *etc;		/* ROOT/etc/vz */
	char *confdir;		/* ROOT/etc/vz/conf */
	char *names;		/* ROOT/etc/vz/names: NAME -> ../conf/CTID.conf */
	char *var;		/* ROOT/var/lib/vz */
	char *claims;		/* ROOT/var/lib/vz/claims (registry/) */
	char *run;		/* ROOT/run/vz */
	char *logdir;		/* ROOT/var/log/vz */
	char *lockdir;		/* LOCKDIR */
	char *template;		/* TEMPLATE */
	char *configfile;	/* CONFIGFILE: name of the default sample */
	char *def_ostemplate;	/* DEF_OSTEMPLATE */
	char *logfile;		/* LOGFILE, NULL when LOGGING=no */
	uint32_t verbose;	/* VERBOSE */
	uint32_t log_level;	/* LOG_LEVEL; above 0 each step is logged */
	struct conf defaults;	/* per-container keys of vz.conf; ve_root, ve_private and
				   stop_timeout are always given */
	uint64_t in_file;	/* which of them the file has (bits KEY_x) */
};

#define _cleanup_global_ __attribute__((cleanup(global_clear)))

/* A missing vz.conf means the built-in defaults; one that cannot be read is E_NO_VZCONF.
 * WABE_ROOT must be absolute. Paths given in vz.conf are taken below WABE_ROOT too. */
int global_load(struct global *g, ctconf_warn *warn, void *ctx, struct err *e);
void global_clear(struct global *g);

/* Heap strings. */
char *global_ctconf(const struct global *g, uint32_t ctid);	/* CONFDIR/CTID.conf */
char *global_sample(const struct global *g, const char *name);	/* ve-NAME.conf-sample */
char *global_run(const struct global *g, uint32_t ctid);	/* RUN/CTID */

/* The container's private and root directories by its own pattern or the node's, below
 * WABE_ROOT. Heap strings. */
char *global_private(const struct global *g, const struct conf *c, uint32_t ctid);
char *global_root(const struct global *g, const struct conf *c, uint32_t ctid);

/* The node's defaults, then CTID.conf. E_NO_CTCONF when there is none. */
int global_read_ct(const struct global *g, uint32_t ctid, struct conf *c,
		   ctconf_warn *warn, void *ctx, struct err *e);

#endif
