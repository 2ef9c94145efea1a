/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "cli/cmd.h"

struct build_args {
	struct strv include;
	bool force;
};

static const struct opt build_options[] = {
	{ .kind = OPT_LIST, .name = "include", .arg = "PKG[,PKG]...",
	  .at = offsetof(struct build_args, include),
	  .help = "put further packages into it" },
	{ .kind = OPT_FLAG, .name = "force", .at = offsetof(struct build_args, force),
	  .help = "build it anew although it is there" },
	{ .kind = OPT_END },
};

static void split_packages(const struct strv *given, struct strv *out)
{
	for (size_t i = 0; i < given->n; i++) {
		char *rest = given->v[i], *word;

		while ((word = strsep(&rest, ", ")))
			if (*word)
				strv_add(out, word);
	}
}

static int build_run(struct cli *c, const void *args, struct err *e)
{
	const struct build_args *a = args;
	_cleanup_strv_ struct strv packages = STRV_INIT;
	struct wabe_template t = { 0 };
	struct wabe_build b = { .name = c->parsed.words[0], .force = a->force };
	char text[256];
	int r;

	split_packages(&a->include, &packages);
	if (packages.n)
		b.include = (const char *const *)packages.v;
	r = wabe_template_build(c->w, &b, &t, e);
	if (r < 0)
		return r;
	snprintf(text, sizeof(text),
		 "Template %s is ready: %.1f MiB in %" PRIu64 " files", t.name,
		 (double)t.bytes / (1 << 20), t.inodes);
	say_line(&c->say, SAY_INFO, text);
	wabe_template_clear(&t);
	return 0;
}

static const struct cmd template_build = {
	.name = "build",
	.of = "template",
	.args = "NAME [--include PKG[,PKG]...] [--force]",
	.word = "busybox|debian-11|debian-12|debian-13",
	.summary = "Build a template on this node",
	.theme = THEME_TEMPLATE,
	.text = "`debian-11`, `-12` or `-13`, and variants such as `debian-12-web`, are "
		"made by mmdebstrap(1) from the machine's own apt sources; `busybox` from "
		"the machine's busybox-static. A template that is there is kept, unless "
		"`--force` is given.",
	.flags = CMD_NODE | CMD_ROOT,
	.options = build_options,
	.args_size = sizeof(struct build_args),
	.examples = (const struct cmd_example[]){
		{ "template build debian-12", "takes about a minute" },
		{ "template build debian-12-web --include nginx,ssh",
		  "a variant with more packages" },
		{ NULL, NULL } },
	.words_min = 1,
	.words_max = 1,
	.run = build_run,
};

struct tlist_args {
	bool no_header, json;
};

static const struct opt tlist_options[] = {
	{ .kind = OPT_FLAG,
	  .letter = 'H',
	  .name = "no-header",
	  .at = offsetof(struct tlist_args, no_header),
	  .help = "without the header line" },
	{ .kind = OPT_FLAG,
	  .letter = 'j',
	  .name = "json",
	  .at = offsetof(struct tlist_args, json),
	  .help = "as a JSON array" },
	{ .kind = OPT_END },
};

static void tlist_print(const struct wabe_template *t, size_t n, bool header)
{
	if (header)
		printf("%-32s %10s %10s %5s %-16s %s\n", "NAME", "SIZE_MIB", "FILES",
		       "USED", "CREATED", "DIGEST");
	for (size_t i = 0; i < n; i++) {
		time_t when = (time_t)t[i].created;
		char date[32] = "-";
		struct tm tm;

		if (t[i].created > 0 && localtime_r(&when, &tm))
			strftime(date, sizeof(date), "%Y-%m-%d %H:%M", &tm);
		printf("%-32s %10.1f %10" PRIu64 " %5u %-16s %.12s\n", t[i].name,
		       (double)t[i].bytes / (1 << 20), t[i].inodes, t[i].used, date,
		       t[i].digest ? t[i].digest : "-");
	}
}

static void tlist_print_json(const struct wabe_template *t, size_t n)
{
	struct json *j = json_new(true);

	json_array(j, NULL);
	for (size_t i = 0; i < n; i++) {
		json_object(j, NULL);
		json_str(j, "name", t[i].name);
		json_str(j, "digest", t[i].digest);
		json_uint(j, "bytes", t[i].bytes);
		json_uint(j, "inodes", t[i].inodes);
		json_int(j, "created", t[i].created);
		json_uint(j, "used", t[i].used);
		json_end(j);
	}
	json_end(j);
	fputs(json_text(j), stdout);
	json_free(j);
}

static int tlist_run(struct cli *c, const void *args, struct err *e)
{
	const struct tlist_args *a = args;
	struct wabe_template *t = NULL;
	size_t n = 0;
	int r = wabe_template_list(c->w, &t, &n, e);

	if (r < 0)
		return r;
	if (a->json)
		tlist_print_json(t, n);
	else if (n)
		tlist_print(t, n, !a->no_header);
	else
		say_line(&c->say, SAY_WARN, "Template(s) not found");
	for (size_t i = 0; i < n; i++)
		wabe_template_clear(&t[i]);
	free(t);
	return 0;
}

static const struct cmd template_list = {
	.name = "list",
	.of = "template",
	.args = "[--no-header] [--json]",
	.summary = "Show the templates of this node",
	.text = "Name, size, number of files, how many containers use it, date, and the "
		"beginning of the archive's digest.",
	.theme = THEME_TEMPLATE,
	.flags = CMD_NODE | CMD_MUTE,
	.options = tlist_options,
	.examples = (const struct cmd_example[]){
		{ "template list --json", "for programs" },
		{ NULL, NULL } },
	.args_size = sizeof(struct tlist_args),
	.run = tlist_run,
};

static int tdelete_run(struct cli *c, const void *args, struct err *e)
{
	return wabe_template_delete(c->w, c->parsed.words[0], e);
}

static const struct cmd template_delete = {
	.name = "delete",
	.of = "template",
	.args = "TEMPLATE",
	.word = "TEMPLATE",
	.summary = "Remove a template that no container uses",
	.theme = THEME_TEMPLATE,
	.flags = CMD_NODE | CMD_ROOT,
	.codes = (const int[]){ E_LOCKED, E_NO_TEMPLATE, 0 },
	.examples = (const struct cmd_example[]){
		{ "template delete busybox", "give its disk space back" },
		{ NULL, NULL } },
	.words_min = 1,
	.words_max = 1,
	.run = tdelete_run,
};

static const struct cmd *const template_cmds[] = {
	&template_build, &template_list, &template_delete, NULL
};

const struct cmd cmd_template = {
	.name = "template",
	.args = "build|list|delete",
	.summary = "Make, show and remove templates",
	.text = "A template is an archive of a root file system and, once it is needed, "
		"its unpacked tree. Containers lie over that tree and share it: it is "
		"never written.",
	.theme = THEME_TEMPLATE,
	.codes = (const int[]){ E_LOCKED, E_NO_SPACE, E_BAD_TEMPLATE, E_NO_TEMPLATE, 0 },
	.subs = template_cmds,
};
