/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/resolver.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"

static bool on_loopback(const char *server)
{
	return !strncmp(server, "127.", 4) || !strcmp(server, "::1");
}

/* Words after `keyword` on its lines. */
static void host_words(const char *keyword, struct strv *ret)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	char *save = NULL;

	if (file_read(AT_FDCWD, "/etc/resolv.conf", 65536, &text))
		return;
	for (char *l = strtok_r(text.s, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
		_cleanup_strv_ struct strv words = STRV_INIT;

		strv_add_words(&words, l);
		if (words.n < 2 || strcmp(words.v[0], keyword))
			continue;
		for (size_t i = 1; i < words.n && words.v[i][0] != '#'; i++)
			if (!on_loopback(words.v[i]))
				strv_add(ret, words.v[i]);
	}
}

static void replace(struct strv *list, const char *keyword)
{
	struct strv out = STRV_INIT;

	if (!strv_has(list, "inherit"))
		return;
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], "inherit"))
			host_words(keyword, &out);
		else
			strv_add(&out, list->v[i]);
	strv_clear(list);
	*list = out;
}

void resolver_inherit(struct strv *nameserver, struct strv *searchdomain)
{
	replace(nameserver, "nameserver");
	replace(searchdomain, "search");
}
