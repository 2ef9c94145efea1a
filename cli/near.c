/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/near.h"

#include <limits.h>
#include <string.h>

enum { MAX_WORD = 32 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned near_distance(const char *a, const char *b)
{
	unsigned d[MAX_WORD + 1][MAX_WORD + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > MAX_WORD || m > MAX_WORD)
		return UINT_MAX;
	for (size_t i = 0; i <= n; i++)
		d[i][0] = (unsigned)i;
	for (size_t k = 0; k <= m; k++)
		d[0][k] = (unsigned)k;
	for (size_t i = 1; i <= n; i++) {
		for (size_t k = 1; k <= m; k++) {
			d[i][k] = least(d[i - 1][k - 1] + (a[i - 1] != b[k - 1]),
					least(d[i - 1][k], d[i][k - 1]) + 1);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1])
				d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
		}
	}
	return d[n][m];
}

struct near near_start(const char *word)
{
	size_t n = strlen(word);

	/* A third of the letters may be wrong, but never the whole of a short word. */
	return (struct near){ .word = word, .distance = n < 3 ? 1 : n < 6 ? 2 : 3 };
}

void near_try(struct near *n, const char *known)
{
	unsigned d = near_distance(n->word, known);

	if (strlen(n->word) >= 3 && !strncmp(n->word, known, strlen(n->word)))
		d = 0;
	if (d < n->distance) {
		n->distance = d;
		n->best = known;
	}
}
