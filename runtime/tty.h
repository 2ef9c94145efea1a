/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pseudo terminals of a container's own devpts. The device is never opened by a name that
 * the container controls without proof that it is devpts' own ptmx.
 */
#ifndef RUNTIME_TTY_H
#define RUNTIME_TTY_H

#include "base/err.h"

/* A new pair from the devpts whose root directory is `devpts` (its ptmx is checked: char
 * 5:2, inode 2 of a devpts). Both close-on-exec. */
int tty_pair(int devpts, int *ret_master, int *ret_slave, struct err *e);

/* As tty_pair by /dev/pts of the process's own root. */
int tty_pair_here(int *ret_master, int *ret_slave, struct err *e);

/* Make `slave` (kept open) stdin, stdout and stderr, and with `control` the controlling
 * terminal of a new session. */
int tty_become(int slave, int control, struct err *e);

#endif
