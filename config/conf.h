/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a container should be: plain structs that CTID.conf, the command line and (later)
 * JSON fill through the one key table of config/keys.h, and that everything else reads.
 *
 * `given` has bit KEY_x set when the key was given; a field whose bit is clear holds its
 * zero value and means nothing. `set` is the difference of two such structs. A leaf gets
 * its own sub-struct, never the whole.
 */
#ifndef CONFIG_CONF_H
#define CONFIG_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strv.h"
#include "config/ipaddr.h"

#define CTID_MAX 2147483644u	/* vzctl's; 0 is the host and no container here */
#define CONF_UNLIMITED UINT64_MAX

/* barrier:limit of vzctl; one number given means both. */
struct range {
	uint64_t bar;
	uint64_t lim;
};

struct ipaddrs {
	struct ipaddr *v;
	size_t n;
};

struct conf_res {
	struct range physpages;	/* pages; lim is the RAM limit, bar is not used */
	struct range swappages;	/* pages */
	struct range numproc;	/* tasks */
	uint32_t cpuunits;	/* 8..500000, 1000 is the default weight */
	uint32_t cpulimit;	/* percent of one processor, 0: none */
};

struct conf_disk {
	struct range space;	/* KiB */
	struct range inodes;
	bool quota;		/* DISK_QUOTA; true unless given as no */
};

struct conf_net {
	struct ipaddrs ip;
	struct strv nameserver;
	struct strv searchdomain;
	char *hostname;
};

struct conf {
	uint64_t given;		/* bit KEY_x of config/keys.h */
	char *name;
	char *description;
	char *ostemplate;
	char *origin_sample;
	char *ve_root;		/* pattern, with literal $VEID */
	char *ve_private;	/* pattern, with literal $VEID */
	char *layout;		/* "overlay" */
	uint32_t local_uid;	/* first host uid of the container's range */
	uint32_t local_gid;
	uint32_t stop_timeout;	/* s; 0: the built-in 120 */
	bool disabled;
	struct conf_res res;
	struct conf_disk disk;
	struct conf_net net;
};

#define CONF_INIT { 0 }
#define _cleanup_conf_ __attribute__((cleanup(conf_clear)))

void conf_clear(struct conf *c);

/* Is the key given? `key` is an enum key_id. */
static inline bool conf_has(const struct conf *c, int key)
{
	return c->given >> key & 1;
}

/* Take over every key that `over` has given; lists are replaced, not joined. */
void conf_merge(struct conf *c, const struct conf *over);

/* Lists of addresses. add: false when it was there already (its prefix length is updated);
 * del: false when it was not. */
void ipaddrs_clear(struct ipaddrs *l);
bool ipaddrs_add(struct ipaddrs *l, const struct ipaddr *ip);
bool ipaddrs_del(struct ipaddrs *l, const struct ipaddr *ip);
const struct ipaddr *ipaddrs_find(const struct ipaddrs *l, const struct ipaddr *ip);

/* The pattern with its first $VEID or ${VEID} replaced, trailing '/' cut; heap string. */
char *conf_expand(const char *pattern, uint32_t ctid);

#endif
