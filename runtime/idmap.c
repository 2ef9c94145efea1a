/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"

static int write_map(pid_t pid, const char *which, uint32_t base, uint32_t count,
		     struct err *e)
{
	char path[48], line[48];
	int r;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, which);
	snprintf(line, sizeof(line), "0 %u %u\n", base, count);
	r = file_put(AT_FDCWD, path, line);
	errno = -r;
	return r ? fail(e, E_ENVCREATE, "cannot write %s (0 %u %u): %m", which, base, count) : 0;
}

int idmap_write(pid_t pid, const struct spec *s, struct err *e)
{
	int r = write_map(pid, "uid_map", s->uid_base, s->id_count, e);

	return r < 0 ? r : write_map(pid, "gid_map", s->gid_base, s->id_count, e);
}
