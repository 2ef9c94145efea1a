/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/kv.h"
#include "base/mem.h"

int record_write(int private_fd, uint32_t ctid, const char *name, const char *digest,
		 struct err *e)
{
	_cleanup_buf_ struct buf b = BUF_INIT;

	kv_addf(&b, "CTID", "%u", ctid);
	kv_add(&b, "OSTEMPLATE", name);
	kv_add(&b, "DIGEST", digest);
	return file_replace(private_fd, "template", b.s, b.len, 0600, false, e);
}

static void read_pair(void *ctx, const char *key, const char *value)
{
	struct record *r = ctx;

	if (!strcmp(key, "CTID"))
		r->ctid = (uint32_t)strtoul(value, NULL, 10);
	else if (!strcmp(key, "OSTEMPLATE"))
		replace_str(&r->name, value);
	else if (!strcmp(key, "DIGEST"))
		replace_str(&r->digest, value);
}

int record_read(const char *private, uint32_t ctid, struct record *ret, struct err *e)
{
	_cleanup_close_ int dir = open(private, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct record r = RECORD_INIT;

	if (dir < 0)
		return fail(e, E_NO_PRIVATE, "private area %s: %m", private);
	if (!file_read(dir, "template", 4096, &text))
		kv_each(text.s, read_pair, &r);
	if (!r.name || !r.digest || strlen(r.digest) != 64 ||
	    strspn(r.digest, "0123456789abcdef") != 64) {
		record_clear(&r);
		return fail(e, E_NO_PRIVATE, "%s is not a private area (no record in it)",
			    private);
	}
	if (r.ctid != ctid) {
		uint32_t owner = r.ctid;

		record_clear(&r);
		return fail(e, E_NO_PRIVATE, "private area %s is container %u's", private,
			    owner);
	}
	*ret = r;
	return 0;
}

void record_clear(struct record *r)
{
	free(r->name);
	free(r->digest);
	*r = (struct record)RECORD_INIT;
}
