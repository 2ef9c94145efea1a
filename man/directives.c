/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "man/directives.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/fields.h"
#include "cli/help.h"
#include "man/roff.h"
#include "man/verb.h"

typedef bool key_at(size_t i, struct wabe_key *ret);

static bool put_globals(struct directives *d, const char *argument)
{
	for (const struct opt *o = cmd_globals; o->kind != OPT_END; o++)
		verb_option(d->f, o);
	return !*argument;
}

static void put_command(FILE *f, const struct cmd *cmd, const char *page)
{
	_cleanup_free_ char *title = cmd_title(cmd);
	_cleanup_free_ char *text = xasprintf("%s; wabe-%s(8).", cmd->summary, page);

	fprintf(f, ".TP\n\\fB%s\\fR ", title);
	roff_usage(f, cmd->args);
	fputc('\n', f);
	roff_text(f, text);
}

static bool put_commands(struct directives *d, const char *argument)
{
	for (enum cmd_theme t = 0; t < THEME_COUNT; t++) {
		roff_subhead(d->f, cmd_theme(t));
		for (const struct cmd *const *c = cmds; *c; c++) {
			if ((*c)->theme != t)
				continue;
			if (!(*c)->subs)
				put_command(d->f, *c, (*c)->name);
			for (const struct cmd *const *s = (*c)->subs; s && *s; s++)
				put_command(d->f, *s, (*c)->name);
		}
	}
	return !*argument;
}

static bool put_codes(struct directives *d, const char *argument)
{
	struct err_meaning m;

	for (size_t i = 0; err_meaning(i, &m); i++) {
		_cleanup_free_ char *text = help_sentence(m.text);

		fprintf(d->f, ".TP 6\n\\fB%d\\fR\n", m.code);
		roff_text(d->f, text);
	}
	return !*argument;
}

static bool put_fields(struct directives *d, const char *argument)
{
	const struct field *x;

	for (size_t i = 0; (x = field_at(i)); i++) {
		_cleanup_free_ char *term = xasprintf("`%s`", x->name);
		_cleanup_free_ char *text = help_sentence(x->help);

		roff_term(d->f, term);
		roff_text(d->f, text);
	}
	return !*argument;
}

/* ---- keys --- */

static void add_options(struct buf *text, const struct wabe_key *k)
{
	struct wabe_option o;
	const char *word = "Option:";

	for (size_t i = 0; wabe_option(i, &o); i++) {
		if (strcmp(o.key, k->name))
			continue;
		buf_addf(text, "%s `--%s`", word, o.option);
		word = ",";
	}
	if (*word == ',')
		buf_adds(text, ". ");
}

/* "Value: a whole number, 8 to 500000. Option: --cpuunits. Change: at once." */
static void put_facts(FILE *f, const struct wabe_key *k, bool node)
{
	_cleanup_free_ char *values = help_of_values(k);
	_cleanup_buf_ struct buf text = BUF_INIT;

	fputs(".br\n", f);
	buf_addf(&text, "Value: %s. ", values);
	if (!node) {
		add_options(&text, k);
		buf_addf(&text, "Change: %s.", help_of_when(k->when));
	}
	while (text.len && text.s[text.len - 1] == ' ')
		text.s[--text.len] = '\0';
	roff_text(f, text.s);
}

static void put_key(FILE *f, const struct wabe_key *k, bool node)
{
	_cleanup_free_ char *text = help_sentence(k->help);
	_cleanup_free_ char *unset = help_of_unset(k);
	_cleanup_free_ char *term = xasprintf("`%s`%s%s%s", k->name,
					      *unset ? " (default: " : "", unset,
					      *unset ? ")" : "");

	roff_term(f, term);
	roff_text(f, text);
	put_facts(f, k, node);
}

/* The key of that name and its row; false: there is none. */
static bool key_named(key_at *at, const char *name, struct wabe_key *k, size_t *ret_row)
{
	for (size_t i = 0; at(i, k); i++) {
		if (!strcmp(k->name, name)) {
			*ret_row = i;
			return true;
		}
	}
	return false;
}

static bool put_one_key(struct directives *d, const char *name)
{
	struct wabe_key k;
	size_t row;

	if (!key_named(wabe_key, name, &k, &row))
		return false;
	d->keys |= 1ull << row;
	put_key(d->f, &k, false);
	return true;
}

static bool put_one_node_key(struct directives *d, const char *name)
{
	struct wabe_key k;
	size_t row;

	if (!key_named(wabe_node_key, name, &k, &row))
		return false;
	d->node_keys |= 1ull << row;
	put_key(d->f, &k, true);
	return true;
}

static bool put_default(struct directives *d, const char *name)
{
	struct wabe_key k;
	size_t row;

	if (!key_named(wabe_key, name, &k, &row) || !k.node)
		return false;
	put_key(d->f, &k, true);
	return true;
}

static bool put_keys(struct directives *d, const char *argument)
{
	struct wabe_key k;

	for (size_t i = 0; wabe_key(i, &k); i++)
		if (!(d->keys >> i & 1))
			put_key(d->f, &k, false);
	d->all_keys = true;
	return !*argument;
}

static bool put_node_keys(struct directives *d, const char *argument)
{
	struct wabe_key k;

	for (size_t i = 0; wabe_node_key(i, &k); i++)
		if (!(d->node_keys >> i & 1))
			put_key(d->f, &k, true);
	d->all_node_keys = true;
	return !*argument;
}

static bool put_own(struct directives *d, const char *argument)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct wabe_key k;

	for (size_t i = 0; wabe_key(i, &k); i++)
		if (!k.node)
			buf_addf(&text, "%s`%s`", text.len ? ", " : "", k.name);
	buf_addc(&text, '.');
	roff_text(d->f, text.s);
	return !*argument;
}

bool directives_put(void *ctx, const char *word, const char *argument)
{
	static const struct {
		const char *word;
		bool (*put)(struct directives *d, const char *argument);
	} known[] = {
		{ "globals", put_globals },   { "commands", put_commands },
		{ "codes", put_codes },	      { "fields", put_fields },
		{ "key", put_one_key },	      { "keys", put_keys },
		{ "node-key", put_one_node_key }, { "node-keys", put_node_keys },
		{ "default", put_default },   { "own", put_own },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i].word, word))
			return known[i].put(ctx, argument);
	return false;
}

bool directives_done(const struct directives *d, const char *path)
{
	if ((!d->keys || d->all_keys) && (!d->node_keys || d->all_node_keys))
		return true;
	fprintf(stderr, "%s: @keys or @node-keys is missing at its end\n", path);
	return false;
}
