/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handshake between the supervisor and the container's init before it is one: messages
 * of one byte over a SOCK_SEQPACKET pair, some with descriptors.
 *
 *   supervisor -> init   MAPPED: the id maps are written
 *   init -> supervisor   NETNS: it has its network namespace
 *   supervisor -> init   GO (root mount, /dev tree, seccomp filter)
 *   init -> supervisor   READY (console master): file systems are in place
 *   supervisor -> init   RELEASE: network and guest are set up
 *   init -> supervisor   end of file: execve succeeded (the socket is close-on-exec)
 *
 * At any time init may send ERROR, a struct err, and exits. A message that is out of turn is
 * an error.
 */
#ifndef RUNTIME_SYNC_H
#define RUNTIME_SYNC_H

#include <stddef.h>

#include "base/err.h"

enum sync_kind {
	SYNC_MAPPED = 'm',
	SYNC_NETNS = 'n',
	SYNC_GO = 'g',
	SYNC_READY = 'r',
	SYNC_RELEASE = 'x',
	SYNC_ERROR = 'e',
};

int sync_send(int sock, enum sync_kind kind, const int *fds, size_t nfds, struct err *e);

/* Wait up to `ms` for `kind` with exactly `nfds` descriptors. An ERROR message becomes the
 * caller's error; end of file is success only for kind 0 (exec). */
int sync_wait(int sock, int kind, int ms, int *fds, size_t nfds, struct err *e);

/* Without waiting: has the other side failed or died? Its error (negative code), or 0. For
 * when we have failed ourselves: other messages that have come are thrown away. */
int sync_look(int sock, struct err *e);

void sync_send_error(int sock, const struct err *e);

#endif
