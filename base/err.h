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
#include <stdbool.h>
#include <stddef.h>

/* Name, number, and what it means: one place for the program, its help and its manual. */
#define ERR_CODES(X)                                                              \
	X(E_SYSTEM, 3, "a system call failed, or the output could not be written")\
	X(E_BAD_KERNEL, 5, "the kernel lacks something that is needed")           \
	X(E_RESOURCE, 6, "a limit could not be applied")                          \
	X(E_ENVCREATE, 7, "the container's environment could not be made")        \
	X(E_EXEC, 8, "a command inside could not be run or, with `exec`, failed") \
	X(E_LOCKED, 9, "another command works on the container, or the template is in use") \
	X(E_NO_VZCONF, 10, "the node's vz.conf cannot be read")                   \
	X(E_NO_ACCESS, 12, "only root may do this")                               \
	X(E_CAPS, 13, "capabilities could not be set")                            \
	X(E_NO_CTCONF, 14, "there is no such container")                          \
	X(E_SYNTAX, 20, "wrong usage: an unknown command or option, or one that is missing") \
	X(E_VALUE, 21, "a bad value, or no container of that number or name")     \
	X(E_NO_OSTEMPLATE, 29, "no template was named")                           \
	X(E_NOT_RUNNING, 31, "the container is not running")                      \
	X(E_RUNNING, 32, "the container is running")                              \
	X(E_STOP, 33, "the container does not stop")                              \
	X(E_ADDIP, 34, "an address could not be added")                           \
	X(E_NOT_MOUNTED, 40, "the container is not mounted")                      \
	X(E_MOUNTED, 41, "the container is mounted")                              \
	X(E_NO_PRIVATE, 43, "the container's files are missing")                  \
	X(E_PRIVATE_EXISTS, 44, "the place for the container's files is taken")   \
	X(E_NO_SPACE, 46, "no space is left")                                     \
	X(E_BAD_TEMPLATE, 47, "the template cannot be used")                      \
	X(E_MKMOUNTPOINT, 49, "the place to mount could not be made")             \
	X(E_MOUNT, 50, "mounting failed")                                         \
	X(E_UMOUNT, 51, "unmounting failed")                                      \
	X(E_DEL_PRIVATE, 52, "the container's files could not be removed")        \
	X(E_MKDIR, 54, "a directory could not be made")                           \
	X(E_SET_QUOTA, 62, "a disk quota could not be set")                       \
	X(E_HOSTNAME, 70, "a bad host name")                                      \
	X(E_BAD_IP, 71, "a bad address")                                          \
	X(E_BAD_DNS, 72, "a bad name server")                                     \
	X(E_BAD_SEARCH, 73, "a bad search domain")                                \
	X(E_IP_INUSE, 78, "the address is in use on this node")                   \
	X(E_SAMPLE, 82, "the sample configuration cannot be used")                \
	X(E_BAD_CTCONF, 85, "the container's configuration cannot be used")       \
	X(E_NO_TEMPLATE, 91, "there is no template of that name")                 \
	X(E_DISABLED, 105, "the container is disabled, and `--force` is not given") \
	X(E_NAME, 131, "the name is taken, or cannot be one")                     \
	X(E_SAVE, 139, "the configuration could not be written")

enum errcode {
#define X(name, number, text) name = number,
	ERR_CODES(X)
#undef X
	/* vzctl's for what is not here yet */
	E_NO_SCRIPT = 11,	/* script file missing */
	E_NO_ROOT_SET = 22,	/* VE_ROOT is not set */
	E_NO_PRIVATE_SET = 23,	/* VE_PRIVATE is not set */
	E_SCRIPT = 79,		/* an action script failed */
	E_DEVICES = 86,
	E_IP_NA = 89,		/* the address cannot be assigned */
	E_WAIT = 133,		/* the guest was not up in time */
};

/* Row i of ERR_CODES, in order of the numbers; `text` is a clause without a full stop, with
 * `literals` in backquotes. False past the last (base/errcode.c). */
struct err_meaning {
	int code;
	const char *text;
};

bool err_meaning(size_t i, struct err_meaning *ret);

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
