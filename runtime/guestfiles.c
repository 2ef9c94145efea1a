/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/guestfiles.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

/* What is there already is not rewritten: no copy-up of an unchanged file at each start. */
static void put(const char *path, const struct buf *text)
{
	_cleanup_buf_ struct buf old = BUF_INIT;

	if (!file_read(AT_FDCWD, path, 65536, &old) && !strcmp(old.s, text->s))
		return;
	file_replace(AT_FDCWD, path, text->s, text->len, 0644, false, NULL);
}

static void put_hostname(const char *name)
{
	_cleanup_buf_ struct buf b = BUF_INIT;

	buf_addf(&b, "%s\n", name);
	put("/etc/hostname", &b);
}

static void put_resolv_conf(const struct strv *servers, const struct strv *domains)
{
	_cleanup_buf_ struct buf b = BUF_INIT;

	if (domains->n) {
		buf_adds(&b, "search");
		for (size_t i = 0; i < domains->n; i++)
			buf_addf(&b, " %s", domains->v[i]);
		buf_addc(&b, '\n');
	}
	for (size_t i = 0; i < servers->n; i++)
		buf_addf(&b, "nameserver %s\n", servers->v[i]);
	put("/etc/resolv.conf", &b);
}

static void put_hosts(void)
{
	_cleanup_buf_ struct buf b = BUF_INIT;

	if (!access("/etc/hosts", F_OK))
		return;
	buf_adds(&b, "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n");
	put("/etc/hosts", &b);
}

void guestfiles_write(const struct spec *s)
{
	if (s->hostname && *s->hostname)
		put_hostname(s->hostname);
	if (s->nameserver->n || s->searchdomain->n)
		put_resolv_conf(s->nameserver, s->searchdomain);
	put_hosts();
}
