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
	.text = "After an upgrade: the process that supervises the container\n"
		"replaces itself by the installed program, and one that was killed\n"
		"is put back. The container does not notice.\n",
	.flags = CMD_CT | CMD_ROOT,
	.run = reexec_run,
};
