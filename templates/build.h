/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making templates on the node: "busybox" from the busybox-static package's binary in well
 * under a second, "debian-N" through mmdebstrap and the machine's own apt sources.
 */
#ifndef TEMPLATES_BUILD_H
#define TEMPLATES_BUILD_H

#include <stdbool.h>

#include "base/strv.h"
#include "templates/cache.h"

struct template_recipe {
	const char *name;	/* busybox, debian-12[-suffix], ... */
	struct strv include;	/* further packages (Debian only) */
	bool force;		/* build anew although it is there */
};

/* Known recipe or not decides E_NO_TEMPLATE (the message lists what can be built). Without
 * `force` an existing template is returned as it is. */
int template_build(const struct template_store *s, const struct template_recipe *r,
		   struct template *ret, struct err *e);

#endif
