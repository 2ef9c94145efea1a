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
	.flags = CMD_CT | CMD_ROOT,
	.run = umount_run,
};
