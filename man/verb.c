/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "man/verb.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/help.h"
#include "man/roff.h"

static void put_name(FILE *f, const struct cmd *cmd)
{
	_cleanup_free_ char *summary = xstrdup(cmd->summary);

	summary[0] = (char)tolower((unsigned char)summary[0]);
	roff_head(f, "NAME");
	fprintf(f, "wabe\\-%s \\- ", cmd->name);
	roff_text(f, summary);
}

static void put_usage(FILE *f, const char *name, const struct cmd *cmd)
{
	_cleanup_free_ char *title = cmd_title(cmd);

	fprintf(f, "\\fBwabe %s\\fR ", name ? name : title);
	roff_usage(f, cmd->args);
	fputc('\n', f);
}

static void put_synopsis(FILE *f, const struct cmd *cmd)
{
	roff_head(f, "SYNOPSIS");
	if (!cmd->subs)
		put_usage(f, NULL, cmd);
	for (const struct cmd *const *sub = cmd->subs; sub && *sub; sub++) {
		if (sub != cmd->subs)
			fputs(".br\n", f);
		put_usage(f, NULL, *sub);
	}
	if (cmd->also) {
		fputs(".br\n", f);
		put_usage(f, cmd->also, cmd);
	}
	if (cmd == &cmd_list) {
		fputs(".br\n\\fBvzlist\\fR ", f);
		roff_usage(f, cmd->args);
		fputc('\n', f);
	}
}

void verb_option(FILE *f, const struct opt *o)
{
	_cleanup_free_ char *text = help_of_option(o), *sentence = help_sentence(text);

	fputs(".TP\n", f);
	if (o->letter)
		fprintf(f, "\\fB\\-%c\\fR%s", o->letter, o->name ? ", " : "");
	if (o->name) {
		_cleanup_free_ char *name = xasprintf("--%s", o->name);

		roff_usage(f, name);
	}
	if (o->arg) {
		fputc(' ', f);
		roff_usage(f, o->arg);
	}
	fputc('\n', f);
	roff_text(f, sentence);
}

static void put_options(FILE *f, const struct cmd *cmd)
{
	const struct opt_table t = { cmd->options, cmd->keys };
	_cleanup_free_ struct opt *rows = options_all(&t);
	bool settings = false;

	for (const struct opt *o = rows; o->kind != OPT_END; o++) {
		if (o->kind == OPT_SETTING && !settings) {
			settings = true;
			roff_subhead(f, "Settings");
			roff_text(f, "What each value may be, what counts without it, and how it "
				  "is stored is told in ctid.conf(5), and by `wabe help` "
				  "*SETTING*.");
		}
		if (o->kind != OPT_HELP)
			verb_option(f, o);
	}
}

static bool has_options(const struct cmd *cmd)
{
	return cmd->keys != KEYS_NONE || (cmd->options && cmd->options->kind != OPT_END);
}

static void put_sub(FILE *f, const struct cmd *cmd)
{
	_cleanup_free_ char *title = cmd_title(cmd);
	_cleanup_free_ char *summary = xasprintf("%s.", cmd->summary);

	roff_subhead(f, title);
	roff_text(f, summary);
	if (cmd->text) {
		fputs(".PP\n", f);
		roff_paragraphs(f, cmd->text);
	}
	put_options(f, cmd);
}

void verb_begin(FILE *f, const struct cmd *cmd)
{
	_cleanup_free_ char *summary = xasprintf("%s.", cmd->summary);

	put_name(f, cmd);
	put_synopsis(f, cmd);
	roff_head(f, "DESCRIPTION");
	roff_text(f, summary);
	if (cmd->text)
		roff_paragraphs(f, cmd->text);
	if (cmd->subs) {
		roff_head(f, "COMMANDS");
		for (const struct cmd *const *sub = cmd->subs; *sub; sub++)
			put_sub(f, *sub);
	} else if (has_options(cmd)) {
		roff_head(f, "OPTIONS");
		put_options(f, cmd);
	}
}

static bool is_of(const int *codes, int code)
{
	for (; codes && *codes; codes++)
		if (*codes == code)
			return true;
	return false;
}

/* Those of its row, and those that its flags bring along. */
static bool can_give(const struct cmd *cmd, int code)
{
	switch (code) {
	case E_SYNTAX:
	case E_VALUE:
		return true;
	case E_NO_ACCESS:
		return cmd->flags & CMD_ROOT;
	case E_LOCKED:
		return cmd->flags & CMD_CT && cmd->flags & CMD_ROOT && !(cmd->flags & CMD_RAW);
	case E_NO_CTCONF:
		return cmd->flags & CMD_CT && !(cmd->flags & CMD_NEW) && cmd != &cmd_status;
	default:
		return false;
	}
}

static void put_codes(FILE *f, const struct cmd *cmd)
{
	struct err_meaning m;

	roff_head(f, "EXIT STATUS");
	roff_text(f, "0, or one of vzctl's codes, with one sentence on standard error. These are "
		  "worth knowing; wabe(8) has all.");
	for (size_t i = 0; err_meaning(i, &m); i++) {
		_cleanup_free_ char *text = NULL;

		if (!is_of(cmd->codes, m.code) && !can_give(cmd, m.code))
			continue;
		text = help_sentence(m.text);
		fprintf(f, ".TP 6\n\\fB%d\\fR\n", m.code);
		roff_text(f, text);
	}
}

static void put_examples(FILE *f, const struct cmd *cmd, bool first)
{
	for (const struct cmd_example *x = cmd->examples; x && x->line; x++) {
		_cleanup_free_ char *line = xasprintf("wabe %s", x->line);
		_cleanup_free_ char *text = xasprintf("%s:", x->text);

		text[0] = (char)toupper((unsigned char)text[0]);
		if (!first || x != cmd->examples)
			fputs(".PP\n", f);
		roff_text(f, text);
		fputs(".PP\n", f);
		roff_example(f, line);
	}
}

/* Each command has one. */
static void put_all_examples(FILE *f, const struct cmd *cmd)
{
	roff_head(f, "EXAMPLES");
	put_examples(f, cmd, true);
	for (const struct cmd *const *sub = cmd->subs; sub && *sub; sub++)
		put_examples(f, *sub, sub == cmd->subs);
}

/* The overview, those of the same theme, and what its words are about. */
static void put_see(FILE *f, const struct cmd *cmd)
{
	roff_head(f, "SEE ALSO");
	fputs("\\fBwabe\\fR(8)", f);
	for (const struct cmd *const *c = cmds; *c; c++)
		if (*c != cmd && (*c)->theme == cmd->theme)
			fprintf(f, ",\n\\fBwabe\\-%s\\fR(8)", (*c)->name);
	if (cmd->flags & CMD_CT)
		fputs(",\n\\fBctid.conf\\fR(5)", f);
	fputs(",\n\\fBvz.conf\\fR(5)\n", f);
}

void verb_end(FILE *f, const struct cmd *cmd)
{
	put_codes(f, cmd);
	put_all_examples(f, cmd);
	put_see(f, cmd);
}
