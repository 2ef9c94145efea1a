/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/all.h"

struct restart_args {
	bool all;
	bool force;
	bool fast;
	int timeout;
};

static const struct opt restart_options[] = {
	ALL_OPTION("all that run"),
	{ .kind = OPT_FLAG,
	  .name = "force",
	  .at = offsetof(struct restart_args, force),
	  .help = "start it although its configuration says `DISABLED=yes`" },
	{ .kind = OPT_FLAG,
	  .name = "fast",
	  .at = offsetof(struct restart_args, fast),
	  .help = "kill it at once instead of asking its init to shut down" },
	{ .kind = OPT_NUMBER,
	  .name = "timeout",
	  .arg = "SECONDS",
	  .max = 86400,
	  .at = offsetof(struct restart_args, timeout),
	  .help = "time for an orderly shutdown, then it is killed; 0: its "
		  "`STOP_TIMEOUT`" },
	{ .kind = OPT_END },
};

static int restart_run(struct cli *c, const void *args, struct err *e)
{
	const struct restart_args *a = args;
	const struct wabe_start start = { .force = a->force };
	const struct wabe_stop stop = { .fast = a->fast, .timeout = a->timeout };

	return wabe_restart(c->w, c->ctid, &start, &stop, e);
}

const struct cmd cmd_restart = {
	.name = "restart",
	.args = "CT|--all [--force] [--fast] [--timeout SECONDS]",
	.summary = "Stop a container and start it again",
	.text = "Settings that take effect with the next start do so. A container that "
		"does not run is just started.",
	.theme = THEME_RUN,
	.flags = CMD_CT | CMD_ROOT | CMD_ALL,
	.options = restart_options,
	.codes = (const int[]){ E_STOP, E_DISABLED, 0 },
	.examples = (const struct cmd_example[]){
		{ "restart web --timeout 30", "kill it if it has not shut down in 30 s" },
		{ "restart --all", "all that run, several at a time" },
		{ NULL, NULL } },
	.args_size = sizeof(struct restart_args),
	.run = restart_run,
};
