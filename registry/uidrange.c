/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "registry/uidrange.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

enum { SLOTS = (UIDRANGE_LAST - UIDRANGE_FIRST) / UIDRANGE_COUNT + 1 };

/* NAME:START:COUNT lines; does one of them meet the range? */
static bool meets_subids(const char *text, uint64_t base)
{
	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		unsigned long long start, count;

		line += *line == '\n';
		if (sscanf(line, "%*[^:\n]:%llu:%llu", &start, &count) == 2 &&
		    start < base + UIDRANGE_COUNT && base < start + count)
			return true;
	}
	return false;
}

static void read_subids(struct buf *b)
{
	/* no such file: nothing is handed out to users */
	file_read(AT_FDCWD, "/etc/subuid", 1 << 20, b);
	buf_addc(b, '\n');
	file_read(AT_FDCWD, "/etc/subgid", 1 << 20, b);
}

static int take_one(const struct claims *c, uint32_t ctid, uint32_t base, uint32_t *owner,
		    struct err *e)
{
	char key[16];

	snprintf(key, sizeof(key), "%u", base);
	return claim_take(c, "uid", key, ctid, owner, e);
}

int uidrange_take(const struct claims *c, uint32_t ctid, uint32_t want, uint32_t *ret_base,
		  struct err *e)
{
	_cleanup_buf_ struct buf subids = BUF_INIT;
	uint32_t owner = 0;
	int r;

	read_subids(&subids);
	if (want) {
		if (meets_subids(subids.s, want))
			return fail(e, E_RESOURCE,
				    "uid range %u overlaps one of /etc/subuid or /etc/subgid",
				    want);
		r = take_one(c, ctid, want, &owner, e);
		if (r > 0)
			return fail(e, E_RESOURCE, "uid range %u belongs to container %u", want,
				    owner);
		if (!r)
			*ret_base = want;
		return r;
	}
	/* from a place of the container's own, so that neighbours seldom meet */
	for (uint32_t i = 0; i < SLOTS; i++) {
		uint32_t base = UIDRANGE_FIRST + (ctid + i) % SLOTS * UIDRANGE_COUNT;

		if (meets_subids(subids.s, base))
			continue;
		r = take_one(c, ctid, base, &owner, e);
		if (r < 0)
			return r;
		if (!r) {
			*ret_base = base;
			return 0;
		}
	}
	return fail(e, E_RESOURCE, "no free uid range is left on this node");
}

void uidrange_drop(const struct claims *c, uint32_t ctid, uint32_t base)
{
	char key[16];

	snprintf(key, sizeof(key), "%u", base);
	claim_drop(c, "uid", key, ctid);
}
