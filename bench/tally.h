/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the runs say: the median of each candidate, its range, and its multiple of the
 * bases' medians, as a table for people, and every sample for judge (bench/series.h).
 *
 * What is compared is `up` (init running) where there are stamps, else `back` (the
 * command returned).
 */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include <stdio.h>

#include "bench/candidate.h"

void tally_print(FILE *f, const struct candidates *c, int idle_ms);

/* PREFIX/NAME is what is compared, PREFIX/NAME/back and /stop the rest of it. */
void tally_series(FILE *f, const struct candidates *c, const char *prefix);

#endif
