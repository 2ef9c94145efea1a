/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How commands and a container's supervisor talk: SOCK_SEQPACKET on RUN/CTID/ctl, one
 * struct ctl_request, answered by struct ctl_reply messages. The socket lies in a directory
 * of root alone. The protocol carries a version: a supervisor of another version answers
 * with an error, and is told to replace itself (CTL_REEXEC, understood by all versions).
 *
 * The same replies travel over the descriptor that a started supervisor reports on.
 */
#ifndef CONTAINER_CTL_H
#define CONTAINER_CTL_H

#include <stdint.h>

#include "base/err.h"

enum { CTL_VERSION = 1 };

enum ctl_op {
	CTL_PING = 'p',
	CTL_STOP = 's',		/* timeout 0: kill at once; answered when nothing runs any
				   more, and the asker goes on with the teardown */
	CTL_REEXEC = 'r',
};

struct ctl_request {
	uint8_t version;
	uint8_t op;		/* enum ctl_op */
	uint16_t reserved;
	int32_t timeout;	/* s */
};

enum ctl_kind {
	CTL_SAY = 'i',		/* err.code is an enum say_level, err.msg the text */
	CTL_DONE = 'd',		/* err.code 0: success */
};

struct ctl_reply {
	uint8_t kind;		/* enum ctl_kind */
	uint8_t reserved[3];
	struct err err;
};

/* Connect; fd, or -1 with errno. */
int ctl_connect(const char *socket);
/* Listen on the path, replacing what a dead supervisor left; fd or negative code. */
int ctl_listen(const char *socket, struct err *e);

int ctl_reply(int fd, enum ctl_kind kind, int code, const char *text);

#endif
