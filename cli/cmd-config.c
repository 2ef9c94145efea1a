/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/kv.h"
#include "cli/cmd.h"

struct config_args {
	bool json;
};

static const struct opt config_options[] = {
	{ .kind = OPT_FLAG, .letter = 'j', .name = "json",
	  .at = offsetof(struct config_args, json),
	  .help = "as a JSON object: each key with its `value` and where it is `from`" },
	{ .kind = OPT_END },
};

static void config_line(void *ctx, const char *key, const char *value, const char *from)
{
	struct buf *out = ctx;

	kv_add(out, key, value);
	if (!strcmp(from, "ct"))
		return;
	out->len--; /* the newline */
	buf_addf(out, " # %s\n", from);
}

static void config_member(void *ctx, const char *key, const char *value, const char *from)
{
	struct json *j = ctx;

	json_object(j, key);
	json_str(j, "value", value);
	json_str(j, "from", from);
	json_end(j);
}

static int config_text(struct cli *c, struct err *e)
{
	_cleanup_buf_ struct buf out = BUF_INIT;
	int r = wabe_config(c->w, c->ctid, config_line, &out, e);

	if (r == 0)
		fputs(out.s, stdout);
	return r;
}

static int config_run(struct cli *c, const void *args, struct err *e)
{
	const struct config_args *a = args;
	struct json *j;
	int r;

	if (!a->json)
		return config_text(c, e);
	j = json_new(true);
	json_object(j, NULL);
	r = wabe_config(c->w, c->ctid, config_member, j, e);
	json_end(j);
	if (r == 0)
		fputs(json_text(j), stdout);
	json_free(j);
	return r;
}

const struct cmd cmd_config = {
	.name = "config",
	.args = "CT [--json]",
	.summary = "Show the settings in force",
	.text = "Lines of *KEY*=\"*VALUE*\" as in ctid.conf(5); `# node` marks those of "
		"vz.conf(5), `# built-in` those that nobody has set.",
	.theme = THEME_SET,
	.flags = CMD_CT | CMD_MUTE,
	.options = config_options,
	.codes = (const int[]){ E_BAD_CTCONF, 0 },
	.examples = (const struct cmd_example[]){
		{ "config web", "what holds for it, and where that is from" },
		{ NULL, NULL } },
	.args_size = sizeof(struct config_args),
	.run = config_run,
};
