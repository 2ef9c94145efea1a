/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/all.h"
#include "cli/help.h"

/* front_*() that parse return this when what was asked for is done already (--help). */
enum { FRONT_DONE = 1 };

/* vzlist has one exit code for all that goes wrong. */
enum { VZLIST_FAILED = 1 };

static const char *front_prog(const char *argv0)
{
	const char *slash = argv0 ? strrchr(argv0, '/') : NULL;
	const char *name = slash ? slash + 1 : argv0;

	if (name && !strcmp(name, "vzctl"))
		return "vzctl";
	if (name && !strcmp(name, "vzlist"))
		return "vzlist";
	return "wabe";
}

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

/* --quiet and the like, up to the first word. Returns how many of argv it took. */
static int front_flags(struct cli *c, int argc, char **argv, struct err *e)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--quiet"))
			c->say.quiet = true;
		else if (!strcmp(argv[i], "--verbose"))
			c->say.verbose++;
		else if (!strcmp(argv[i], "--version") || is_help(argv[i]))
			break;
		else
			return fail(e, E_SYNTAX,
				    "unknown option \"%.64s\" before the command; "
				    "options of a command follow it",
				    argv[i]);
	}
	return i;
}

/* `extra` is the first word that is too many, or NULL: one is missing. */
static int front_usage(const struct cli *c, const char *extra, struct err *e)
{
	_cleanup_free_ char *title = cmd_title(c->cmd);
	_cleanup_free_ char *what = extra ? xasprintf("\"%.64s\" is too many", extra) :
					    xstrdup("a word is missing");

	return fail(e, E_SYNTAX, "%s; usage: %s %s%s%s", what, c->prog, title,
		    *c->cmd->args ? " " : "", c->cmd->args);
}

/* --all, and no container before the options. */
static bool front_has_all(const struct cmd *cmd, struct args a)
{
	if (!(cmd->flags & CMD_ALL) || a.argc < 2 || a.argv[1][0] != '-')
		return false;
	for (int i = 1; i < a.argc; i++)
		if (!strcmp(a.argv[i], "--all"))
			return true;
	return false;
}

/* All words as they are, but for a leading "--": other programs have taught it to many. */
static void front_raw(struct cli *c, struct args a)
{
	int dashes = a.argc > 1 && !strcmp(a.argv[1], "--");

	c->parsed.words = a.argv + 1 + dashes;
	c->parsed.n_words = a.argc - 1 - dashes;
}

/* The command's options and plain arguments. a->argv[0] is its name; for CMD_CT
 * a->argv[1] the container, which *ret_ct becomes. */
static int front_parse(struct cli *c, struct args a, void *into, const char **ret_ct,
		       struct err *e)
{
	const struct opt_table t = { c->cmd->options, c->cmd->keys };
	const char *ct = NULL;

	if (a.argc > 1 && !strcmp(a.argv[1], "--help"))
		return FRONT_DONE;
	if (c->cmd->flags & CMD_CT && !front_has_all(c->cmd, a)) {
		if (a.argc < 2)
			return fail(e, E_VALUE,
				    "the container (CTID or name) is missing; "
				    "usage: %s %s %s",
				    c->prog, c->cmd->name, c->cmd->args);
		ct = a.argv[1];
		if (*ct == '-')
			return fail(e, E_VALUE,
				    "the container (CTID or name) comes before "
				    "\"%.64s\"; usage: %s %s %s",
				    ct, c->prog, c->cmd->name, c->cmd->args);
		a.argc--;
		a.argv++;
	}
	if (c->cmd->flags & CMD_RAW) {
		front_raw(c, a);
	} else {
		int r = options_parse(&t, &a, into, &c->parsed, e);

		if (r)
			return r;
	}
	if (ct && c->cmd->flags & CMD_ALL && *(const bool *)into)
		return fail(e, E_SYNTAX, "a container and --all exclude each other");
	if (c->parsed.n_words < c->cmd->words_min)
		return front_usage(c, NULL, e);
	if (c->cmd->words_max >= 0 && c->parsed.n_words > c->cmd->words_max)
		return front_usage(c, c->parsed.words[c->cmd->words_max], e);
	*ret_ct = ct;
	return 0;
}

/* Open the node and find the container, as far as the command needs them. */
static int front_open(struct cli *c, const char *ct, struct err *e)
{
	const struct progress p = { .say = say_line, .ctx = &c->say };
	int r;

	if (c->cmd->flags & CMD_ROOT && geteuid() != 0)
		return fail(e, E_NO_ACCESS, "only root can do this: %s %s%s%s", c->prog,
			    c->cmd->of ? c->cmd->of : "", c->cmd->of ? " " : "",
			    c->cmd->name);
	if (ct && c->cmd->flags & CMD_NEW && strspn(ct, "0123456789") != strlen(ct))
		return fail(e, E_VALUE,
			    "a new container takes a number, not \"%.64s\"; --name gives it "
			    "a name", ct);
	if (!(c->cmd->flags & (CMD_CT | CMD_NODE)))
		return 0;
	c->say.mute = c->cmd->flags & CMD_MUTE;
	r = wabe_open(&c->w, &p, e);
	if (r < 0)
		return r;
	if (!c->say.verbose)
		c->say.verbose = wabe_node_verbose(c->w);
	wabe_on_say(c->w, &p);
	return ct ? wabe_find(c->w, ct, &c->ctid, e) : 0;
}

static int front_command(struct cli *c, struct args a, struct err *e)
{
	const struct opt_table t = { c->cmd->options, c->cmd->keys };
	_cleanup_free_ void *into = xcalloc(1, c->cmd->args_size);
	const char *ct = NULL;
	int r = front_parse(c, a, into, &ct, e);

	if (r == FRONT_DONE) {
		help_command(stdout, c->prog, c->cmd);
		r = 0;
	} else if (r == 0) {
		r = front_open(c, ct, e);
		if (r == 0)
			r = ct || !(c->cmd->flags & CMD_ALL) ? c->cmd->run(c, into, e) :
							       all_run(c, into, e);
	}
	wabe_close(c->w);
	c->w = NULL;
	options_clear(&t, into, &c->parsed);
	return r;
}

/* "template" alone is no command: its second word is looked up among its own. */
static int front_noun(struct cli *c, struct args a, struct err *e)
{
	const struct cmd *noun = c->cmd;

	if (a.argc > 1 && !strcmp(a.argv[1], "--help")) {
		help_command(stdout, c->prog, noun);
		return 0;
	}
	if (a.argc < 2)
		return front_usage(c, NULL, e);
	c->cmd = cmd_find(noun->subs, a.argv[1]);
	if (!c->cmd) {
		_cleanup_free_ char *what =
			xasprintf("%s help %s", c->prog, noun->name);

		return cmd_unknown(noun->subs, what, a.argv[1], e);
	}
	return front_command(c, (struct args){ a.argc - 1, a.argv + 1 }, e);
}

/* "101 start": other programs have it the other way round. */
static int front_unknown(const struct cli *c, struct args a, struct err *e)
{
	_cleanup_free_ char *what = xasprintf("%s help", c->prog);
	const char *name = a.argv[0];

	if (strspn(name, "0123456789") == strlen(name) && a.argc > 1 &&
	    cmd_find(cmds, a.argv[1]))
		return fail(e, E_SYNTAX, "the command comes before the container: %s %s %.64s",
			    c->prog, a.argv[1], name);
	return cmd_unknown(cmds, what, name, e);
}

static int front_run(struct cli *c, int argc, char **argv, struct err *e)
{
	struct args a = { argc, argv };
	int n;

	if (!strcmp(c->prog, "vzlist")) {
		c->cmd = &cmd_list;
		return front_command(c, a, e);
	}
	n = front_flags(c, argc, argv, e);
	if (n < 0)
		return n;
	if (n >= argc) {
		help_program(stderr, c->prog);
		c->status = E_SYNTAX;
		return 0;
	}
	a = (struct args){ argc - n, argv + n };
	if (!strcmp(argv[n], "--version")) {
		printf("%s version %s\n", c->prog, wabe_version());
		return 0;
	}
	if (is_help(argv[n])) {
		help_program(stdout, c->prog);
		return 0;
	}
	c->cmd = cmd_find(cmds, argv[n]);
	if (!c->cmd)
		return front_unknown(c, a, e);
	return c->cmd->subs ? front_noun(c, a, e) : front_command(c, a, e);
}

/* A result that did not reach its file must not look like success. A reader that went
 * away by itself (wabe list | head -1) has got what it wanted. */
static int front_flush(struct err *e)
{
	bool bad;

	errno = 0;
	bad = ferror(stdout);
	if (fflush(stdout) != 0)
		bad = true;
	if (!bad || errno == EPIPE)
		return 0;
	return fail(e, E_SYSTEM, errno ? "cannot write the output: %m" :
		    "the output could not be written");
}

int front_main(int argc, char **argv)
{
	struct cli c = { .prog = front_prog(argc ? argv[0] : NULL) };
	struct err e = { 0 };
	int r;

	say_init(&c.say);
	r = front_run(&c, argc, argv, &e);
	say_end(&c.say);
	if (r >= 0 && (r = front_flush(&e)) == 0)
		return c.status;
	fflush(stdout);
	say_line(&c.say, SAY_ERROR, e.msg);
	return !strcmp(c.prog, "vzlist") ? VZLIST_FAILED : e.code;
}
