/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "base/cleanup.h"
#include "config/keys.h"

static void add_number(struct buf *out, uint64_t v)
{
	if (v == CONF_UNLIMITED)
		buf_adds(out, "unlimited");
	else
		buf_addf(out, "%" PRIu64, v);
}

static void add_range(struct buf *out, const struct range *r, bool always_both)
{
	if (always_both || r->bar != r->lim) {
		add_number(out, r->bar);
		buf_addc(out, ':');
	}
	add_number(out, r->lim);
}

static void add_ips(struct buf *out, const struct ipaddrs *l)
{
	char ip[IPADDR_STRLEN];

	for (size_t i = 0; i < l->n; i++)
		buf_addf(out, "%s%s", i ? " " : "", ipaddr_str(&l->v[i], ip));
}

static void add_words(struct buf *out, const struct strv *l)
{
	_cleanup_free_ char *list = strv_join(l, " ");

	buf_adds(out, list);
}

void key_format(const struct conf *c, const struct key *k, struct buf *out)
{
	const void *field = (const char *)c + k->offset;

	switch (k->type) {
	case KT_TEXT:
	case KT_NAME:
	case KT_WORD:
	case KT_PATH:
	case KT_HOSTNAME:
		if (*(char *const *)field)
			buf_adds(out, *(char *const *)field);
		break;
	case KT_BOOL:
		buf_adds(out, *(const bool *)field ? "yes" : "no");
		break;
	case KT_UINT:
	case KT_CPULIMIT:
		buf_addf(out, "%" PRIu32, *(const uint32_t *)field);
		break;
	case KT_COUNT:
	case KT_PAGES:
	case KT_RAM:
	case KT_KIB:
		add_range(out, field, k->id == KEY_DISKSPACE || k->id == KEY_DISKINODES);
		break;
	case KT_IPS:
		add_ips(out, field);
		break;
	case KT_DNS:
	case KT_DOMAINS:
		add_words(out, field);
		break;
	}
}
