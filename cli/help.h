/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Help for a terminal, from the tables: of the program, of a command, of a setting. All of
 * it is plain text of 80 columns; the manual (man/) tells the same in its own form, and
 * shares the sentences below.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "cli/cmd.h"

void help_program(FILE *f, const char *prog);
void help_command(FILE *f, const char *prog, const struct cmd *cmd);

/* A setting by any of its names: a key of CTID.conf or vz.conf in either case, or an option
 * without its dashes. False: there is none. */
bool help_setting(FILE *f, const char *name);

/* ---- sentences; heap strings with the marks of cmd.h, clauses without a full stop -------- */

/* What the option does: its help, that it may be given again, when it takes effect, what
 * else it is called. With a capital. */
char *help_of_option(const struct opt *o);

/* What a value may be: "a whole number, 8 to 500000"; and what counts without one. */
char *help_of_values(const struct wabe_key *k);
char *help_of_unset(const struct wabe_key *k);
const char *help_of_when(enum wabe_when when);	/* when a change takes effect */

/* A clause of the tables with a capital and a full stop. */
char *help_sentence(const char *clause);

/* The meaning of an exit code; "" when it has none. */
const char *help_of_code(int code);

/* The text without its marks; heap string. */
char *help_plain(const char *text);

#endif
