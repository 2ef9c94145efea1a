/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A new console for a running container whose supervisor was killed: with that its pty's
 * master is gone, and every open of /dev/console fails, for which systemd waits a second
 * each time.
 */
#ifndef RUNTIME_CONSOLE_H
#define RUNTIME_CONSOLE_H

#include "base/err.h"

/* A new pty of the container's devpts, mounted on its /dev/console in place of the old one, by
 * a process that joins its namespaces for the moment; bounded, since its file systems may be
 * of its own making. `init` is a pidfd. Returns the master (close-on-exec). */
int console_renew(int init, int *ret_master, struct err *e);

#endif
