/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "man/pages.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "config.h"
#include "man/directives.h"
#include "man/roff.h"
#include "man/verb.h"

/* TO/NAME.SECTION, with the title line. */
static FILE *page_open(const char *to, const char *name, int section)
{
	_cleanup_free_ char *path = xasprintf("%s/%s.%d", to, name, section);
	_cleanup_free_ char *title = xstrdup(name);
	FILE *f = fopen(path, "we");

	if (!f) {
		perror(path);
		return NULL;
	}
	for (char *c = title; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	fprintf(f, ".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n"
		".\\\" Made by man/mkman; its words are in man/ and in the tables of cli/ and "
		"config/.\n.TH %s %d %s \"Wabe %s\" \"%s\"\n", title, section, WABE_DATE,
		wabe_version(), section == 5 ? "File formats" : "System administration");
	return f;
}

static bool page_close(FILE *f, bool good)
{
	bool bad = ferror(f);

	if (fclose(f) != 0 || bad) {
		perror("a page");
		return false;
	}
	return good;
}

static bool page_of_prose(const char *from, const char *to, const char *name, int section)
{
	_cleanup_free_ char *path = xasprintf("%s/%s.%d.md", from, name, section);
	struct directives d = { 0 };
	FILE *f = page_open(to, name, section);

	if (!f)
		return false;
	d.f = f;
	return page_close(f, roff_prose(f, path, &(struct roff_at){ directives_put, &d }) &&
				  directives_done(&d, path));
}

static bool page_of_command(const char *from, const char *to, const struct cmd *cmd)
{
	_cleanup_free_ char *name = xasprintf("wabe-%s", cmd->name);
	_cleanup_free_ char *path = xasprintf("%s/%s.8.md", from, name);
	struct directives d = { 0 };
	bool good = true;
	FILE *f = page_open(to, name, 8);

	if (!f)
		return false;
	d.f = f;
	verb_begin(f, cmd);
	if (access(path, F_OK) == 0)
		good = roff_prose(f, path, &(struct roff_at){ directives_put, &d });
	verb_end(f, cmd);
	return page_close(f, good);
}

/* Another name of a page. */
static bool page_link(const char *to, const char *name, const char *page)
{
	_cleanup_free_ char *path = xasprintf("%s/%s.8", to, name);
	FILE *f = fopen(path, "we");

	if (!f) {
		perror(path);
		return false;
	}
	fprintf(f, ".so man8/%s.8\n", page);
	return page_close(f, true);
}

bool pages_write(const char *from, const char *to)
{
	bool good = page_of_prose(from, to, "wabe", 8) &&
		    page_of_prose(from, to, "ctid.conf", 5) &&
		    page_of_prose(from, to, "vz.conf", 5) &&
		    page_link(to, "vzctl", "wabe") && page_link(to, "vzlist", "wabe-list");

	for (const struct cmd *const *c = cmds; good && *c; c++) {
		good = page_of_command(from, to, *c);
		if (good && (*c)->also) {
			_cleanup_free_ char *also = xasprintf("wabe-%s", (*c)->also);
			_cleanup_free_ char *name = xasprintf("wabe-%s", (*c)->name);

			good = page_link(to, also, name);
		}
	}
	return good;
}
