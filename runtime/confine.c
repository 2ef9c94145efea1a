/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/confine.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/proc.h"
#include "runtime/caps.h"
#include "runtime/seccomp.h"

enum { SOCK_FD = 3 };

int confine(int *sock, int filter, struct err *e)
{
	int r = caps_rlimits(e);

	if (r >= 0)
		r = caps_confine(e);
	if (r >= 0)
		r = seccomp_install(filter, e);
	if (r < 0)
		return r;
	proc_default_signals();
	if (*sock != SOCK_FD && dup3(*sock, SOCK_FD, O_CLOEXEC) < 0)
		return fail(e, E_ENVCREATE, "cannot move the socket: %m");
	*sock = SOCK_FD;
	if (close_range(SOCK_FD + 1, ~0U, 0) < 0)
		return fail(e, E_ENVCREATE, "cannot close descriptors: %m");
	return 0;
}
