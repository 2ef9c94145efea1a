/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtnetlink requests in a network namespace of its own; skipped where that cannot be had.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <sys/socket.h>

#include "tests/unit/networld.h"
#include "tests/unit/tap.h"

static const char big[8192];

static bool never(void *ctx, const struct nlmsghdr *m)
{
	*(bool *)ctx = true;
	return true;
}

static void new_getlink(struct rtnl *r)
{
	struct ifinfomsg *h = rtnl_new(r, RTM_GETLINK, 0, sizeof(*h));

	h->ifi_index = 1;
}

static void test_full(struct rtnl *r)
{
	bool called = false;
	struct nlattr *nest;
	struct rtnl_link l;
	int error = 0;

	new_getlink(r);
	rtnl_put(r, IFLA_IFALIAS, big, 4096);
	rtnl_put_u32(r, IFLA_EXT_MASK, 0);
	is_int(rtnl_do(r), -EMSGSIZE, "a request whose attribute does not fit is not sent");
	new_getlink(r);
	rtnl_put(r, IFLA_IFALIAS, big, sizeof(big));
	ok(!rtnl_ask(r, &error) && error == -EMSGSIZE, "not when asking");
	new_getlink(r);
	rtnl_put_zero(r, 4096);
	is_int(rtnl_dump(r, never, &called), -EMSGSIZE, "not as a dump");
	ok(!called, "which hands out nothing");
	new_getlink(r);
	rtnl_put(r, IFLA_IFALIAS, big, 4096 - NLMSG_HDRLEN - sizeof(struct ifinfomsg) - 4);
	nest = rtnl_nest(r, IFLA_LINKINFO);
	ok(!nest, "the message is full to the last byte");
	rtnl_put_u32(r, IFLA_EXT_MASK, 0);
	rtnl_nest_end(r, nest);
	is_int(rtnl_do(r), -EMSGSIZE, "not when a nest does not fit");
	ok(!rtnl_link(r, NULL, 1, &l) && !strcmp(l.name, "lo"), "the next request is sound");
}

static void test_late(struct rtnl *r)
{
	struct ifinfomsg *h = rtnl_new(r, RTM_GETLINK, 0, sizeof(*h));
	const struct nlmsghdr *m = nlmsg_hdr(r->request);
	struct rtnl_link l;

	h->ifi_index = 4711;
	ok(send(r->fd, m, m->nlmsg_len, 0) > 0, "nobody waits for this answer");
	ok(!rtnl_link(r, "lo", 0, &l) && l.index == 1, "the next gets its own");
	is_int(rtnl_link(r, NULL, 4711, &l), -ENODEV, "a refusal is this request's");
	ok(!rtnl_link(r, NULL, 1, &l) && !strcmp(l.name, "lo"), "and not the next one's");
}

static void test_words(struct rtnl *r)
{
	struct ifaddrmsg *h = rtnl_new(r, RTM_GETADDR, 0, sizeof(*h));
	bool called = false;
	struct rtnl_link l;

	h->ifa_family = AF_INET;
	h->ifa_prefixlen = 1;
	is_int(rtnl_dump(r, never, &called), -EINVAL, "the kernel checks strictly");
	ok(strlen(r->why) > 3 && r->why[1] == '(', "says why:%s", r->why);
	ok(!rtnl_link(r, NULL, 1, &l) && !r->why[0], "which is forgotten with success");
}

/* A link with so many other names that the answer is longer than our buffer. */
static void test_truncated(struct rtnl *r)
{
	struct rtnl_link l = { 0 };
	char name[128];
	int failed = 0;

	memset(name, 'x', sizeof(name));
	for (int i = 0; i < 80; i++) {
		struct ifinfomsg *h = rtnl_new(r, RTM_NEWLINKPROP,
					       NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND,
					       sizeof(*h));
		struct nlattr *nest;

		h->ifi_index = 1;
		nest = rtnl_nest(r, IFLA_PROP_LIST);
		snprintf(name + 100, sizeof(name) - 100, "%027d", i);
		rtnl_put_str(r, IFLA_ALT_IFNAME, name);
		rtnl_nest_end(r, nest);
		failed += rtnl_do(r) != 0;
	}
	is_int(failed, 0, "many names for one link");
	is_int(rtnl_link(r, NULL, 1, &l), -EMSGSIZE, "half an answer is none");
	is_int(rtnl_link(r, NULL, 4711, &l), -ENODEV, "what comes next is heard");
}

int main(void)
{
	struct rtnl *r;

	if (!networld_enter()) {
		puts("ok 1 # skip not root\n1..1");
		return 0;
	}
	nl_debug = 9; /* what NLDBG=9 in the environment does */
	r = networld_rtnl(-1);
	is_int(nl_debug, 0, "libnl keeps quiet, whatever the environment says");
	test_full(r);
	test_late(r);
	test_words(r);
	test_truncated(r);
	rtnl_close(r);
	return done();
}
