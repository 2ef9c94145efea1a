/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text with few marks to man(7) macros. In a line: `literal` is bold, *PLACEHOLDER* italic,
 * a name like wabe(8) is set as a reference. Blocks of the prose files (man/NAME.SECTION.md,
 * which any Markdown reader shows, too):
 *
 *     # SECTION            ## subsection
 *     paragraph            lines up to an empty one; "\" at a line's end breaks it
 *     term                 what the line after a term begins with ": " explains
 *     : explanation
 *         example          four blanks: as it stands
 *     @word argument       what the tables have; handed to a callback. ": more" in the
 *                          next line goes on with what it has written
 */
#ifndef MAN_ROFF_H
#define MAN_ROFF_H

#include <stdbool.h>
#include <stdio.h>

/* One line or paragraph with its marks; a final newline is added. */
void roff_text(FILE *f, const char *text);

void roff_head(FILE *f, const char *title);	/* .SH */
void roff_subhead(FILE *f, const char *title);	/* .SS */
void roff_term(FILE *f, const char *term);	/* .TP; its explanation is a roff_text() */
void roff_paragraphs(FILE *f, const char *text); /* divided by empty lines */
void roff_example(FILE *f, const char *lines); /* after a .PP, or a heading */

/* "CT [--config SAMPLE] -": words of usage set by their form. */
void roff_usage(FILE *f, const char *usage);

/* A prose file; `at` gets each "@word argument" line (argument "" when there is none) and
 * returns false when it does not know it. That, or an unreadable file: false, told on
 * stderr. */
struct roff_at {
	bool (*fn)(void *ctx, const char *word, const char *argument);
	void *ctx;
};

bool roff_prose(FILE *f, const char *path, const struct roff_at *at);

#endif
