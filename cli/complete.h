/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion for shells: completion/ holds two thin scripts, one for bash and one for zsh,
 * which ask the program ("wabe help --complete -- PROGRAM WORD...") what may stand for the
 * last word. So both offer what this program knows, and the same.
 *
 * An answer is one candidate a line, and after a tab what it is. A line ":files" means that
 * names of files fit. What cannot be found out (no right to read it, a configuration that
 * is broken) is left out without a word.
 */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include <stdio.h>

void complete_print(FILE *f, char *const *words, int n);

#endif
