/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A wabe.h without containers, to test front ends: it knows CT 101 (running, named web),
 * 102 (stopped), 103 (mounted) and 104 (its files are gone), writes each call into
 * fake.log, and fails or answers as the test says.
 */
#ifndef TESTS_UNIT_FAKE_WABE_H
#define TESTS_UNIT_FAKE_WABE_H

#include <stdbool.h>

struct fake {
	char log[4096];		/* one line per changing call */
	int fail;		/* the next call fails with this code */
	int status;		/* wait status that wabe_exec() gives */
	bool empty;		/* wabe_list() finds nothing */
	unsigned verbose;	/* VERBOSE of vz.conf */
};

extern struct fake fake;

#endif
