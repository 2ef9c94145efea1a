/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "templates/archiver.h"

#include <errno.h>
#include <iconv.h>
#include <locale.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "base/cleanup.h"
#include "base/fdio.h"

enum { PROGRESS_MS = 200 };

static int keep_caps(const cap_value_t *caps, int n, struct err *e)
{
	cap_t set = cap_init();
	int r = 0;

	if (!set || cap_set_flag(set, CAP_PERMITTED, n, caps, CAP_SET) < 0 ||
	    cap_set_flag(set, CAP_EFFECTIVE, n, caps, CAP_SET) < 0 || cap_set_proc(set) < 0)
		r = fail(e, E_CAPS, "cannot drop capabilities: %m");
	cap_free(set);
	return r;
}

int archiver_confine(int *dirfd, const cap_value_t *caps, int n, struct err *e)
{
	/* In a place where namespaces are forbidden the chroot below still holds. */
	(void)!unshare(CLONE_NEWNS);
	(void)!unshare(CLONE_NEWNET);
	if (fchdir(*dirfd) < 0 || chroot(".") < 0 || chdir("/") < 0)
		return fail(e, E_SYSTEM, "cannot enter the tree: %m");
	close_fd(dirfd);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail(e, E_SYSTEM, "cannot give up privileges: %m");
	return keep_caps(caps, n, e);
}

void archiver_progress(struct archiver *a)
{
	long long now = now_ms();

	if (now - a->said < PROGRESS_MS)
		return;
	a->said = now;
	dprintf(STDERR_FILENO, "%llu files %llu\n", (unsigned long long)a->bytes,
		(unsigned long long)a->files);
}

const char *archiver_why(struct archive *a, char *text, size_t size)
{
	const char *msg = archive_error_string(a);
	int no = archive_errno(a);

	/* EILSEQ is libarchive's own number for a bad format, below 0 is "none" */
	if (no > 0 && no != EILSEQ && (!msg || !strstr(msg, strerror(no))))
		snprintf(text, size, "%s%s%s", msg ? msg : "", msg ? ": " : "", strerror(no));
	else
		snprintf(text, size, "%s", msg ? msg : "unknown error");
	return text;
}

bool archiver_xattr(const char *name)
{
	if (!strcmp(name, "security.capability"))
		return true;
	return !strncmp(name, "user.", 5) && strncmp(name, "user.overlay.", 13);
}

/*
 * Names are bytes in a tar and UTF-8 in a PAX header: with a UTF-8 locale nothing needs
 * converting. glibc has C.UTF-8 built in; its converters are looked up at their first use,
 * which must not happen inside the tree, where the archive could supply them.
 */
static void load_locale(void)
{
	iconv_t cd;
	wchar_t wide[4];

	setlocale(LC_CTYPE, "C.UTF-8");
	(void)!mbstowcs(wide, "x", ARRAY_SIZE(wide));
	cd = iconv_open("UTF-8", "UTF-16BE");
	if (cd != (iconv_t)-1)
		iconv_close(cd);
}

static int dispatch(int argc, char **argv, struct err *e)
{
	if (argc == 4 && !strcmp(argv[1], "unpack"))
		return unpack_run(argv[2], argv[3], e);
	if (argc == 4 && !strcmp(argv[1], "pack"))
		return pack_run(argv[2], argv[3], e);
	if (argc == 3 && !strcmp(argv[1], "digest"))
		return unpack_digest(argv[2], e);
	return fail(e, E_SYNTAX,
		    "usage: wabe-archive unpack ARCHIVE DIR | pack DIR ARCHIVE | digest ARCHIVE");
}

int main(int argc, char **argv)
{
	struct err e = { 0 };
	int r;

	/* whoever waits for the tree would take a half one for left over */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	umask(022);
	load_locale();
	r = dispatch(argc, argv, &e);
	if (fflush(stdout) && r >= 0)
		r = fail(&e, E_SYSTEM, "cannot write the result: %m");
	if (r < 0)
		dprintf(STDERR_FILENO, "%s\n", e.msg);
	/* not exit(): handlers of libraries would run inside the tree */
	_exit(r < 0);
}
