/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

struct stop_args {
	bool fast;
	int timeout;
};

static const struct opt stop_options[] = {
	{ .kind = OPT_FLAG,
	  .name = "fast",
	  .at = offsetof(struct stop_args, fast),
	  .help = "Kill it at once instead of asking its init to shut down" },
	{ .kind = OPT_NUMBER,
	  .name = "timeout",
	  .arg = "SECONDS",
	  .max = 86400,
	  .at = offsetof(struct stop_args, timeout),
	  .help = "Time for an orderly shutdown, then it is killed; 0: STOP_TIMEOUT of "
		  "the configuration" },
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
	.args = "CT [options]",
	.summary = "Stop a container",
	.text = "Stopping a container that does not run is no error.\n",
	.flags = CMD_CT | CMD_ROOT,
	.options = stop_options,
	.args_size = sizeof(struct stop_args),
	.run = stop_run,
};
