/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json.h"
#include "cli/cmd.h"

struct version_args {
	bool json;
};

static const struct opt version_options[] = {
	{ .kind = OPT_FLAG, .letter = 'j', .name = "json",
	  .at = offsetof(struct version_args, json), .help = "as a JSON object" },
	{ .kind = OPT_END },
};

static int version_run(struct cli *c, const void *args, struct err *e)
{
	const struct version_args *a = args;

	if (a->json) {
		struct json *j = json_new(true);

		json_object(j, NULL);
		json_str(j, "name", "wabe");
		json_str(j, "version", wabe_version());
		json_end(j);
		fputs(json_text(j), stdout);
		json_free(j);
	} else {
		printf("%s version %s\n", c->prog, wabe_version());
	}
	return 0;
}

const struct cmd cmd_version = {
	.name = "version",
	.args = "[--json]",
	.summary = "Show the version",
	.theme = THEME_OTHER,
	.options = version_options,
	.examples = (const struct cmd_example[]){
		{ "version --json", "for programs" },
		{ NULL, NULL } },
	.args_size = sizeof(struct version_args),
	.run = version_run,
};
