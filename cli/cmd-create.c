/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

struct create_args {
	const char *sample;
};

static const struct opt create_options[] = {
	{ .kind = OPT_TEXT,
	  .name = "config",
	  .arg = "SAMPLE",
	  .at = offsetof(struct create_args, sample),
	  .help = "Start from ve-SAMPLE.conf-sample instead of the node's "
		  "default sample" },
	{ .kind = OPT_END },
};

static int create_run(struct cli *c, const void *args, struct err *e)
{
	const struct create_args *a = args;
	const struct wabe_create o = {
		.settings = c->parsed.settings,
		.sample = a->sample,
	};

	return wabe_create(c->w, c->ctid, &o, e);
}

const struct cmd cmd_create = {
	.name = "create",
	.args = "CT [options]",
	.summary = "Make a container from a template",
	.text = "CT is a number that is free, 101 or higher by custom. What no\n"
		"option gives comes from the sample configuration and from vz.conf.\n",
	.flags = CMD_CT | CMD_ROOT,
	.options = create_options,
	.keys = KEYS_CREATE,
	.args_size = sizeof(struct create_args),
	.run = create_run,
};
