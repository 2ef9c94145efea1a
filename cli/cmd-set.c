/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "cli/cmd.h"

struct set_args {
	bool save;
	bool force;
	const char *setmode;
};

static const struct opt set_options[] = {
	{ .kind = OPT_FLAG, .name = "save", .at = offsetof(struct set_args, save),
	  .help = "write the settings to *CTID*.conf too" },
	{ .kind = OPT_FLAG, .name = "force", .at = offsetof(struct set_args, force),
	  .help = "with `--save`: write them although this kernel cannot apply them now" },
	{ .kind = OPT_TEXT, .name = "setmode", .arg = "restart|ignore",
	  .at = offsetof(struct set_args, setmode),
	  .help = "what to do about settings that take effect with the next start: "
		  "`restart` it (with `--save`), or `ignore`, as without this option" },
	{ .kind = OPT_SETTING, .name = "ipdel", .list = true, .arg = "ADDR|all",
	  .help = "address to take from the container, or all; done before `--ipadd`" },
	{ .kind = OPT_END },
};

static int set_check(const struct cli *c, const struct set_args *a, struct err *e)
{
	if (!c->parsed.n_settings)
		return fail(e, E_SYNTAX,
			    "no setting is given; \"%s set --help\" lists them", c->prog);
	if (a->force && !a->save)
		return fail(e, E_SYNTAX, "--force needs --save");
	if (!a->setmode || !strcmp(a->setmode, "ignore"))
		return 0;
	if (strcmp(a->setmode, "restart"))
		return fail(e, E_VALUE, "--setmode is restart or ignore, not \"%.64s\"",
			    a->setmode);
	return a->save ? 0 : fail(e, E_SYNTAX, "--setmode restart needs --save");
}

static int set_run(struct cli *c, const void *args, struct err *e)
{
	const struct set_args *a = args;
	const struct wabe_set o = {
		.save = a->save,
		.force = a->force,
		.restart = a->setmode && !strcmp(a->setmode, "restart"),
	};
	int r = set_check(c, a, e);

	return r < 0 ? r : wabe_set(c->w, c->ctid, c->parsed.settings, &o, e);
}

static const struct cmd_example set_examples[] = {
	{ "set web --ram 1G --ipadd 192.0.2.102 --save", "now, and for the next start" },
	{ "set web --cpulimit 50", "half a processor, until the next start" },
	{ "set web --nameserver inherit --save --setmode restart",
	  "restart it if that is needed" },
	{ NULL, NULL },
};

const struct cmd cmd_set = {
	.name = "set",
	.args = "CT --SETTING VALUE... [--save]",
	.summary = "Change settings of a container",
	.text = "A running container gets them at once, and keeps them until it stops; "
		"with `--save` they are written to its configuration too. A stopped one "
		"needs `--save`. If one setting cannot be applied, none is saved.\n\n"
		"Settings that take effect only with the next start are saved with a "
		"warning.",
	.theme = THEME_SET,
	.flags = CMD_CT | CMD_ROOT,
	.options = set_options,
	.keys = KEYS_SET,
	.codes = (const int[]){ E_RESOURCE, E_NOT_RUNNING, E_ADDIP, E_HOSTNAME, E_BAD_IP,
				E_IP_INUSE, E_NAME, E_SAVE, 0 },
	.examples = set_examples,
	.args_size = sizeof(struct set_args),
	.run = set_run,
};
