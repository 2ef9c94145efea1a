/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options from tables: a command's own rows, which fill a struct of the command, and the
 * settings of wabe_option(), which go to a struct wabe_settings. The rules are those of
 * GNU getopt_long: --opt value, --opt=value, unique prefixes, -x value, -xvalue, -ab,
 * options after plain arguments, "--" ends them, repetition (the last one counts; lists
 * add up). Every table has --help in addition.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "include/wabe.h"

enum opt_kind {
	OPT_END,
	OPT_FLAG,	/* bool: true when given */
	OPT_TEXT,	/* const char *: into argv */
	OPT_LIST,	/* struct strv: one entry per use */
	OPT_NUMBER,	/* int within 0..max */
	OPT_SETTING,	/* to wabe_settings_put() under this name */
	OPT_HELP,
};

struct opt {
	enum opt_kind kind;
	char letter;		/* short form, 0: none */
	const char *name;	/* long form, NULL: none */
	const char *arg;	/* placeholder, NULL: takes none; what is in lower case is
				   meant literally, and completion offers it */
	const char *help;	/* a clause without a full stop; marks as in cmd.h */
	size_t at;		/* offset in the command's struct */
	int max;		/* OPT_NUMBER */
	const char *also;	/* further long forms, separated by blanks, or NULL */
	bool list;		/* OPT_SETTING: may be given again; OPT_LIST is anyway */
	bool late;		/* OPT_SETTING: takes effect with the next start */
};

enum opt_keys {
	KEYS_NONE,
	KEYS_CREATE,
	KEYS_SET,
};

struct opt_table {
	const struct opt *own;	/* up to an OPT_END row, or NULL */
	enum opt_keys keys;
};

/* All rows, own ones first, then settings, --help last; ends with an OPT_END row. Heap
 * array of the caller; its strings are static. */
struct opt *options_all(const struct opt_table *t);

struct parsed {
	struct wabe_settings *settings;	/* made by options_parse() */
	size_t n_settings;		/* how many were put */
	char **words;			/* plain arguments, into argv */
	int n_words;
};

struct args {
	int argc;
	char **argv;
};

/*
 * Parse argv[1..argc-1] (argv is reordered) into `into`, the command's struct, and *p. 1
 * when --help was given (what follows it is not looked at), E_SYNTAX, E_VALUE, or what
 * wabe_settings_put() says. The caller clears both in each case.
 */
int options_parse(const struct opt_table *t, const struct args *a, void *into,
		  struct parsed *p, struct err *e);
void options_clear(const struct opt_table *t, void *into, struct parsed *p);

#endif
