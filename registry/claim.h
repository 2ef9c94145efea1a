/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Node-wide claims. A claim is one file DIR/KIND/KEY that holds the CTID of its owner. Taking
 * one is O(1) and exclusive; a claim whose owner is gone is taken over. Releasing a claim
 * that is not ours, or not there, does nothing.
 */
#ifndef REGISTRY_CLAIM_H
#define REGISTRY_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct claims {
	const char *dir;
	/* Does this container still exist (configuration, private area, or a command that
	 * is making it)? */
	bool (*alive)(void *ctx, uint32_t ctid);
	void *ctx;
};

/* 0: ours now (or before); 1: *ret_owner has it; negative: error. */
int claim_take(const struct claims *c, const char *kind, const char *key, uint32_t ctid,
	       uint32_t *ret_owner, struct err *e);
void claim_drop(const struct claims *c, const char *kind, const char *key, uint32_t ctid);

/* Drop all claims of the kind whose owners are gone. Reads every claim: not for a path that
 * works on one container. */
void claim_sweep(const struct claims *c, const char *kind);

#endif
