/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtnetlink over libmnl: build a request with rtnl_new() and libmnl's mnl_attr_put_*, then
 * rtnl_do() it, rtnl_ask() for one answer or rtnl_dump() for many. One request is under way
 * at a time: measured, a batch in one send is not faster, and each refusal belongs to one
 * request.
 *
 * A socket stays in the network namespace it was opened in. In a container's namespace the
 * container's root may send to any netlink socket there; ours are connected to the kernel,
 * which refuses everybody else's. Answers are still checked before anything is handed out.
 * Source: rtnetlink(7), netlink(7), Documentation/userspace-api/netlink.
 */
#ifndef NETCONF_RTNL_H
#define NETCONF_RTNL_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"

struct rtnl {
	struct mnl_socket *s;
	uint32_t seq;
	char buf[8192];		/* the request being built, then its answer */
	char why[160];		/* the kernel's words on the last refusal: " (TEXT)" or "" */
};

/*
 * In the caller's network namespace, or in that of the descriptor (>= 0): then the calling
 * thread visits it for the moment of the open, and the program aborts when it cannot come
 * back. For single-threaded callers. Heap object.
 */
int rtnl_open(struct rtnl **ret, int netns, struct err *e);
void rtnl_close(struct rtnl *r);

static inline void cleanup_rtnlp(struct rtnl **r)
{
	rtnl_close(*r);
}

#define _cleanup_rtnl_ _cleanup_(cleanup_rtnlp)

/* Start a request with room for its family header of `size` bytes, zeroed. */
struct nlmsghdr *rtnl_new(struct rtnl *r, uint16_t type, uint16_t flags, size_t size,
			  void **ret_header);

/* Send it and wait for the acknowledgement. 0 or -errno; r->why may say more. */
int rtnl_do(struct rtnl *r, struct nlmsghdr *m);

/* Send it and return the one message that answers it (in r->buf), or NULL with *ret_error
 * a -errno. */
const struct nlmsghdr *rtnl_ask(struct rtnl *r, struct nlmsghdr *m, int *ret_error);

/*
 * Send it as a dump and hand each message of the answer to fn until that returns false
 * (then close the socket: the rest is still to come). 0; 1: the answer is not consistent,
 * since things changed meanwhile; -errno. fn must not use r.
 */
typedef bool rtnl_fn(void *ctx, const struct nlmsghdr *m);
int rtnl_dump(struct rtnl *r, struct nlmsghdr *m, rtnl_fn *fn, void *ctx);

/* Payload of attribute `type` after a header of `size` bytes if it is there and at least
 * `min` bytes long; strings are NUL terminated within it. NULL otherwise. */
const void *rtnl_attr(const struct nlmsghdr *m, size_t size, uint16_t type, size_t min);
const char *rtnl_attr_str(const struct nlmsghdr *m, size_t size, uint16_t type);

/* What is asked of a link. */
struct rtnl_link {
	unsigned index;
	unsigned group;
	unsigned operstate;	/* IF_OPER_x of linux/if.h */
	char name[16];
	char alias[32];		/* the start of a longer one */
};

/* By name, or by index when name is NULL. 0, or -errno (-ENODEV: none). */
int rtnl_link(struct rtnl *r, const char *name, unsigned index, struct rtnl_link *ret);

#endif
