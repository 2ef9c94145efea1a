/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "base/json.h"
#include "cli/cmd.h"

struct status_args {
	bool json;
};

static const struct opt status_options[] = {
	{ .kind = OPT_FLAG, .letter = 'j', .name = "json",
	  .at = offsetof(struct status_args, json),
	  .help = "as a JSON object with all that is known, live values included" },
	{ .kind = OPT_END },
};

static bool status_runs(const struct wabe_info *i)
{
	return i->state == WABE_STARTING || i->state == WABE_RUNNING ||
	       i->state == WABE_STOPPING;
}

static void put_list(struct json *j, const char *key, const struct strv *v)
{
	json_array(j, key);
	for (size_t i = 0; i < v->n; i++)
		json_str(j, NULL, v->v[i]);
	json_end(j);
}

/* null: unknown, or no limit. */
static void put_number(struct json *j, const char *key, int64_t n)
{
	if (n < 0)
		json_null(j, key);
	else
		json_int(j, key, n);
}

static void put_pid(struct json *j, const char *key, pid_t pid)
{
	put_number(j, key, pid > 0 ? pid : -1);
}

static void put_settings(struct json *j, const struct wabe_info *i)
{
	json_str(j, "name", i->name);
	json_str(j, "description", i->description);
	json_str(j, "hostname", i->hostname);
	json_str(j, "ostemplate", i->ostemplate);
	json_str(j, "layout", i->layout);
	json_str(j, "private", i->private_dir);
	json_str(j, "root", i->root_dir);
	put_list(j, "ip", &i->ip);
	put_list(j, "nameserver", &i->nameserver);
	put_list(j, "searchdomain", &i->searchdomain);
	json_bool(j, "disabled", i->disabled);
	put_number(j, "uid_base", i->uid_base);
}

static void put_usage(struct json *j, const struct wabe_info *i)
{
	put_pid(j, "pid", i->pid);
	put_pid(j, "supervisor", i->supervisor);
	put_number(j, "uptime", i->uptime);
	put_number(j, "numproc", i->numproc);
	put_number(j, "numproc_max", i->numproc_max);
	put_number(j, "memory", i->memory);
	put_number(j, "memory_max", i->memory_max);
	put_number(j, "swap", i->swap);
	put_number(j, "swap_max", i->swap_max);
	put_number(j, "cpuunits", i->cpuunits);
	put_number(j, "cpulimit", i->cpulimit);
	put_number(j, "diskspace", i->diskspace);
	put_number(j, "diskspace_max", i->diskspace_max);
	put_number(j, "diskinodes", i->diskinodes);
	put_number(j, "diskinodes_max", i->diskinodes_max);
}

static void status_json(const struct wabe_info *i)
{
	struct json *j = json_new(true);

	json_object(j, NULL);
	json_uint(j, "ctid", i->ctid);
	json_bool(j, "exists", i->exists);
	json_str(j, "state", wabe_state_word(i->state));
	json_bool(j, "mounted", i->mounted || status_runs(i));
	json_bool(j, "running", status_runs(i));
	put_settings(j, i);
	put_usage(j, i);
	json_end(j);
	fputs(json_text(j), stdout);
	json_free(j);
}

static int status_run(struct cli *c, const void *args, struct err *e)
{
	const struct status_args *a = args;
	struct wabe_info i = { 0 };
	int r = wabe_info(c->w, c->ctid, a->json ? WABE_READ_ALL : 0, &i, e);

	if (r < 0)
		return r;
	if (a->json)
		status_json(&i);
	else
		printf("CTID %" PRIu32 " %s %s %s\n", c->ctid,
		       i.exists ? "exist" : "deleted",
		       i.mounted || status_runs(&i) ? "mounted" : "unmounted",
		       status_runs(&i) ? "running" : "down");
	wabe_info_clear(&i);
	return 0;
}

const struct cmd cmd_status = {
	.name = "status",
	.args = "CT [--json]",
	.summary = "Tell whether a container exists and runs",
	.text = "One line: \"CTID *N*\", `exist` or `deleted`, `mounted` or `unmounted`, "
		"`running` or `down`. The exit status is 0 also when there is no such "
		"container.",
	.theme = THEME_LOOK,
	.flags = CMD_CT | CMD_MUTE,
	.options = status_options,
	.examples = (const struct cmd_example[]){
		{ "status 101", "prints: CTID 101 exist mounted running" },
		{ "status 101 --json", "state, settings, limits and what is used of them" },
		{ NULL, NULL } },
	.args_size = sizeof(struct status_args),
	.run = status_run,
};
