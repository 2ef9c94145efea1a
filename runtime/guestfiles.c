/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/guestfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"

enum { RENAME_S = 5 };

/* What is there already is not rewritten: no copy-up of an unchanged file at each start. */
static void put(const char *path, const struct buf *text)
{
	_cleanup_buf_ struct buf old = BUF_INIT;

	if (!file_read(AT_FDCWD, path, 65536, &old) && !strcmp(old.s, text->s))
		return;
	file_replace(AT_FDCWD, path, text->s, text->len, 0644, false, NULL);
}

static void put_hostname(const char *name)
{
	_cleanup_buf_ struct buf b = BUF_INIT;

	buf_addf(&b, "%s\n", name);
	put("/etc/hostname", &b);
}

static void put_resolv_conf(const struct strv *servers, const struct strv *domains)
{
	_cleanup_buf_ struct buf b = BUF_INIT;

	if (domains->n) {
		buf_adds(&b, "search");
		for (size_t i = 0; i < domains->n; i++)
			buf_addf(&b, " %s", domains->v[i]);
		buf_addc(&b, '\n');
	}
	for (size_t i = 0; i < servers->n; i++)
		buf_addf(&b, "nameserver %s\n", servers->v[i]);
	put("/etc/resolv.conf", &b);
}

/* One line is ours, Debian's place for a host's own name; the rest is the guest's. */
static void put_hosts(const char *name)
{
	static const char ours[] = "127.0.1.1";
	_cleanup_buf_ struct buf old = BUF_INIT, b = BUF_INIT;
	char *save = NULL;

	if (file_read(AT_FDCWD, "/etc/hosts", 65536, &old))
		buf_adds(&old, "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n");
	for (char *l = strtok_r(old.s, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		if (strncmp(l, ours, strlen(ours)) || !strchr(" \t", l[strlen(ours)]))
			buf_addf(&b, "%s\n", l);
	buf_addf(&b, "%s %s", ours, name);
	if (strchr(name, '.'))
		buf_addf(&b, " %.*s", (int)strcspn(name, "."), name);
	buf_addc(&b, '\n');
	put("/etc/hosts", &b);
}

void guestfiles_write(const struct spec *s)
{
	if (s->hostname_given) {
		put_hostname(s->hostname);
		put_hosts(s->hostname);
	}
	if (s->nameserver->n || s->searchdomain->n)
		put_resolv_conf(s->nameserver, s->searchdomain);
}

static int rename_child(int init, const char *name, int tell)
{
	char old[GUEST_NAME_LEN] = "";

	/* its file systems may be of its own making, and never answer */
	alarm(RENAME_S);
	if (setns(init, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWUTS) < 0 ||
	    setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0 ||
	    gethostname(old, sizeof(old) - 1) < 0 || write_all(tell, old, sizeof(old)) ||
	    sethostname(name, strlen(name)) < 0)
		return 1;
	umask(022);
	if (*name) {
		put_hostname(name);
		put_hosts(name);
	}
	return 0;
}

int guestfiles_rename(int init, const char *name, char ret_old[GUEST_NAME_LEN],
		      struct err *e)
{
	_cleanup_close_ int hear = -1, tell = -1;
	char old[GUEST_NAME_LEN] = "";
	int p[2], status = -1;
	pid_t pid;

	if (pipe2(p, O_CLOEXEC) < 0)
		return fail(e, E_SYSTEM, "cannot make a pipe: %m");
	hear = p[0];
	tell = p[1];
	pid = fork();
	if (!pid) {
		prctl(PR_SET_DUMPABLE, 0);
		_exit(rename_child(init, name, tell));
	}
	close_fd(&tell);
	if (pid > 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	/* fits the pipe: it was written, if at all, as one piece */
	if (read(hear, old, sizeof(old)) != (ssize_t)sizeof(old))
		old[0] = '\0';
	if (ret_old)
		memcpy(ret_old, old, sizeof(old));
	return status ? fail(e, E_HOSTNAME, "cannot set the container's host name") : 0;
}
