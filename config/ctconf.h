/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CTID.conf and samples: read into struct conf, written back so that unknown keys,
 * comments and the order of lines survive. A bad line is reported and skipped, never fatal
 * (vzctl's rule). Nothing in such a file is trusted: values go through config/keys.h.
 */
#ifndef CONFIG_CTCONF_H
#define CONFIG_CTCONF_H

#include "base/buf.h"
#include "base/err.h"
#include "config/conf.h"

/* Told once per line that was skipped or clipped; `text` is a sentence naming file:line. */
typedef void ctconf_warn(void *ctx, const char *text);

/* Read the file into c (over what c holds: first file wins nothing, given keys are set
 * anew). E_NO_CTCONF: not there; E_BAD_CTCONF: not a text file, larger than 1 MiB, ... */
int ctconf_read(const char *path, struct conf *c, ctconf_warn *warn, void *ctx,
		struct err *e);

/* The two halves of it, for vz.conf: the text of a regular file (codes as above), and its
 * lines into c, but for the keys of the mask `skip`; `path` is for the warnings only. */
struct ctconf_ear {
	ctconf_warn *warn;	/* may be NULL */
	void *ctx;
};

int ctconf_text(const char *path, struct buf *ret, struct err *e);
void ctconf_parse(const char *text, const char *path, uint64_t skip, struct conf *c,
		  const struct ctconf_ear *ear);

/*
 * Write the keys of `mask` (bits KEY_x) from c into the file: their lines are replaced in
 * place (further lines of the same key are dropped), new keys are appended, all else stays.
 * A key of the mask that c has not given is removed. `base` (may be NULL) is the file to
 * start from when `path` does not exist yet: a sample. Atomic and synced; a symbolic link
 * at `path` is followed and survives. E_SAVE.
 */
int ctconf_save(const char *path, const char *base, const struct conf *c, uint64_t mask,
		struct err *e);

/* Give the file back the text it had before a ctconf_save(), as that writes. */
int ctconf_put_back(const char *path, const char *text, struct err *e);

#endif
