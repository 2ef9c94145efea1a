/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config/keys.h"

void conf_clear(struct conf *c)
{
	free(c->name);
	free(c->description);
	free(c->ostemplate);
	free(c->origin_sample);
	free(c->ve_root);
	free(c->ve_private);
	free(c->layout);
	free(c->net.hostname);
	ipaddrs_clear(&c->net.ip);
	strv_clear(&c->net.nameserver);
	strv_clear(&c->net.searchdomain);
	*c = (struct conf)CONF_INIT;
}

/* By the type of the key, so that a new key needs nothing here. */
static void copy_field(struct conf *to, const struct conf *from, const struct key *k)
{
	char *t = (char *)to + k->offset;
	const char *f = (const char *)from + k->offset;

	switch (k->type) {
	case KT_TEXT:
	case KT_NAME:
	case KT_WORD:
	case KT_PATH:
	case KT_HOSTNAME:
		replace_str((char **)t, *(char *const *)f);
		break;
	case KT_BOOL:
		*(bool *)t = *(const bool *)f;
		break;
	case KT_UINT:
	case KT_CPULIMIT:
		*(uint32_t *)t = *(const uint32_t *)f;
		break;
	case KT_COUNT:
	case KT_PAGES:
	case KT_RAM:
	case KT_KIB:
		*(struct range *)t = *(const struct range *)f;
		break;
	case KT_IPS: {
		const struct ipaddrs *l = (const struct ipaddrs *)f;

		ipaddrs_clear((struct ipaddrs *)t);
		for (size_t i = 0; i < l->n; i++)
			ipaddrs_add((struct ipaddrs *)t, &l->v[i]);
		break;
	}
	case KT_DNS:
	case KT_DOMAINS:
		strv_copy((struct strv *)t, (const struct strv *)f);
		break;
	}
}

void conf_merge(struct conf *c, const struct conf *over)
{
	for (int k = 0; k < KEY_COUNT; k++)
		if (conf_has(over, k))
			copy_field(c, over, &keys[k]);
	c->given |= over->given;
}

void ipaddrs_clear(struct ipaddrs *l)
{
	free(l->v);
	*l = (struct ipaddrs){ NULL, 0 };
}

static struct ipaddr *find(const struct ipaddrs *l, const struct ipaddr *ip)
{
	for (size_t i = 0; i < l->n; i++)
		if (ipaddr_same(&l->v[i], ip))
			return &l->v[i];
	return NULL;
}

const struct ipaddr *ipaddrs_find(const struct ipaddrs *l, const struct ipaddr *ip)
{
	return find(l, ip);
}

bool ipaddrs_add(struct ipaddrs *l, const struct ipaddr *ip)
{
	struct ipaddr *old = find(l, ip);

	if (old) {
		old->plen = ip->plen;
		return false;
	}
	l->v = xrealloc(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = *ip;
	return true;
}

bool ipaddrs_del(struct ipaddrs *l, const struct ipaddr *ip)
{
	struct ipaddr *old = find(l, ip);

	if (!old)
		return false;
	l->n--;
	memmove(old, old + 1, (size_t)(l->v + l->n - old) * sizeof(*old));
	return true;
}

/* Length of the $VEID or ${VEID} that s starts with, else 0. */
static size_t mark_len(const char *s)
{
	if (!strncmp(s, "${VEID}", 7))
		return 7;
	return strncmp(s, "$VEID", 5) ? 0 : 5;
}

char *conf_expand(const char *pattern, uint32_t ctid)
{
	const char *at = strchr(pattern, '$');
	char *s;

	while (at && !mark_len(at))
		at = strchr(at + 1, '$');
	s = at ? xasprintf("%.*s%u%s", (int)(at - pattern), pattern, ctid, at + mark_len(at)) :
		 xstrdup(pattern);
	for (size_t n = strlen(s); n > 1 && s[n - 1] == '/'; n--)
		s[n - 1] = '\0';
	return s;
}
