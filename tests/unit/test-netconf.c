/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * venet in network namespaces of its own; skipped where those cannot be had (not root).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "netconf/inside.h"
#include "netconf/owner.h"
#include "netconf/route.h"
#include "netconf/venet.h"
#include "netconf/veth.h"
#include "tests/unit/networld.h"
#include "tests/unit/tap.h"

static const char gateway6[] = "fe800000000000000000000000000001";

static void add(struct ipaddrs *l, const char *text)
{
	struct ipaddr ip = networld_ip(text);

	ipaddrs_add(l, &ip);
}

static int up(uint32_t ctid, int netns, const char *a, const char *b, struct err *e)
{
	struct ipaddrs l = { 0 };
	int r;

	if (a)
		add(&l, a);
	if (b)
		add(&l, b);
	e->msg[0] = '\0';
	r = venet_up(ctid, netns, &l, e);
	ipaddrs_clear(&l);
	return r;
}

static int down(uint32_t ctid, const char *a, const char *b, bool wait)
{
	struct ipaddrs l = { 0 };
	int r;

	if (a)
		add(&l, a);
	if (b)
		add(&l, b);
	r = venet_down(ctid, &l, wait, NULL);
	ipaddrs_clear(&l);
	return r;
}

static int add_live(uint32_t ctid, int netns, const char *a, struct err *e)
{
	struct ipaddr ip = networld_ip(a);

	e->msg[0] = '\0';
	return venet_addr_add(ctid, netns, &ip, e);
}

static int del_live(uint32_t ctid, int netns, const char *a, struct err *e)
{
	struct ipaddr ip = networld_ip(a);

	return venet_addr_del(ctid, netns, &ip, e);
}

/* "nobody", "container N" or what. */
static const char *owner(const char *a)
{
	static char text[80];
	struct ipaddr ip = networld_ip(a);
	struct addr_owner o;
	struct err e;
	struct rtnl *host = networld_rtnl(-1);
	int r = owner_find(host, &ip, &o, &e);

	rtnl_close(host);
	if (r < 0)
		return "error";
	if (!r)
		return "nobody";
	if (!o.ctid)
		return strcpy(text, o.what);
	snprintf(text, sizeof(text), "container %u", o.ctid);
	return text;
}

static int free_for(uint32_t ctid, const char *a)
{
	struct ipaddrs l = { 0 };
	int r;

	add(&l, a);
	r = venet_addrs_free(ctid, &l, NULL);
	ipaddrs_clear(&l);
	return r;
}

static bool inside_has(uint32_t ctid, int netns, const char *a)
{
	struct ipaddr ip = networld_ip(a);
	const struct ipaddr *f;
	struct ipaddrs l = { 0 };
	bool has;

	if (venet_addrs(ctid, netns, &l, NULL) < 0)
		return false;
	f = ipaddrs_find(&l, &ip);
	has = f && f->plen == ip.plen;
	ipaddrs_clear(&l);
	return has;
}

static bool says(const struct err *e, const char *text)
{
	if (strstr(e->msg, text))
		return true;
	printf("# message: %s\n", e->msg);
	return false;
}

/* A link goes in the background with its namespace. */
static bool gone(uint32_t ctid)
{
	for (int i = 0; i < 500; i++) {
		if (!venet_link(ctid, NULL))
			return true;
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	return false;
}

static void test_link(void)
{
	_cleanup_close_ int ns = networld_ns();
	struct networld_nic o = { 0 }, i = { 0 };
	const unsigned want = IFF_UP | IFF_NOARP;
	const uint8_t mac[6] = { 2, 0x56, 0, 0, 0, 101 };
	struct rtnl *r = networld_rtnl(-1);
	struct rtnl_link l = { 0 };
	struct err e;

	is_int(up(101, ns, "192.0.2.11/24", "2001:db8::11/64", &e), 0, "venet_up");
	ok(venet_link(101, &e) > 0, "the host's end is there");
	ok(!rtnl_link(r, "v101.0", 0, &l) && l.group == VENET_GROUP, "in the device group");
	is_str(l.alias, "wabe:101:0", "its alias");
	ok(networld_nic(-1, "v101.0", &o) && networld_nic(ns, "venet0", &i), "both ends");
	ok((o.flags & want) == want && (i.flags & want) == want, "up without ARP");
	ok(!memcmp(o.mac, mac, 6) && !memcmp(i.mac, mac, 6), "one MAC, made from the id");
	ok(o.mtu == 1500 && i.mtu == 1500 && o.queues == 1 && i.queues == 1,
	   "MTU 1500, one queue");
	ok(networld_is(-1, "ipv4/ip_forward", "1") &&
		   networld_is(-1, "ipv6/conf/all/forwarding", "1"),
	   "the host forwards");
	ok(networld_is(-1, "ipv4/conf/v101.0/rp_filter", "1") &&
		   networld_is(-1, "ipv4/conf/v101.0/accept_redirects", "0") &&
		   networld_is(-1, "ipv4/conf/v101.0/send_redirects", "0") &&
		   networld_is(-1, "ipv6/conf/v101.0/accept_ra", "0"),
	   "the host's end is careful");
	ok(networld_line(ns, "route", "venet0\t00000000", "0100FEA9") ||
		   networld_line(ns, "route", "venet0\t00000000", "A9FE0001"),
	   "default route by 169.254.0.1");
	ok(networld_line(ns, "ipv6_route", gateway6, "venet0"), "default route by fe80::1");
	ok(inside_has(101, ns, "192.0.2.11") && inside_has(101, ns, "2001:db8::11"),
	   "the addresses inside are /32 and /128");
	ok(!networld_line(-1, "if_inet6", "v101.0", ""), "no link-local address outside");
	ok(networld_nic(ns, "lo", &i) && i.flags & IFF_UP, "lo is up");
	rtnl_close(r);
	is_int(down(101, NULL, NULL, true), 0, "down");
}

static void test_traffic(void)
{
	_cleanup_close_ int a = networld_ns(), b = networld_ns();
	struct err e;

	ok(!up(101, a, "192.0.2.11", "2001:db8::11", &e) &&
		   !up(102, b, "192.0.2.12", "2001:db8::12", &e),
	   "two containers");
	ok(networld_talk(-1, "198.51.100.1", a, "192.0.2.11"), "host to container, IPv4");
	ok(networld_talk(-1, "2001:db8:ffff::1", a, "2001:db8::11"), "and IPv6");
	ok(networld_talk(a, "192.0.2.11", -1, "198.51.100.1"), "container to host, IPv4");
	ok(networld_talk(a, "2001:db8::11", -1, "2001:db8:ffff::1"), "and IPv6");
	ok(networld_talk(a, "192.0.2.11", b, "192.0.2.12"), "container to container, IPv4");
	ok(networld_talk(a, "2001:db8::11", b, "2001:db8::12"), "and IPv6");
	is_int(down(101, "192.0.2.11", "2001:db8::11", false), 0, "down without waiting");
	is_str(owner("192.0.2.11"), "nobody", "its IPv4 address is free at once");
	is_str(owner("2001:db8::11"), "nobody", "and the IPv6 one");
	ok(venet_link(101, NULL) > 0, "the pair stays until its namespace goes");
	ok(!networld_talk(-1, "198.51.100.1", a, "192.0.2.11"), "nothing gets there");
	is_int(down(101, NULL, NULL, true), 0, "down and wait");
	is_int(venet_link(101, NULL), 0, "gone when it returns");
	is_int(down(101, "192.0.2.11", NULL, true), 0, "down once more");
	close_fd(&b);
	ok(gone(102), "a namespace that dies takes the pair along");
	is_str(owner("192.0.2.12"), "nobody", "and the routes");
}

static void test_live(void)
{
	_cleanup_close_ int ns = networld_ns();
	struct err e;

	is_int(up(101, ns, NULL, NULL, &e), 0, "up without an address");
	ok(networld_line(ns, "ipv6_route", gateway6, "venet0"), "default routes even so");
	ok(networld_line(ns, "route", "venet0\t00000000", ""), "of both families");
	is_int(add_live(101, ns, "192.0.2.11", &e), 0, "an address while it runs");
	is_int(add_live(101, ns, "2001:db8::11", &e), 0, "and IPv6");
	ok(networld_talk(-1, "198.51.100.1", ns, "192.0.2.11") &&
		   networld_talk(ns, "2001:db8::11", -1, "2001:db8:ffff::1"),
	   "they work");
	is_int(add_live(101, ns, "192.0.2.11/24", &e), 0, "one that is there already");
	is_int(add_live(101, ns, "2001:db8::11", &e), 0, "and IPv6");
	is_str(owner("192.0.2.11"), "container 101", "owner");
	is_str(owner("2001:db8::11"), "container 101", "owner of IPv6");
	is_int(del_live(101, ns, "192.0.2.11", &e), 0, "taken away");
	ok(!inside_has(101, ns, "192.0.2.11"), "inside");
	is_str(owner("192.0.2.11"), "nobody", "and outside");
	is_int(del_live(101, ns, "192.0.2.11", &e), 0, "taken away again");
	is_int(del_live(101, ns, "2001:db8::11", &e), 0, "and IPv6");
	is_int(del_live(101, ns, "2001:db8::11", &e), 0, "twice");
	is_int(add_live(101, ns, "192.0.2.12", &e), 0, "another after the last was gone");
	ok(networld_talk(ns, "192.0.2.12", -1, "198.51.100.1"),
	   "the default route that went with the last address is back");
	is_int(down(101, NULL, NULL, true), 0, "down");
}

/* A container that starts without an address and gets one later. */
static void test_attach(void)
{
	_cleanup_close_ int old = networld_ns(), ns = networld_ns();
	struct rtnl *host = networld_rtnl(-1), *ct = networld_rtnl(ns);
	struct networld_nic nic = { 0 };
	struct rtnl_link l = { 0 };
	unsigned in = 0;
	struct err e;
	int index;

	is_int(up(101, old, "192.0.2.11", NULL, &e), 0, "a last run whose namespace is held");
	is_int(venet_lo(101, ns, &e), 0, "lo alone");
	ok(networld_nic(ns, "lo", &nic) && nic.flags & IFF_UP, "is up");
	ok(inside_find(ct, &in) == -ENODEV, "there is no venet0");
	is_int(add_live(101, ns, "192.0.2.11", &e), -E_ADDIP, "no address then");
	index = venet_link(101, &e);
	is_int(venet_attach(101, ns, &e), 0, "the pair while it runs");
	ok(venet_link(101, &e) > 0 && venet_link(101, &e) != index, "not that of the last run");
	ok(networld_nic(ns, "venet0", &nic) && nic.flags & IFF_UP, "venet0 is up");
	is_int(add_live(101, ns, "192.0.2.11", &e), 0, "an address");
	is_int(add_live(101, ns, "2001:db8::11", &e), 0, "and IPv6");
	ok(networld_talk(-1, "198.51.100.1", ns, "192.0.2.11") &&
		   networld_talk(ns, "2001:db8::11", -1, "2001:db8:ffff::1"),
	   "they work");
	index = venet_link(101, &e);
	is_int(venet_attach(101, ns, &e), 0, "once more");
	is_int(venet_link(101, &e), index, "the same pair");
	ok(networld_talk(ns, "192.0.2.11", -1, "198.51.100.1"), "it works");
	is_int(down(101, "192.0.2.11", NULL, true), 0, "down");

	is_int(veth_make(host, 101, "v101.0", ns), 0, "one who was killed half-way");
	is_int(venet_attach(101, ns, &e), 0, "is followed by another");
	is_int(add_live(101, ns, "192.0.2.11", &e), 0, "an address");
	ok(networld_talk(-1, "198.51.100.1", ns, "192.0.2.11"), "works");
	is_int(down(101, "192.0.2.11", NULL, true), 0, "down");

	networld_link(ct, "venet0", old);
	is_int(venet_attach(101, ns, &e), -E_ADDIP, "a venet0 that the container made");
	ok(says(&e, "has a venet0 of its own"), "is named");
	is_int(venet_link(101, &e), 0, "and nothing stays");
	inside_find(ct, &in);
	veth_delete(ct, in);
	networld_link(host, "v101.0", old);
	is_int(venet_attach(101, ns, &e), -E_ADDIP, "a link of the host that has our name");
	ok(says(&e, "v101.0 that is not ours"), "is named");
	ok(inside_find(ct, &in) == -ENODEV, "and nothing stays inside");
	rtnl_link(host, "v101.0", 0, &l);
	veth_delete(host, l.index);
	rtnl_close(ct);
	rtnl_close(host);
}

static void test_claims(void)
{
	_cleanup_close_ int a = networld_ns(), b = networld_ns();
	struct rtnl *r = networld_rtnl(-1);
	unsigned index;
	struct err e;

	is_int(up(101, a, "192.0.2.11", "2001:db8::11", &e), 0, "the first");
	is_int(up(102, b, "192.0.2.12", "2001:db8::11", &e), -E_IP_INUSE, "no second");
	is_str(e.msg, "address 2001:db8::11 is used by container 101", "the holder");
	is_int(venet_link(102, &e), 0, "nothing of the second stays");
	is_str(owner("192.0.2.12"), "nobody", "its other address neither");
	is_int(up(102, b, NULL, NULL, &e), 0, "the second without addresses");
	is_int(add_live(102, b, "192.0.2.11", &e), -E_IP_INUSE, "refused while it runs");
	ok(says(&e, "192.0.2.11 is used by container 101"), "with the holder");
	ok(!inside_has(102, b, "192.0.2.11"), "it does not get it inside");
	is_str(owner("192.0.2.11"), "container 101", "the first keeps it");
	is_int(free_for(101, "192.0.2.11"), 0, "free for the first");
	is_int(free_for(102, "192.0.2.11"), -E_IP_INUSE, "not for the second");
	is_int(free_for(102, "192.0.2.77"), 0, "as others are");
	is_str(owner("198.51.100.1"), "address of lo", "the host's own");
	is_str(owner("2001:db8:ffff::1"), "address of lo", "and IPv6");
	is_int(add_live(102, b, "198.51.100.1", &e), -E_IP_INUSE, "is refused");
	ok(says(&e, "by this host (address of lo)"), "and named");
	is_int(add_live(102, b, "2001:db8:ffff::1", &e), -E_IP_INUSE, "IPv6 is refused");
	index = (unsigned)venet_link(102, &e);
	networld_route(r, index, "203.0.113.0/24", RTPROT_STATIC);
	is_str(owner("203.0.113.5"), "nobody", "a prefix is no claim");
	networld_route(r, index, "203.0.113.5", RTPROT_STATIC);
	networld_route(r, index, "2001:db8:5::5", RTPROT_STATIC);
	is_str(owner("203.0.113.5"), "route on v102.0", "a route that is not ours");
	is_str(owner("2001:db8:5::5"), "route on v102.0", "nor in IPv6");
	is_int(add_live(101, a, "203.0.113.5", &e), -E_IP_INUSE, "is in the way");
	is_int(add_live(101, a, "2001:db8:5::5", &e), -E_IP_INUSE, "in IPv6 too");
	networld_route(r, 0, "203.0.113.6", RTPROT_STATIC);
	is_str(owner("203.0.113.6"), "nobody", "a blackhole is not seen");
	is_int(add_live(101, a, "203.0.113.6", &e), -E_IP_INUSE, "but refuses the claim");
	ok(says(&e, "blackhole"), "and is named");
	is_str(owner("203.0.113.255"), "nobody", "no broadcast on a link without addresses");
	is_int(down(101, NULL, NULL, true), 0, "down");
	is_int(down(102, NULL, NULL, true), 0, "down");
	is_str(owner("2001:db8::11"), "nobody", "free again");
	rtnl_close(r);
}

static void test_names(void)
{
	_cleanup_close_ int a = networld_ns(), b = networld_ns();
	struct rtnl *r = networld_rtnl(-1);
	struct rtnl_link l;
	struct err e;

	is_int(up(2147483644, a, "192.0.2.44", NULL, &e), 0, "the largest id");
	ok(!rtnl_link(r, "v2147483644.0", 0, &l) && l.index, "its link");
	is_str(owner("192.0.2.44"), "container 2147483644", "its address");
	is_int(down(2147483644, NULL, NULL, true), 0, "down");

	networld_link(r, "v103.0", b);
	is_int(up(103, a, NULL, NULL, &e), -E_ADDIP, "a foreign link of the name");
	ok(says(&e, "v103.0 that is not ours"), "is named");
	is_int(venet_link(103, &e), 0, "is not taken for ours");
	is_int(down(103, NULL, NULL, true), 0, "down does not mind it");
	ok(!rtnl_link(r, "v103.0", 0, &l), "it is left alone");
	veth_up(r, l.index, "wabe:104:0");
	is_int(venet_link(103, &e), 0, "nor is one with the alias of another");

	is_int(veth_make(r, 106, "v106.0", a), 0, "a maker that was killed half-way");
	ok(venet_link(106, &e) > 0, "its link is ours by the group");
	is_int(down(106, NULL, NULL, true), 0, "and is removed");
	is_int(venet_link(106, &e), 0, "gone");
	rtnl_close(r);
}

static void test_stale(void)
{
	_cleanup_close_ int held = networld_ns(), ns = networld_ns();
	int failed = 0;
	struct err e;

	is_int(up(101, held, "192.0.2.11", "2001:db8::11", &e), 0,
	       "a run whose namespace is held");
	is_int(up(101, ns, "192.0.2.11", "2001:db8::11", &e), 0,
	       "the next run gets the name and the addresses, which nobody released");
	ok(networld_talk(-1, "198.51.100.1", ns, "192.0.2.11"), "it works");
	ok(networld_talk(-1, "2001:db8:ffff::1", ns, "2001:db8::11"), "with IPv6");
	is_str(owner("192.0.2.11"), "container 101", "it is the holder");
	is_int(down(101, "192.0.2.11", "2001:db8::11", false), 0, "down");
	is_str(owner("192.0.2.11"), "nobody", "no claim is left");
	is_str(owner("2001:db8::11"), "nobody", "nor of IPv6");
	for (int i = 0; i < 5; i++) {
		down(101, "192.0.2.11", NULL, false);
		close_fd(&ns);
		ns = networld_ns();
		failed += up(101, ns, "192.0.2.11", NULL, &e) != 0;
	}
	is_int(failed, 0, "restarts in a row, the old link still dying");
	close_fd(&ns);
	ok(gone(101), "gone at last");
}

static int netlink_of(int netns)
{
	int own = networld_go(netns);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	networld_back(own);
	return fd;
}

static void test_hostile(void)
{
	_cleanup_close_ int ns = networld_ns();
	_cleanup_close_ int other = netlink_of(ns);
	struct rtnl *ct = networld_rtnl(ns);
	struct sockaddr_nl to = { 0 };
	socklen_t len = sizeof(to);
	struct ipaddrs l = { 0 };
	unsigned in = 0;
	char text[32];
	struct err e;

	/* ours is in that namespace, and so is the container's */
	ok(!getsockname(ct->fd, (struct sockaddr *)&to, &len) && to.nl_pid, "our port");
	ok(sendto(other, "x", 1, 0, (struct sockaddr *)&to, len) < 0 &&
		   errno == ECONNREFUSED,
	   "nobody in the container sends to our netlink socket");

	networld_put(-1, "ipv6/conf/default/accept_ra", "2");
	is_int(up(101, ns, "2001:db8::11", NULL, &e), 0, "a host that accepts advertisements");
	inside_find(ct, &in);
	networld_addr(ct, in, "fe80::1:2/64");
	networld_advertise(ns, in);
	nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
	ok(!networld_line(-1, "ipv6_route", "fe800000000000000000000000010002", "v101.0"),
	   "does not take the container's");
	networld_put(-1, "ipv6/conf/default/accept_ra", "1");

	ok(inside_has(101, ns, "fe80::1:2/64"), "what the container's root added is listed");
	networld_addr(ct, 1, "192.0.2.99");
	ok(!inside_has(101, ns, "192.0.2.99"), "not that of other links");
	for (unsigned i = 0; i < INSIDE_MAX + 100; i++) {
		snprintf(text, sizeof(text), "2001:db8:1::%x", i + 1);
		networld_addr(ct, in, text);
	}
	is_int(venet_addrs(101, ns, &l, &e), 0, "thousands of addresses");
	is_int(l.n, INSIDE_MAX, "are cut off");
	ipaddrs_clear(&l);
	is_int(veth_delete(ct, in), 0, "the container deletes venet0");
	is_int(add_live(101, ns, "192.0.2.11", &e), -E_ADDIP, "no address then");
	ok(says(&e, "lost its venet0"), "and why");
	is_int(venet_addrs(101, ns, &l, &e), -E_ADDIP, "no list");
	is_str(owner("2001:db8::11"), "nobody", "its route is gone");
	is_int(down(101, "2001:db8::11", NULL, true), 0, "down");
	rtnl_close(ct);
}

static void test_no_inet6(void)
{
	_cleanup_close_ int ns = networld_ns();
	struct err e;

	networld_put(ns, "ipv6/conf/all/disable_ipv6", "1");
	networld_put(ns, "ipv6/conf/default/disable_ipv6", "1");
	is_int(up(101, ns, "192.0.2.11", NULL, &e), 0, "a container without IPv6");
	is_int(add_live(101, ns, "2001:db8::11", &e), -E_ADDIP, "gets no such address");
	ok(says(&e, "IPv6 is turned off in the container"), "and why");
	is_str(owner("2001:db8::11"), "nobody", "it is not claimed");
	is_int(down(101, NULL, NULL, true), 0, "down");
	is_int(up(101, ns, "2001:db8::11", NULL, &e), -E_ADDIP, "nor at the start");
	is_int(venet_link(101, &e), 0, "of which nothing stays");

	networld_put(-1, "ipv6/conf/default/disable_ipv6", "1");
	is_int(up(101, ns, "192.0.2.11", NULL, &e), 0, "a host without IPv6");
	is_int(add_live(101, ns, "2001:db8::11", &e), -E_ADDIP, "routes no such address");
	ok(says(&e, "IPv6 is turned off on this host"), "and why");
	networld_put(-1, "ipv6/conf/default/disable_ipv6", "0");
	is_int(down(101, NULL, NULL, true), 0, "down");
}

int main(void)
{
	struct rtnl *r;
	struct err e;

	if (!networld_enter()) {
		puts("ok 1 # skip not root\n1..1");
		return 0;
	}
	r = networld_rtnl(-1);
	networld_addr(r, 1, "198.51.100.1");
	networld_addr(r, 1, "2001:db8:ffff::1");
	rtnl_close(r);
	test_link();
	test_traffic();
	test_live();
	test_attach();
	test_claims();
	test_names();
	test_stale();
	test_hostile();
	test_no_inet6();
	is_int(up(101, 999, NULL, NULL, &e), -E_SYSTEM, "no network namespace at all");
	is_int(venet_link(101, &e), 0, "of which nothing stays either");
	return done();
}
