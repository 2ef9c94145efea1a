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
	  .help = "start from the sample configuration of that name" },
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

static const struct cmd_example create_examples[] = {
	{ "create 101 --ostemplate debian-12 --hostname web1.example --ipadd 192.0.2.101",
	  "a Debian container with a name and an address" },
	{ "create 102 --config vswap-1g --name db --diskspace 20G",
	  "from a sample, with more disk space, to be called db" },
	{ NULL, NULL },
};

const struct cmd cmd_create = {
	.name = "create",
	.args = "CT [--config SAMPLE] [--SETTING VALUE]...",
	.summary = "Make a container from a template",
	.text = "*CT* is a number that is free, 101 or higher by custom. What no option "
		"gives comes from the sample configuration ve-*SAMPLE*.conf-sample, and "
		"from vz.conf(5). Without `--config` the sample is the node's "
		"`CONFIGFILE`, without `--ostemplate` the template is its "
		"`DEF_OSTEMPLATE`; one that is not unpacked yet is unpacked first.\n\n"
		"A configuration of that number that is there already is kept and used.",
	.theme = THEME_LIFE,
	.flags = CMD_CT | CMD_ROOT | CMD_NEW,
	.options = create_options,
	.keys = KEYS_CREATE,
	.codes = (const int[]){ E_NO_OSTEMPLATE, E_PRIVATE_EXISTS, E_NO_SPACE, E_SAMPLE,
				E_NO_TEMPLATE, E_NAME, 0 },
	.examples = create_examples,
	.args_size = sizeof(struct create_args),
	.run = create_run,
};
