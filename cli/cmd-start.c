/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/all.h"

struct start_args {
	bool all;
	bool force;
};

static const struct opt start_options[] = {
	ALL_OPTION("all that neither run nor are disabled"),
	{ .kind = OPT_FLAG, .name = "force", .at = offsetof(struct start_args, force),
	  .help = "start it although its configuration says `DISABLED=yes`" },
	{ .kind = OPT_END },
};

static int start_run(struct cli *c, const void *args, struct err *e)
{
	const struct start_args *a = args;
	const struct wabe_start o = { .force = a->force };

	return wabe_start(c->w, c->ctid, &o, e);
}

const struct cmd cmd_start = {
	.name = "start",
	.args = "CT|--all [--force]",
	.summary = "Start a container",
	.text = "It is done when the container's init runs. Whether its services are up "
		"is told by `wabe exec2` *CT* `systemctl is-system-running --wait`.\n\n"
		"Limits for which the kernel has no controller are named, and not "
		"applied.",
	.theme = THEME_RUN,
	.flags = CMD_CT | CMD_ROOT | CMD_DOWN | CMD_ALL,
	.options = start_options,
	.codes = (const int[]){ E_RESOURCE, E_ENVCREATE, E_RUNNING, E_NO_PRIVATE,
				E_IP_INUSE, E_DISABLED, 0 },
	.examples = (const struct cmd_example[]){
		{ "start 101", "start container 101" },
		{ "start --all", "all that do not run and are not disabled" },
		{ NULL, NULL } },
	.args_size = sizeof(struct start_args),
	.run = start_run,
};
