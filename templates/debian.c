/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/kv.h"
#include "base/mem.h"
#include "base/run.h"
#include "templates/recipe.h"

enum { TIMEOUT_MS = 3600 * 1000 };

static const struct {
	const char *name, *suite;
} releases[] = {
	{ "debian-11", "bullseye" },
	{ "debian-12", "bookworm" },
	{ "debian-13", "trixie" },
};

/* What makes the smallest Debian a server one can log in to. No udev, no ifupdown: the host
 * gives devices and sets the network up. */
static const char packages[] =
	"systemd,systemd-sysv,libpam-systemd,dbus,iproute2,iputils-ping,procps,"
	"openssh-server,ca-certificates,netbase,cron,logrotate,less,nano,vim-tiny,"
	"bash-completion,wget";

/*
 * Units that cannot work in a user namespace (they mount or write what belongs to the
 * kernel) or have no object there. They would leave the system "degraded".
 */
#define MASKED                                                                         \
	"systemd-udevd.service systemd-udevd-control.socket "                          \
	"systemd-udevd-kernel.socket systemd-udev-trigger.service "                    \
	"systemd-modules-load.service systemd-journald-audit.socket "                  \
	"systemd-networkd-wait-online.service proc-sys-fs-binfmt_misc.automount "      \
	"sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount "     \
	"sys-fs-fuse-connections.mount dev-hugepages.mount e2scrub_all.timer "         \
	"e2scrub_reap.service fstrim.timer"

/*
 * Run by mmdebstrap through sh with the tree as $1, after the packages are in. Host keys
 * and the machine id belong to one container, so they are made at its first boot: an empty
 * machine-id (unlike a missing one) does not make systemd apply all presets again. The
 * resets of sshd's ExecStartPre put the key making before its own check for keys.
 */
static const char *const hooks[] = {
	"rm -f \"$1\"/etc/ssh/ssh_host_* \"$1/etc/hostname\" \"$1/etc/resolv.conf\" "
	"\"$1/usr/sbin/policy-rc.d\" \"$1/var/lib/dbus/machine-id\"",

	"rm -f \"$1/etc/apt/apt.conf.d/99mmdebstrap\"",

	": > \"$1/etc/machine-id\"",

	"for u in " MASKED "; do ln -sf /dev/null \"$1/etc/systemd/system/$u\"; done",

	"mkdir -p \"$1/etc/systemd/system/ssh.service.d\" && "
	"printf '[Service]\\nExecStartPre=\\nExecStartPre=/usr/bin/ssh-keygen -A\\n"
	"ExecStartPre=/usr/sbin/sshd -t\\n' "
	"> \"$1/etc/systemd/system/ssh.service.d/10-host-keys.conf\"",

	"mkdir -p \"$1/etc/systemd/journald.conf.d\" && "
	"printf '[Journal]\\nSystemMaxUse=50M\\n' "
	"> \"$1/etc/systemd/journald.conf.d/10-container.conf\"",

	"printf '127.0.0.1 localhost\\n::1 localhost ip6-localhost ip6-loopback\\n' "
	"> \"$1/etc/hosts\"",

	"printf 'LANG=C.UTF-8\\n' > \"$1/etc/default/locale\"",

	"chroot \"$1\" systemctl enable console-getty.service",

	"chroot \"$1\" usermod -p '*' root",
};

static const char *suite_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(releases); i++) {
		size_t n = strlen(releases[i].name);

		if (!strncmp(name, releases[i].name, n) &&
		    (!name[n] || (name[n] == '-' && name[n + 1])))
			return releases[i].suite;
	}
	return NULL;
}

bool debian_knows(const char *name)
{
	return suite_of(name);
}

/* ---- the machine's own apt --- */

static void os_field(void *ctx, const char *key, const char *value)
{
	char *codename = ctx;

	if (!strcmp(key, "VERSION_CODENAME"))
		snprintf(codename, 32, "%s", value);
}

static bool is_our_suite(const char *suite)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	char codename[32] = "";

	if (file_read(AT_FDCWD, "/etc/os-release", 65536, &text) < 0)
		return false;
	kv_each(text.s, os_field, codename);
	return !strcmp(codename, suite);
}

/*
 * Where the machine itself is of that release its sources serve the template too: they
 * lead to the site's own mirror. Only Debian's: what else the node installs from has no
 * business in a template.
 */
static void add_sources(struct strv *argv)
{
	static const char *const patterns[] = {
		"/etc/apt/sources.list",
		"/etc/apt/sources.list.d/*debian*.list",
		"/etc/apt/sources.list.d/*debian*.sources",
	};

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		glob_t g = { 0 };

		if (!glob(patterns[i], 0, NULL, &g))
			for (size_t k = 0; k < g.gl_pathc; k++) {
				_cleanup_buf_ struct buf b = BUF_INIT;

				/* sources.list may be empty, or say that it moved */
				if (!file_read(AT_FDCWD, g.gl_pathv[k], 1 << 20, &b) &&
				    (strstr(b.s, "\ndeb") || !strncmp(b.s, "deb", 3) ||
				     strstr(b.s, "URIs:")))
					strv_add(argv, g.gl_pathv[k]);
			}
		globfree(&g);
	}
}

/*
 * How the machine reaches its mirror (proxy, retries, clock checks); it goes into the tree
 * while it is made and is removed with 99mmdebstrap. The tree's parent is root's alone, so
 * apt cannot drop to its own user.
 */
static int write_apt_conf(const char *path, struct err *e)
{
	static const char *const argv[] = {
		"apt-config", "dump", "--format", "%F \"%v\";%n", "Acquire::http",
		"Acquire::https", "Acquire::ftp", "Acquire::Retries", "Acquire::ForceIPv4",
		"Acquire::ForceIPv6", "Acquire::Check-Valid-Until", "Acquire::Check-Date",
		NULL,
	};
	_cleanup_buf_ struct buf out = BUF_INIT;
	const struct run run = { .argv = argv, .out = &out, .timeout_ms = 30000 };

	/* no apt on this machine: mmdebstrap says so better */
	if (run_wait(&run, NULL) < 0)
		buf_reset(&out);
	buf_adds(&out, "APT::Sandbox::User \"root\";\n");
	return file_replace(AT_FDCWD, path, out.s, out.len, 0600, false, e);
}

/* ---- mmdebstrap --- */

static int add_packages(const struct strv *more, struct strv *argv, struct err *e)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789+.-:=~";

	strv_addf(argv, "--include=%s", packages);
	for (size_t i = 0; i < more->n; i++) {
		const char *p = more->v[i];

		if (!*p || strchr("+.-:=~", *p) || p[strspn(p, ok)])
			return fail(e, E_VALUE, "\"%.64s\" is not the name of a package", p);
		strv_addf(argv, "--include=%s", p);
	}
	return 0;
}

/*
 * In namespaces of its own: what mmdebstrap mounts is never seen by the host, and when this
 * process dies, so do all of them at once and nothing goes on writing to the tree.
 */
static int command(const struct recipe_job *j, const char *apt_conf, struct strv *argv,
		   struct err *e)
{
	const char *suite = suite_of(j->r->name);
	int r;

	strv_add_words(argv, "setpriv --pdeathsig KILL unshare --mount --pid --fork "
			     "--kill-child=KILL --mount-proc "
			     "mmdebstrap --mode=root --variant=minbase");
	strv_addf(argv, "--aptopt=%s", apt_conf);
	r = add_packages(&j->r->include, argv, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++)
		strv_addf(argv, "--customize-hook=%s", hooks[i]);
	strv_add(argv, suite);
	strv_add(argv, j->archive);
	if (is_our_suite(suite))
		add_sources(argv);
	return 0;
}

static void environment(const struct recipe_job *j, struct strv *env)
{
	static const char *const kept[] = { "http_proxy", "https_proxy", "no_proxy" };

	strv_addf(env, "TMPDIR=%s", j->temp);
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		const char *value = getenv(kept[i]);

		if (value)
			strv_addf(env, "%s=%s", kept[i], value);
	}
}

struct building {
	const struct recipe_job *j;
	char why[300];	/* the first error: those after it are its consequences */
};

static void build_line(void *ctx, const char *line)
{
	struct building *b = ctx;

	if (!strncmp(line, "I: running --", 13))
		return;
	if (!strncmp(line, "I: ", 3))
		say(&b->j->s->progress, SAY_PROGRESS, "Building template %s: %s",
		    b->j->r->name, line + 3);
	else if (!strncmp(line, "E: ", 3) && !b->why[0])
		snprintf(b->why, sizeof(b->why), "%s", line + 3);
}

int debian_build(const struct recipe_job *j, struct err *e)
{
	_cleanup_free_ char *apt_conf = xasprintf("%s/apt.conf", j->temp);
	_cleanup_strv_ struct strv argv = STRV_INIT, env = STRV_INIT;
	struct building b = { .j = j };
	struct run run = { .timeout_ms = TIMEOUT_MS, .line = build_line, .ctx = &b };
	int r = write_apt_conf(apt_conf, e);

	if (r >= 0)
		r = command(j, apt_conf, &argv, e);
	if (r < 0)
		return r;
	if (access("/usr/bin/mmdebstrap", X_OK) < 0)
		return fail(e, E_SYSTEM, "mmdebstrap is missing: install that package");
	environment(j, &env);
	run.argv = (const char *const *)argv.v;
	run.env = (const char *const *)env.v;
	r = run_wait(&run, e);
	return r < 0 && b.why[0] ? fail(e, E_SYSTEM, "mmdebstrap: %s", b.why) : r;
}
