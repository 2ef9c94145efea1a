/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands as tables. One `const struct cmd` per verb, defined in cmd-<verb>.c and listed
 * in cmd.c; what a command needs (root, a container, arguments) stands in its row and is
 * prepared by front.c, so that run() holds only what the command does. Help, completion
 * and the manual come from the same rows.
 *
 * Texts of a row: `literals` in backquotes, *PLACEHOLDERS* in stars; help drops the marks,
 * the manual sets them bold and italic. A text is paragraphs with an empty line between
 * them, each in one line.
 *
 * run() returns 0, or a negative code with *e filled; front.c prints e->msg as the one
 * line on stderr and exits with e->code. A command that has an exit status of its own
 * (exec2) puts it in c->status and returns 0. Results go to stdout by stdio; front.c
 * finds out at the end whether they could be written.
 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "cli/options.h"
#include "cli/say.h"
#include "include/wabe.h"

struct cli;

enum cmd_flag {
	CMD_CT = 1 << 0,   /* its first argument is a container */
	CMD_ROOT = 1 << 1, /* only for root: E_NO_ACCESS */
	CMD_RAW = 1 << 2,  /* what follows the container is not for getopt */
	CMD_MUTE = 1 << 3, /* stdout is the result: the library's info lines are muted */
	CMD_NODE = 1 << 4, /* needs the node opened (CMD_CT does too) */
	CMD_UP = 1 << 5,   /* for running containers: completion offers these */
	CMD_DOWN = 1 << 6, /* for those that do not run */
	CMD_NEW = 1 << 7,  /* for none that exists */
	CMD_ALL = 1 << 8,  /* or --all in place of the container: cli/all.h */
};

/* What a command is about: headings of the help and the manual, in this order. */
enum cmd_theme {
	THEME_LIFE,
	THEME_RUN,
	THEME_SET,
	THEME_LOOK,
	THEME_INSIDE,
	THEME_TEMPLATE,
	THEME_OTHER,
	THEME_COUNT
};

struct cmd_example {
	const char *line;	/* without the program's name */
	const char *text;	/* what it does, a clause */
};

struct cmd {
	const char *name;
	const char *also;	/* a second name, or NULL */
	const char *of;		/* the noun before it ("template"), or NULL */
	const char *args;	/* usage: what follows the name */
	const char *word;	/* what a plain argument is, as opt.arg; NULL: not to complete */
	const char *summary;	/* one line without a full stop */
	const char *text;	/* paragraphs, or NULL */
	enum cmd_theme theme;
	unsigned flags;		/* enum cmd_flag */
	const struct opt *options; /* up to an OPT_END row, or NULL */
	enum opt_keys keys;	/* which settings are options too */
	const int *codes;	/* exit codes worth knowing, up to 0; or NULL */
	const struct cmd_example *examples; /* up to a row without line; only a noun has none */
	size_t args_size;	/* of the struct that the options fill, zeroed */
	int words_min, words_max; /* plain arguments beside the container */
	const struct cmd *const *subs; /* up to NULL; then only name, args, summary */
	int (*run)(struct cli *c, const void *args, struct err *e);
};

/* One run of the program. */
struct cli {
	const char *prog;	/* wabe, vzctl or vzlist: what it was called */
	const struct cmd *cmd;
	struct wabe *w;
	uint32_t ctid;
	struct parsed parsed;	/* settings and plain arguments */
	struct say say;
	int status;		/* exit status when run() returned 0 */
};

/* NULL-terminated, in the order of the help: by themes. */
extern const struct cmd *const cmds[];
const char *cmd_theme(enum cmd_theme theme);

/* What stands before the command; up to an OPT_END row. For help and completion: front.c
 * knows them by their names. */
extern const struct opt cmd_globals[];

/* By name or second name; NULL: none. */
const struct cmd *cmd_find(const struct cmd *const *table, const char *name);

/* E_SYNTAX "unknown command", with the nearest name of the table if one is near. */
int cmd_unknown(const struct cmd *const *table, const char *what, const char *name,
		struct err *e);

/* "template build"; heap string. */
char *cmd_title(const struct cmd *cmd);

/* The whole program: arguments to exit status. */
int front_main(int argc, char **argv);

/* A wait status as a shell tells it: the exit status, or 128 + signal (cmd-exec.c). */
int exec_status(int wait_status);

/* The words with blanks between, '' for an empty one: the shell line of exec and exec2.
 * Heap string. */
char *exec_join(char *const *words, int n);

extern const struct cmd cmd_create, cmd_destroy, cmd_start, cmd_stop, cmd_restart,
	cmd_status, cmd_list, cmd_set, cmd_config, cmd_exec, cmd_exec2, cmd_exec3,
	cmd_enter, cmd_mount, cmd_umount, cmd_template, cmd_reexec, cmd_version, cmd_help;

#endif
