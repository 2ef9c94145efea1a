/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/help.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"

enum { HELP_COLUMN = 28, HELP_WIDTH = 80 };

char *help_plain(const char *text)
{
	struct buf b = BUF_INIT;

	for (; *text; text++)
		if (*text != '`' && *text != '*')
			buf_addc(&b, *text);
	return buf_steal(&b);
}

/* Words of one paragraph from column `at` on, wrapped to `indent`. */
static void put_words(FILE *f, const char *text, int at, int indent)
{
	while (*text) {
		size_t word = strcspn(text, " ");

		if (at > indent && (size_t)at + 1 + word > HELP_WIDTH) {
			fputc('\n', f);
			at = 0;
		}
		if (at < indent)
			at += fprintf(f, "%*s", indent - at, "");
		else if (at > indent)
			at += fprintf(f, " ");
		at += fprintf(f, "%.*s", (int)word, text);
		text += word + (text[word] == ' ');
	}
	fputc('\n', f);
}

/* `left`, then `text` from column `indent` on. */
static void put_row(FILE *f, const char *left, const char *text, int indent)
{
	_cleanup_free_ char *plain = help_plain(text);
	int at = fprintf(f, "  %s", left);

	if (at > indent - 2) {
		fputc('\n', f);
		at = 0;
	}
	put_words(f, plain, at, indent);
}

static void put_text(FILE *f, const char *text)
{
	_cleanup_free_ char *plain = help_plain(text);

	for (char *rest = plain, *end; rest; rest = end) {
		end = strstr(rest, "\n\n");
		if (end) {
			*end = '\0';
			end += 2;
		}
		fputc('\n', f);
		put_words(f, rest, 0, 0);
	}
}

static void put_option(FILE *f, const struct opt *o)
{
	_cleanup_buf_ struct buf left = BUF_INIT;
	_cleanup_free_ char *text = help_of_option(o);

	if (o->letter)
		buf_addf(&left, "-%c", o->letter);
	if (o->name)
		buf_addf(&left, "%s--%s", o->letter ? ", " : "    ", o->name);
	if (o->arg)
		buf_addf(&left, " %s", o->arg);
	put_row(f, left.s, text, HELP_COLUMN);
}

/* How much of a usage stands before its first option or alternative, a word of its own. */
static int before_options(const char *args)
{
	const char *p = args;

	while (*p && !strchr("[-|", *p)) {
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	return (int)(p - args);
}

/* A long usage is cut there: the command's own help has it in full. */
static void put_command(FILE *f, const struct cmd *cmd)
{
	_cleanup_free_ char *title = cmd_title(cmd);
	_cleanup_free_ char *left = xasprintf("%s%s%s", title, *cmd->args ? " " : "",
					      cmd->args);

	if (strlen(left) > HELP_COLUMN - 4) {
		free(left);
		left = xasprintf("%s %.*s...", title, before_options(cmd->args), cmd->args);
	}
	put_row(f, left, cmd->summary, HELP_COLUMN);
}

static void put_commands(FILE *f, const struct cmd *const *table)
{
	for (; *table; table++) {
		if ((*table)->subs)
			put_commands(f, (*table)->subs);
		else
			put_command(f, *table);
	}
}

static void put_theme(FILE *f, enum cmd_theme theme)
{
	fprintf(f, "\n%s:\n", cmd_theme(theme));
	for (const struct cmd *const *c = cmds; *c; c++) {
		const struct cmd *const one[] = { *c, NULL };

		if ((*c)->theme == theme)
			put_commands(f, one);
	}
}

void help_program(FILE *f, const char *prog)
{
	fprintf(f, "%s version %s\n"
		"Usage: %s [--quiet | --verbose] COMMAND [CT] [options]\n"
		"       %s help [COMMAND | SETTING]\n\n"
		"CT is the number or the name of a container.\n",
		prog, wabe_version(), prog, prog);
	for (enum cmd_theme t = 0; t < THEME_COUNT; t++)
		put_theme(f, t);
	fputs("\nBefore the command:\n", f);
	for (const struct opt *o = cmd_globals; o->kind != OPT_END; o++)
		put_option(f, o);
}

static void put_usage(FILE *f, const char *prog, const struct cmd *cmd)
{
	_cleanup_free_ char *title = cmd_title(cmd);

	if (!strcmp(prog, "vzlist"))
		fprintf(f, "Usage: %s %s\n", prog, cmd->args);
	else
		fprintf(f, "Usage: %s %s%s%s\n", prog, title, *cmd->args ? " " : "",
			cmd->args);
	if (cmd->also)
		fprintf(f, "       %s %s %s\n", prog, cmd->also, cmd->args);
}

static void put_options(FILE *f, const struct cmd *cmd)
{
	const struct opt_table t = { cmd->options, cmd->keys };
	_cleanup_free_ struct opt *rows = options_all(&t);
	enum opt_kind last = OPT_END;

	/* --help is known to who reads this */
	for (const struct opt *o = rows; o->kind != OPT_HELP; o++) {
		if (o->kind == OPT_SETTING && last != OPT_SETTING)
			fputs("\nSettings:\n", f);
		else if (last == OPT_END)
			fputs("\nOptions:\n", f);
		last = o->kind;
		put_option(f, o);
	}
}

static void put_codes(FILE *f, const int *codes)
{
	if (!codes)
		return;
	fputs("\nExit codes:\n", f);
	for (; *codes; codes++) {
		char number[8];

		snprintf(number, sizeof(number), "%3d", *codes);
		put_row(f, number, help_of_code(*codes), 7);
	}
}

static void put_examples(FILE *f, const char *prog, const struct cmd *cmd)
{
	for (const struct cmd_example *x = cmd->examples; x && x->line; x++) {
		_cleanup_free_ char *plain = help_plain(x->text);

		/* vzlist's lines are list's without its name */
		fprintf(f, "  # %s\n  %s %s\n", plain, prog,
			!strcmp(prog, "vzlist") ? x->line + strlen("list ") : x->line);
	}
}

void help_command(FILE *f, const char *prog, const struct cmd *cmd)
{
	put_usage(f, prog, cmd);
	fprintf(f, "\n%s.\n", cmd->summary);
	if (cmd->text)
		put_text(f, cmd->text);
	if (cmd->subs) {
		fputs("\nCommands:\n", f);
		put_commands(f, cmd->subs);
	} else if (!(cmd->flags & CMD_RAW)) {
		put_options(f, cmd);
	}
	put_codes(f, cmd->codes);
	fputs("\nExamples:\n", f);
	put_examples(f, prog, cmd);
	for (const struct cmd *const *sub = cmd->subs; sub && *sub; sub++)
		put_examples(f, prog, *sub);
}

/* ---- settings --- */

static bool is_option(const struct wabe_option *o, const char *name)
{
	_cleanup_strv_ struct strv also = STRV_INIT;

	if (o->also)
		strv_add_words(&also, o->also);
	return !strcmp(o->option, name) || strv_has(&also, name);
}

/* The key that an option of this name fills, or `name` itself. */
static const char *key_of(const char *name)
{
	struct wabe_option o;

	for (size_t i = 0; wabe_option(i, &o); i++)
		if (is_option(&o, name))
			return o.key;
	return name;
}

static void put_fact(FILE *f, const char *label, const char *text)
{
	if (text && *text)
		put_row(f, label, text, 12);
}

static void put_setting(FILE *f, const struct wabe_key *k, bool node)
{
	_cleanup_free_ char *values = help_of_values(k), *unset = help_of_unset(k);
	_cleanup_free_ char *help = NULL;
	_cleanup_buf_ struct buf options = BUF_INIT;
	struct wabe_option o;

	for (size_t i = 0; !node && wabe_option(i, &o); i++)
		if (!strcmp(o.key, k->name))
			buf_addf(&options, "%s--%s %s (%s%s%s)", options.len ? ", " : "",
				 o.option, o.arg, o.create ? "create" : "",
				 o.create && o.set ? ", " : "", o.set ? "set" : "");
	help = help_sentence(k->help);
	fprintf(f, "%s, a key of %s.conf(5)\n", k->name, node ? "vz" : "ctid");
	put_text(f, help);
	fputc('\n', f);
	put_fact(f, "Value", values);
	put_fact(f, "Default", unset);
	put_fact(f, "Options", options.s);
	if (!node)
		put_fact(f, "Change", help_of_when(k->when));
}

bool help_setting(FILE *f, const char *name)
{
	const char *key = key_of(name);
	struct wabe_key k;

	for (size_t i = 0; wabe_key(i, &k); i++) {
		if (!strcasecmp(k.name, key)) {
			put_setting(f, &k, false);
			return true;
		}
	}
	for (size_t i = 0; wabe_node_key(i, &k); i++) {
		if (!strcasecmp(k.name, key)) {
			put_setting(f, &k, true);
			return true;
		}
	}
	return false;
}
