/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtnetlink requests one at a time over libmnl: build with rtnl_new() and libmnl's
 * mnl_attr_put_*, send with rtnl_do() or rtnl_ask(). A socket stays in the network namespace
 * it was opened in. Answers are hostile until checked: only validated attributes are
 * handed out. Source: rtnetlink(7), netlink(7).
 */
#ifndef NETCONF_RTNL_H
#define NETCONF_RTNL_H

#include <libmnl/libmnl.h>
#include <stdint.h>

#include "base/err.h"

struct rtnl {
	struct mnl_socket *s;
	uint32_t seq;
	char buf[8192];		/* the request being built, then its answer */
	char why[160];		/* the kernel's own words on the last refusal, or "" */
};

/* In the caller's network namespace, or in that of the descriptor (>= 0): then the calling
 * thread visits it for the moment of the open. Heap object. */
int rtnl_open(struct rtnl **ret, int netns, struct err *e);
void rtnl_close(struct rtnl *r);

/* Start a request with room for its family header of `size` bytes, zeroed. */
struct nlmsghdr *rtnl_new(struct rtnl *r, uint16_t type, uint16_t flags, size_t size,
			  void **ret_header);

/* Send it and wait for the acknowledgement. 0 or -errno; r->why may say more. */
int rtnl_do(struct rtnl *r, struct nlmsghdr *m);

/* Send it and return the one message that answers it (in r->buf), or NULL with *ret_error
 * a -errno. */
const struct nlmsghdr *rtnl_ask(struct rtnl *r, struct nlmsghdr *m, int *ret_error);

/* Payload of attribute `type` after a header of `size` bytes if it is there and at least
 * `min` bytes long; strings are NUL terminated within it. NULL otherwise. */
const void *rtnl_attr(const struct nlmsghdr *m, size_t size, uint16_t type, size_t min);
const char *rtnl_attr_str(const struct nlmsghdr *m, size_t size, uint16_t type);

/* What is asked of a link. */
struct rtnl_link {
	unsigned index;
	unsigned group;
	char name[16];
};

/* By name, or by index when name is NULL. 0, or -errno (-ENODEV: none). */
int rtnl_link(struct rtnl *r, const char *name, unsigned index, struct rtnl_link *ret);

#endif
