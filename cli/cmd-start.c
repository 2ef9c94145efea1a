/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

struct start_args {
	bool force;
};

static const struct opt start_options[] = {
	{ .kind = OPT_FLAG, .name = "force", .at = offsetof(struct start_args, force),
	  .help = "Start it although its configuration says DISABLED=yes" },
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
	.args = "CT [options]",
	.summary = "Start a container",
	.flags = CMD_CT | CMD_ROOT,
	.options = start_options,
	.args_size = sizeof(struct start_args),
	.run = start_run,
};
