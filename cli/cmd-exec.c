/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "cli/cmd.h"

/* For "exec CT -": a shell that reads the script from our stdin as it comes, so that it
 * may be of any size and its commands see what they have not read yet. */
static const char stdin_script[] =
	"if [ -x /bin/bash ]; then exec /bin/bash -s; else exec /bin/sh -s; fi";

int exec_status(int wait_status)
{
	return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) :
					128 + WTERMSIG(wait_status);
}

char *exec_join(char *const *words, int n)
{
	struct buf line = BUF_INIT;

	for (int i = 0; i < n; i++) {
		if (i)
			buf_addc(&line, ' ');
		buf_adds(&line, *words[i] ? words[i] : "''");
	}
	return buf_steal(&line);
}

static int run_shell(struct cli *c, int *ret_status, struct err *e)
{
	char **words = c->parsed.words;
	int n = c->parsed.n_words;
	_cleanup_free_ char *line = exec_join(words, n);
	const struct wabe_exec x = {
		.script = n == 1 && !strcmp(words[0], "-") ? stdin_script : line,
	};
	int status, r;

	r = wabe_exec(c->w, c->ctid, &x, &status, e);
	if (r == 0)
		*ret_status = exec_status(status);
	return r;
}

/* vzctl's rule: whatever fails from here on, the command itself too, is code 8. Only that
 * there is no such container is found before. */
static int exec_run(struct cli *c, const void *args, struct err *e)
{
	int status, r = run_shell(c, &status, e);

	if (r < 0 && e->code != E_NO_CTCONF && e->code != E_NO_ACCESS) {
		e->code = E_EXEC;
		return -E_EXEC;
	}
	if (r == 0 && status)
		c->status = E_EXEC;
	return r;
}

static int exec2_run(struct cli *c, const void *args, struct err *e)
{
	return run_shell(c, &c->status, e);
}

static int exec3_run(struct cli *c, const void *args, struct err *e)
{
	const struct wabe_exec x = { .argv = (const char *const *)c->parsed.words };
	int status, r = wabe_exec(c->w, c->ctid, &x, &status, e);

	if (r == 0)
		c->status = exec_status(status);
	return r;
}

const struct cmd cmd_exec = {
	.name = "exec",
	.args = "CT COMMAND [ARG]... | CT -",
	.summary = "Run a command inside; any failure is exit code 8",
	.text = "The words are joined by blanks (an empty one becomes '') for the "
		"container's shell: bash if it has one, else sh. All words after *CT* "
		"belong to the command, options too, but for a leading `--`. Standard "
		"input, output and error are ours.\n\n"
		"With `-` alone the shell reads a script from standard input.\n\n"
		"The command's own exit status is lost; `exec2` gives it.",
	.theme = THEME_INSIDE,
	.flags = CMD_CT | CMD_ROOT | CMD_RAW | CMD_UP,
	.codes = (const int[]){ E_EXEC, 0 },
	.examples = (const struct cmd_example[]){
		{ "exec 101 'apt-get -qq update && apt-get -qqy upgrade'",
		  "the container's shell sees the &&" },
		{ "exec 101 - <script", "run a script that lies on the host" },
		{ NULL, NULL } },
	.words_min = 1,
	.words_max = -1,
	.run = exec_run,
};

const struct cmd cmd_exec2 = {
	.name = "exec2",
	.args = "CT COMMAND [ARG]... | CT -",
	.summary = "Run a command inside; its exit status is ours",
	.text = "As `exec`, but the exit status is the command's own, or 128 + *N* when "
		"signal *N* killed it.",
	.theme = THEME_INSIDE,
	.flags = CMD_CT | CMD_ROOT | CMD_RAW | CMD_UP,
	.codes = (const int[]){ E_EXEC, E_NOT_RUNNING, 0 },
	.examples = (const struct cmd_example[]){
		{ "exec2 101 systemctl is-active ssh", "ask, and use the answer" },
		{ NULL, NULL } },
	.words_min = 1,
	.words_max = -1,
	.run = exec2_run,
};

const struct cmd cmd_exec3 = {
	.name = "exec3",
	.args = "CT PROGRAM [ARG]...",
	.summary = "Run a program inside without a shell; its exit status is ours",
	.text = "The program gets the arguments as they are given, with blanks and "
		"quotes. It is looked for in the usual directories. The exit status is "
		"as with `exec2`.",
	.theme = THEME_INSIDE,
	.flags = CMD_CT | CMD_ROOT | CMD_RAW | CMD_UP,
	.codes = (const int[]){ E_EXEC, E_NOT_RUNNING, 0 },
	.examples = (const struct cmd_example[]){
		{ "exec3 101 touch 'a name with blanks'", "one argument stays one" },
		{ NULL, NULL } },
	.words_min = 1,
	.words_max = -1,
	.run = exec3_run,
};
