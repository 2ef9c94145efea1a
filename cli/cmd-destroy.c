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
	.text = "It must neither run nor be mounted. Its configuration is kept as "
		"*CTID*.conf.destroyed; its addresses, name and range of user ids are "
		"free again.",
	.theme = THEME_LIFE,
	.flags = CMD_CT | CMD_ROOT | CMD_DOWN,
	.codes = (const int[]){ E_RUNNING, E_MOUNTED, E_DEL_PRIVATE, 0 },
	.examples = (const struct cmd_example[]){
		{ "destroy web", "remove the container of that name" },
		{ NULL, NULL } },
	.run = destroy_run,
};
