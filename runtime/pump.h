/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the caller's stdio and a process inside a container. A descriptor of the host goes
 * in as it is only when nothing can be reached through it: a pipe or /dev/null. All others
 * (terminals, files, directories, sockets) stay outside and are copied through pipes; a
 * terminal session is copied between two terminals.
 */
#ifndef RUNTIME_PUMP_H
#define RUNTIME_PUMP_H

#include "base/err.h"
#include "runtime/enter.h"

struct pump {
	int inside[3];	/* to hand in as enter.stdio */
	int outside[3];	/* our ends, -1 where the caller's own went in */
};

#define PUMP_INIT { { -1, -1, -1 }, { -1, -1, -1 } }

int pump_open(struct pump *p, struct err *e);
void pump_close(struct pump *p);

/* Copy until the process ends, passing SIGINT, SIGTERM, SIGHUP and SIGQUIT on to it.
 * *ret_status is its wait status. */
int pump_run(struct pump *p, const struct entered *c, int *ret_status, struct err *e);

/* As pump_run with the caller's terminal in raw mode over c->master; window size follows. */
int pump_terminal(const struct entered *c, int *ret_status, struct err *e);

#endif
