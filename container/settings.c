/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "config/keys.h"

const struct wabe_option *wabe_option(size_t i)
{
	/* one static row at a time would not be thread-safe: the table is built once per
	 * process, before any thread, by the first caller */
	static struct wabe_option *table;
	static size_t n;

	if (!table) {
		const struct key *const *rows = keys_options(&n);

		table = xcalloc(n, sizeof(*table));
		for (size_t k = 0; k < n; k++)
			table[k] = (struct wabe_option){
				.option = rows[k]->option,
				.key = keys[rows[k]->id].name,
				.arg = rows[k]->arg,
				.help = rows[k]->help,
				.create = rows[k]->flags & KF_CREATE,
				.set = rows[k]->flags & KF_SET,
				.live = rows[k]->flags & KF_LIVE,
				.also = rows[k]->also,
			};
	}
	return i < n ? &table[i] : NULL;
}

struct wabe_settings *wabe_settings_new(void)
{
	return xcalloc(1, sizeof(struct wabe_settings));
}

void wabe_settings_free(struct wabe_settings *s)
{
	if (!s)
		return;
	conf_clear(&s->conf);
	ipaddrs_clear(&s->del);
	free(s);
}

static int put_ipdel(struct wabe_settings *s, const char *value, struct err *e)
{
	struct ipaddr ip;
	int r;

	if (!strcmp(value, "all")) {
		s->del_all = true;
		return 0;
	}
	r = ipaddr_parse(value, &ip, e);
	if (r < 0)
		return r;
	ipaddrs_add(&s->del, &ip);
	return 0;
}

int wabe_settings_put(struct wabe_settings *s, const char *option, const char *value,
		      struct err *e)
{
	const struct key *k;

	if (!strcmp(option, "ipdel"))
		return put_ipdel(s, value, e);
	k = key_by_option(option);
	if (!k)
		return fail(e, E_SYNTAX, "unknown option --%s", option);
	return key_parse(&s->conf, k, value, FROM_USER, e);
}

void settings_addresses(const struct wabe_settings *s, const struct ipaddrs *now,
			struct ipaddrs *ret)
{
	for (size_t i = 0; i < now->n && !s->del_all; i++)
		if (!ipaddrs_find(&s->del, &now->v[i]))
			ipaddrs_add(ret, &now->v[i]);
	for (size_t i = 0; i < s->conf.net.ip.n; i++)
		ipaddrs_add(ret, &s->conf.net.ip.v[i]);
}
