/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/err.h"

/* Not in err.c: the keeper has no use for it, and each page of it counts. */
static const struct err_meaning meanings[] = {
#define X(name, number, text) { number, text },
	ERR_CODES(X)
#undef X
};

bool err_meaning(size_t i, struct err_meaning *ret)
{
	if (i >= sizeof(meanings) / sizeof(meanings[0]))
		return false;
	*ret = meanings[i];
	return true;
}
