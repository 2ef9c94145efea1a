/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wabe.h - the system-container manager as a library. Front ends (cli/, later oci/ and
 * daemon/) use this header and base/, nothing else.
 *
 * Open the node once with wabe_open(); all calls but the readers need root. A call that can
 * fail returns 0 or a negative code whose positive value is vzctl's exit code
 * (base/err.h), and fills *e with one sentence. What a call has to tell on its way
 * ("Starting container...") goes to the callback set by wabe_on_say(). Calls block until
 * done; a handle is for one thread at a time, and the calls that may start a supervisor
 * (create to exec, in this file's order) want a process with one thread: a supervisor begins
 * as a copy of it. Strings and structs that a call returns
 * belong to the caller unless said otherwise.
 */
#ifndef WABE_H
#define WABE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/strv.h"

struct wabe;

/* `p` (may be NULL) hears what there is to say of vz.conf already. */
int wabe_open(struct wabe **ret, const struct progress *p, struct err *e);
void wabe_close(struct wabe *w);
void wabe_on_say(struct wabe *w, const struct progress *p);
const char *wabe_version(void);
uint32_t wabe_node_verbose(const struct wabe *w);	/* VERBOSE of vz.conf */

/* CTID as a number or a NAME. E_VALUE: neither a number in 1..2147483644 nor a known name. */
int wabe_find(struct wabe *w, const char *what, uint32_t *ret, struct err *e);

/* ---- settings: the key table ------------------------------------------------------- */

/* Texts of help: a clause without a full stop, `literals` in backquotes. The strings of
 * all three tables are static. */
struct wabe_option {
	const char *option;	/* without dashes */
	const char *key;	/* the key of CTID.conf it fills */
	const char *arg;	/* placeholder; what is in lower case is meant literally */
	const char *help;
	bool create, set;	/* an option of these verbs */
	bool live;		/* takes effect on a running container */
	bool restart;		/* takes effect when it is restarted */
	bool list;		/* may be given again: adds to what there is */
	const char *also;	/* further names, separated by blanks, or NULL */
};

/* Option i; false past the last. */
bool wabe_option(size_t i, struct wabe_option *ret);

enum wabe_when {
	WABE_WHEN_LIVE,		/* a running container gets the change at once */
	WABE_WHEN_START,	/* with its next start */
	WABE_WHEN_READ,		/* saved only: counts when it is next needed */
	WABE_WHEN_CREATED,	/* not to be changed */
};

/* A key of CTID.conf. */
struct wabe_key {
	const char *name;
	const char *help;
	const char *values;	/* what a value may be */
	const char *unit;	/* of a number, or NULL */
	const char *unset;	/* what counts where nobody has given it, or NULL */
	uint64_t min, max;	/* max 0: no bounds */
	enum wabe_when when;
	bool node;		/* may stand in vz.conf, as a default */
};

bool wabe_key(size_t i, struct wabe_key *ret);

/* A key of vz.conf that is none of a container: name, help, values and unset are filled. */
bool wabe_node_key(size_t i, struct wabe_key *ret);

struct wabe_settings;

struct wabe_settings *wabe_settings_new(void);
void wabe_settings_free(struct wabe_settings *s);

/* --option value as the user wrote it; `option` is any name of wabe_option(), or "ipdel". */
int wabe_settings_put(struct wabe_settings *s, const char *option, const char *value,
		      struct err *e);

/* ---- the verbs --------------------------------------------------------------------- */

struct wabe_create {
	const struct wabe_settings *settings;	/* may be NULL */
	const char *sample;			/* --config, NULL: the node's */
};

struct wabe_start {
	bool force;		/* also when DISABLED=yes */
};

struct wabe_stop {
	bool fast;		/* kill at once */
	int timeout;		/* s for a graceful stop; 0: STOP_TIMEOUT */
};

struct wabe_set {
	bool save;
	bool force;		/* with save: write although it cannot be applied now */
	bool restart;		/* with save: restart a running container where a setting
				   takes effect only then */
};

int wabe_create(struct wabe *w, uint32_t ctid, const struct wabe_create *o, struct err *e);
int wabe_destroy(struct wabe *w, uint32_t ctid, struct err *e);
int wabe_start(struct wabe *w, uint32_t ctid, const struct wabe_start *o, struct err *e);
int wabe_stop(struct wabe *w, uint32_t ctid, const struct wabe_stop *o, struct err *e);
int wabe_restart(struct wabe *w, uint32_t ctid, const struct wabe_start *so,
		 const struct wabe_stop *po, struct err *e);
int wabe_set(struct wabe *w, uint32_t ctid, const struct wabe_settings *s,
	     const struct wabe_set *o, struct err *e);
int wabe_mount(struct wabe *w, uint32_t ctid, struct err *e);
int wabe_umount(struct wabe *w, uint32_t ctid, struct err *e);

/* Let the supervisor of a running container replace itself by the installed program; the
 * container does not notice. Also re-adopts one whose supervisor was killed. */
int wabe_reexec(struct wabe *w, uint32_t ctid, struct err *e);

/* ---- running things inside --------------------------------------------------------- */

struct wabe_exec {
	const char *const *argv;	/* run as given (exec3); or NULL and: */
	const char *script;		/* for the container's bash -c, else sh -c */
	bool shell;			/* a login shell on a new pty (enter) */
	bool quiet_pty;			/* with shell: no "entered into CT" lines */
};

/*
 * Run it inside the running container, with this process's stdin, stdout and stderr, and
 * wait. *ret_status is a wait status (WIFEXITED ...). E_NOT_RUNNING; E_EXEC when it cannot
 * be started. With `shell` this process's terminal is put in raw mode meanwhile.
 */
int wabe_exec(struct wabe *w, uint32_t ctid, const struct wabe_exec *x, int *ret_status,
	      struct err *e);

/* ---- looking ------------------------------------------------------------------------ */

enum wabe_state {
	WABE_STOPPED,
	WABE_MOUNTED,		/* stopped, root mounted on the host */
	WABE_STARTING,
	WABE_RUNNING,
	WABE_STOPPING,
};
const char *wabe_state_word(enum wabe_state s);	/* stopped mounted starting running ... */

/* What vzlist shows; unknown numbers are -1, unknown strings NULL. */
struct wabe_info {
	uint32_t ctid;
	bool exists;		/* it has a configuration */
	enum wabe_state state;
	bool mounted;
	char *name, *description, *hostname, *ostemplate, *layout;
	char *private_dir, *root_dir;
	struct strv ip, nameserver, searchdomain;
	bool disabled;
	pid_t pid;		/* init as the host sees it; 0 when not running */
	pid_t supervisor;	/* 0: none */
	int64_t uid_base;
	int64_t uptime;		/* s */
	int64_t numproc, numproc_max;		/* tasks; max -1: unlimited */
	int64_t memory, memory_max;		/* bytes */
	int64_t swap, swap_max;			/* bytes */
	int64_t cpuunits, cpulimit;
	int64_t diskspace, diskspace_max;	/* KiB */
	int64_t diskinodes, diskinodes_max;
};

/* What of a running container, beyond its state, is read from the kernel only when asked for:
 * bits. */
enum wabe_read {
	WABE_READ_PROCESSES = 1 << 0,	/* numproc, numproc_max */
	WABE_READ_MEMORY = 1 << 1,	/* memory, memory_max */
	WABE_READ_SWAP = 1 << 2,	/* swap, swap_max */
	WABE_READ_DISK = 1 << 3,	/* diskspace, diskinodes; also of a stopped one */
	WABE_READ_ALL = (1 << 4) - 1,
};

/* Never fails for an unknown ctid: exists is false then. */
int wabe_info(struct wabe *w, uint32_t ctid, unsigned reads, struct wabe_info *ret,
	      struct err *e);
void wabe_info_clear(struct wabe_info *i);

/* All ctids that have a configuration, ascending. Heap array. */
int wabe_list(struct wabe *w, uint32_t **ret, size_t *ret_n, struct err *e);

/* Each setting in force, in table order: fn(ctx, key, value, where it comes from: "ct",
 * "node" for vz.conf, or "built-in"). */
typedef void wabe_setting_fn(void *ctx, const char *key, const char *value,
			     const char *from);
int wabe_config(struct wabe *w, uint32_t ctid, wabe_setting_fn *fn, void *ctx,
		struct err *e);

/* ---- templates ------------------------------------------------------------------------ */

struct wabe_template {
	char *name;
	char *digest;		/* SHA-256 of the archive, hex */
	uint64_t bytes, inodes;
	int64_t created;	/* s since the epoch */
	unsigned used;		/* containers over it */
};

struct wabe_build {
	const char *name;
	const char *const *include;	/* NULL-terminated package names, or NULL */
	bool force;
};

/* The names of the samples that create's --config takes, in no order. */
int wabe_samples(struct wabe *w, struct strv *ret, struct err *e);

int wabe_template_build(struct wabe *w, const struct wabe_build *b,
			struct wabe_template *ret, struct err *e);
int wabe_template_list(struct wabe *w, struct wabe_template **ret, size_t *ret_n,
		       struct err *e);
int wabe_template_delete(struct wabe *w, const char *name, struct err *e);
void wabe_template_clear(struct wabe_template *t);

#endif
