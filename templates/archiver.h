/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program wabe-archive, the only one that links libarchive. One job per process:
 *
 *   wabe-archive unpack ARCHIVE DIR    into an empty directory
 *   wabe-archive pack DIR ARCHIVE      .zst .gz .xz by name, else a plain PAX tar
 *   wabe-archive digest ARCHIVE
 *
 * unpack and digest print KEY="value" lines on stdout: DIGEST (SHA-256 of the archive's
 * bytes, up to the end of the file), BYTES (apparent size of the files), INODES, SKIPPED
 * (device nodes and sockets left out). On stderr come at most five lines a second
 * "BYTES files N", and when it fails one sentence. Exit status 0 or 1.
 *
 * An archive and a tree are hostile. Both ends are opened first; then the process locks
 * itself into the tree (chroot, no network, no capability beyond what file attributes
 * need), so that a name which gets past the checks still ends inside. From there on no
 * library may load anything by path: no NSS, no locale, no external filter programs.
 */
#ifndef TEMPLATES_ARCHIVER_H
#define TEMPLATES_ARCHIVER_H

#include <archive.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/capability.h>

#include "base/err.h"

#define ARCHIVER_MAX_ID 65535		/* a container has ids 0 to 65535 */
#define ARCHIVER_MAX_ENTRIES 5000000u
#define ARCHIVER_MAX_BYTES (1ull << 40)	/* apparent, so that sparse bombs count */

struct archiver {
	uint64_t bytes;
	uint64_t inodes;
	uint64_t skipped;
	uint64_t files;		/* entries so far, for the progress lines */
	long long said;		/* when the last progress line was written, ms */
};

/* Make `dirfd` the root of this process (dirfd is closed) and keep these capabilities
 * alone. */
int archiver_confine(int *dirfd, const cap_value_t *caps, int n, struct err *e);

void archiver_progress(struct archiver *a);

/* libarchive's error as text with errno's where there is one. Valid until the next call. */
const char *archiver_why(struct archive *a, char *text, size_t size);

/* Which extended attributes travel: security.capability and user.*, but not what overlayfs
 * would take for its own. */
bool archiver_xattr(const char *name);

int unpack_run(const char *archive, const char *dir, struct err *e);
int unpack_digest(const char *archive, struct err *e);
int pack_run(const char *dir, const char *archive, struct err *e);

#endif
