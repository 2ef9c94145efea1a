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
	  .help = "Write the settings to CTID.conf too" },
	{ .kind = OPT_FLAG, .name = "force", .at = offsetof(struct set_args, force),
	  .help = "With --save: write them although they cannot be applied now" },
	{ .kind = OPT_TEXT, .name = "setmode", .arg = "restart|ignore",
	  .at = offsetof(struct set_args, setmode),
	  .help = "What to do about settings that take effect by a restart" },
	{ .kind = OPT_SETTING, .name = "ipdel", .arg = "ADDR|all",
	  .help = "Take an address, or all, from the container; may be repeated" },
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

const struct cmd cmd_set = {
	.name = "set",
	.args = "CT --SETTING VALUE... [--save]",
	.summary = "Change settings of a container",
	.text = "A running container gets them at once, without --save until its\n"
		"next start. If one cannot be applied, nothing is saved. A stopped\n"
		"one needs --save.\n",
	.flags = CMD_CT | CMD_ROOT,
	.options = set_options,
	.keys = KEYS_SET,
	.args_size = sizeof(struct set_args),
	.run = set_run,
};
