/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/networld.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "netconf/route.h"
#include "netconf/veth.h"

static int own_ns(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "network namespace");
	return fd;
}

bool networld_enter(void)
{
	struct rtnl *r;

	if (unshare(CLONE_NEWNET) < 0)
		return false;
	r = networld_rtnl(-1);
	if (veth_up_lo(r))
		errx(1, "lo");
	rtnl_close(r);
	return true;
}

int networld_go(int netns)
{
	int own = own_ns();

	if (netns >= 0 && setns(netns, CLONE_NEWNET) < 0)
		err(1, "setns");
	return own;
}

void networld_back(int own)
{
	if (setns(own, CLONE_NEWNET) < 0)
		err(1, "setns back");
	close(own);
}

int networld_ns(void)
{
	int own = own_ns(), fd;

	if (unshare(CLONE_NEWNET) < 0)
		err(1, "unshare");
	fd = own_ns();
	networld_back(own);
	return fd;
}

struct rtnl *networld_rtnl(int netns)
{
	struct rtnl *r = NULL;
	struct err e;

	if (rtnl_open(&r, netns, &e) < 0)
		errx(1, "%s", e.msg);
	return r;
}

struct ipaddr networld_ip(const char *text)
{
	struct ipaddr ip = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };
	char copy[IPADDR_STRLEN];
	char *slash;

	snprintf(copy, sizeof(copy), "%s", text);
	slash = strchr(copy, '/');
	if (slash)
		*slash++ = '\0';
	if (inet_pton(ip.family, copy, ip.a) != 1)
		errx(1, "%s is no address", text);
	ip.plen = slash ? (uint8_t)atoi(slash) : ipaddr_full(&ip);
	return ip;
}

void networld_addr(struct rtnl *r, unsigned index, const char *text)
{
	const struct ipaddr ip = networld_ip(text);
	struct ifaddrmsg *h = rtnl_new(r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(*h));
	int error;

	h->ifa_family = (uint8_t)ip.family;
	h->ifa_prefixlen = ip.plen;
	h->ifa_index = index;
	h->ifa_flags = ip.family == AF_INET6 ? IFA_F_NODAD : 0;
	rtnl_put(r, IFA_LOCAL, ip.a, ipaddr_bytes(&ip));
	error = rtnl_do(r);
	if (error)
		errx(1, "address %s: %s%s", text, strerror(-error), r->why);
}

void networld_route(struct rtnl *r, unsigned index, const char *text, unsigned proto)
{
	const struct ipaddr ip = networld_ip(text);
	struct rtmsg *h = rtnl_new(r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(*h));
	int error;

	h->rtm_family = (uint8_t)ip.family;
	h->rtm_dst_len = ip.plen;
	h->rtm_table = RT_TABLE_MAIN;
	h->rtm_protocol = (uint8_t)proto;
	h->rtm_type = index ? RTN_UNICAST : RTN_BLACKHOLE;
	h->rtm_scope = index && ip.family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	rtnl_put(r, RTA_DST, ip.a, ipaddr_bytes(&ip));
	if (index)
		rtnl_put_u32(r, RTA_OIF, index);
	error = rtnl_do(r);
	if (error)
		errx(1, "route %s: %s%s", text, strerror(-error), r->why);
}

void networld_link(struct rtnl *r, const char *name, int netns)
{
	struct nlattr *info, *data, *peer;
	struct ifinfomsg *h = rtnl_new(r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(*h));
	int error;

	h->ifi_flags = h->ifi_change = IFF_UP;
	rtnl_put_str(r, IFLA_IFNAME, name);
	info = rtnl_nest(r, IFLA_LINKINFO);
	rtnl_put_str(r, IFLA_INFO_KIND, "veth");
	data = rtnl_nest(r, IFLA_INFO_DATA);
	peer = rtnl_nest(r, VETH_INFO_PEER);
	rtnl_put_zero(r, sizeof(*h));
	rtnl_put_u32(r, IFLA_NET_NS_FD, (uint32_t)netns);
	rtnl_nest_end(r, peer);
	rtnl_nest_end(r, data);
	rtnl_nest_end(r, info);
	error = rtnl_do(r);
	if (error)
		errx(1, "link %s: %s%s", name, strerror(-error), r->why);
}

static unsigned queues_of(int netns, const char *name)
{
	struct rtnl *r = networld_rtnl(netns);
	struct ifinfomsg *h = rtnl_new(r, RTM_GETLINK, 0, sizeof(*h));
	const struct nlmsghdr *a;
	const uint32_t *tx = NULL, *rx = NULL;
	unsigned most = 0;
	int error;

	rtnl_put_str(r, IFLA_IFNAME, name);
	a = rtnl_ask(r, &error);
	if (a) {
		tx = rtnl_attr(a, sizeof(*h), IFLA_NUM_TX_QUEUES, sizeof(*tx));
		rx = rtnl_attr(a, sizeof(*h), IFLA_NUM_RX_QUEUES, sizeof(*rx));
	}
	if (tx && rx)
		most = *tx > *rx ? *tx : *rx;
	rtnl_close(r);
	return most;
}

bool networld_nic(int netns, const char *name, struct networld_nic *ret)
{
	int own = networld_go(netns);
	_cleanup_close_ int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq q = { 0 };
	bool there;

	snprintf(q.ifr_name, sizeof(q.ifr_name), "%s", name);
	there = !ioctl(s, SIOCGIFFLAGS, &q);
	if (there) {
		ret->flags = (unsigned short)q.ifr_flags;
		ioctl(s, SIOCGIFMTU, &q);
		ret->mtu = (unsigned)q.ifr_mtu;
		ioctl(s, SIOCGIFHWADDR, &q);
		memcpy(ret->mac, q.ifr_hwaddr.sa_data, sizeof(ret->mac));
	}
	networld_back(own);
	if (there)
		ret->queues = queues_of(netns, name);
	return there;
}

bool networld_line(int netns, const char *file, const char *word, const char *word2)
{
	int own = networld_go(netns);
	char path[100], line[300];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/thread-self/net/%s", file);
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, word) && strstr(line, word2);
	if (f)
		fclose(f);
	networld_back(own);
	return found;
}

void networld_put(int netns, const char *path, const char *value)
{
	int own = networld_go(netns), r;
	char full[200];

	snprintf(full, sizeof(full), "/proc/sys/net/%s", path);
	r = file_put(AT_FDCWD, full, value);
	if (r)
		errx(1, "%s: %s", full, strerror(-r));
	networld_back(own);
}

bool networld_is(int netns, const char *path, const char *value)
{
	int own = networld_go(netns), r;
	char full[200], now[64];

	snprintf(full, sizeof(full), "/proc/sys/net/%s", path);
	r = file_read_line(AT_FDCWD, full, now, sizeof(now));
	networld_back(own);
	return !r && !strcmp(now, value);
}

/* ---- traffic --- */

static socklen_t fill(struct sockaddr_storage *to, const char *text, uint16_t port)
{
	const struct ipaddr ip = networld_ip(text);

	memset(to, 0, sizeof(*to));
	to->ss_family = (sa_family_t)ip.family;
	if (ip.family == AF_INET) {
		struct sockaddr_in *a = (struct sockaddr_in *)to;

		memcpy(&a->sin_addr, ip.a, 4);
		a->sin_port = htons(port);
		return sizeof(*a);
	}
	memcpy(&((struct sockaddr_in6 *)to)->sin6_addr, ip.a, 16);
	((struct sockaddr_in6 *)to)->sin6_port = htons(port);
	return sizeof(struct sockaddr_in6);
}

static int bound(int netns, const char *text, uint16_t port)
{
	struct sockaddr_storage at;
	socklen_t len = fill(&at, text, port);
	int own = networld_go(netns);
	int s = socket(at.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	networld_back(own);
	if (s >= 0 && bind(s, (struct sockaddr *)&at, len) < 0)
		close_fd(&s);
	return s;
}

static bool readable(int s)
{
	struct pollfd p = { .fd = s, .events = POLLIN };

	return poll(&p, 1, 1000) == 1;
}

bool networld_talk(int from_ns, const char *from, int to_ns, const char *to)
{
	_cleanup_close_ int a = bound(from_ns, from, 4001);
	_cleanup_close_ int b = bound(to_ns, to, 4002);
	struct sockaddr_storage at;
	socklen_t len = fill(&at, to, 4002);
	char text[8] = "";

	if (a < 0 || b < 0 || sendto(a, "ping", 4, 0, (struct sockaddr *)&at, len) != 4 ||
	    !readable(b))
		return false;
	len = sizeof(at);
	if (recvfrom(b, text, sizeof(text), 0, (struct sockaddr *)&at, &len) != 4 ||
	    sendto(b, "pong", 4, 0, (struct sockaddr *)&at, len) != 4 || !readable(a))
		return false;
	return recv(a, text, sizeof(text), 0) == 4 && !memcmp(text, "pong", 4);
}

void networld_advertise(int netns, unsigned index)
{
	const struct nd_router_advert ra = { .nd_ra_type = ND_ROUTER_ADVERT,
					     .nd_ra_curhoplimit = 64,
					     .nd_ra_router_lifetime = htons(600) };
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_scope_id = index };
	int own = networld_go(netns), hops = 255;
	_cleanup_close_ int s = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);

	networld_back(own);
	inet_pton(AF_INET6, "ff02::1", &to.sin6_addr);
	if (s < 0 || setsockopt(s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) ||
	    setsockopt(s, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof(index)) ||
	    sendto(s, &ra, sizeof(ra), 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		err(1, "router advertisement");
}
