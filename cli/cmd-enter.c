/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <unistd.h>

#include "cli/cmd.h"

static int enter_run(struct cli *c, const void *args, struct err *e)
{
	const struct wabe_exec x = { .shell = true, .quiet_pty = c->say.quiet };
	int status, r;

	if (!isatty(STDIN_FILENO))
		return fail(e, E_SYNTAX,
			    "enter needs a terminal on stdin; for scripts there is "
			    "\"%s exec2\"",
			    c->prog);
	r = wabe_exec(c->w, c->ctid, &x, &status, e);
	if (r == 0)
		c->status = exec_status(status);
	return r;
}

const struct cmd cmd_enter = {
	.name = "enter",
	.args = "CT",
	.summary = "Open a root shell inside",
	.text = "A login shell on a terminal of its own inside the container; standard "
		"input must be a terminal. The exit status is the shell's. Programs are "
		"run by `exec2`.",
	.theme = THEME_INSIDE,
	.flags = CMD_CT | CMD_ROOT | CMD_UP,
	.codes = (const int[]){ E_EXEC, E_NOT_RUNNING, 0 },
	.examples = (const struct cmd_example[]){
		{ "enter 101", "look around inside" },
		{ NULL, NULL } },
	.run = enter_run,
};
