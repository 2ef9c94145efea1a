/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of one command from its row: what comes before its prose file, and after. */
#ifndef MAN_VERB_H
#define MAN_VERB_H

#include <stdio.h>

#include "cli/cmd.h"

void verb_begin(FILE *f, const struct cmd *cmd);	/* NAME to OPTIONS */
void verb_end(FILE *f, const struct cmd *cmd);		/* EXIT STATUS to SEE ALSO */

/* .TP with the option's forms, and what it does. */
void verb_option(FILE *f, const struct opt *o);

#endif
