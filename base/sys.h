/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls that glibc 2.36 does not wrap. Each returns as the kernel's man page says:
 * -1 and errno on failure.
 */
#ifndef BASE_SYS_H
#define BASE_SYS_H

#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* clone3(2) with fork semantics: no stack, the child returns 0 here. */
static inline pid_t sys_clone3(struct clone_args *a)
{
	return (pid_t)syscall(SYS_clone3, a, sizeof(*a));
}

static inline int sys_openat2(int dirfd, const char *path, struct open_how *how)
{
	return (int)syscall(SYS_openat2, dirfd, path, how, sizeof(*how));
}

/* quotactl_fd(2), Linux 5.14: quotactl on the file system that fd lies on. */
static inline int sys_quotactl_fd(int fd, unsigned int cmd, int id, void *addr)
{
	return (int)syscall(SYS_quotactl_fd, fd, cmd, id, addr);
}

#endif
