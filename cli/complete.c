/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/complete.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/fields.h"
#include "cli/help.h"

/* One question. */
struct ask {
	FILE *f;
	const struct cmd *cmd;	/* NULL: not known yet */
	const char *cur;	/* what the candidates begin with */
	size_t skip;		/* so much of cur stands before each candidate */
};

static void offer(const struct ask *a, const char *word, const char *text)
{
	_cleanup_free_ char *plain = help_plain(text ? text : "");

	if (strncmp(word, a->cur + a->skip, strlen(a->cur + a->skip)))
		return;
	fprintf(a->f, "%.*s%s\t%s\n", (int)a->skip, a->cur, word, plain);
}

/* ---- kinds of values --- */

static bool fits(const struct cmd *cmd, const struct wabe_info *i)
{
	bool down = i->state == WABE_STOPPED || i->state == WABE_MOUNTED;

	if (!cmd || !i->exists)
		return i->exists;
	return !(cmd->flags & CMD_UP && down) && !(cmd->flags & CMD_DOWN && !down);
}

static void offer_container(const struct ask *a, const struct wabe_info *i)
{
	_cleanup_free_ char *id = xasprintf("%" PRIu32, i->ctid);
	_cleanup_free_ char *text = xasprintf("%s%s%s", wabe_state_word(i->state),
					      i->hostname ? " " : "",
					      i->hostname ? i->hostname : "");

	offer(a, id, text);
	if (i->name)
		offer(a, i->name, text);
}

static void offer_containers(const struct ask *a, struct wabe *w)
{
	_cleanup_free_ uint32_t *ids = NULL;
	size_t n = 0;

	if (wabe_list(w, &ids, &n, NULL) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		struct wabe_info info = { 0 };

		if (wabe_info(w, ids[i], 0, &info, NULL) == 0 && fits(a->cmd, &info))
			offer_container(a, &info);
		wabe_info_clear(&info);
	}
}

static void offer_templates(const struct ask *a, struct wabe *w)
{
	struct wabe_template *t = NULL;
	size_t n = 0;

	if (wabe_template_list(w, &t, &n, NULL) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		offer(a, t[i].name, NULL);
		wabe_template_clear(&t[i]);
	}
	free(t);
}

static void offer_samples(const struct ask *a, struct wabe *w)
{
	_cleanup_strv_ struct strv v = STRV_INIT;

	wabe_samples(w, &v, NULL);
	for (size_t i = 0; i < v.n; i++)
		offer(a, v.v[i], NULL);
}

static void offer_fields(const struct ask *a, struct wabe *w)
{
	const char *comma = strrchr(a->cur, ',');
	struct ask last = *a;
	const struct field *x;

	(void)w;
	last.skip = comma ? (size_t)(comma + 1 - a->cur) :
			    a->skip + (a->cur[a->skip] == '-');
	for (size_t i = 0; (x = field_at(i)); i++)
		offer(&last, x->name, x->help);
}

static void offer_commands(const struct ask *a, const struct cmd *const *table)
{
	for (; *table; table++) {
		offer(a, (*table)->name, (*table)->summary);
		if ((*table)->also)
			offer(a, (*table)->also, (*table)->summary);
	}
}

/* The options of `set` are settings too, by names that are easier to type. Not among all that
 * there is: each has its key there already. */
static void offer_topics(const struct ask *a, struct wabe *w)
{
	struct wabe_option o;
	struct wabe_key k;

	(void)w;
	offer_commands(a, cmds);
	for (size_t i = 0; *a->cur && wabe_option(i, &o); i++)
		offer(a, o.option, o.help);
	for (size_t i = 0; wabe_key(i, &k); i++)
		offer(a, k.name, k.help);
	for (size_t i = 0; wabe_node_key(i, &k); i++)
		offer(a, k.name, k.help);
}

static void offer_files(const struct ask *a, struct wabe *w)
{
	(void)w;
	fputs(":files\n", a->f);
}

static const struct {
	const char *placeholder;
	void (*offer)(const struct ask *a, struct wabe *w);
	bool node;		/* asks the node, which may not be there */
} kinds[] = {
	{ "CT", offer_containers, true },
	{ "TEMPLATE", offer_templates, true },
	{ "SAMPLE", offer_samples, true },
	{ "FIELD[,FIELD]...", offer_fields, false },
	{ "[-]FIELD", offer_fields, false },
	{ "COMMAND", offer_topics, false },
	{ "DIR", offer_files, false },
};

static void offer_kind(const struct ask *a, const char *placeholder)
{
	struct wabe *w = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(kinds[i].placeholder, placeholder))
			continue;
		if (!kinds[i].node || wabe_open(&w, NULL, NULL) == 0)
			kinds[i].offer(a, w);
		wabe_close(w);
		return;
	}
}

/* "restart|ignore", "ADDR|all", "CT": what is in lower case is meant literally. */
static void offer_values(const struct ask *a, const char *arg)
{
	for (size_t n; *arg; arg += n + (arg[n] == '|')) {
		_cleanup_free_ char *word = NULL;

		n = strcspn(arg, "|");
		word = xstrndup(arg, n);
		if (islower((unsigned char)*word))
			offer(a, word, NULL);
		else
			offer_kind(a, word);
	}
}

/* ---- where in the line --- */

static void offer_options(const struct ask *a, const struct opt *rows)
{
	for (const struct opt *o = rows; o->kind != OPT_END; o++) {
		_cleanup_strv_ struct strv also = STRV_INIT;
		_cleanup_free_ char *text = help_of_option(o);
		char shorts[] = { '-', o->letter, 0 };

		if (o->name)
			strv_addf(&also, "--%s", o->name);
		else
			strv_add(&also, shorts);
		if (o->also)
			strv_add_words(&also, o->also);
		for (size_t i = 0; i < also.n; i++) {
			_cleanup_free_ char *word =
				xasprintf("%s%s", *also.v[i] == '-' ? "" : "--", also.v[i]);

			offer(a, word, text);
		}
	}
}

/* The option with a value that `word` is: by its letter, its name, or a unique beginning of
 * one, as getopt_long() has it. */
static const struct opt *option_of(const struct opt *rows, const char *word, size_t len)
{
	const struct opt *found = NULL;

	for (const struct opt *o = rows; o->kind != OPT_END; o++) {
		if (len == 2 && o->letter && word[1] == o->letter)
			return o->arg ? o : NULL;
		if (len < 3 || strncmp(word, "--", 2) || !o->name ||
		    strncmp(o->name, word + 2, len - 2))
			continue;
		if (strlen(o->name) == len - 2)
			return o->arg ? o : NULL;
		if (found)
			return NULL;
		found = o;
	}
	return found && found->arg ? found : NULL;
}

/* The last of the words after the command; false: it is the value of no option. */
static bool offer_option_value(struct ask *a, const struct opt *rows,
			       char *const *words, int n)
{
	const char *equal = strchr(a->cur, '=');
	const char *prev = n > 1 ? words[n - 2] : "";
	const struct opt *o;

	/* zsh hands over --opt=val, bash cuts it into three */
	if (!strncmp(a->cur, "--", 2) && equal) {
		o = option_of(rows, a->cur, (size_t)(equal - a->cur));
		a->skip = (size_t)(equal + 1 - a->cur);
	} else if (!strcmp(a->cur, "=")) {
		o = option_of(rows, prev, strlen(prev));
		a->cur = "";
	} else {
		if (!strcmp(prev, "=") && n > 2)
			prev = words[n - 3];
		o = option_of(rows, prev, strlen(prev));
	}
	if (o)
		offer_values(a, o->arg);
	return o || equal;
}

/* The row of --all is the first one. It stands in place of the container. */
static void offer_all(const struct ask *a, const struct opt *rows)
{
	_cleanup_free_ char *text = help_of_option(rows);

	offer(a, "--all", text);
}

static void offer_of_command(struct ask *a, char *const *words, int n)
{
	const struct opt_table t = { a->cmd->options, a->cmd->keys };
	_cleanup_free_ struct opt *rows = options_all(&t);

	if (a->cmd->flags & CMD_CT && n == 1) {
		if (!(a->cmd->flags & CMD_NEW))
			offer_kind(a, "CT");
		if (a->cmd->flags & CMD_ALL && *a->cur == '-')
			offer_all(a, rows);
		return;
	}
	if (a->cmd->flags & CMD_RAW || offer_option_value(a, rows, words, n))
		return;
	if (a->cmd->word && *a->cur != '-')
		offer_values(a, a->cmd->word);
	else
		offer_options(a, rows + (a->cmd->flags & CMD_ALL ? 1 : 0));
}

void complete_print(FILE *f, char *const *words, int n)
{
	struct ask a = { .f = f, .cur = n > 1 ? words[n - 1] : "" };
	int at = 1;

	if (n < 2)
		return;
	if (!strcmp(words[0], "vzlist")) {
		a.cmd = &cmd_list;
		offer_of_command(&a, words + 1, n - 1);
		return;
	}
	while (at < n - 1 && *words[at] == '-')
		at++;
	if (at == n - 1) {
		if (*a.cur == '-')
			offer_options(&a, cmd_globals);
		else
			offer_commands(&a, cmds);
		return;
	}
	a.cmd = cmd_find(cmds, words[at++]);
	if (a.cmd && a.cmd->subs) {
		if (at == n - 1) {
			offer_commands(&a, a.cmd->subs);
			return;
		}
		a.cmd = cmd_find(a.cmd->subs, words[at++]);
	}
	if (a.cmd)
		offer_of_command(&a, words + at, n - at);
}
