/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/run.h"
#include "templates/recipe.h"

static const char binary[] = "/bin/busybox";

struct tdir {
	const char *path;
	mode_t mode;
};

static const struct tdir dirs[] = {
	{ "bin", 0755 },	 { "sbin", 0755 },	{ "usr", 0755 },
	{ "usr/bin", 0755 },	 { "usr/sbin", 0755 },	{ "usr/lib", 0755 },
	{ "usr/share", 0755 },	 { "lib", 0755 },	{ "etc", 0755 },
	{ "etc/init.d", 0755 },	 { "proc", 0555 },	{ "sys", 0555 },
	{ "dev", 0755 },	 { "run", 0755 },	{ "tmp", 01777 },
	{ "root", 0700 },	 { "home", 0755 },	{ "mnt", 0755 },
	{ "var", 0755 },	 { "var/log", 0755 },	{ "var/tmp", 01777 },
	{ "var/lib", 0755 },	 { "var/spool", 0755 },
};

struct tfile {
	const char *path;
	mode_t mode;
	const char *text;
};

/*
 * Process 1 is busybox init: SIGUSR2 powers off, SIGTERM reboots. The host set up network
 * and host name before it runs. The console gets a root shell at the press of Enter: only
 * the node's root can attach to it.
 */
static const struct tfile files[] = {
	{ "etc/inittab", 0644,
	  "::sysinit:/etc/init.d/rcS\n"
	  "::askfirst:-/bin/sh\n"
	  "::ctrlaltdel:/sbin/reboot\n"
	  "::shutdown:/etc/init.d/rcK\n"
	  "::restart:/sbin/init\n" },
	{ "etc/init.d/rcS", 0755,
	  "#!/bin/sh\n"
	  "# Runs once at boot, then /etc/init.d/S* in order and /etc/rc.local.\n"
	  "export PATH=/sbin:/bin:/usr/sbin:/usr/bin\n"
	  "ip link set lo up 2>/dev/null\n"
	  "mkdir -p /run/lock\n"
	  "for s in /etc/init.d/S*; do [ -x \"$s\" ] && \"$s\" start; done\n"
	  "[ -x /etc/rc.local ] && /etc/rc.local\n"
	  "exit 0\n" },
	{ "etc/init.d/rcK", 0755,
	  "#!/bin/sh\n"
	  "# Runs at shutdown: /etc/init.d/S* backwards.\n"
	  "export PATH=/sbin:/bin:/usr/sbin:/usr/bin\n"
	  "for s in $(ls -r /etc/init.d/S* 2>/dev/null); do\n"
	  "\t[ -x \"$s\" ] && \"$s\" stop\n"
	  "done\n"
	  "exit 0\n" },
	{ "etc/passwd", 0644,
	  "root:x:0:0:root:/root:/bin/sh\n"
	  "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
	  "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n" },
	{ "etc/group", 0644,
	  "root:x:0:\ndaemon:x:1:\ntty:x:5:\nadm:x:4:\nusers:x:100:\nnogroup:x:65534:\n" },
	{ "etc/shadow", 0600, "root:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n"
			      "nobody:*:19000:0:99999:7:::\n" },
	{ "etc/hosts", 0644, "127.0.0.1 localhost\n::1 localhost ip6-localhost\n" },
	{ "etc/hostname", 0644, "localhost\n" },
	{ "etc/shells", 0644, "/bin/sh\n/bin/ash\n" },
	{ "etc/os-release", 0644,
	  "ID=busybox\nNAME=BusyBox\nPRETTY_NAME=\"BusyBox (built by Wabe)\"\n" },
	{ "etc/profile", 0644,
	  "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
	  "export PS1='\\u@\\h:\\w\\$ '\n"
	  "umask 022\n" },
	{ "etc/services", 0644,
	  "ftp 21/tcp\nssh 22/tcp\ntelnet 23/tcp\nsmtp 25/tcp\ndomain 53/tcp\n"
	  "domain 53/udp\nhttp 80/tcp\nntp 123/udp\nhttps 443/tcp\nsyslog 514/udp\n" },
	{ "etc/protocols", 0644, "ip 0 IP\nicmp 1 ICMP\ntcp 6 TCP\nudp 17 UDP\n" },
};

bool busybox_knows(const char *name)
{
	return !strcmp(name, "busybox");
}

/* ---- the binary --- */

/* An ELF program of this machine's class that asks for no dynamic loader. */
static bool is_static(int fd)
{
	ElfW(Ehdr) head;
	ElfW(Phdr) ph;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) ||
	    head.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
	    head.e_phentsize != sizeof(ph))
		return false;
	for (unsigned i = 0; i < head.e_phnum; i++) {
		off_t at = (off_t)(head.e_phoff + i * sizeof(ph));

		if (pread(fd, &ph, sizeof(ph), at) != sizeof(ph) || ph.p_type == PT_INTERP)
			return false;
	}
	return true;
}

static int copy_binary(int root, struct err *e)
{
	_cleanup_close_ int from = open(binary, O_RDONLY | O_CLOEXEC);
	_cleanup_close_ int to = -1;
	ssize_t n;

	if (from < 0 || !is_static(from))
		return fail(e, E_SYSTEM,
			    "%s is %s; the package busybox-static brings the one that is "
			    "needed", binary, from < 0 ? "missing" : "not a static program");
	to = openat(root, "bin/busybox", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (to < 0)
		return fail_write(e, "bin/busybox");
	while ((n = sendfile(to, from, NULL, 1 << 20)) > 0)
		;
	if (n < 0)
		return fail_write(e, "bin/busybox");
	return 0;
}

/* "usr/bin/env" -> a relative link to bin/busybox. Others than in these four places are
 * not for us. */
static int link_applet(int root, const char *path, struct err *e)
{
	static const struct {
		const char *dir, *target;
	} places[] = {
		{ "bin/", "busybox" },
		{ "sbin/", "../bin/busybox" },
		{ "usr/bin/", "../../bin/busybox" },
		{ "usr/sbin/", "../../bin/busybox" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		size_t n = strlen(places[i].dir);

		if (strncmp(path, places[i].dir, n) || !path[n] || strchr(path + n, '/'))
			continue;
		if (symlinkat(places[i].target, root, path) < 0 && errno != EEXIST)
			return fail_write(e, path);
	}
	return 0;
}

static int link_applets(int root, struct err *e)
{
	static const char *const argv[] = { binary, "--list-full", NULL };
	_cleanup_strv_ struct strv applets = STRV_INIT;
	_cleanup_buf_ struct buf out = BUF_INIT;
	const struct run run = { .argv = argv, .out = &out, .timeout_ms = 10000 };
	int r = run_wait(&run, e);

	strv_add_words(&applets, out.s);
	for (size_t i = 0; r >= 0 && i < applets.n; i++)
		r = link_applet(root, applets.v[i], e);
	if (r >= 0 && faccessat(root, "sbin/init", F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		r = fail(e, E_SYSTEM, "%s was built without init", binary);
	return r;
}

/* ---- the tree --- */

static int make_tree(int root, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (mkdirat(root, dirs[i].path, 0755) < 0 ||
		    fchmodat(root, dirs[i].path, dirs[i].mode, 0) < 0)
			return fail_write(e, dirs[i].path);
	if (symlinkat("../run", root, "var/run") < 0 ||
	    symlinkat("/proc/self/mounts", root, "etc/mtab") < 0)
		return fail_write(e, "var/run");
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int r = file_replace(root, files[i].path, files[i].text,
				     strlen(files[i].text), files[i].mode, false, e);

		if (r < 0)
			return r;
	}
	return 0;
}

int busybox_build(const struct recipe_job *j, struct err *e)
{
	_cleanup_free_ char *dir = xasprintf("%s/root", j->temp);
	const char *argv[] = { j->s->archiver, "pack", dir, j->archive, NULL };
	const struct run run = { .argv = argv, .timeout_ms = 60000 };
	_cleanup_close_ int root = -1;
	int r;

	if (j->r->include.n)
		return fail(e, E_VALUE, "busybox takes no packages");
	if (mkdir(dir, 0755) < 0 || chmod(dir, 0755) < 0)
		return fail_write(e, dir);
	root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return fail(e, E_SYSTEM, "cannot open %s: %m", dir);
	r = make_tree(root, e);
	if (r >= 0)
		r = copy_binary(root, e);
	if (r >= 0)
		r = link_applets(root, e);
	return r < 0 ? r : run_wait(&run, e);
}
