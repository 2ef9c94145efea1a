/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --all: one command for all containers that run, or for CMD_DOWN all that neither run nor
 * are disabled; several at a time, each in a process of its own. Their lines begin with
 * "CT ID: ". One that fails does not keep the others from it; the error at the end counts
 * them and has the code of one.
 */
#ifndef CLI_ALL_H
#define CLI_ALL_H

#include "cli/cmd.h"

/* The option's row, for a struct of arguments that begins with `bool all`. */
#define ALL_OPTION(which) \
	{ .kind = OPT_FLAG, .name = "all", .help = "in place of the container: " which }

int all_run(struct cli *c, const void *args, struct err *e);

#endif
