/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/kv.h"
#include "base/mem.h"
#include "base/tree.h"

static const char *const guests[] = { "other", "systemd", "busybox" };

void state_clear(struct state *s)
{
	ipaddrs_clear(&s->ip);
	*s = (struct state)STATE_INIT;
}

struct loading {
	struct state s;
	unsigned long version;
};

static void load_pair(void *ctx, const char *key, const char *value)
{
	struct loading *l = ctx;
	struct ipaddr ip;

	if (!strcmp(key, "VERSION"))
		l->version = strtoul(value, NULL, 10);
	else if (!strcmp(key, "PHASE"))
		strncpy(l->s.phase, value, sizeof(l->s.phase) - 1);
	else if (!strcmp(key, "INIT"))
		l->s.init = (pid_t)strtol(value, NULL, 10);
	else if (!strcmp(key, "INIT_START"))
		l->s.init_start = strtoull(value, NULL, 10);
	else if (!strcmp(key, "STARTED"))
		l->s.started = strtoll(value, NULL, 10);
	else if (!strcmp(key, "QUICK"))
		l->s.quick = (uint32_t)strtoul(value, NULL, 10);
	else if (!strcmp(key, "IP") && ipaddr_parse(value, &ip, NULL) >= 0)
		ipaddrs_add(&l->s.ip, &ip);
	else if (!strcmp(key, "GUEST"))
		for (size_t i = 0; i < ARRAY_SIZE(guests); i++)
			if (!strcmp(value, guests[i]))
				l->s.guest = (enum guest_kind)i;
}

int state_load(const char *run, struct state *ret)
{
	_cleanup_free_ char *path = xasprintf("%s/state", run);
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct loading l = { 0 };

	if (file_read(AT_FDCWD, path, 1 << 20, &text))
		return 1;
	kv_each(text.s, load_pair, &l);
	if (l.version != STATE_VERSION) {
		state_clear(&l.s);
		return 1;
	}
	*ret = l.s;
	return 0;
}

int state_save(const char *run, const struct state *s, struct err *e)
{
	_cleanup_free_ char *path = xasprintf("%s/state", run);
	_cleanup_buf_ struct buf b = BUF_INIT;
	char ip[IPADDR_STRLEN];
	int r;

	kv_addf(&b, "VERSION", "%d", STATE_VERSION);
	kv_add(&b, "PHASE", s->phase);
	kv_addf(&b, "INIT", "%d", (int)s->init);
	kv_addf(&b, "INIT_START", "%" PRIu64, s->init_start);
	kv_add(&b, "GUEST", guests[s->guest]);
	kv_addf(&b, "STARTED", "%" PRId64, s->started);
	kv_addf(&b, "QUICK", "%u", s->quick);
	for (size_t i = 0; i < s->ip.n; i++)
		kv_add(&b, "IP", ipaddr_str(&s->ip.v[i], ip));
	r = mkdir_all(run, 0700, e);
	return r < 0 ? r : file_replace(AT_FDCWD, path, b.s, b.len, 0600, false, e);
}

char *state_socket(const char *run)
{
	return xasprintf("%s/ctl", run);
}

void state_remove(const char *run)
{
	_cleanup_free_ char *path = xasprintf("%s/state", run);
	_cleanup_free_ char *socket = state_socket(run);

	unlink(socket);
	unlink(path);
	/* and what a killed writer left in it */
	if (rmdir(run) < 0 && errno == ENOTEMPTY)
		tree_remove(AT_FDCWD, run, NULL);
}
