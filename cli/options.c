/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/near.h"

/* vzctl's short forms of `set`; a letter counts as soon as its setting exists. */
static const struct {
	char letter;
	const char *option;
} set_letters[] = {
	{ 'e', "numiptent" }, { 'p', "numproc" }, { 'f', "numflock" },
	{ 't', "numpty" }, { 'i', "numsiginfo" }, { 'l', "lockedpages" },
	{ 'k', "kmemsize" }, { 'b', "tcprcvbuf" }, { 'n', "numfile" },
	{ 'x', "dcachesize" },
};

static const struct opt help_row = {
	.kind = OPT_HELP, .name = "help", .help = "show this help",
};

static char set_letter(const char *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(set_letters); i++)
		if (!strcmp(set_letters[i].option, option))
			return set_letters[i].letter;
	return 0;
}

static void add_row(struct opt **v, size_t *n, const struct opt *row)
{
	*v = xrealloc(*v, *n + 1, sizeof(**v));
	(*v)[(*n)++] = *row;
}

struct opt *options_all(const struct opt_table *t)
{
	struct opt *v = NULL;
	struct wabe_option w;
	size_t n = 0;

	for (const struct opt *o = t->own; o && o->kind != OPT_END; o++)
		add_row(&v, &n, o);
	for (size_t i = 0; t->keys != KEYS_NONE && wabe_option(i, &w); i++) {
		const struct opt row = {
			.kind = OPT_SETTING,
			.letter = t->keys == KEYS_SET ? set_letter(w.option) : 0,
			.name = w.option,
			.arg = w.arg,
			.help = w.help,
			.also = w.also,
			.list = w.list,
			.late = w.restart && t->keys == KEYS_SET,
		};

		if (t->keys == KEYS_CREATE ? w.create : w.set)
			add_row(&v, &n, &row);
	}
	add_row(&v, &n, &help_row);
	add_row(&v, &n, &(struct opt){ .kind = OPT_END });
	return v;
}

/* What getopt_long() wants, built from the rows; val is LONG_BASE + row. */
enum { LONG_BASE = 256 };

struct getopt_form {
	struct option *longs;
	size_t n;
	struct buf shorts;
	struct strv also;	/* keeps the further names */
};

static void form_clear(struct getopt_form *f)
{
	free(f->longs);
	buf_clear(&f->shorts);
	strv_clear(&f->also);
}

static void form_add(struct getopt_form *f, const char *name, const struct opt *o,
		     int row)
{
	f->longs = xrealloc(f->longs, f->n + 2, sizeof(*f->longs));
	f->longs[f->n++] = (struct option){
		.name = name,
		.has_arg = o->arg ? required_argument : no_argument,
		.val = LONG_BASE + row,
	};
	f->longs[f->n] = (struct option){ 0 };
}

static void form_build(struct getopt_form *f, const struct opt *rows)
{
	/* A leading ':' keeps getopt silent and tells a missing argument apart. */
	buf_addc(&f->shorts, ':');
	for (int i = 0; rows[i].kind != OPT_END; i++) {
		const struct opt *o = &rows[i];
		size_t from = f->also.n;

		if (o->letter)
			buf_addf(&f->shorts, "%c%s", o->letter, o->arg ? ":" : "");
		if (o->name)
			form_add(f, o->name, o, i);
		if (o->also)
			strv_add_words(&f->also, o->also);
		for (; from < f->also.n; from++)
			form_add(f, f->also.v[from], o, i);
	}
}

static const struct opt *row_of(const struct opt *rows, int val)
{
	if (val >= LONG_BASE)
		return &rows[val - LONG_BASE];
	for (; rows->kind != OPT_END; rows++)
		if (rows->letter == val)
			return rows;
	return NULL;
}

static int take_number(const struct opt *o, const char *text, int *ret, struct err *e)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || n > o->max)
		return fail(e, E_VALUE,
			    "--%s takes a whole number up to %d, not \"%.64s\"", o->name,
			    o->max, text);
	*ret = (int)n;
	return 0;
}

static int take(const struct opt *o, char *arg, void *into, struct parsed *p,
		struct err *e)
{
	char *at = (char *)into + o->at;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)at = true;
		return 0;
	case OPT_TEXT:
		*(const char **)at = arg;
		return 0;
	case OPT_LIST:
		strv_add((struct strv *)at, arg);
		return 0;
	case OPT_NUMBER:
		return take_number(o, arg, (int *)at, e);
	case OPT_SETTING:
		p->n_settings++;
		return wabe_settings_put(p->settings, o->name, arg, e);
	case OPT_HELP:
		return 1;
	case OPT_END:
		break;
	}
	return 0;
}

/* getopt does not tell an unknown option from an ambiguous one. */
static int bad_long(const struct getopt_form *f, const char *given, struct err *e)
{
	size_t len = strcspn(given, "=");
	_cleanup_free_ char *word = xstrndup(given, len);
	_cleanup_strv_ struct strv fits = STRV_INIT;
	struct near n = near_start(word);

	for (size_t i = 0; i < f->n; i++) {
		near_try(&n, f->longs[i].name);
		if (len && !strncmp(f->longs[i].name, word, len))
			strv_addf(&fits, "--%s", f->longs[i].name);
	}
	if (fits.n > 1) {
		_cleanup_free_ char *list = strv_join(&fits, ", ");

		return fail(e, E_SYNTAX, "option \"--%.64s\" may be any of %s", word,
			    list);
	}
	if (n.best)
		return fail(e, E_SYNTAX,
			    "unknown option \"--%.64s\", did you mean \"--%s\"?", word,
			    n.best);
	return fail(e, E_SYNTAX, "unknown option \"--%.64s\"; --help lists what there is",
		    word);
}

static int bad_option(const struct getopt_form *f, const struct opt *rows, int c,
		      const char *given, struct err *e)
{
	const struct opt *o = optopt ? row_of(rows, optopt) : NULL;

	if (c == ':' && o && optopt < LONG_BASE)
		return fail(e, E_SYNTAX, "option -%c needs %s", optopt, o->arg);
	if (c == ':' && o)
		return fail(e, E_SYNTAX, "option --%s needs %s", o->name, o->arg);
	if (o && optopt >= LONG_BASE)
		return fail(e, E_SYNTAX, "option --%s takes no value", o->name);
	if (optopt)
		return fail(e, E_SYNTAX,
			    "unknown option \"-%c\"; --help lists what there is", optopt);
	return bad_long(f, given + 2, e);
}

int options_parse(const struct opt_table *t, const struct args *a, void *into,
		  struct parsed *p, struct err *e)
{
	_cleanup_free_ struct opt *rows = options_all(t);
	_cleanup_(form_clear) struct getopt_form f = { .shorts = BUF_INIT };
	int c, r;

	form_build(&f, rows);
	if (t->keys != KEYS_NONE && !p->settings)
		p->settings = wabe_settings_new();
	opterr = 0;
	optind = 0; /* glibc: forget what an earlier call left */
	while ((c = getopt_long(a->argc, a->argv, f.shorts.s, f.longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			return bad_option(&f, rows, c, a->argv[optind - 1], e);
		r = take(row_of(rows, c), optarg, into, p, e);
		if (r)
			return r;
	}
	p->words = a->argv + optind;
	p->n_words = a->argc - optind;
	return 0;
}

void options_clear(const struct opt_table *t, void *into, struct parsed *p)
{
	for (const struct opt *o = t->own; o && o->kind != OPT_END; o++)
		if (o->kind == OPT_LIST)
			strv_clear((struct strv *)((char *)into + o->at));
	wabe_settings_free(p->settings);
	*p = (struct parsed){ 0 };
}
