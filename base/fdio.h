/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages with descriptors over a Unix socket (SOCK_SEQPACKET: one send is one receive).
 * Received descriptors are close-on-exec and belong to the caller.
 */
#ifndef BASE_FDIO_H
#define BASE_FDIO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define FDIO_MAX_FDS 4

/* 0 or -errno. Never raises SIGPIPE. */
int fd_send(int sock, const void *data, size_t len, const int *fds, size_t nfds);

/*
 * Receive at most `len` bytes and *nfds descriptors; *nfds becomes how many came, unused
 * places of `fds` become -1. Returns the bytes, 0 at end of file, -errno; a message or
 * descriptor list that was cut off is -EMSGSIZE. `fds` may be NULL with `nfds` NULL.
 */
ssize_t fd_recv(int sock, void *data, size_t len, int *fds, size_t *nfds);

/* Wait until fd is readable (or at end of file) for at most `ms` (-1: for ever).
 * 1 ready, 0 timed out, -errno. */
int fd_wait(int fd, int ms);

/* Has the other side closed it? No: -1 has none. */
bool fd_hung_up(int fd);

/* CLOCK_MONOTONIC in milliseconds, to compute with deadlines. */
long long now_ms(void);

#endif
