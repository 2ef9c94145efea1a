/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "config/global.h"
#include "config/keys.h"

bool wabe_option(size_t i, struct wabe_option *ret)
{
	size_t n;
	const struct key *const *rows = keys_options(&n);
	const struct key *k;

	if (i >= n)
		return false;
	k = rows[i];
	*ret = (struct wabe_option){
		.option = k->option,
		.key = keys[k->id].name,
		.arg = k->arg,
		.help = k->help,
		.create = k->flags & KF_CREATE,
		.set = k->flags & KF_SET,
		.live = k->flags & KF_LIVE,
		.restart = k->flags & KF_SET && !(k->flags & (KF_LIVE | KF_SAVE_ONLY)),
		.list = k->flags & KF_ACCUMULATE,
		.also = k->also,
	};
	return true;
}

static enum wabe_when when_of(const struct key *k)
{
	if (!(k->flags & KF_SET))
		return WABE_WHEN_CREATED;
	if (k->flags & KF_LIVE)
		return WABE_WHEN_LIVE;
	return k->flags & KF_SAVE_ONLY ? WABE_WHEN_READ : WABE_WHEN_START;
}

bool wabe_key(size_t i, struct wabe_key *ret)
{
	const struct key *k;

	if (i >= KEY_COUNT)
		return false;
	k = &keys[i];
	*ret = (struct wabe_key){
		.name = k->name,
		.help = k->help,
		.values = key_values(k),
		.unit = k->unit,
		.unset = k->unset,
		.min = k->min,
		.max = k->max,
		.when = when_of(k),
		.node = !(k->flags & KF_OWN),
	};
	return true;
}

bool wabe_node_key(size_t i, struct wabe_key *ret)
{
	const struct node_key *k;

	if (i >= NODE_COUNT)
		return false;
	k = &node_keys[i];
	*ret = (struct wabe_key){
		.name = k->name, .values = k->values, .unset = k->unset, .help = k->help,
	};
	return true;
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
