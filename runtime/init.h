/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The child half of a start: from the clone, inside all new namespaces, to the execve of the
 * container's init. A table of steps; an error goes to the supervisor as a struct err and
 * ends the process. Everything it allocates dies with it or with execve.
 */
#ifndef RUNTIME_INIT_H
#define RUNTIME_INIT_H

#include "runtime/spec.h"

/* Never returns. `sock` is this side of the handshake (runtime/sync.h). */
_Noreturn void init_main(const struct spec *s, int sock);

#endif
