/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: nothing below the front ends prints. Lines go to the file descriptor that
 * log_to() names (none at first), as "ISO-DATE program : CT ID : text", the form of
 * vzctl.log. It is the one mutable global of the library.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

/* Log to fd from now on (-1: stop); fd stays open. */
void log_to(int fd, const char *program, bool debug);
/* The container that lines are about; 0: none. */
void log_ct(uint32_t ctid);

void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Only with `debug`: each step of every table. */
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
