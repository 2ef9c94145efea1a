/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/all.h"

struct reexec_args {
	bool all;
};

static const struct opt reexec_options[] = {
	ALL_OPTION("all that run"),
	{ .kind = OPT_END },
};

static int reexec_run(struct cli *c, const void *args, struct err *e)
{
	return wabe_reexec(c->w, c->ctid, e);
}

const struct cmd cmd_reexec = {
	.name = "reexec",
	.args = "CT|--all",
	.summary = "Renew the supervisor of a running container",
	.text = "After an upgrade of the programs: the process that supervises the "
		"container replaces itself by the installed one. A supervisor that was "
		"killed is put back. The container does not notice.",
	.theme = THEME_RUN,
	.flags = CMD_CT | CMD_ROOT | CMD_UP | CMD_ALL,
	.options = reexec_options,
	.codes = (const int[]){ E_NOT_RUNNING, 0 },
	.examples = (const struct cmd_example[]){
		{ "reexec web", "let it be supervised by what is installed now" },
		{ "reexec --all", "the same for all that run, after an upgrade" },
		{ NULL, NULL } },
	.args_size = sizeof(struct reexec_args),
	.run = reexec_run,
};
