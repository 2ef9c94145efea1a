/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "man/pages.h"

int main(int argc, char **argv)
{
	if (argc != 3) {
		fputs("usage: mkman PROSE-DIR OUTPUT-DIR\n", stderr);
		return 2;
	}
	return pages_write(argv[1], argv[2]) ? 0 : 1;
}
