/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cmd.h"

#include "base/cleanup.h"

struct reexec_args {
	bool all;
};

static const struct opt reexec_options[] = {
	{ .kind = OPT_FLAG, .name = "all", .at = offsetof(struct reexec_args, all),
	  .help = "All running containers" },
	{ .kind = OPT_END },
};

static bool is_running(struct cli *c, uint32_t ctid)
{
	struct wabe_info i;
	bool yes;

	if (wabe_info(c->w, ctid, false, &i, NULL) < 0)
		return false;
	yes = i.state == WABE_RUNNING;
	wabe_info_clear(&i);
	return yes;
}

/* One that cannot be renewed does not keep the others from it. */
static int reexec_all(struct cli *c, struct err *e)
{
	_cleanup_free_ uint32_t *ids = NULL;
	size_t n, done = 0, failed = 0;
	struct err why = { 0 };
	int r = wabe_list(c->w, &ids, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (!is_running(c, ids[i]))
			continue;
		done++;
		/* one that was stopped in this moment needs nothing */
		if (wabe_reexec(c->w, ids[i], &why) >= 0 || why.code == E_NOT_RUNNING)
			continue;
		failed++;
		say_line(&c->say, SAY_ERROR, why.msg);
	}
	if (r < 0 || !failed)
		return r;
	return fail(e, why.code, "%zu of %zu supervisors could not be renewed", failed, done);
}

static int reexec_run(struct cli *c, const void *args, struct err *e)
{
	const struct reexec_args *a = args;
	uint32_t ctid;
	int r;

	if (a->all == (c->parsed.n_words > 0))
		return fail(e, a->all ? E_SYNTAX : E_VALUE,
			    a->all ? "--all and a container exclude each other" :
				     "the container (CTID or name) or --all is missing");
	if (a->all)
		return reexec_all(c, e);
	r = wabe_find(c->w, c->parsed.words[0], &ctid, e);
	return r < 0 ? r : wabe_reexec(c->w, ctid, e);
}

const struct cmd cmd_reexec = {
	.name = "reexec",
	.args = "CT | --all",
	.summary = "Renew the supervisor of running containers",
	.text = "After an upgrade: the process that supervises a container\n"
		"replaces itself by the installed program, and one that was killed\n"
		"is put back. The container does not notice.\n",
	.flags = CMD_NODE | CMD_ROOT,
	.options = reexec_options,
	.args_size = sizeof(struct reexec_args),
	.words_max = 1,
	.run = reexec_run,
};
