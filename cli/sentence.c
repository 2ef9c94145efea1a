/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What help and manual say in the same words: the second half of cli/help.h. */
#include <ctype.h>
#include <inttypes.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/help.h"

static char *capital(struct buf *text)
{
	if (text->len)
		text->s[0] = (char)toupper((unsigned char)text->s[0]);
	return buf_steal(text);
}

char *help_of_option(const struct opt *o)
{
	_cleanup_strv_ struct strv also = STRV_INIT;
	struct buf text = BUF_INIT;

	buf_adds(&text, o->help);
	if (o->list || o->kind == OPT_LIST)
		buf_adds(&text, "; may be given again");
	if (o->late)
		buf_adds(&text, "; takes effect with the next start");
	if (o->also)
		strv_add_words(&also, o->also);
	for (size_t i = 0; i < also.n; i++)
		buf_addf(&text, "%s`--%s`", i ? ", " : " (also ", also.v[i]);
	if (also.n)
		buf_addc(&text, ')');
	return capital(&text);
}

char *help_of_values(const struct wabe_key *k)
{
	struct buf text = BUF_INIT;

	buf_adds(&text, k->values);
	if (k->max && k->max < INT64_MAX)
		buf_addf(&text, ", %" PRIu64 " to %" PRIu64, k->min, k->max);
	else if (k->min)
		buf_addf(&text, ", at least %" PRIu64, k->min);
	if (k->unit)
		buf_addf(&text, ", in %s", k->unit);
	return buf_steal(&text);
}

char *help_of_unset(const struct wabe_key *k)
{
	return k->unset ? xasprintf("`%s`", k->unset) : xstrdup("");
}

char *help_sentence(const char *clause)
{
	struct buf text = BUF_INIT;

	buf_addf(&text, "%s.", clause);
	return capital(&text);
}

const char *help_of_when(enum wabe_when when)
{
	static const char *const words[] = {
		[WABE_WHEN_LIVE] = "at once, while it runs too",
		[WABE_WHEN_START] = "with the next start",
		[WABE_WHEN_READ] = "saved only, with `--save`",
		[WABE_WHEN_CREATED] = "not after `create`",
	};

	return words[when];
}

const char *help_of_code(int code)
{
	struct err_meaning m;

	for (size_t i = 0; err_meaning(i, &m); i++)
		if (m.code == code)
			return m.text;
	return "";
}
