/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/all.h"

struct stop_args {
	bool all;
	bool fast;
	int timeout;
};

static const struct opt stop_options[] = {
	ALL_OPTION("all that run"),
	{ .kind = OPT_FLAG,
	  .name = "fast",
	  .at = offsetof(struct stop_args, fast),
	  .help = "kill it at once instead of asking its init to shut down" },
	{ .kind = OPT_NUMBER,
	  .name = "timeout",
	  .arg = "SECONDS",
	  .max = 86400,
	  .at = offsetof(struct stop_args, timeout),
	  .help = "time for an orderly shutdown, then it is killed; 0: its "
		  "`STOP_TIMEOUT`" },
	{ .kind = OPT_END },
};

static int stop_run(struct cli *c, const void *args, struct err *e)
{
	const struct stop_args *a = args;
	const struct wabe_stop o = { .fast = a->fast, .timeout = a->timeout };

	return wabe_stop(c->w, c->ctid, &o, e);
}

const struct cmd cmd_stop = {
	.name = "stop",
	.args = "CT|--all [--fast] [--timeout SECONDS]",
	.summary = "Stop a container",
	.text = "Its init is asked to shut down, and what is left after *SECONDS* is "
		"killed. Stopping a container that does not run is no error.",
	.theme = THEME_RUN,
	.flags = CMD_CT | CMD_ROOT | CMD_UP | CMD_ALL,
	.options = stop_options,
	.codes = (const int[]){ E_STOP, 0 },
	.examples = (const struct cmd_example[]){
		{ "stop web", "as its init wants it" },
		{ "stop web --fast", "at once" },
		{ "stop --all", "all that run, several at a time" },
		{ NULL, NULL } },
	.args_size = sizeof(struct stop_args),
	.run = stop_run,
};
