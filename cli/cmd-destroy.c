/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

static int destroy_run(struct cli *c, const void *args, struct err *e)
{
	return wabe_destroy(c->w, c->ctid, e);
}

const struct cmd cmd_destroy = {
	.name = "destroy",
	.also = "delete",
	.args = "CT",
	.summary = "Remove a stopped container and all its files",
	.text = "Its configuration is kept as CTID.conf.destroyed.\n",
	.flags = CMD_CT | CMD_ROOT,
	.run = destroy_run,
};
