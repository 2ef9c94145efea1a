/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the runs say: the median of each candidate, its range, and its multiple of the
 * bases' medians, as a table for people and as JSON with every sample (microseconds).
 *
 * What is compared is `up` (init running) where there are stamps, else `back` (the
 * command returned). Medians, as a lone late run says something of the machine, not of a
 * candidate.
 */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/json.h"
#include "bench/candidate.h"

/* Median of n values (the mean of the middle two), -1 when one is missing or n is 0. */
int64_t median_of(const int64_t *v, size_t n);

void tally_print(FILE *f, const struct candidates *c, int idle_ms);

/* One object, as an element of an open array. */
void tally_json(struct json *j, const struct candidates *c, int idle_ms);

#endif
