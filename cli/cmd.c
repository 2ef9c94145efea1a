/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

#include <string.h>

#include "base/mem.h"
#include "cli/near.h"

const struct cmd *const cmds[] = {
	&cmd_create, &cmd_destroy, &cmd_start, &cmd_stop, &cmd_restart,
	&cmd_status, &cmd_list, &cmd_set, &cmd_config,
	&cmd_exec, &cmd_exec2, &cmd_exec3, &cmd_enter,
	&cmd_mount, &cmd_umount, &cmd_template,
	&cmd_reexec, &cmd_version, &cmd_help,
	NULL
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
