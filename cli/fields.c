/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/near.h"
#include "include/wabe.h"

#define INFO(field) .at = offsetof(struct wabe_info, field)
#define MAX(field) .lim = offsetof(struct wabe_info, field)
#define UBC(nm, hd, what, held, max, pg, rd)                                      \
	{ nm, hd, what, 10, FIELD_HELD, INFO(held), MAX(max), .page = pg,         \
	  .reads = rd },                                                          \
	{ nm ".l", hd ".L", "limit of `" nm "`", 10, FIELD_LIMIT, INFO(max),      \
	  .page = pg, .part = true, .reads = rd }
#define DISK(nm, hd, what, field, ky)                                             \
	{ nm, hd, what, 10, FIELD_DISK, INFO(field), MAX(field##_max),            \
	  .reads = WABE_READ_DISK, .key = ky },                                   \
	{ nm ".s", hd ".S", "soft limit of `" nm "`", 10, FIELD_SOFT,             \
	  .part = true, .key = ky },                                              \
	{ nm ".h", hd ".H", "hard limit of `" nm "`", 10, FIELD_LIMIT,            \
	  INFO(field##_max), .part = true }

static const struct field table[] = {
	{ "ctid", "CTID", "the container's number", 10, FIELD_CTID, INFO(ctid) },
	{ "veid", "CTID", "as `ctid`", 10, FIELD_CTID, INFO(ctid), .alias = true },
	{ "vpsid", "CTID", "as `ctid`", 10, FIELD_CTID, INFO(ctid), .alias = true },
	{ "private", "PRIVATE", "directory of its files",
	  -32, FIELD_TEXT, INFO(private_dir) },
	{ "root", "ROOT", "where its files are mounted", -32, FIELD_TEXT, INFO(root_dir) },
	{ "origin_sample", "ORIGIN_SAMPLE", "sample it was created from",
	  -32, FIELD_KEY, .key = "ORIGIN_SAMPLE" },
	{ "hostname", "HOSTNAME", "host name", -32, FIELD_TEXT, INFO(hostname) },
	{ "name", "NAME", "name", -32, FIELD_TEXT, INFO(name) },
	{ "smart_name", "SMARTNAME", "name, or the number where it has none",
	  10, FIELD_SMART, INFO(name) },
	{ "description", "DESCRIPTION", "description",
	  -32, FIELD_TEXT, INFO(description) },
	{ "ostemplate", "OSTEMPLATE", "template", -32, FIELD_TEXT, INFO(ostemplate) },
	{ "ip", "IP_ADDR", "addresses; live ones while it runs",
	  -15, FIELD_LIST, INFO(ip) },
	{ "nameserver", "NAMESERVER", "name servers", -15, FIELD_LIST, INFO(nameserver) },
	{ "searchdomain", "SEARCHDOMAIN", "search domains",
	  -15, FIELD_LIST, INFO(searchdomain) },
	{ "status", "STATUS", "`stopped`, `mounted` or `running`",
	  -9, FIELD_STATE, INFO(state) },
	UBC("numproc", "NPROC", "processes and threads", numproc, numproc_max, 0,
	    WABE_READ_PROCESSES),
	UBC("physpages", "PHYSP", "memory in use, pages", memory, memory_max, 1,
	    WABE_READ_MEMORY),
	UBC("swappages", "SWAPP", "swap space in use, pages", swap, swap_max, 1,
	    WABE_READ_SWAP),
	DISK("diskspace", "DSPACE", "disk space in use, KiB", diskspace, "DISKSPACE"),
	DISK("diskinodes", "DINODES", "files and directories", diskinodes, "DISKINODES"),
	{ "uptime", "UPTIME", "how long it runs: days, hours, minutes and seconds; seconds in JSON",
	  15, FIELD_UPTIME, INFO(uptime) },
	{ "cpulimit", "CPULIM", "processor time, percent of one CPU",
	  7, FIELD_NUMBER, INFO(cpulimit) },
	{ "cpuunits", "CPUUNI", "processor weight",
	  7, FIELD_NUMBER, INFO(cpuunits) },
	{ "layout", "LAYOUT", "storage layout", -7, FIELD_TEXT, INFO(layout) },
	{ "disabled", "DISABL", "whether it may not be started",
	  6, FIELD_BOOL, INFO(disabled) },
	/* ours */
	{ "pid", "PID", "its init, as the host numbers it", 10, FIELD_PID, INFO(pid) },
	{ "supervisor", "SUPERVISOR", "its supervisor", 10, FIELD_PID, INFO(supervisor) },
	{ "memory", "MEMORY", "memory in use, bytes",
	  14, FIELD_LIVE, INFO(memory), .reads = WABE_READ_MEMORY },
	{ "memory_max", "MEMORY_MAX", "memory limit, bytes",
	  20, FIELD_LIMIT, INFO(memory_max), .reads = WABE_READ_MEMORY },
	{ "uid_base", "UID_BASE", "first of its 65536 user ids on the host",
	  10, FIELD_NUMBER, INFO(uid_base) },
};

const struct field *field_at(size_t i)
{
	return i < ARRAY_SIZE(table) ? &table[i] : NULL;
}

static void fields_add(struct fields *c, const struct field *col)
{
	c->v = xrealloc(c->v, c->n + 1, sizeof(*c->v));
	c->v[c->n++] = col;
}

void fields_clear(struct fields *c)
{
	free(c->v);
	*c = (struct fields){ 0 };
}

void fields_all(struct fields *ret)
{
	*ret = (struct fields){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (!table[i].part && !table[i].alias)
			fields_add(ret, &table[i]);
}

int field_find(const char *name, const struct field **ret, struct err *e)
{
	struct near n = near_start(name);

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (!strcmp(table[i].name, name)) {
			*ret = &table[i];
			return 0;
		}
		near_try(&n, table[i].name);
	}
	if (n.best)
		return fail(e, E_SYNTAX, "unknown field \"%.64s\", did you mean \"%s\"?",
			    name, n.best);
	return fail(e, E_SYNTAX, "unknown field \"%.64s\"; \"list -L\" shows all", name);
}

int fields_parse(const char *list, bool json, struct fields *ret, struct err *e)
{
	_cleanup_fields_ struct fields c = { 0 };

	for (;;) {
		size_t len = strcspn(list, ",");
		_cleanup_free_ char *name = xstrndup(list, len);
		const struct field *col;
		int r = field_find(name, &col, e);

		if (r < 0)
			return r;
		if (json && col->part)
			return fail(e, E_SYNTAX,
				    "JSON has no field \"%s\": it is part of "
				    "\"%.*s\"",
				    name, (int)strcspn(name, "."), name);
		fields_add(&c, col);
		if (!list[len])
			break;
		list += len + 1;
	}
	*ret = c;
	c = (struct fields){ 0 };
	return 0;
}

unsigned fields_read(const struct fields *c)
{
	unsigned reads = 0;

	for (size_t i = 0; i < c->n; i++)
		reads |= c->v[i]->reads;
	return reads;
}

bool fields_config(const struct fields *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->key)
			return true;
	return false;
}
