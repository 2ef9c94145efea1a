/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"
#include "base/steps.h"

enum { HELP_COLUMN = 28, HELP_WIDTH = 80 };

/* `left`, then `text` from HELP_COLUMN on, wrapped at blanks. */
static void help_row(FILE *f, const char *left, const char *text)
{
	int at = fprintf(f, "  %s", left);

	if (at > HELP_COLUMN - 2) {
		fputc('\n', f);
		at = 0;
	}
	while (*text) {
		size_t word = strcspn(text, " ");

		if (at > HELP_COLUMN && (size_t)at + 1 + word > HELP_WIDTH) {
			fputc('\n', f);
			at = 0;
		}
		if (at < HELP_COLUMN)
			at += fprintf(f, "%*s", HELP_COLUMN - at, "");
		else
			at += fprintf(f, " ");
		at += fprintf(f, "%.*s", (int)word, text);
		text += word + (text[word] == ' ');
	}
	fputc('\n', f);
}

static void help_option(FILE *f, const struct opt *o)
{
	_cleanup_buf_ struct buf left = BUF_INIT;
	_cleanup_buf_ struct buf text = BUF_INIT;
	_cleanup_strv_ struct strv also = STRV_INIT;

	if (o->letter)
		buf_addf(&left, "-%c", o->letter);
	if (o->name)
		buf_addf(&left, "%s--%s", o->letter ? ", " : "    ", o->name);
	if (o->arg)
		buf_addf(&left, " %s", o->arg);
	buf_adds(&text, o->help);
	if (text.len)
		text.s[0] = (char)toupper((unsigned char)text.s[0]);
	if (o->also)
		strv_add_words(&also, o->also);
	for (size_t i = 0; i < also.n; i++)
		buf_addf(&text, "%s--%s", i ? ", " : " (also ", also.v[i]);
	if (also.n)
		buf_addc(&text, ')');
	help_row(f, left.s, text.s);
}

static void help_list(FILE *f, const struct cmd *const *table)
{
	for (; *table; table++) {
		_cleanup_free_ char *left = xasprintf("%s%s%s", (*table)->name,
						      *(*table)->args ? " " : "",
						      (*table)->args);

		help_row(f, left, (*table)->summary);
	}
}

void help_program(FILE *f, const char *prog)
{
	fprintf(f, "%s version %s\n"
		"Usage: %s [--quiet | --verbose] COMMAND [CT] [options]\n"
		"       %s COMMAND --help\n\n"
		"CT is the number or the name of a container.\n\nCommands:\n",
		prog, wabe_version(), prog, prog);
	help_list(f, cmds);
	fputs("\nBefore the command:\n", f);
	help_row(f, "--quiet", "Only errors and warnings");
	help_row(f, "--verbose", "More detail; may be given twice");
	help_row(f, "--version", "Show the version");
	help_row(f, "--help", "Show this help");
}

void help_command(FILE *f, const char *prog, const struct cmd *cmd)
{
	const struct opt_table t = { cmd->options, cmd->keys };
	_cleanup_free_ struct opt *rows = options_all(&t);
	_cleanup_free_ char *title = cmd_title(cmd);

	if (!strcmp(prog, "vzlist"))
		fprintf(f, "Usage: %s %s\n", prog, cmd->args);
	else
		fprintf(f, "Usage: %s %s%s%s\n", prog, title, *cmd->args ? " " : "",
			cmd->args);
	if (cmd->also)
		fprintf(f, "  Also called %s.\n", cmd->also);
	fprintf(f, "\n%s.\n", cmd->summary);
	if (cmd->text)
		fprintf(f, "\n%s", cmd->text);
	if (cmd->subs) {
		fputs("\nCommands:\n", f);
		help_list(f, cmd->subs);
	} else if (!(cmd->flags & CMD_RAW)) {
		fputs("\nOptions:\n", f);
		for (const struct opt *o = rows; o->kind != OPT_END; o++)
			help_option(f, o);
	}
}

struct help_args {
	bool words;
	bool steps;
};

static const struct opt help_options[] = {
	{ .kind = OPT_FLAG, .name = "words", .at = offsetof(struct help_args, words),
	  .help = "Only the commands or the command's options, one a line: for the "
		  "completion of shells" },
	{ .kind = OPT_FLAG, .name = "steps", .at = offsetof(struct help_args, steps),
	  .help = "The rows of all step tables: for the tests" },
	{ .kind = OPT_END },
};

static void words_of_command(const struct cmd *cmd)
{
	const struct opt_table t = { cmd->options, cmd->keys };
	_cleanup_free_ struct opt *rows = options_all(&t);

	for (const struct opt *o = rows; o->kind != OPT_END; o++) {
		_cleanup_strv_ struct strv also = STRV_INIT;

		if (o->name && !(cmd->flags & CMD_RAW))
			printf("--%s\n", o->name);
		if (o->also)
			strv_add_words(&also, o->also);
		for (size_t i = 0; i < also.n; i++)
			printf("--%s\n", also.v[i]);
	}
}

static void words_of_table(const struct cmd *const *table)
{
	for (; *table; table++) {
		printf("%s\n", (*table)->name);
		if ((*table)->also)
			printf("%s\n", (*table)->also);
	}
}

/* TABLE ROW NAME, then which of the two functions the row has: "run", "undo" or "run undo". */
static void help_steps(void *ctx, const struct steps *t)
{
	for (size_t i = 0; i < t->n; i++)
		fprintf(ctx, "%s %zu %s%s%s\n", t->name, i + 1, t->row[i].name,
			t->row[i].run ? " run" : "", t->row[i].undo ? " undo" : "");
}

static int help_run(struct cli *c, const void *args, struct err *e)
{
	const struct help_args *a = args;
	const struct cmd *const *table = cmds;
	const struct cmd *cmd = NULL;

	for (int i = 0; i < c->parsed.n_words; i++) {
		cmd = table ? cmd_find(table, c->parsed.words[i]) : NULL;
		if (!cmd)
			return cmd_unknown(table ? table : cmds, "wabe --help",
					   c->parsed.words[i], e);
		table = cmd->subs;
	}
	if (a->steps)
		steps_each(help_steps, stdout);
	else if (a->words && table)
		words_of_table(table);
	else if (a->words)
		words_of_command(cmd);
	else if (cmd)
		help_command(stdout, c->prog, cmd);
	else
		help_program(stdout, c->prog);
	return 0;
}

const struct cmd cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.summary = "Show the help of a command",
	.options = help_options,
	.args_size = sizeof(struct help_args),
	.words_max = 2,
	.run = help_run,
};
