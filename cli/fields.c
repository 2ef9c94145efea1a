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
#define UBC(nm, hd, held, max, pg)                                                \
	{ nm, hd, 10, FIELD_HELD, INFO(held), MAX(max), .page = pg, .live = true }, \
	{ nm ".l", hd ".L", 10, FIELD_LIMIT, INFO(max), .page = pg, .part = true }
#define DISK(nm, hd, field, ky)                                                   \
	{ nm, hd, 10, FIELD_DISK, INFO(field), MAX(field##_max), .live = true,      \
	  .key = ky },                                                            \
	{ nm ".s", hd ".S", 10, FIELD_SOFT, .part = true, .key = ky },              \
	{ nm ".h", hd ".H", 10, FIELD_LIMIT, INFO(field##_max), .part = true }

static const struct field table[] = {
	{ "ctid", "CTID", 10, FIELD_CTID, INFO(ctid) },
	{ "veid", "CTID", 10, FIELD_CTID, INFO(ctid), .alias = true },
	{ "vpsid", "CTID", 10, FIELD_CTID, INFO(ctid), .alias = true },
	{ "private", "PRIVATE", -32, FIELD_TEXT, INFO(private_dir) },
	{ "root", "ROOT", -32, FIELD_TEXT, INFO(root_dir) },
	{ "origin_sample", "ORIGIN_SAMPLE", -32, FIELD_KEY, .key = "ORIGIN_SAMPLE" },
	{ "hostname", "HOSTNAME", -32, FIELD_TEXT, INFO(hostname) },
	{ "name", "NAME", -32, FIELD_TEXT, INFO(name) },
	{ "smart_name", "SMARTNAME", 10, FIELD_SMART, INFO(name) },
	{ "description", "DESCRIPTION", -32, FIELD_TEXT, INFO(description) },
	{ "ostemplate", "OSTEMPLATE", -32, FIELD_TEXT, INFO(ostemplate) },
	{ "ip", "IP_ADDR", -15, FIELD_LIST, INFO(ip) },
	{ "nameserver", "NAMESERVER", -15, FIELD_LIST, INFO(nameserver) },
	{ "searchdomain", "SEARCHDOMAIN", -15, FIELD_LIST, INFO(searchdomain) },
	{ "status", "STATUS", -9, FIELD_STATE, INFO(state) },
	UBC("numproc", "NPROC", numproc, numproc_max, 0),
	UBC("physpages", "PHYSP", memory, memory_max, 1),
	UBC("swappages", "SWAPP", swap, swap_max, 1),
	DISK("diskspace", "DSPACE", diskspace, "DISKSPACE"),
	DISK("diskinodes", "DINODES", diskinodes, "DISKINODES"),
	{ "uptime", "UPTIME", 15, FIELD_UPTIME, INFO(uptime), .live = true },
	{ "cpulimit", "CPULIM", 7, FIELD_NUMBER, INFO(cpulimit), .live = true },
	{ "cpuunits", "CPUUNI", 7, FIELD_NUMBER, INFO(cpuunits), .live = true },
	{ "layout", "LAYOUT", -7, FIELD_TEXT, INFO(layout) },
	{ "disabled", "DISABL", 6, FIELD_BOOL, INFO(disabled) },
	/* ours */
	{ "pid", "PID", 10, FIELD_PID, INFO(pid) },
	{ "supervisor", "SUPERVISOR", 10, FIELD_PID, INFO(supervisor) },
	{ "memory", "MEMORY", 14, FIELD_LIVE, INFO(memory), .live = true },
	{ "memory_max", "MEMORY_MAX", 20, FIELD_LIMIT, INFO(memory_max) },
	{ "uid_base", "UID_BASE", 10, FIELD_NUMBER, INFO(uid_base) },
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

bool fields_live(const struct fields *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->live)
			return true;
	return false;
}

bool fields_config(const struct fields *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->key)
			return true;
	return false;
}
