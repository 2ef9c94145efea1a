/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/fake-wabe.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "include/wabe.h"

struct fake fake;

struct wabe {
	struct progress say;
};

struct wabe_settings {
	struct strv list;
};

static void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void note(const char *fmt, ...)
{
	size_t at = strlen(fake.log);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(fake.log + at, sizeof(fake.log) - at, fmt, ap);
	va_end(ap);
}

static int result(struct err *e)
{
	int code = fake.fail;

	fake.fail = 0;
	return code ? fail(e, code, "it failed\nwith code %d", code) : 0;
}

int wabe_open(struct wabe **ret, const struct progress *p, struct err *e)
{
	*ret = xcalloc(1, sizeof(**ret));
	return 0;
}

void wabe_close(struct wabe *w)
{
	free(w);
}

void wabe_on_say(struct wabe *w, const struct progress *p)
{
	w->say = *p;
}

const char *wabe_version(void)
{
	return "1.2.3";
}

uint32_t wabe_node_verbose(const struct wabe *w)
{
	return fake.verbose;
}

int wabe_find(struct wabe *w, const char *what, uint32_t *ret, struct err *e)
{
	char *end;
	unsigned long n = strtoul(what, &end, 10);

	if (!strcmp(what, "web"))
		n = 101;
	else if (*end || end == what || n < 1 || n > 2147483644)
		return fail(e, E_VALUE, "\"%s\" is no container", what);
	*ret = (uint32_t)n;
	return 0;
}

static const struct wabe_option options[] = {
	{ "ostemplate", "OSTEMPLATE", "NAME", "Template to make it from", true, true, false, false, false, NULL },
	{ "hostname", "HOSTNAME", "NAME", "Host name", true, true, true, false, false, NULL },
	{ "ipadd", "IP_ADDRESS", "ADDR[/LEN]", "Address to add", true, true, true, false, true, "ip" },
	{ "numproc", "NUMPROC", "N", "Most tasks it may have", false, true, true, false, false, NULL },
	{ "cpuunits", "CPUUNITS", "N", "Weight", false, true, true, false, false, NULL },
	{ "cpulimit", "CPULIMIT", "N[%]", "Processor time", false, true, true, false, false, NULL },
};

bool wabe_option(size_t i, struct wabe_option *ret)
{
	if (i >= sizeof(options) / sizeof(options[0]))
		return false;
	*ret = options[i];
	return true;
}

bool wabe_key(size_t i, struct wabe_key *ret)
{
	*ret = (struct wabe_key){
		.name = "CPUUNITS", .help = "weight", .values = "a whole number",
		.unset = "1000", .min = 8, .max = 500000, .node = true,
	};
	return i < 1;
}

bool wabe_node_key(size_t i, struct wabe_key *ret)
{
	*ret = (struct wabe_key){
		.name = "LOGFILE", .help = "where it is logged", .values = "a path",
	};
	return i < 1;
}

int wabe_samples(struct wabe *w, struct strv *ret, struct err *e)
{
	strv_add(ret, "basic");
	strv_add(ret, "light");
	return result(e);
}

struct wabe_settings *wabe_settings_new(void)
{
	return xcalloc(1, sizeof(struct wabe_settings));
}

void wabe_settings_free(struct wabe_settings *s)
{
	if (s)
		strv_clear(&s->list);
	free(s);
}

int wabe_settings_put(struct wabe_settings *s, const char *option, const char *value,
		      struct err *e)
{
	if (!strcmp(value, "bad"))
		return fail(e, E_VALUE, "--%s: not a value", option);
	strv_addf(&s->list, "%s=%s", option, value);
	return 0;
}

static void note_settings(const struct wabe_settings *s)
{
	for (size_t i = 0; s && i < s->list.n; i++)
		note(" %s", s->list.v[i]);
}

int wabe_create(struct wabe *w, uint32_t ctid, const struct wabe_create *o, struct err *e)
{
	note("create %u sample=%s", ctid, o->sample ? o->sample : "-");
	note_settings(o->settings);
	note("\n");
	say(&w->say, SAY_INFO, "Creating");
	say(&w->say, SAY_DETAIL, "a detail");
	say(&w->say, SAY_WARN, "a \033[31mwarning");
	say(&w->say, SAY_PROGRESS, "half");
	return result(e);
}

int wabe_destroy(struct wabe *w, uint32_t ctid, struct err *e)
{
	note("destroy %u\n", ctid);
	return result(e);
}

int wabe_start(struct wabe *w, uint32_t ctid, const struct wabe_start *o, struct err *e)
{
	note("start %u force=%d\n", ctid, o->force);
	return result(e);
}

int wabe_stop(struct wabe *w, uint32_t ctid, const struct wabe_stop *o, struct err *e)
{
	note("stop %u fast=%d timeout=%d\n", ctid, o->fast, o->timeout);
	return result(e);
}

int wabe_restart(struct wabe *w, uint32_t ctid, const struct wabe_start *so,
		 const struct wabe_stop *po, struct err *e)
{
	note("restart %u force=%d fast=%d timeout=%d\n", ctid, so->force, po->fast,
	     po->timeout);
	return result(e);
}

int wabe_set(struct wabe *w, uint32_t ctid, const struct wabe_settings *s,
	     const struct wabe_set *o, struct err *e)
{
	note("set %u save=%d force=%d", ctid, o->save, o->force);
	note_settings(s);
	note("\n");
	return result(e);
}

int wabe_mount(struct wabe *w, uint32_t ctid, struct err *e)
{
	note("mount %u\n", ctid);
	return result(e);
}

int wabe_umount(struct wabe *w, uint32_t ctid, struct err *e)
{
	note("umount %u\n", ctid);
	return result(e);
}

int wabe_reexec(struct wabe *w, uint32_t ctid, struct err *e)
{
	note("reexec %u\n", ctid);
	return result(e);
}

int wabe_exec(struct wabe *w, uint32_t ctid, const struct wabe_exec *x, int *ret_status,
	      struct err *e)
{
	int r = result(e);

	note("exec %u", ctid);
	for (size_t i = 0; x->argv && x->argv[i]; i++)
		note(" [%s]", x->argv[i]);
	if (x->script)
		note(" {%s}", x->script);
	note("%s%s\n", x->shell ? " shell" : "", x->quiet_pty ? " quiet" : "");
	if (r == 0)
		*ret_status = fake.status;
	return r;
}

const char *wabe_state_word(enum wabe_state s)
{
	static const char *const words[] = { "stopped", "mounted", "starting", "running",
					     "stopping" };

	return words[s];
}

static void running(struct wabe_info *i)
{
	i->state = WABE_RUNNING;
	i->mounted = true;
	i->name = xstrdup("web");
	i->description =
		xstrdup("k\xc3\xa4se and much more text than thirty-two characters");
	strv_add(&i->ip, "10.0.0.101");
	strv_add(&i->ip, "2001:db8::65");
	i->pid = 4711;
	i->supervisor = 4710;
	i->uptime = 93784;
	i->numproc = 26;
	i->numproc_max = 400;
	i->memory = 8192 * 100;
	i->memory_max = 512 << 20;
}

int wabe_info(struct wabe *w, uint32_t ctid, unsigned reads, struct wabe_info *ret,
	      struct err *e)
{
	*ret = (struct wabe_info){
		.ctid = ctid, .exists = ctid >= 101 && ctid <= 104, .uid_base = -1,
		.uptime = -1, .numproc = -1, .numproc_max = -1, .memory = -1,
		.memory_max = -1, .swap = -1, .swap_max = -1, .cpuunits = 1000,
		.cpulimit = 0, .diskspace = 2048, .diskspace_max = 2306867,
		.diskinodes = -1, .diskinodes_max = -1,
	};
	if (!ret->exists)
		return 0;
	ret->hostname = xasprintf("ct%u.example", ctid);
	ret->private_dir = xstrdup(ctid == 104 ? "/nonexistent" : "/");
	ret->layout = xstrdup("overlay");
	if (ctid == 101)
		running(ret);
	if (ctid == 103) {
		ret->state = WABE_MOUNTED;
		ret->mounted = true;
	}
	return 0;
}

void wabe_info_clear(struct wabe_info *i)
{
	free(i->name);
	free(i->description);
	free(i->hostname);
	free(i->ostemplate);
	free(i->layout);
	free(i->private_dir);
	free(i->root_dir);
	strv_clear(&i->ip);
	strv_clear(&i->nameserver);
	strv_clear(&i->searchdomain);
	*i = (struct wabe_info){ 0 };
}

int wabe_list(struct wabe *w, uint32_t **ret, size_t *ret_n, struct err *e)
{
	size_t n = fake.empty ? 0 : 4;

	*ret = xcalloc(n, sizeof(**ret));
	for (size_t i = 0; i < n; i++)
		(*ret)[i] = 101 + (uint32_t)i;
	*ret_n = n;
	return result(e);
}

int wabe_config(struct wabe *w, uint32_t ctid, wabe_setting_fn *fn, void *ctx,
		struct err *e)
{
	int r = result(e);

	if (r < 0)
		return r;
	fn(ctx, "HOSTNAME", "a \"b\"", "ct");
	fn(ctx, "DISKSPACE", "2097152:2306867", "node");
	fn(ctx, "CPUUNITS", "1000", "built-in");
	return 0;
}

static void a_template(struct wabe_template *t)
{
	*t = (struct wabe_template){
		.name = xstrdup("debian-12"),
		.digest = xstrdup("0123456789abcdef0123456789abcdef"),
		.bytes = 300 << 20, .inodes = 9000, .created = 1700000000, .used = 2,
	};
}

int wabe_template_build(struct wabe *w, const struct wabe_build *b,
			struct wabe_template *ret, struct err *e)
{
	int r = result(e);

	note("build %s force=%d", b->name, b->force);
	for (size_t i = 0; b->include && b->include[i]; i++)
		note(" +%s", b->include[i]);
	note("\n");
	if (r == 0)
		a_template(ret);
	return r;
}

int wabe_template_list(struct wabe *w, struct wabe_template **ret, size_t *ret_n,
		       struct err *e)
{
	*ret_n = fake.empty ? 0 : 1;
	*ret = xcalloc(1, sizeof(**ret));
	if (*ret_n)
		a_template(*ret);
	return 0;
}

int wabe_template_delete(struct wabe *w, const char *name, struct err *e)
{
	note("delete %s\n", name);
	return result(e);
}

void wabe_template_clear(struct wabe_template *t)
{
	free(t->name);
	free(t->digest);
}
