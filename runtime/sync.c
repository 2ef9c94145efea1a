/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/sync.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/fdio.h"

struct message {
	char kind;
	struct err err;
};

int sync_send(int sock, enum sync_kind kind, const int *fds, size_t nfds, struct err *e)
{
	char k = (char)kind;
	int r = fd_send(sock, &k, 1, fds, nfds);

	if (!r)
		return 0;
	errno = -r;
	return fail(e, E_ENVCREATE, "the container's first process is gone: %m");
}

void sync_send_error(int sock, const struct err *e)
{
	struct message m = { .kind = SYNC_ERROR, .err = *e };

	fd_send(sock, &m, sizeof(m), NULL, 0);
}

static int died(struct err *e)
{
	return fail(e, E_ENVCREATE, "the container's first process died during set-up");
}

static int told(struct message *m, struct err *e)
{
	m->err.msg[sizeof(m->err.msg) - 1] = '\0';
	return fail(e, m->err.code ? m->err.code : E_ENVCREATE, "%s", m->err.msg);
}

static bool is_error(const struct message *m, ssize_t n)
{
	return n == (ssize_t)sizeof(*m) && m->kind == SYNC_ERROR;
}

int sync_look(int sock, struct err *e)
{
	struct message m;
	ssize_t n;

	while (fd_wait(sock, 0) > 0) {
		n = fd_recv(sock, &m, sizeof(m), NULL, NULL);
		if (n == 0)
			return died(e);
		if (n < 0)
			return 0;
		if (is_error(&m, n))
			return told(&m, e);
	}
	return 0;
}

int sync_wait(int sock, int kind, int ms, int *fds, size_t nfds, struct err *e)
{
	struct message m;
	size_t got = nfds;
	ssize_t n;
	int r = fd_wait(sock, ms);

	if (r == 0)
		return fail(e, E_ENVCREATE, "the container's first process does not answer");
	n = r < 0 ? r : fd_recv(sock, &m, sizeof(m), fds, &got);
	if (n < 0) {
		errno = (int)-n;
		return fail(e, E_ENVCREATE, "the container's first process: %m");
	}
	if (n == 0)
		return kind ? died(e) : 0;
	if (is_error(&m, n))
		return told(&m, e);
	if (m.kind != kind || got != nfds)
		return fail(e, E_ENVCREATE, "the container's first process spoke out of turn");
	return 0;
}
