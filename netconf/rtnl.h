/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtnetlink: rtnl_new() starts a request, rtnl_put*() add its attributes, then rtnl_do() it,
 * rtnl_ask() for one answer or rtnl_dump() for many. The message is libnl-3's, which
 * netconf/rtnl.c alone sees; its sockets would add allocations, callbacks and a smaller
 * buffer, its object model whole dumps. One request is under way at a time: measured, a
 * batch in one send is not faster, and each refusal belongs to one request.
 *
 * A socket stays in the network namespace it was opened in. In a container's namespace the
 * container's root may send to any netlink socket there; ours are connected to the kernel,
 * which refuses everybody else's. Answers are still checked before anything is handed out.
 * Source: rtnetlink(7), netlink(7), Documentation/userspace-api/netlink.
 */
#ifndef NETCONF_RTNL_H
#define NETCONF_RTNL_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"

struct rtnl {
	int fd;
	uint32_t seq;
	struct nl_msg *request;	/* one for all requests */
	bool full;		/* something did not fit: it will not be sent */
	char why[160];		/* the kernel's words on the last refusal: " (TEXT)" or "" */
	_Alignas(struct nlmsghdr) char buf[8192];	/* the answer */
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

/* Start a request; returns its family header of `size` bytes, zeroed. */
void *rtnl_new(struct rtnl *r, uint16_t type, uint16_t flags, size_t size);

/* Add an attribute. What does not fit (4096 bytes in all) fails the request: -EMSGSIZE. */
void rtnl_put(struct rtnl *r, int type, const void *data, size_t n);
void rtnl_put_str(struct rtnl *r, int type, const char *s);
void rtnl_put_u32(struct rtnl *r, int type, uint32_t v);
void rtnl_put_u8(struct rtnl *r, int type, uint8_t v);

/* Attributes up to rtnl_nest_end() are those of attribute `type`. rtnl_put_zero() is for a
 * family header in there. */
struct nlattr *rtnl_nest(struct rtnl *r, int type);
void rtnl_nest_end(struct rtnl *r, struct nlattr *nest);
void rtnl_put_zero(struct rtnl *r, size_t n);

/* Send it and wait for the acknowledgement. 0 or -errno; r->why may say more. */
int rtnl_do(struct rtnl *r);

/* Send it and return the one message that answers it (in r->buf), or NULL with *ret_error
 * a -errno. */
const struct nlmsghdr *rtnl_ask(struct rtnl *r, int *ret_error);

/*
 * Send it as a dump and hand each message of the answer to fn until that returns false
 * (then close the socket: the rest is still to come). 0; 1: the answer is not consistent,
 * since things changed meanwhile; -errno. fn must not use r.
 */
typedef bool rtnl_fn(void *ctx, const struct nlmsghdr *m);
int rtnl_dump(struct rtnl *r, rtnl_fn *fn, void *ctx);

/* The family header of a message of that type with a header of `size` bytes; else NULL. */
const void *rtnl_header(const struct nlmsghdr *m, uint16_t type, size_t size);

/* Payload of attribute `type` after a header of `size` bytes if it is there and at least
 * `min` bytes long; strings are NUL terminated within it. NULL otherwise. */
const void *rtnl_attr(const struct nlmsghdr *m, size_t size, int type, size_t min);
const char *rtnl_attr_str(const struct nlmsghdr *m, size_t size, int type);

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
