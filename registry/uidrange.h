/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host uid ranges. Each container has UIDRANGE_COUNT ids of its own, aligned, from the pool
 * that systemd-nspawn and others leave to container managers; no two containers share one and
 * none overlaps a range of /etc/subuid or /etc/subgid. The claim's key is the first id.
 */
#ifndef REGISTRY_UIDRANGE_H
#define REGISTRY_UIDRANGE_H

#include "registry/claim.h"

#define UIDRANGE_COUNT 65536u
#define UIDRANGE_FIRST 1048576u		/* lowest base handed out */
#define UIDRANGE_LAST 1878917120u	/* highest */

/* A range for the container: `want` (0: any). E_RESOURCE when it is taken or none is left. */
int uidrange_take(const struct claims *c, uint32_t ctid, uint32_t want, uint32_t *ret_base,
		  struct err *e);
void uidrange_drop(const struct claims *c, uint32_t ctid, uint32_t base);

#endif
