/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The row of the start table that makes the root file system: the overlay over the
 * container's template for the user namespace of the child that waits, its /dev, and what
 * kind of init it holds.
 */
#ifndef CONTAINER_BOOTROOT_H
#define CONTAINER_BOOTROOT_H

#include "container/boot.h"

/* Fills b->root, b->dev and b->state.guest. */
int bootroot_open(struct boot *b, struct err *e);

#endif
