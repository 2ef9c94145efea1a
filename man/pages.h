/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages of the manual. What a table knows is taken from it, and nothing of that is written
 * anywhere else: names, usage, options, defaults, bounds, exit codes, fields. A page is a
 * prose file with "@word" lines for these, or, for a command, a frame around its row, into
 * which man/wabe-VERB.8.md goes where there is one.
 *
 *     @globals         options before the command
 *     @commands        each command with its page, by themes
 *     @codes           exit codes
 *     @fields          of `list`
 *     @key NAME        one key of CTID.conf; @keys: those that no @key has named
 *     @node-key NAME   one of vz.conf; @node-keys: the others
 *     @default NAME    a key of CTID.conf in vz.conf
 *     @own             the keys that may not stand in vz.conf
 */
#ifndef MAN_PAGES_H
#define MAN_PAGES_H

#include <stdbool.h>

/* All pages of the tables and the prose files of `from` into the directory `to`. False:
 * one could not be made, told on stderr. */
bool pages_write(const char *from, const char *to);

#endif
