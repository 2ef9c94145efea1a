/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "base/steps.h"
#include "cli/cmd.h"
#include "cli/complete.h"
#include "cli/help.h"
#include "cli/near.h"

struct help_args {
	bool words;
	bool complete;
	bool steps;
};

static const struct opt help_options[] = {
	{ .kind = OPT_FLAG, .name = "words", .at = offsetof(struct help_args, words),
	  .help = "only the names of commands, or of the command's options, one a line" },
	{ .kind = OPT_FLAG, .name = "complete", .at = offsetof(struct help_args, complete),
	  .help = "for shells: what may stand for the last of the words after `--`, which "
		  "begin with the program's name" },
	{ .kind = OPT_FLAG, .name = "steps", .at = offsetof(struct help_args, steps),
	  .help = "the rows of all step tables: for the tests" },
	{ .kind = OPT_END },
};

static void words_of_command(const struct cmd *cmd)
{
	const struct opt_table t = { cmd->options, cmd->keys };
	_cleanup_free_ struct opt *rows = options_all(&t);

	if (cmd->flags & CMD_RAW)
		return;
	for (const struct opt *o = rows; o->kind != OPT_END; o++) {
		_cleanup_strv_ struct strv also = STRV_INIT;

		if (o->name)
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

/* The nearest of commands and settings. */
static int help_unknown(const char *name, struct err *e)
{
	struct near n = near_start(name);
	struct wabe_option o;
	struct wabe_key k;

	for (const struct cmd *const *c = cmds; *c; c++)
		near_try(&n, (*c)->name);
	for (size_t i = 0; wabe_option(i, &o); i++)
		near_try(&n, o.option);
	for (size_t i = 0; wabe_key(i, &k); i++)
		near_try(&n, k.name);
	for (size_t i = 0; wabe_node_key(i, &k); i++)
		near_try(&n, k.name);
	if (n.best)
		return fail(e, E_SYNTAX,
			    "no command or setting \"%.64s\", did you mean \"%s\"?", name,
			    n.best);
	return fail(e, E_SYNTAX,
		    "no command or setting \"%.64s\"; \"wabe help\" lists the commands",
		    name);
}

/* What the words name: *ret, or NULL for the whole program. 1: it was a setting, and its
 * help is printed. */
static int help_find(struct cli *c, const struct cmd **ret, struct err *e)
{
	const struct cmd *const *table = cmds;

	*ret = NULL;
	for (int i = 0; i < c->parsed.n_words; i++) {
		const char *word = c->parsed.words[i];

		*ret = table ? cmd_find(table, word) : NULL;
		if (*ret) {
			table = (*ret)->subs;
			continue;
		}
		if (i == 0)
			return help_setting(stdout, word) ? 1 : help_unknown(word, e);
		if (!table)
			return fail(e, E_SYNTAX,
				    "help tells of one at a time: \"%.64s\" is too many",
				    word);
		return cmd_unknown(table, "wabe help", word, e);
	}
	return 0;
}

static int help_run(struct cli *c, const void *args, struct err *e)
{
	const struct help_args *a = args;
	const struct cmd *cmd;
	int r;

	if (a->complete) {
		complete_print(stdout, c->parsed.words, c->parsed.n_words);
		return 0;
	}
	if (a->steps) {
		steps_each(help_steps, stdout);
		return 0;
	}
	r = help_find(c, &cmd, e);
	if (r)
		return r < 0 ? r : 0;
	if (a->words && cmd && !cmd->subs)
		words_of_command(cmd);
	else if (a->words)
		words_of_table(cmd ? cmd->subs : cmds);
	else if (cmd)
		help_command(stdout, c->prog, cmd);
	else
		help_program(stdout, c->prog);
	return 0;
}

const struct cmd cmd_help = {
	.name = "help",
	.args = "[COMMAND | SETTING]",
	.word = "COMMAND",
	.summary = "Tell about a command or a setting",
	.text = "A *SETTING* is a key of ctid.conf(5) or vz.conf(5), or an option of `set` "
		"without its dashes.",
	.theme = THEME_OTHER,
	.options = help_options,
	.examples = (const struct cmd_example[]){
		{ "help set", "the options of set" },
		{ "help cpuunits", "what a setting means, its bounds and its default" },
		{ NULL, NULL } },
	.args_size = sizeof(struct help_args),
	.words_max = -1,
	.run = help_run,
};
