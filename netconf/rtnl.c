/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/rtnl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

enum { REQUEST_SIZE = 4096 };

static int open_here(void)
{
	return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

/*
 * A socket belongs to the namespace it is opened in: visit, open, return. A thread that could
 * not return would work on the wrong network from then on, so that ends the program.
 */
static int open_in(int netns)
{
	_cleanup_close_ int own = -1;
	int fd;

	if (netns < 0)
		return open_here();
	own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (own < 0 || setns(netns, CLONE_NEWNET) < 0)
		return -1;
	fd = open_here();
	if (setns(own, CLONE_NEWNET) < 0)
		abort();
	return fd;
}

/* Once connected to port 0, the kernel's, a datagram from any other port is refused at the
 * sender (netlink_getsockbyportid), so nobody can answer in the kernel's place. Connecting
 * gives the socket a port of its own. */
static int join(int fd)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	return connect(fd, (const struct sockaddr *)&kernel, sizeof(kernel));
}

int rtnl_open(struct rtnl **ret, int netns, struct err *e)
{
	_cleanup_close_ int fd = open_in(netns);
	struct rtnl *r;
	int on = 1;

	if (fd < 0)
		return fail(e, E_SYSTEM, "cannot open a netlink socket: %m");
	if (join(fd) < 0)
		return fail(e, E_SYSTEM, "cannot connect a netlink socket: %m");
	/* the kernel's own words for a refusal; without them the errno has to do */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	/* filters of a dump work in the kernel */
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	/* NLDBG in the environment would have libnl write to the caller's stderr */
	nl_debug = 0;
	r = xcalloc(1, sizeof(*r));
	r->request = nlmsg_alloc_size(REQUEST_SIZE);
	if (!r->request) {
		free(r);
		return fail(e, E_SYSTEM, "out of memory");
	}
	r->fd = steal_fd(&fd);
	r->seq = (uint32_t)time(NULL);
	*ret = r;
	return 0;
}

void rtnl_close(struct rtnl *r)
{
	if (!r)
		return;
	close(r->fd);
	nlmsg_free(r->request);
	free(r);
}

/* ---- the request --- */

void *rtnl_new(struct rtnl *r, uint16_t type, uint16_t flags, size_t size)
{
	struct nlmsghdr *m = nlmsg_hdr(r->request);

	r->full = false;
	m->nlmsg_len = NLMSG_HDRLEN;	/* what the last request was made of */
	nlmsg_put(r->request, 0, ++r->seq, type, 0, NLM_F_REQUEST | flags);
	rtnl_put_zero(r, size);
	return nlmsg_data(m);
}

void rtnl_put(struct rtnl *r, int type, const void *data, size_t n)
{
	r->full |= n > REQUEST_SIZE || nla_put(r->request, type, (int)n, data) < 0;
}

void rtnl_put_str(struct rtnl *r, int type, const char *s)
{
	rtnl_put(r, type, s, strlen(s) + 1);
}

void rtnl_put_u32(struct rtnl *r, int type, uint32_t v)
{
	rtnl_put(r, type, &v, sizeof(v));
}

void rtnl_put_u8(struct rtnl *r, int type, uint8_t v)
{
	rtnl_put(r, type, &v, sizeof(v));
}

void rtnl_put_zero(struct rtnl *r, size_t n)
{
	void *room = nlmsg_reserve(r->request, n, NLMSG_ALIGNTO);

	if (room)
		memset(room, 0, n);
	else
		r->full = true;
}

struct nlattr *rtnl_nest(struct rtnl *r, int type)
{
	struct nlattr *nest = nla_nest_start(r->request, type);

	r->full |= !nest;
	return nest;
}

void rtnl_nest_end(struct rtnl *r, struct nlattr *nest)
{
	r->full |= !nest || nla_nest_end_keep_empty(r->request, nest) < 0;
}

static int send_it(struct rtnl *r, uint16_t flags)
{
	struct nlmsghdr *m = nlmsg_hdr(r->request);

	r->why[0] = '\0';
	if (r->full)
		return -EMSGSIZE;
	m->nlmsg_flags |= flags;
	return send(r->fd, m, m->nlmsg_len, 0) < 0 ? -errno : 0;
}

/* ---- the answer --- */

/*
 * The next datagram that is about our request, in r->buf; passed over are late answers to
 * others, and what somebody sent in the moment before the socket was connected. Its length
 * or -errno.
 */
static int receive(struct rtnl *r)
{
	const struct nlmsghdr *m = (const struct nlmsghdr *)r->buf;

	for (;;) {
		struct sockaddr_nl from = { 0 };
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(r->fd, r->buf, sizeof(r->buf), MSG_TRUNC,
				     (struct sockaddr *)&from, &len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EBADMSG;
		if ((size_t)n > sizeof(r->buf))
			return -EMSGSIZE;
		if (!from.nl_pid && nlmsg_ok(m, (int)n) && m->nlmsg_seq == r->seq)
			return (int)n;
	}
}

/* They follow after `skip` bytes, if they were not left out. */
static void keep_words(struct rtnl *r, const struct nlmsghdr *m, size_t skip)
{
	const struct nlattr *a;
	int left;

	if (!(m->nlmsg_flags & NLM_F_ACK_TLVS) || skip >= (size_t)nlmsg_datalen(m))
		return;
	nlmsg_for_each_attr(a, m, (int)skip, left)
		if (nla_type(a) == NLMSGERR_ATTR_MSG)
			snprintf(r->why, sizeof(r->why), " (%.*s)", nla_len(a),
				 (const char *)nla_data(a));
}

/* 0 (an acknowledgement) or the -errno that an NLMSG_ERROR carries. */
static int error_of(struct rtnl *r, const struct nlmsghdr *m)
{
	const struct nlmsgerr *err = rtnl_header(m, NLMSG_ERROR, sizeof(*err));
	size_t skip = sizeof(*err);

	if (!err || err->error > 0)
		return -EBADMSG;
	if (!(m->nlmsg_flags & NLM_F_CAPPED) && err->msg.nlmsg_len >= sizeof(err->msg))
		skip += err->msg.nlmsg_len - sizeof(err->msg);
	keep_words(r, m, skip);
	return err->error;
}

static const struct nlmsghdr *ask(struct rtnl *r, uint16_t flags, int *ret_error)
{
	const struct nlmsghdr *a = (const struct nlmsghdr *)r->buf;
	int n = send_it(r, flags);

	if (!n)
		n = receive(r);
	if (n >= 0 && a->nlmsg_type == NLMSG_ERROR)
		n = error_of(r, a);
	if (n >= 0)
		return a;
	*ret_error = n;
	return NULL;
}

const struct nlmsghdr *rtnl_ask(struct rtnl *r, int *ret_error)
{
	return ask(r, 0, ret_error);
}

int rtnl_do(struct rtnl *r)
{
	int error = 0;

	return ask(r, NLM_F_ACK, &error) ? 0 : error;
}

/* NLMSG_DONE carries an error when the dump was refused or broke off. */
static int end_of_dump(struct rtnl *r, const struct nlmsghdr *m, bool torn)
{
	const int *error = rtnl_header(m, NLMSG_DONE, sizeof(*error));

	if (!error || *error >= 0)
		return torn;
	keep_words(r, m, sizeof(*error));
	return *error;
}

int rtnl_dump(struct rtnl *r, rtnl_fn *fn, void *ctx)
{
	int n = send_it(r, NLM_F_DUMP);
	struct nlmsghdr *a;
	bool torn = false;

	while (n >= 0) {
		n = receive(r);
		a = (struct nlmsghdr *)r->buf;
		for (; n > 0 && nlmsg_ok(a, n); a = nlmsg_next(a, &n)) {
			torn |= a->nlmsg_flags & NLM_F_DUMP_INTR;
			if (a->nlmsg_type == NLMSG_DONE)
				return end_of_dump(r, a, torn);
			if (a->nlmsg_type == NLMSG_ERROR)
				return error_of(r, a);
			if (!fn(ctx, a))
				return torn;
		}
	}
	return n;
}

const void *rtnl_header(const struct nlmsghdr *m, uint16_t type, size_t size)
{
	return m->nlmsg_type == type && (size_t)nlmsg_datalen(m) >= size ? nlmsg_data(m) : NULL;
}

static const struct nlattr *find(const struct nlmsghdr *m, size_t size, int type, size_t min)
{
	const struct nlattr *a;
	int left;

	nlmsg_for_each_attr(a, m, (int)size, left)
		if (nla_type(a) == type && (size_t)nla_len(a) >= min)
			return a;
	return NULL;
}

const void *rtnl_attr(const struct nlmsghdr *m, size_t size, int type, size_t min)
{
	const struct nlattr *a = find(m, size, type, min);

	return a ? nla_data(a) : NULL;
}

const char *rtnl_attr_str(const struct nlmsghdr *m, size_t size, int type)
{
	const struct nlattr *a = find(m, size, type, 1);
	const char *s = a ? nla_data(a) : NULL;

	return s && !s[nla_len(a) - 1] ? s : NULL;
}

/* ---- links --- */

static const struct nlmsghdr *get_link(struct rtnl *r, unsigned index, const char *name,
				       int *ret_error)
{
	struct ifinfomsg *h = rtnl_new(r, RTM_GETLINK, 0, sizeof(*h));
	const struct nlmsghdr *a;

	h->ifi_index = (int)index;
	if (name)
		rtnl_put_str(r, IFLA_IFNAME, name);
	rtnl_put_u32(r, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	a = rtnl_ask(r, ret_error);
	if (a && !rtnl_header(a, RTM_NEWLINK, sizeof(*h))) {
		*ret_error = -EBADMSG;
		return NULL;
	}
	return a;
}

int rtnl_link(struct rtnl *r, const char *name, unsigned index, struct rtnl_link *ret)
{
	const size_t size = sizeof(struct ifinfomsg);
	int error = 0;
	const struct nlmsghdr *a = get_link(r, index, name, &error);
	const uint32_t *group;
	const uint8_t *state;
	const char *text, *alias;

	if (!a)
		return error;
	group = rtnl_attr(a, size, IFLA_GROUP, sizeof(*group));
	state = rtnl_attr(a, size, IFLA_OPERSTATE, sizeof(*state));
	text = rtnl_attr_str(a, size, IFLA_IFNAME);
	alias = rtnl_attr_str(a, size, IFLA_IFALIAS);
	ret->index = (unsigned)((const struct ifinfomsg *)nlmsg_data(a))->ifi_index;
	ret->group = group ? *group : 0;
	ret->operstate = state ? *state : IF_OPER_UNKNOWN;
	snprintf(ret->name, sizeof(ret->name), "%s", text ? text : "");
	snprintf(ret->alias, sizeof(ret->alias), "%s", alias ? alias : "");
	return 0;
}
