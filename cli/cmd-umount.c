/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

static int umount_run(struct cli *c, const void *args, struct err *e)
{
	return wabe_umount(c->w, c->ctid, e);
}

const struct cmd cmd_umount = {
	.name = "umount",
	.args = "CT",
	.summary = "Undo mount",
	.text = "Refused while a program on the host uses the files.",
	.theme = THEME_RUN,
	.flags = CMD_CT | CMD_ROOT | CMD_DOWN,
	.codes = (const int[]){ E_RUNNING, E_NOT_MOUNTED, E_UMOUNT, 0 },
	.examples = (const struct cmd_example[]){
		{ "umount 101", "take the files off the host again" },
		{ NULL, NULL } },
	.run = umount_run,
};
