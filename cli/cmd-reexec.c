/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

static int reexec_run(struct cli *c, const void *args, struct err *e)
{
	return wabe_reexec(c->w, c->ctid, e);
}

const struct cmd cmd_reexec = {
	.name = "reexec",
	.args = "CT",
	.summary = "Renew the supervisor of a running container",
	.text = "After an upgrade of the programs: the process that supervises the "
		"container replaces itself by the installed one. A supervisor that was "
		"killed is put back. The container does not notice.",
	.theme = THEME_RUN,
	.flags = CMD_CT | CMD_ROOT | CMD_UP,
	.codes = (const int[]){ E_NOT_RUNNING, 0 },
	.examples = (const struct cmd_example[]){
		{ "reexec web", "let it be supervised by what is installed now" },
		{ NULL, NULL } },
	.run = reexec_run,
};
