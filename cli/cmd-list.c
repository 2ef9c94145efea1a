/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/columns.h"

/* vzlist's one code: no such container, or not root. */
enum { LIST_FAILED = 1 };

struct list_args {
	bool all, stopped, by_name, no_header, no_trim, json, ids, fields;
	const char *output, *sort, *hostname, *name, *description;
};

#define LIST(knd, ltr, nm, ph, field, hlp)                                       \
	{ .kind = knd, .letter = ltr, .name = nm, .arg = ph, .help = hlp,        \
	  .at = offsetof(struct list_args, field) }

static const struct opt list_options[] = {
	LIST(OPT_FLAG, 'a', "all", NULL, all, "all containers, not only running ones"),
	LIST(OPT_FLAG, 'S', "stopped", NULL, stopped, "only those that do not run"),
	LIST(OPT_FLAG, 'n', "name", NULL, by_name,
	     "names instead of numbers, where there are names"),
	LIST(OPT_FLAG, 'H', "no-header", NULL, no_header, "without the header line"),
	LIST(OPT_FLAG, 't', "no-trim", NULL, no_trim,
	     "long values and lists in full; otherwise a text is cut to its column, and a "
	     "list to its first item, but in the last column"),
	LIST(OPT_FLAG, 'j', "json", NULL, json,
	     "as a JSON array of objects; without `-o` with all fields"),
	LIST(OPT_TEXT, 'o', "output", "FIELD[,FIELD]...", output, "these fields"),
	LIST(OPT_FLAG, '1', NULL, NULL, ids, "only the numbers, one a line, as `-H -o ctid`"),
	LIST(OPT_TEXT, 's', "sort", "[-]FIELD", sort, "sort by a field, with `-` backwards"),
	LIST(OPT_TEXT, 'h', "hostname", "PATTERN", hostname,
	     "those whose host name matches a shell pattern"),
	LIST(OPT_TEXT, 'N', "name_filter", "PATTERN", name, "those whose name matches"),
	LIST(OPT_TEXT, 'd', "description", "PATTERN", description,
	     "those whose description matches"),
	LIST(OPT_FLAG, 'L', "list", NULL, fields,
	     "show the fields there are, and their headers"),
	{ .kind = OPT_END },
};

struct rows {
	struct column_row *v;
	size_t n;
};

/* What the options come to. */
struct list_job {
	struct fields cols;		/* to show */
	const struct field *by;	/* to sort by, NULL: ctid */
	bool backwards;
	unsigned reads;			/* what these columns need to be read, */
	bool config;			/* and whether the configuration */
};

static void rows_clear(struct rows *r)
{
	for (size_t i = 0; i < r->n; i++)
		column_row_clear(&r->v[i]);
	free(r->v);
}

static void list_setting(void *ctx, const char *key, const char *value, const char *from)
{
	struct column_row *r = ctx;

	strv_add(&r->keys, key);
	strv_add(&r->values, value);
}

/* One container that cannot be read must not hide the others: false, after a warning. */
static bool list_add(struct cli *c, uint32_t ctid, const struct list_job *job,
		     struct rows *rows)
{
	struct column_row row = { 0 };
	struct err e = { 0 };
	int r = wabe_info(c->w, ctid, job->reads, &row.info, &e);

	if (r == 0 && row.info.exists && job->config)
		r = wabe_config(c->w, ctid, list_setting, &row, &e);
	if (r < 0) {
		_cleanup_free_ char *text =
			xasprintf("container %" PRIu32 ": %s", ctid, e.msg);

		say_line(&c->say, SAY_WARN, text);
		column_row_clear(&row);
		return false;
	}
	rows->v = xrealloc(rows->v, rows->n + 1, sizeof(*rows->v));
	rows->v[rows->n++] = row;
	return true;
}

static bool matches(const char *pattern, const char *text)
{
	return !pattern || (text && fnmatch(pattern, text, 0) == 0);
}

static bool list_wanted(const struct list_args *a, bool named, const struct wabe_info *i)
{
	bool runs = i->state != WABE_STOPPED && i->state != WABE_MOUNTED;

	/* vzlist's rule: a configuration without files is not shown as a container */
	if (!named && !runs && (!i->private_dir || access(i->private_dir, F_OK) < 0))
		return false;
	if (a->stopped ? runs : !a->all && !named && !runs)
		return false;
	return matches(a->hostname, i->hostname) && matches(a->name, i->name) &&
	       matches(a->description, i->description);
}

static bool is_listed(const struct rows *rows, uint32_t ctid)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].info.ctid == ctid)
			return true;
	return false;
}

/* Those that are named on the command line; *ret_missing: one is not there. */
static int list_named(struct cli *c, const struct list_job *job, struct rows *rows,
		      bool *ret_missing, struct err *e)
{
	bool missing = false;

	for (int i = 0; i < c->parsed.n_words; i++) {
		const char *word = c->parsed.words[i];
		uint32_t ctid;
		int r = wabe_find(c->w, word, &ctid, e);

		if (r < 0)
			return r;
		if (is_listed(rows, ctid))
			continue;
		if (!list_add(c, ctid, job, rows)) {
			missing = true;
		} else if (!rows->v[rows->n - 1].info.exists &&
			   rows->v[rows->n - 1].info.state == WABE_STOPPED) {
			_cleanup_free_ char *text = xasprintf("there is no container %s",
							      word);

			say_line(&c->say, SAY_ERROR, text);
			column_row_clear(&rows->v[--rows->n]);
			missing = true;
		}
	}
	*ret_missing = missing;
	return 0;
}

static int list_all(struct cli *c, const struct list_job *job, struct rows *rows,
		    struct err *e)
{
	_cleanup_free_ uint32_t *ids = NULL;
	size_t n = 0;
	int r = wabe_list(c->w, &ids, &n, e);

	for (size_t i = 0; r == 0 && i < n; i++)
		list_add(c, ids[i], job, rows);
	return r;
}

static void list_filter(const struct list_args *a, bool named, struct rows *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++) {
		if (list_wanted(a, named, &rows->v[i].info))
			rows->v[kept++] = rows->v[i];
		else
			column_row_clear(&rows->v[i]);
	}
	rows->n = kept;
}

static int list_compare(const void *x, const void *y, void *ctx)
{
	const struct column_row *a = x, *b = y;
	const struct list_job *job = ctx;
	int r = job->by ? column_compare(job->by, a, b) : 0;

	if (r == 0)
		r = (a->info.ctid > b->info.ctid) - (a->info.ctid < b->info.ctid);
	return job->backwards ? -r : r;
}

static void list_print(const struct list_args *a, const struct fields *cols,
		       const struct rows *rows)
{
	_cleanup_buf_ struct buf out = BUF_INIT;

	if (!a->no_header && !a->ids)
		columns_line(cols, NULL, !a->no_trim, &out);
	for (size_t i = 0; i < rows->n; i++)
		columns_line(cols, &rows->v[i], !a->no_trim, &out);
	fputs(out.s, stdout);
}

static void list_print_json(const struct fields *cols, const struct rows *rows)
{
	struct json *j = json_new(true);

	json_array(j, NULL);
	for (size_t i = 0; i < rows->n; i++)
		columns_json(cols, &rows->v[i], j);
	json_end(j);
	fputs(json_text(j), stdout);
	json_free(j);
}

static int list_columns(const struct list_args *a, struct fields *ret, struct err *e)
{
	const char *fields = a->output;

	if (a->ids)
		fields = "ctid";
	if (!fields && a->by_name)
		fields = "smart_name,numproc,status,ip,hostname";
	if (!fields && a->json) {
		fields_all(ret);
		return 0;
	}
	return fields_parse(fields ? fields : "ctid,numproc,status,ip,hostname", a->json,
			     ret, e);
}

static void list_fields(void)
{
	const struct field *col;

	for (size_t i = 0; (col = field_at(i)); i++)
		printf("%-15s %s\n", col->name, col->header);
}

static int list_prepare(const struct list_args *a, struct list_job *job, struct err *e)
{
	int r = list_columns(a, &job->cols, e);

	if (r < 0)
		return r;
	job->reads = fields_read(&job->cols);
	job->config = fields_config(&job->cols);
	if (!a->sort)
		return 0;
	job->backwards = *a->sort == '-';
	r = field_find(a->sort + job->backwards, &job->by, e);
	if (r < 0)
		return r;
	job->reads |= job->by->reads;
	job->config = job->config || job->by->key;
	return 0;
}

static int list_collect(struct cli *c, const struct list_args *a, struct list_job *job,
			struct rows *rows, struct err *e)
{
	bool named = c->parsed.n_words > 0, missing = false;
	int r = named ? list_named(c, job, rows, &missing, e) : list_all(c, job, rows, e);

	if (r < 0)
		return r;
	list_filter(a, named, rows);
	if (rows->n)
		qsort_r(rows->v, rows->n, sizeof(*rows->v), list_compare, job);
	else if (!a->json && !missing)
		say_line(&c->say, SAY_WARN, "Container(s) not found");
	c->status = missing || (named && !rows->n) ? LIST_FAILED : 0;
	return 0;
}

static void job_clear(struct list_job *job)
{
	fields_clear(&job->cols);
}

static int list_run(struct cli *c, const void *args, struct err *e)
{
	const struct list_args *a = args;
	_cleanup_(job_clear) struct list_job job = { 0 };
	_cleanup_(rows_clear) struct rows rows = { 0 };
	int r;

	if (a->fields) {
		list_fields();
		return 0;
	}
	r = list_prepare(a, &job, e);
	if (r < 0)
		return r;
	if (geteuid() != 0)
		return fail(e, LIST_FAILED, "only root can list containers");
	r = list_collect(c, a, &job, &rows, e);
	if (r < 0)
		return r;
	if (a->json)
		list_print_json(&job.cols, &rows);
	else if (rows.n)
		list_print(a, &job.cols, &rows);
	return 0;
}

static const struct cmd_example list_examples[] = {
	{ "list -a", "all containers" },
	{ "list -o smart_name,status,memory,ip", "these fields" },
	{ "list -Ho ctid -N 'web*' -s -uptime", "numbers for scripts, by name and age" },
	{ "list --json -a", "for programs" },
	{ NULL, NULL },
};

const struct cmd cmd_list = {
	.name = "list",
	.args = "[options] [CT]...",
	.word = "CT",
	.summary = "Show containers",
	.text = "The running ones, sorted by number; those named are shown in any "
		"state. Called as vzlist the program does this alone. A container whose "
		"files are missing is shown only when it is named.\n\n"
		"Unknown values are `-`, and `null` in JSON; no limit is "
		"9223372036854775807.\n\n"
		"The exit status is 1 when a container that was named is not there, and "
		"without root; as vzlist for every error.",
	.theme = THEME_LOOK,
	.flags = CMD_NODE | CMD_MUTE,
	.options = list_options,
	.examples = list_examples,
	.args_size = sizeof(struct list_args),
	.words_max = -1,
	.run = list_run,
};
