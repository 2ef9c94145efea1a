/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes without the races of pid numbers: a process is a pidfd, or a pid together with
 * its start time (field 22 of /proc/PID/stat, clock ticks since boot), which no later
 * process of the same number shares.
 */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Start time of pid, 0 when there is no such process. `ret_state` (may be NULL) gets its
 * state letter: R S D T Z ... */
uint64_t proc_start_time(pid_t pid, char *ret_state);

/* A pidfd of pid if its start time is `start` (0: any). fd, or -1 with errno (ESRCH). */
int proc_open(pid_t pid, uint64_t start);

/* pid as its pid namespace numbers it (NSpid of /proc/PID/status) if that is ours or a direct
 * child of ours; else 0. */
pid_t proc_ns_pid(pid_t pid);

/* First 15 characters of the process's name, "" when it is gone. */
void proc_name(pid_t pid, char name[16]);

/* Default handlers and an empty mask, as a program to be executed expects them. */
void proc_default_signals(void);

#endif
