/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netconf/rtnl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/mem.h"

/*
 * A socket belongs to the namespace it is opened in: visit, open, return. A thread that could
 * not return would work on the wrong network from then on, so that ends the program.
 */
static struct mnl_socket *open_in(int netns)
{
	_cleanup_close_ int own = -1;
	struct mnl_socket *s;

	if (netns < 0)
		return mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (own < 0 || setns(netns, CLONE_NEWNET) < 0)
		return NULL;
	s = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (setns(own, CLONE_NEWNET) < 0)
		abort();
	return s;
}

/* Once connected to port 0, the kernel's, a datagram from any other port is refused at the
 * sender (netlink_getsockbyportid), so nobody can answer in the kernel's place. */
static int join(struct mnl_socket *s)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) < 0)
		return -1;
	return connect(mnl_socket_get_fd(s), (const struct sockaddr *)&kernel,
		       sizeof(kernel));
}

int rtnl_open(struct rtnl **ret, int netns, struct err *e)
{
	struct mnl_socket *s = open_in(netns);
	struct rtnl *r;
	int on = 1;

	if (!s)
		return fail(e, E_SYSTEM, "cannot open a netlink socket: %m");
	if (join(s) < 0) {
		fail(e, E_SYSTEM, "cannot bind a netlink socket: %m");
		mnl_socket_close(s);
		return -E_SYSTEM;
	}
	/* the kernel's own words for a refusal; without them the errno has to do */
	mnl_socket_setsockopt(s, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(s, NETLINK_CAP_ACK, &on, sizeof(on));
	/* filters of a dump work in the kernel */
	mnl_socket_setsockopt(s, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	r = xcalloc(1, sizeof(*r));
	r->s = s;
	r->seq = (uint32_t)time(NULL);
	*ret = r;
	return 0;
}

void rtnl_close(struct rtnl *r)
{
	if (!r)
		return;
	mnl_socket_close(r->s);
	free(r);
}

struct nlmsghdr *rtnl_new(struct rtnl *r, uint16_t type, uint16_t flags, size_t size,
			  void **ret_header)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(r->buf);

	m->nlmsg_type = type;
	m->nlmsg_flags = NLM_F_REQUEST | flags;
	m->nlmsg_seq = ++r->seq;
	*ret_header = mnl_nlmsg_put_extra_header(m, size);
	return m;
}

static void keep_words(struct rtnl *r, const struct nlmsghdr *m)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(m);
	size_t skip = sizeof(*err);
	const struct nlattr *a;

	if (!(m->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(m->nlmsg_flags & NLM_F_CAPPED) && err->msg.nlmsg_len >= sizeof(err->msg))
		skip += err->msg.nlmsg_len - sizeof(err->msg);
	if (skip >= mnl_nlmsg_get_payload_len(m))
		return;
	mnl_attr_for_each(a, m, skip)
		if (mnl_attr_get_type(a) == NLMSGERR_ATTR_MSG)
			snprintf(r->why, sizeof(r->why), " (%.*s)",
				 (int)mnl_attr_get_payload_len(a),
				 (const char *)mnl_attr_get_payload(a));
}

static int send_it(struct rtnl *r, const struct nlmsghdr *m)
{
	r->why[0] = '\0';
	return mnl_socket_sendto(r->s, m, m->nlmsg_len) < 0 ? -errno : 0;
}

/* The next datagram that is about our request, in r->buf; late answers to others are passed
 * over. Its length or -errno. */
static int receive(struct rtnl *r)
{
	for (;;) {
		ssize_t n = mnl_socket_recvfrom(r->s, r->buf, sizeof(r->buf));
		const struct nlmsghdr *m = (const struct nlmsghdr *)r->buf;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EBADMSG;
		if (mnl_nlmsg_ok(m, (int)n) && m->nlmsg_seq == r->seq)
			return (int)n;
	}
}

/* 0 (an acknowledgement) or the -errno that an NLMSG_ERROR carries. */
static int error_of(struct rtnl *r, const struct nlmsghdr *m)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(m);

	if (mnl_nlmsg_get_payload_len(m) < sizeof(*err) || err->error > 0)
		return -EBADMSG;
	keep_words(r, m);
	return err->error;
}

const struct nlmsghdr *rtnl_ask(struct rtnl *r, struct nlmsghdr *m, int *ret_error)
{
	const struct nlmsghdr *a = (const struct nlmsghdr *)r->buf;
	int n = send_it(r, m);

	if (!n)
		n = receive(r);
	if (n >= 0 && a->nlmsg_type == NLMSG_ERROR)
		n = error_of(r, a);
	if (n >= 0)
		return a;
	*ret_error = n;
	return NULL;
}

int rtnl_do(struct rtnl *r, struct nlmsghdr *m)
{
	int error = 0;

	m->nlmsg_flags |= NLM_F_ACK;
	return rtnl_ask(r, m, &error) ? 0 : error;
}

/* NLMSG_DONE carries an error when the dump broke off. */
static int end_of_dump(const struct nlmsghdr *m, bool torn)
{
	const int *error = mnl_nlmsg_get_payload(m);

	if (mnl_nlmsg_get_payload_len(m) >= sizeof(*error) && *error < 0)
		return *error;
	return torn;
}

int rtnl_dump(struct rtnl *r, struct nlmsghdr *m, rtnl_fn *fn, void *ctx)
{
	const struct nlmsghdr *a;
	bool torn = false;
	int n;

	m->nlmsg_flags |= NLM_F_DUMP;
	n = send_it(r, m);
	while (n >= 0) {
		n = receive(r);
		a = (const struct nlmsghdr *)r->buf;
		for (; n > 0 && mnl_nlmsg_ok(a, n); a = mnl_nlmsg_next(a, &n)) {
			torn |= a->nlmsg_flags & NLM_F_DUMP_INTR;
			if (a->nlmsg_type == NLMSG_DONE)
				return end_of_dump(a, torn);
			if (a->nlmsg_type == NLMSG_ERROR)
				return error_of(r, a);
			if (!fn(ctx, a))
				return torn;
		}
	}
	return n;
}

const void *rtnl_attr(const struct nlmsghdr *m, size_t size, uint16_t type, size_t min)
{
	const struct nlattr *a;

	if (mnl_nlmsg_get_payload_len(m) < size)
		return NULL;
	mnl_attr_for_each(a, m, size)
		if (mnl_attr_get_type(a) == type && mnl_attr_get_payload_len(a) >= min)
			return mnl_attr_get_payload(a);
	return NULL;
}

const char *rtnl_attr_str(const struct nlmsghdr *m, size_t size, uint16_t type)
{
	const struct nlattr *a;

	if (mnl_nlmsg_get_payload_len(m) < size)
		return NULL;
	mnl_attr_for_each(a, m, size)
		if (mnl_attr_get_type(a) == type &&
		    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
			return mnl_attr_get_str(a);
	return NULL;
}

static const struct nlmsghdr *get_link(struct rtnl *r, unsigned index, const char *name,
				       int *ret_error)
{
	struct ifinfomsg *h;
	struct nlmsghdr *m = rtnl_new(r, RTM_GETLINK, 0, sizeof(*h), (void **)&h);
	const struct nlmsghdr *a;

	h->ifi_index = (int)index;
	if (name)
		mnl_attr_put_strz(m, IFLA_IFNAME, name);
	mnl_attr_put_u32(m, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	a = rtnl_ask(r, m, ret_error);
	if (a && (a->nlmsg_type != RTM_NEWLINK || mnl_nlmsg_get_payload_len(a) < sizeof(*h))) {
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
	ret->index = (unsigned)((const struct ifinfomsg *)mnl_nlmsg_get_payload(a))->ifi_index;
	ret->group = group ? *group : 0;
	ret->operstate = state ? *state : IF_OPER_UNKNOWN;
	snprintf(ret->name, sizeof(ret->name), "%s", text ? text : "");
	snprintf(ret->alias, sizeof(ret->alias), "%s", alias ? alias : "");
	return 0;
}
