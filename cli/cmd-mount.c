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
	.text = "They appear at its `VE_ROOT` (`list -o root` *CT*), writable and with "
		"the owners that the container sees, until `umount` or `start`. "
		"Mounting a mounted container is no error.",
	.theme = THEME_RUN,
	.flags = CMD_CT | CMD_ROOT | CMD_DOWN,
	.codes = (const int[]){ E_NO_PRIVATE, E_MOUNT, E_NO_TEMPLATE, 0 },
	.examples = (const struct cmd_example[]){
		{ "mount 101", "then look below /var/lib/vz/root/101" },
		{ NULL, NULL } },
	.run = mount_run,
};
