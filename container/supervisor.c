/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wabe-supervisor: what wabe-keeper executes when its container's init has ended. Arguments:
 * "reboot" or "teardown", the CTID, and descriptors as NAME=NUMBER: listen (the control
 * socket) and client (who waits for a stop; -1: nobody).
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/mem.h"
#include "container/supervise.h"

static int number(const char *arg, const char *name, int otherwise)
{
	size_t n = strlen(name);

	return !strncmp(arg, name, n) && arg[n] == '=' ? atoi(arg + n + 1) : otherwise;
}

static void close_on_exec(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int main(int argc, char **argv)
{
	struct supervisor s = { .report = -1, .listen = -1, .client = -1 };
	bool again = argc > 2 && !strcmp(argv[1], "reboot");
	struct err e = { 0 };

	if (argc < 3 || (!again && strcmp(argv[1], "teardown"))) {
		fputs("wabe-supervisor is started by wabe(8), not by hand\n", stderr);
		return E_SYNTAX;
	}
	signal(SIGPIPE, SIG_IGN);
	s.ctid = (uint32_t)strtoul(argv[2], NULL, 10);
	for (int i = 3; i < argc; i++) {
		s.listen = number(argv[i], "listen", s.listen);
		s.client = number(argv[i], "client", s.client);
	}
	close_on_exec(s.listen);
	close_on_exec(s.client);
	if (wabe_open(&s.w, NULL, &e) < 0)
		return e.code;
	log_to(s.w->logfd, "wabe-supervisor", s.w->g.log_level > 0);
	log_ct(s.ctid);
	return again ? supervise_reboot(&s) : supervise_teardown(&s);
}
