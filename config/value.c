/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/value.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "config/keys.h"

enum { MAX_TEXT = 1023, MAX_NAME = 64, MAX_WORD = 128, MAX_HOST = 253, MAX_LABEL = 63 };

static const char *label_of(const struct key *k, enum value_source from, char out[64])
{
	if (from == FROM_USER && k->option)
		snprintf(out, 64, "--%s", k->option);
	else
		snprintf(out, 64, "%s", k->name);
	return out;
}

/* ---- texts: NULL, or what is wrong ----------------------------------------------------- */

static const char *check_text(const char *s)
{
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return "it holds a control character";
	return strlen(s) > MAX_TEXT ? "it is too long" : NULL;
}

static const char *check_chars(const char *s, const char *more, size_t max)
{
	if (strlen(s) > max)
		return "it is too long";
	for (const char *p = s; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(more, *p))
			return "it holds a character that is not allowed";
	return NULL;
}

static const char *check_name(const char *s)
{
	if (*s == '-' || *s == '.' || *s == ' ')
		return "it must start with a letter or digit";
	if (*s && strspn(s, "0123456789") == strlen(s))
		return "it is a number, as CTIDs are";
	return check_chars(s, " -+_.", MAX_NAME);
}

static const char *check_word(const char *s)
{
	if (!isalnum((unsigned char)*s))
		return "it must start with a letter or digit";
	return strstr(s, "..") ? "it holds '..'" : check_chars(s, "._+@-", MAX_WORD);
}

static const char *check_path(const char *s)
{
	if (*s != '/')
		return "it is not an absolute path";
	for (const char *p = s; (p = strstr(p, "..")); p += 2)
		if (p[-1] == '/' && (!p[2] || p[2] == '/'))
			return "it holds '..'";
	if (!strcmp(s, "/"))
		return "it is the root directory";
	return check_text(s);
}

static const char *check_hostname(const char *s)
{
	size_t label = 0;

	if (strlen(s) > MAX_HOST)
		return "it is too long";
	for (const char *p = s; *p; p++) {
		if (*p == '.') {
			if (!label || p[-1] == '-')
				return "it has an empty label or one that ends with '-'";
			label = 0;
			continue;
		}
		if (!isalnum((unsigned char)*p) && *p != '-' && *p != '_')
			return "it holds a character that is not allowed";
		if (!label && *p == '-')
			return "a label starts with '-'";
		if (++label > MAX_LABEL)
			return "a label is too long";
	}
	if (*s && s[strlen(s) - 1] == '-')
		return "it ends with '-'";
	return NULL;
}

static int put_text(char **field, const struct key *k, const char *v,
		    enum value_source from, struct err *e)
{
	const char *why = NULL;
	int code = E_VALUE;
	char label[64];

	switch (k->type) {
	case KT_NAME:
		why = check_name(v);
		code = E_NAME;
		break;
	case KT_WORD:
		why = check_word(v);
		if (!why && k->id == KEY_VE_LAYOUT && from == FROM_USER && strcmp(v, "overlay"))
			why = "only overlay is known";
		break;
	case KT_PATH:
		why = check_path(v);
		break;
	case KT_HOSTNAME:
		why = check_hostname(v);
		code = E_HOSTNAME;
		break;
	default:
		why = check_text(v);
		break;
	}
	if (why)
		return fail(e, code, "bad %s: %s", label_of(k, from, label), why);
	replace_str(field, v);
	return 0;
}

/* ---- numbers ------------------------------------------------------------------------------ */

/* Over-range: refused from a user, clipped from a file (1). */
static int in_bounds(const struct key *k, uint64_t *v, enum value_source from, struct err *e)
{
	uint64_t to = *v < k->min ? k->min : k->max;
	char label[64];

	if (*v >= k->min && *v <= k->max)
		return 0;
	label_of(k, from, label);
	if (from == FROM_USER)
		return fail(e, E_VALUE, "bad %s: not in %" PRIu64 "..%" PRIu64, label, k->min,
			    k->max);
	*v = to;
	fail(e, E_VALUE, "%s is out of range, %" PRIu64 " is used", label, to);
	return 1;
}

static int put_uint(uint32_t *field, const struct key *k, const char *v,
		    enum value_source from, struct err *e)
{
	uint64_t n;
	char label[64];
	int r = value_number(v, 0, &n, e);

	if (r >= 0)
		r = in_bounds(k, &n, from, e);
	if (r < 0)
		return r;
	if ((k->id == KEY_LOCAL_UID || k->id == KEY_LOCAL_GID) && n % 65536)
		return fail(e, E_VALUE, "bad %s: not a multiple of 65536",
			    label_of(k, from, label));
	*field = (uint32_t)n;
	return r;
}

static int put_cpulimit(uint32_t *field, const struct key *k, const char *v,
			enum value_source from, struct err *e)
{
	size_t len = strlen(v);
	bool of_all = len && v[len - 1] == '%';
	_cleanup_free_ char *s = xstrndup(v, of_all ? len - 1 : len);
	uint64_t n;
	int r = value_number(s, 0, &n, e);

	if (r < 0)
		return r;
	if (of_all && n > 100)
		return fail(e, E_VALUE, "bad --cpulimit: more than 100%%");
	if (of_all)
		n *= (uint64_t)sysconf(_SC_NPROCESSORS_ONLN);
	r = in_bounds(k, &n, from, e);
	if (r >= 0)
		*field = (uint32_t)n;
	return r;
}

static uint64_t unit_of(const struct key *k)
{
	switch (k->type) {
	case KT_PAGES:
		return (uint64_t)sysconf(_SC_PAGESIZE);
	case KT_KIB:
		return 1024;
	default:
		return 0;
	}
}

static int put_range(struct range *field, const struct key *k, const char *v,
		     enum value_source from, struct err *e)
{
	struct range n;
	int r = value_range(v, unit_of(k), &n, e), clipped;

	if (r < 0)
		return r;
	if (k->max && n.lim != CONF_UNLIMITED) {
		r = in_bounds(k, &n.lim, from, e);
		/* a barrier of 0 is vzctl's "none" */
		clipped = r < 0 || !n.bar ? r : in_bounds(k, &n.bar, from, e);
		if (clipped < 0)
			return clipped;
		r |= clipped;
	}
	*field = n;
	return r;
}

static int put_ram(struct range *field, const struct key *k, const char *v,
		   enum value_source from, struct err *e)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), bytes;
	char label[64];
	int r = value_number(v, 1, &bytes, e);

	if (r < 0)
		return r;
	if (bytes != CONF_UNLIMITED) {
		if (k->min && bytes < page)
			return fail(e, E_VALUE, "bad %s: less than one page",
				    label_of(k, from, label));
		bytes = bytes / page + (bytes % page != 0);
	}
	*field = (struct range){ .bar = 0, .lim = bytes };
	return 0;
}

/* ---- lists ----------------------------------------------------------------------------------- */

static int put_ips(struct ipaddrs *field, const char *v, enum value_source from,
		   struct err *e)
{
	_cleanup_strv_ struct strv words = STRV_INIT;
	struct ipaddrs got = { NULL, 0 };
	struct ipaddr ip;
	int r = 0;

	strv_add_words(&words, v);
	if (!words.n && from == FROM_USER)
		return fail(e, E_BAD_IP, "bad IP address ''");
	for (size_t i = 0; r >= 0 && i < words.n; i++) {
		const char *w = words.v[i];

		/* vzctl's way of writing "no address" */
		if (!strcmp(w, "0.0.0.0") || !strcmp(w, "::") || !strcmp(w, "::0"))
			continue;
		r = ipaddr_parse(w, &ip, e);
		if (r >= 0)
			ipaddrs_add(&got, &ip);
	}
	for (size_t i = 0; r >= 0 && i < got.n; i++)
		ipaddrs_add(field, &got.v[i]);
	ipaddrs_clear(&got);
	return r;
}

static int check_server(const char *w, struct err *e)
{
	struct ipaddr ip;

	/* a resolver on loopback is odd but valid */
	if (!strncmp(w, "127.", 4) || !strcmp(w, "::1"))
		return 0;
	if (ipaddr_parse(w, &ip, NULL) < 0 || strchr(w, '/'))
		return fail(e, E_BAD_DNS, "bad --nameserver '%.60s'", w);
	return 0;
}

static int put_words(struct strv *field, const struct key *k, const char *v, struct err *e)
{
	_cleanup_strv_ struct strv words = STRV_INIT;
	int r = check_text(v) ? fail(e, k->type == KT_DNS ? E_BAD_DNS : E_BAD_SEARCH,
				     "bad --%s: %s", k->option, check_text(v)) : 0;

	strv_add_words(&words, v);
	for (size_t i = 0; r >= 0 && i < words.n; i++) {
		const char *w = words.v[i];

		if (!strcmp(w, "inherit"))
			continue;
		if (k->type == KT_DNS)
			r = check_server(w, e);
		else if (check_hostname(w))
			r = fail(e, E_BAD_SEARCH, "bad --searchdomain: %s", check_hostname(w));
	}
	for (size_t i = 0; r >= 0 && i < words.n; i++)
		if (!strv_has(field, words.v[i]))
			strv_add(field, words.v[i]);
	return r;
}

static int put_bool(bool *field, const struct key *k, const char *v, enum value_source from,
		    struct err *e)
{
	char label[64];

	if (strcmp(v, "yes") && strcmp(v, "no"))
		return fail(e, E_VALUE, "bad %s: yes or no is meant",
			    label_of(k, from, label));
	*field = !strcmp(v, "yes");
	return 0;
}

int key_parse(struct conf *c, const struct key *k, const char *v, enum value_source from,
	      struct err *e)
{
	void *field = (char *)c + k->offset;
	int r = -E_VALUE;

	switch (k->type) {
	case KT_TEXT:
	case KT_NAME:
	case KT_WORD:
	case KT_PATH:
	case KT_HOSTNAME:
		r = put_text(field, k, v, from, e);
		break;
	case KT_BOOL:
		r = put_bool(field, k, v, from, e);
		break;
	case KT_UINT:
		r = put_uint(field, k, v, from, e);
		break;
	case KT_CPULIMIT:
		r = put_cpulimit(field, k, v, from, e);
		break;
	case KT_COUNT:
	case KT_PAGES:
	case KT_KIB:
		r = put_range(field, k, v, from, e);
		break;
	case KT_RAM:
		r = put_ram(field, k, v, from, e);
		break;
	case KT_IPS:
		r = put_ips(field, v, from, e);
		break;
	case KT_DNS:
	case KT_DOMAINS:
		r = put_words(field, k, v, e);
		break;
	}
	if (r >= 0)
		c->given |= 1ull << k->id;
	return r;
}

/* ---- formatting -------------------------------------------------------------------------------- */

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

void key_format(const struct conf *c, const struct key *k, struct buf *out)
{
	const void *field = (const char *)c + k->offset;
	char ip[IPADDR_STRLEN];
	char *list;

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
	case KT_IPS: {
		const struct ipaddrs *l = field;

		for (size_t i = 0; i < l->n; i++)
			buf_addf(out, "%s%s", i ? " " : "", ipaddr_str(&l->v[i], ip));
		break;
	}
	case KT_DNS:
	case KT_DOMAINS:
		list = strv_join(field, " ");
		buf_adds(out, list);
		free(list);
		break;
	}
}
