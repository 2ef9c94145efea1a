/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "config/keys.h"
#include "config/number.h"
#include "config/text.h"

/* Lists are walked for each entry that is added: a hostile file shall not make that long. */
enum { MAX_IPS = 1024, MAX_WORDS = 64, MAX_VALUE = 65535, ID_RANGE = 65536 };

struct input {
	const struct key *k;
	const char *v;
	enum value_source from;
	struct err *e;
};

static int code_of(const struct key *k)
{
	switch (k->type) {
	case KT_NAME:
		return E_NAME;
	case KT_HOSTNAME:
		return E_HOSTNAME;
	case KT_IPS:
		return E_BAD_IP;
	case KT_DNS:
		return E_BAD_DNS;
	case KT_DOMAINS:
		return E_BAD_SEARCH;
	default:
		return E_VALUE;
	}
}

static int bad(const struct input *in, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Refuse the value: "bad --OPTION: " and the sentence. */
static int bad(const struct input *in, const char *fmt, ...)
{
	const struct key *k = in->k;
	bool option = in->from == FROM_USER && k->option;
	char why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return fail(in->e, code_of(k), "bad %s%s: %s", option ? "--" : "",
		    option ? k->option : k->name, why);
}

/* ---- texts --- */

static int put_text(char **field, const struct input *in)
{
	const struct key *k = in->k;
	const char *why;

	switch (k->type) {
	case KT_NAME:
		why = text_name(in->v);
		break;
	case KT_WORD:
		why = text_word(in->v);
		/* one from a file is kept, and start tells */
		if (k->id == KEY_VE_LAYOUT && in->from == FROM_USER && !why &&
		    strcmp(in->v, "overlay"))
			why = "the only storage layout is overlay";
		break;
	case KT_PATH:
		why = text_path(in->v);
		break;
	case KT_HOSTNAME:
		why = text_hostname(in->v);
		break;
	default:
		why = text_plain(in->v);
		break;
	}
	if (why)
		return bad(in, "%s", why);
	replace_str(field, in->v);
	return 0;
}

static int put_bool(bool *field, const struct input *in)
{
	bool yes = !strcmp(in->v, "yes");

	if (!yes && strcmp(in->v, "no"))
		return bad(in, "it is neither yes nor no");
	*field = yes;
	return 0;
}

/* ---- numbers --- */

static int not_number(const struct input *in)
{
	return bad(in, "'%.40s' is not a number", in->v);
}

/* 1 and a sentence with what was done, or refused when it came from a user. */
static int clipped(const struct input *in, uint64_t to, const char *why)
{
	if (in->from == FROM_USER)
		return bad(in, "%s", why);
	if (to == CONF_UNLIMITED)
		fail(in->e, E_VALUE, "%s: %s, unlimited is used", in->k->name, why);
	else
		fail(in->e, E_VALUE, "%s: %s, %" PRIu64 " is used", in->k->name, why, to);
	return 1;
}

static int in_bounds(const struct input *in, uint64_t *v)
{
	const struct key *k = in->k;
	char why[80];

	if (*v >= k->min && *v <= k->max)
		return 0;
	*v = *v < k->min ? k->min : k->max;
	snprintf(why, sizeof(why), "it is not in %" PRIu64 "..%" PRIu64, k->min, k->max);
	return clipped(in, *v, why);
}

static int put_uint(uint32_t *field, const struct input *in)
{
	const struct key *k = in->k;
	uint64_t n;
	int r;

	if (number_parse(in->v, 0, &n) == NUMBER_BAD)
		return not_number(in);
	/* clipping would give the container ids of others */
	if ((k->id == KEY_LOCAL_UID || k->id == KEY_LOCAL_GID) &&
	    (n % ID_RANGE || n > k->max))
		return bad(in, "it is not a multiple of 65536 that leaves room for 65536 ids");
	r = in_bounds(in, &n);
	if (r >= 0)
		*field = (uint32_t)n;
	return r;
}

static int put_cpulimit(uint32_t *field, const struct input *in)
{
	size_t len = strlen(in->v);
	bool of_all = len && in->v[len - 1] == '%';
	_cleanup_free_ char *s = xstrndup(in->v, of_all ? len - 1 : len);
	uint64_t n, cpus = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN);
	int r;

	switch (number_parse(s, 0, &n)) {
	case NUMBER_BAD:
		return not_number(in);
	case NUMBER_OK:
		n = n == CONF_UNLIMITED ? 0 : n;
		break;
	case NUMBER_OVER:
		break;
	}
	if (of_all && n > 100) {
		n = 100 * cpus;
		r = clipped(in, n, "it is more than 100% of all processors");
	} else {
		n *= of_all ? cpus : 1;
		r = in_bounds(in, &n);
	}
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

static int put_range(struct range *field, const struct input *in)
{
	const struct key *k = in->k;
	enum number_kind kind;
	struct range n;
	bool one;
	int r = 0;

	kind = number_range(in->v, unit_of(k), &n);
	if (kind == NUMBER_BAD)
		return not_number(in);
	/* what 32-bit tools wrote for unlimited */
	if (k->type == KT_PAGES && n.bar == INT_MAX)
		n.bar = CONF_UNLIMITED;
	if (k->type == KT_PAGES && n.lim == INT_MAX)
		n.lim = CONF_UNLIMITED;
	one = n.bar == n.lim;
	if (kind == NUMBER_OVER)
		r = clipped(in, CONF_UNLIMITED, "it is too large");
	else if (k->max && n.lim != CONF_UNLIMITED)
		r = in_bounds(in, &n.lim);
	if (!r && !one && n.bar > n.lim)
		r = clipped(in, n.lim, "the barrier is above the limit");
	if (r < 0)
		return r;
	if (one || n.bar > n.lim)
		n.bar = n.lim;
	*field = n;
	return r;
}

static int put_ram(struct range *field, const struct input *in)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), bytes;
	enum number_kind kind = number_parse(in->v, 1, &bytes);

	if (kind == NUMBER_BAD)
		return not_number(in);
	if (kind == NUMBER_OVER)
		return bad(in, "it is too large");
	if (in->k->min && bytes < page)
		return bad(in, "it is less than one page");
	if (bytes != CONF_UNLIMITED)
		bytes = bytes / page + (bytes % page != 0);
	*field = (struct range){ .bar = 0, .lim = bytes };
	return 0;
}

/* ---- lists --- */

static int put_ips(struct ipaddrs *field, const struct input *in)
{
	_cleanup_strv_ struct strv words = STRV_INIT;
	struct ipaddr *got;
	size_t n = 0;
	int r = 0;

	strv_add_words(&words, in->v);
	if (!words.n && in->from == FROM_USER)
		return bad(in, "no address is given");
	if (words.n > MAX_IPS || field->n + words.n > MAX_IPS)
		return bad(in, "these are more than 1024 addresses");
	got = xcalloc(words.n, sizeof(*got));
	for (size_t i = 0; r >= 0 && i < words.n; i++) {
		const char *w = words.v[i];

		/* vzctl's way of writing "no address" */
		if (!strcmp(w, "0.0.0.0") || !strcmp(w, "::") || !strcmp(w, "::0"))
			continue;
		r = ipaddr_parse(w, &got[n++], in->e);
	}
	for (size_t i = 0; r >= 0 && i < n; i++)
		ipaddrs_add(field, &got[i]);
	free(got);
	return r;
}

static int check_word(const struct input *in, const char *w)
{
	const char *why;
	uint8_t a[16];

	if (!strcmp(w, "inherit"))
		return 0;
	if (in->k->type == KT_DOMAINS) {
		why = text_domain(w);
		return why ? bad(in, "%.60s: %s", w, why) : 0;
	}
	/* any address: resolvers on loopback and link-local ones are in use */
	if (inet_pton(AF_INET, w, a) != 1 && inet_pton(AF_INET6, w, a) != 1)
		return bad(in, "'%.60s' is not an IP address", w);
	return 0;
}

static int put_words(struct strv *field, const struct input *in)
{
	_cleanup_strv_ struct strv words = STRV_INIT, all = STRV_INIT;
	struct strv old = *field;
	int r = 0;

	strv_add_words(&words, in->v);
	if (words.n > MAX_WORDS)
		return bad(in, "these are more than 64 words");
	strv_copy(&all, field);
	for (size_t i = 0; r >= 0 && i < words.n; i++) {
		r = check_word(in, words.v[i]);
		if (r >= 0 && !strv_has(&all, words.v[i]))
			strv_add(&all, words.v[i]);
	}
	if (r < 0)
		return r;
	if (all.n > MAX_WORDS)
		return bad(in, "these are more than 64 words");
	if (all.n > 1 && strv_has(&all, "inherit"))
		return bad(in, "inherit stands alone");
	*field = all;
	all = old;
	return 0;
}

int key_parse(struct conf *c, const struct key *k, const char *v, enum value_source from,
	      struct err *e)
{
	const struct input in = { .k = k, .v = v, .from = from, .e = e };
	const char *why = strlen(v) > MAX_VALUE ? "it is too long" : text_control(v);
	void *field = (char *)c + k->offset;
	int r = -E_VALUE;

	if (why)
		return bad(&in, "%s", why);
	switch (k->type) {
	case KT_TEXT:
	case KT_NAME:
	case KT_WORD:
	case KT_PATH:
	case KT_HOSTNAME:
		r = put_text(field, &in);
		break;
	case KT_BOOL:
		r = put_bool(field, &in);
		break;
	case KT_UINT:
		r = put_uint(field, &in);
		break;
	case KT_CPULIMIT:
		r = put_cpulimit(field, &in);
		break;
	case KT_COUNT:
	case KT_PAGES:
	case KT_KIB:
		r = put_range(field, &in);
		break;
	case KT_RAM:
		r = put_ram(field, &in);
		break;
	case KT_IPS:
		r = put_ips(field, &in);
		break;
	case KT_DNS:
	case KT_DOMAINS:
		r = put_words(field, &in);
		break;
	}
	if (r >= 0)
		c->given |= 1ull << k->id;
	return r;
}
