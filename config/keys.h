/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one table of keys. A row says how a key is called in CTID.conf and on the command
 * line, of what type it is, its bounds and unit, where in struct conf it lies, and when a
 * change takes effect. Parser, writer, --help, man page, completion, list columns and JSON
 * all derive from it: a new key is one row (and, if its type is new, one parser in
 * config/value.c and one case in config/format.c).
 */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "config/conf.h"

enum key_id {
	KEY_NAME,
	KEY_DESCRIPTION,
	KEY_OSTEMPLATE,
	KEY_ORIGIN_SAMPLE,
	KEY_VE_ROOT,
	KEY_VE_PRIVATE,
	KEY_VE_LAYOUT,
	KEY_LOCAL_UID,
	KEY_LOCAL_GID,
	KEY_DISABLED,
	KEY_STOP_TIMEOUT,
	KEY_HOSTNAME,
	KEY_IP_ADDRESS,
	KEY_NAMESERVER,
	KEY_SEARCHDOMAIN,
	KEY_PHYSPAGES,
	KEY_SWAPPAGES,
	KEY_NUMPROC,
	KEY_CPUUNITS,
	KEY_CPULIMIT,
	KEY_DISKSPACE,
	KEY_DISKINODES,
	KEY_DISK_QUOTA,
	KEY_COUNT
};

enum key_type {
	KT_TEXT,	/* free text, no control characters, at most 1023 bytes */
	KT_NAME,	/* a container's name: letters digits space - + _ . ; '' removes it */
	KT_WORD,	/* template, sample, layout: [A-Za-z0-9][A-Za-z0-9._+@-]*, <= 128 */
	KT_PATH,	/* absolute, no "..", may hold $VEID */
	KT_HOSTNAME,	/* labels of letters digits - _ ; <= 64, the kernel's most; '' allowed */
	KT_BOOL,	/* yes | no */
	KT_UINT,	/* whole number within min..max (uint32_t field) */
	KT_COUNT,	/* range without unit suffix */
	KT_PAGES,	/* range in pages; plain N on the command line is pages */
	KT_RAM,		/* one number in bytes (suffixes) -> range 0:pages, rounded up */
	KT_KIB,		/* range in KiB; plain N is KiB */
	KT_CPULIMIT,	/* N percent of one CPU, N% of all CPUs */
	KT_IPS,		/* addresses */
	KT_DNS,		/* list of IP addresses, or "inherit" */
	KT_DOMAINS,	/* list of domain names, or "inherit" */
};

enum key_flag {
	KF_CREATE = 1 << 0,	/* an option of create */
	KF_SET = 1 << 1,	/* an option of set */
	KF_LIVE = 1 << 2,	/* a change takes effect on a running container */
	KF_CGROUP = 1 << 3,	/* taken as a limit by cgroups/limits */
	KF_ACCUMULATE = 1 << 4,	/* lists: a second line or option adds to the first */
	KF_LAST_WINS = 1 << 5,	/* duplicates in a file: the last (UBC); else the first */
	KF_SAVE_ONLY = 1 << 6,	/* set refuses it without --save */
	KF_OWN = 1 << 7,	/* belongs to one container: no default in vz.conf */
};

struct key {
	enum key_id id;
	const char *name;	/* in CTID.conf */
	const char *option;	/* --option, NULL: none */
	const char *arg;	/* placeholder for help: N[:N], yes|no; what is in lower
				   case is meant literally, and completion offers it */
	const char *help;	/* one clause, no full stop; `literals` in backquotes */
	enum key_type type;
	unsigned flags;		/* enum key_flag */
	size_t offset;		/* of the field in struct conf */
	uint64_t min, max;	/* of a number, or of a range's limit; max 0: none */
	const char *also;	/* further option names, separated by blanks, or NULL */
	const char *unset;	/* what counts where nobody has given it; NULL: nothing */
	const char *unit;	/* of a plain number, or NULL */
};

/* KEY_COUNT rows, row i has id i. */
extern const struct key keys[KEY_COUNT];

/* By name in a file; aliases there too. NULL: unknown. */
const struct key *key_by_name(const char *name);

/* By option name without dashes. Options that fill a key in another form have rows of
 * their own in keys_options(): --ram (KT_RAM -> PHYSPAGES), --swap. NULL: unknown. */
const struct key *key_by_option(const char *option);

/* What a value of this key may be: a clause such as "an absolute path", without bounds. */
const char *key_values(const struct key *k);

/* All rows that have an option, those of keys[] and the extra forms. */
const struct key *const *keys_options(size_t *ret_n);

enum value_source {
	FROM_FILE,	/* over-range is clipped; the caller warns with e->msg when > 0 */
	FROM_USER,	/* over-range is E_VALUE */
};

/*
 * Parse `value` for the key into c and set its given bit. 0, or 1 when FROM_FILE clipped it
 * (e->msg says to what), or a negative code: E_VALUE and the more specific E_HOSTNAME,
 * E_BAD_IP, E_BAD_DNS, E_BAD_SEARCH, E_NAME. On failure c is unchanged. KF_ACCUMULATE keys
 * add to what c already holds.
 */
int key_parse(struct conf *c, const struct key *k, const char *value,
	      enum value_source from, struct err *e);

/* Append the value as CTID.conf writes it (without quotes): pairs collapse to one number
 * when equal and unlimited is the word, but DISKSPACE and DISKINODES are always a:b. */
void key_format(const struct conf *c, const struct key *k, struct buf *out);

#endif
