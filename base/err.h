/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors as sentences.
 *
 * A function that can fail takes a `struct err *e` as its last parameter and returns 0 or
 * a negative code; `return fail(e, E_SYSTEM, "cannot open %s: %m", path);` fills the one
 * and returns the other. The object lies on the caller's stack and needs no heap, so it is
 * legal after clone and crosses a socket in one write().
 *
 * Codes are the exit codes of vzctl (vzerror.h of vzctl 4.11), which scripts test: there is
 * one number for one failure from the place that knows it to the shell. Most kernel
 * failures are E_SYSTEM; the text carries errno by %m, evaluated at the call.
 *
 * `e` may be NULL where the caller wants the code alone. On success `e` is not touched.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>

enum errcode {
	E_SYSTEM = 3,		/* a system call failed */
	E_BAD_KERNEL = 5,	/* the kernel lacks something that is needed */
	E_RESOURCE = 6,		/* a limit could not be applied */
	E_ENVCREATE = 7,	/* the container's environment could not be made */
	E_EXEC = 8,		/* exec: the command failed (any reason) */
	E_LOCKED = 9,		/* another command works on the container */
	E_NO_VZCONF = 10,	/* vz.conf is missing or unreadable */
	E_NO_SCRIPT = 11,	/* script file missing */
	E_NO_ACCESS = 12,	/* not root */
	E_CAPS = 13,		/* capabilities could not be set */
	E_NO_CTCONF = 14,	/* no such container: its CTID.conf is missing */
	E_SYNTAX = 20,		/* command line: unknown verb, option or missing argument */
	E_VALUE = 21,		/* command line: bad value or bad CTID */
	E_NO_ROOT_SET = 22,	/* VE_ROOT is not set */
	E_NO_PRIVATE_SET = 23,	/* VE_PRIVATE is not set */
	E_NO_OSTEMPLATE = 29,	/* no template was named */
	E_NOT_RUNNING = 31,
	E_RUNNING = 32,
	E_STOP = 33,		/* the container does not stop */
	E_ADDIP = 34,		/* an address could not be added */
	E_NOT_MOUNTED = 40,
	E_MOUNTED = 41,
	E_NO_PRIVATE = 43,	/* the private area does not exist */
	E_PRIVATE_EXISTS = 44,
	E_NO_SPACE = 46,
	E_BAD_TEMPLATE = 47,	/* the tree holds no init, or cannot be a root file system */
	E_MKMOUNTPOINT = 49,
	E_MOUNT = 50,
	E_UMOUNT = 51,
	E_DEL_PRIVATE = 52,
	E_MKDIR = 54,
	E_SET_QUOTA = 62,
	E_HOSTNAME = 70,
	E_BAD_IP = 71,
	E_BAD_DNS = 72,
	E_BAD_SEARCH = 73,
	E_IP_INUSE = 78,
	E_SCRIPT = 79,		/* an action script failed */
	E_SAMPLE = 82,		/* the sample configuration cannot be used */
	E_BAD_CTCONF = 85,	/* CTID.conf cannot be used */
	E_DEVICES = 86,
	E_IP_NA = 89,		/* the address cannot be assigned */
	E_NO_TEMPLATE = 91,	/* no template of that name */
	E_DISABLED = 105,	/* DISABLED=yes and no --force */
	E_NAME = 131,		/* the name is taken or not valid */
	E_WAIT = 133,		/* the guest was not up in time */
	E_SAVE = 139,		/* the configuration could not be written */
};

struct err {
	int code;		/* enum errcode; 0 = none */
	char msg[508];		/* one sentence without a final newline */
};

/* Fill `e` and return -code. `%m` is errno's text. */
int fail(struct err *e, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Prepend "CONTEXT: " to what `e` says; return its negative code. */
int fail_in(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* As fail() for one of the two codes by errno: ENOSPC and EDQUOT are E_NO_SPACE. */
int fail_write(struct err *e, const char *what);

#endif
