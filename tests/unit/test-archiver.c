/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wabe-archive (WABE_ARCHIVE, else ./wabe-archive): what hostile archives must not achieve,
 * and that a tree comes back from its archive as it was. Needs root.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/unit/tap.h"
#include "tests/unit/tmplworld.h"

/* ---- hostile archives -------------------------------------------------------------------- */

/* One archive that must be refused, with nothing left and nothing touched outside. */
static void refuse(struct world *w, const char *what, const struct ent *en)
{
	struct template t = { 0 };
	struct err e = { 0 };

	tw_make_tar(w, "evil", en);
	is_int(tw_get(w, "evil", &t, &e), -E_BAD_TEMPLATE, "%s is refused", what);
	printf("# %s\n", e.msg);
	template_clear(&t);
	is_int(tw_entries(w->outside, "", ""), 1, "%s touches nothing outside", what);
	is_int(tw_entries(w->store.dir, "tree", ""), 0, "%s leaves nothing", what);
}

static void test_escapes(struct world *w)
{
	_cleanup_free_ char *evil = xasprintf("%s/evil", w->outside);
	_cleanup_free_ char *secret = xasprintf("%s/secret", w->outside);

	refuse(w, "an absolute name", ENTS(E(evil, '0', "x")));
	refuse(w, "a name with ..", ENTS(E("../../../../../../outside/evil", '0', "x")));
	refuse(w, ".. in the middle", ENTS(E("a/../../../evil", '0', "x")));
	refuse(w, "writing through a symbolic link",
	       ENTS(E("x", '2', w->outside), E("x/evil", '0', "x")));
	refuse(w, "writing through a relative link",
	       ENTS(E("d/", '5', NULL), E("d/x", '2', "../../../../../outside"),
		    E("d/x/evil", '0', "x")));
	refuse(w, "a hard link to an absolute name", ENTS(E("h", '1', secret)));
	refuse(w, "a hard link to ..", ENTS(E("h", '1', "../../../../outside/secret")));
	refuse(w, "a hard link through a symbolic link",
	       ENTS(E("x", '2', w->outside), E("h", '1', "x/secret")));
	refuse(w, "a root that is a link", ENTS(E("./", '2', w->outside)));
	refuse(w, "an owner of 70000", ENTS({ "f", '0', "x", 0, 70000, 0 }));
	refuse(w, "a file of 2 TiB that is one hole",
	       ENTS({ "f", 'S', NULL, 0, 0, 1ull << 41 }));
	refuse(w, "an archive without entries", ENTS(E(NULL, 0, NULL)));
}

/* Tricks that are legal entries: they must end inside the tree. */
static void test_stay_inside(struct world *w)
{
	_cleanup_free_ char *secret = xasprintf("%s/secret", w->outside);
	const struct ent en[] = {
		E("over", '2', secret),
		E("over", '0', "written"),
		E("link", '2', secret),
		E("again", '1', "link"),
		E("again", '0', "written"),
		E("dev/", '5', NULL),
		E("dev/null", '3', NULL),
		E("fifo", '6', NULL),
		E("PaxHeader", 'x', "33 SCHILY.xattr.trusted.evil=yes\n"
				    "28 SCHILY.xattr.user.fine=1\n"),
		E("attr", '0', "x"),
		E(NULL, 0, NULL),
	};
	_cleanup_free_ char *attr = NULL, *over = NULL;
	char text[32] = "", value[8];
	struct template t = { 0 };
	struct err e = { 0 };
	struct stat st;

	tw_make_tar(w, "tricks", en);
	is_int(tw_get(w, "tricks", &t, &e), 0, "tricks that stay inside are taken (%s)", e.msg);
	is_int(w->said.warned, 1, "a tree without init is warned about");
	file_read_line(AT_FDCWD, secret, text, sizeof(text));
	is_str(text, "secret", "the file outside is as it was");
	if (!t.root)
		return;
	over = xasprintf("%s/over", t.root);
	ok(!lstat(over, &st) && S_ISREG(st.st_mode), "a file replaces the link of its name");
	ok(tw_there(t.root, "dev") && !tw_there(t.root, "dev/null"),
	   "device nodes are left out");
	ok(tw_there(t.root, "fifo"), "pipes are not");
	attr = xasprintf("%s/attr", t.root);
	ok(getxattr(attr, "trusted.evil", value, sizeof(value)) < 0, "no trusted.* attribute");
	ok(getxattr(attr, "user.fine", value, sizeof(value)) == 1 || errno == ENOTSUP,
	   "but user.* ones");
	template_clear(&t);
	template_delete(&w->store, "tricks", NULL);
}

static void test_damaged(struct world *w)
{
	static const char *const junk[] = { "", "this is not an archive at all", "\x1f\x8b\x08" };
	_cleanup_free_ char *tar = xasprintf("%s/cache/evil.tar", w->store.dir);
	_cleanup_free_ char *gz = xasprintf("%s/cut.tar.gz", w->dir);
	_cleanup_free_ char *tree = xasprintf("%s/cutsrc", w->dir);
	_cleanup_free_ char *big = xasprintf("%s/big", tree);
	_cleanup_free_ char *noise = xcalloc(1, 65536);
	struct template t;
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(junk); i++) {
		tw_write_file(tar, junk[i], strlen(junk[i]));
		is_int(tw_get(w, "evil", &t, NULL), -E_BAD_TEMPLATE, "junk %zu is refused", i);
	}
	for (size_t i = 0; i < 65536; i++)
		noise[i] = (char)((i * 2654435761u) >> 13);
	mkdir(tree, 0755);
	tw_write_file(big, noise, 65536);
	is_int(tw_archiver(w, "pack", tree, gz, NULL), 0, "an archive to cut");
	ok(!stat(gz, &st) && !truncate(gz, st.st_size / 2) && !rename(gz, tar), "cut");
	is_int(tw_get(w, "evil", &t, NULL), -E_BAD_TEMPLATE, "a cut archive is refused");
	is_int(tw_entries(w->store.dir, "tree", ""), 0, "and leaves nothing");
	unlink(tar);
	mkfifo(tar, 0600);
	is_int(tw_get(w, "evil", &t, NULL), -E_NO_TEMPLATE, "a pipe is no archive, nor waited for");
	unlink(tar);
}

/* ---- pack and unpack ---------------------------------------------------------------------- */

static void make_source(const char *dir)
{
	static const char cap[20] = "\x01\x00\x00\x02\x00\x20";
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct timespec old[2] = { { 1000000000, 0 }, { 1000000000, 123456789 } };
	int f = openat(fd, "hole", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (mkdirat(fd, "d", 0755) < 0 || mkdirat(fd, "d/e", 0755) < 0 ||
	    fchmodat(fd, "d", 01777, 0) < 0 || symlinkat("../x y", fd, "d/link") < 0 ||
	    linkat(fd, "hole", fd, "d/e/hard", 0) < 0)
		printf("# cannot make the source\n");
	mkfifoat(fd, "pipe", 0600);
	close(openat(fd, "bad\xff\xfename", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	close(openat(fd, "\xc3\xbctf", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	if (ftruncate(f, 8 << 20) < 0 || pwrite(f, "end", 3, (8 << 20) - 3) != 3 ||
	    fchown(f, 1000, 65535) < 0 || fchmod(f, 06755) < 0)
		printf("# cannot make the source\n");
	fsetxattr(f, "user.note", "hello", 5, 0);
	fsetxattr(f, "trusted.note", "no", 2, 0);
	fsetxattr(f, "security.capability", cap, sizeof(cap), 0);
	utimensat(fd, "hole", old, 0);
	utimensat(fd, "d", old, 0);
	mknodat(fd, "node", S_IFCHR | 0600, makedev(1, 3));
	close(f);
	close(fd);
}

static void check_copy(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int f = openat(fd, "hole", O_RDONLY | O_CLOEXEC);
	char value[32], target[16] = "";
	struct stat st, hard;

	ok(!fstat(f, &st) && st.st_size == 8 << 20 && st.st_blocks < 1024,
	   "the sparse file is one");
	ok(st.st_uid == 1000 && st.st_gid == 65535 && (st.st_mode & 07777) == 06755,
	   "owner and setuid are kept");
	ok(st.st_mtim.tv_sec == 1000000000 && st.st_nlink == 2, "time and links are");
	ok(!fstatat(fd, "d/e/hard", &hard, 0) && hard.st_ino == st.st_ino, "hard link");
	ok(pread(f, value, 3, (8 << 20) - 3) == 3 && !memcmp(value, "end", 3), "contents");
	ok(fgetxattr(f, "user.note", value, sizeof(value)) == 5 || errno == ENOTSUP,
	   "user.* attributes");
	is_int(fgetxattr(f, "security.capability", value, sizeof(value)), 20,
	       "file capabilities");
	ok(fgetxattr(f, "trusted.note", value, sizeof(value)) < 0, "no trusted.* ones");
	ok(!fstatat(fd, "d", &st, 0) && (st.st_mode & 07777) == 01777 &&
	   st.st_mtim.tv_sec == 1000000000, "mode and time of a directory");
	ok(readlinkat(fd, "d/link", target, 15) == 6 && !strcmp(target, "../x y"), "link");
	ok(!fstatat(fd, "pipe", &st, 0) && S_ISFIFO(st.st_mode), "pipe");
	ok(!fstatat(fd, "bad\xff\xfename", &st, 0), "a name that is not UTF-8");
	ok(!fstatat(fd, "\xc3\xbctf", &st, 0), "a name that is");
	ok(fstatat(fd, "node", &st, 0) < 0, "no device node");
	close(f);
	close(fd);
}

static void test_round_trip(struct world *w)
{
	static const char *const suffixes[] = { "tar", "tar.gz", "tar.xz", "tar.zst" };
	_cleanup_free_ char *src = xasprintf("%s/src", w->dir);

	mkdir(src, 0755);
	make_source(src);
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		_cleanup_free_ char *tar = xasprintf("%s/one.%s", w->dir, suffixes[i]);
		_cleanup_free_ char *tar2 = xasprintf("%s/two.%s", w->dir, suffixes[i]);
		_cleanup_free_ char *dst = xasprintf("%s/dst%zu", w->dir, i);
		_cleanup_buf_ struct buf a = BUF_INIT, b = BUF_INIT, out = BUF_INIT;

		mkdir(dst, 0755);
		is_int(tw_archiver(w, "pack", src, tar, NULL), 0, "packed as %s", suffixes[i]);
		is_int(tw_archiver(w, "unpack", tar, dst, &out), 0, "unpacked");
		check_copy(dst);
		is_int(tw_archiver(w, "pack", dst, tar2, NULL), 0, "packed again");
		tw_archiver(w, "digest", tar, NULL, &a);
		tw_archiver(w, "digest", tar2, NULL, &b);
		is_str(b.s, a.s, "gives the same archive");
		ok(!strncmp(out.s, a.s, a.len), "unpack told the same digest");
	}
}

int main(void)
{
	static void (*const tests[])(struct world *w) = {
		test_escapes, test_stay_inside, test_damaged, test_round_trip,
	};
	struct world w = { 0 };
	const char *skip = tw_prepare(&w);

	for (size_t i = 0; !skip && i < ARRAY_SIZE(tests); i++)
		tests[i](&w);
	tw_clear(&w);
	if (!skip)
		return done();
	printf("1..0 # SKIP %s\n", skip);
	return 0;
}
