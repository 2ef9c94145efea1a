/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

static int mount_run(struct cli *c, const void *args, struct err *e)
{
	return wabe_mount(c->w, c->ctid, e);
}

const struct cmd cmd_mount = {
	.name = "mount",
	.args = "CT",
	.summary = "Mount a stopped container's files on the host",
	.text = "They appear at its VE_ROOT (wabe list -o root CT), writable, until\n"
		"umount or start. Mounting a mounted container is no error.\n",
	.flags = CMD_CT | CMD_ROOT,
	.run = mount_run,
};
