/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

#include <string.h>

#include "base/mem.h"
#include "cli/near.h"

const struct cmd *const cmds[] = {
	&cmd_create, &cmd_destroy,
	&cmd_start, &cmd_stop, &cmd_restart, &cmd_mount, &cmd_umount, &cmd_reexec,
	&cmd_set, &cmd_config,
	&cmd_list, &cmd_status,
	&cmd_enter, &cmd_exec, &cmd_exec2, &cmd_exec3,
	&cmd_template,
	&cmd_help, &cmd_version,
	NULL
};

const char *cmd_theme(enum cmd_theme theme)
{
	static const char *const titles[THEME_COUNT] = {
		[THEME_LIFE] = "Making and removing",
		[THEME_RUN] = "Running",
		[THEME_SET] = "Settings",
		[THEME_LOOK] = "Looking",
		[THEME_INSIDE] = "Working inside",
		[THEME_TEMPLATE] = "Templates",
		[THEME_OTHER] = "Other",
	};

	return titles[theme];
}

const struct opt cmd_globals[] = {
	{ .kind = OPT_FLAG, .name = "quiet", .help = "print only errors and warnings" },
	{ .kind = OPT_FLAG, .name = "verbose",
	  .help = "print more detail; without it `VERBOSE` of vz.conf(5) counts" },
	{ .kind = OPT_FLAG, .name = "version", .help = "print the version" },
	{ .kind = OPT_HELP, .letter = 'h', .name = "help",
	  .help = "list the commands; after a command: tell what it does" },
	{ .kind = OPT_END },
};

const struct cmd *cmd_find(const struct cmd *const *table, const char *name)
{
	for (; *table; table++)
		if (!strcmp((*table)->name, name) ||
		    ((*table)->also && !strcmp((*table)->also, name)))
			return *table;
	return NULL;
}

int cmd_unknown(const struct cmd *const *table, const char *what, const char *name,
		struct err *e)
{
	struct near n = near_start(name);

	for (; *table; table++) {
		near_try(&n, (*table)->name);
		if ((*table)->also)
			near_try(&n, (*table)->also);
	}
	if (n.best)
		return fail(e, E_SYNTAX,
			    "unknown command \"%.64s\", did you mean \"%s\"?", name,
			    n.best);
	return fail(e, E_SYNTAX, "unknown command \"%.64s\"; \"%s\" lists what there is",
		    name, what);
}

char *cmd_title(const struct cmd *cmd)
{
	return cmd->of ? xasprintf("%s %s", cmd->of, cmd->name) : xstrdup(cmd->name);
}
