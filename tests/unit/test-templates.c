/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What get, hold, list, delete, adopt and build promise, with the real wabe-archive
 * (WABE_ARCHIVE, else ./wabe-archive). Needs root.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "templates/build.h"
#include "templates/tmplname.h"
#include "tests/unit/tap.h"
#include "tests/unit/tmplworld.h"

static const struct ent good[] = {
	{ "./", '5', NULL, 0755, 0, 0 },
	{ "./sbin/", '5', NULL, 0755, 0, 0 },
	{ "./sbin/init", '0', "#!/bin/sh\n", 04755, 0, 0 },
	{ "./etc/", '5', NULL, 0700, 0, 0 },
	{ "./etc/file", '0', "hello", 0640, 33, 0 },
	{ "./etc/same", '1', "./etc/file", 0, 33, 0 },
	{ "./etc/link", '2', "/etc/passwd", 0777, 0, 0 },
	{ NULL, 0, NULL, 0, 0, 0 },
};

static const struct ent better[] = {
	{ "sbin/init", '0', "second", 0755, 0, 0 },
	{ NULL, 0, NULL, 0, 0, 0 },
};

/* ---- what the cache promises ------------------------------------------------------------- */

static void test_names(struct world *w)
{
	static const char *const bad[] = { "", ".x", "../x", "a/b", "a..b", "-x", "a b", "a\n" };
	char longest[140];
	struct template t;
	struct err e;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		is_int(tw_get(w, bad[i], &t, &e), -E_NO_TEMPLATE, "name %zu is refused", i);
	memset(longest, 'a', sizeof(longest));
	longest[128] = '\0';
	ok(tmplname_ok(longest), "128 bytes are a name");
	longest[128] = 'a';
	longest[129] = '\0';
	ok(!tmplname_ok(longest), "129 are not");
	ok(tmplname_ok("debian-12_x.y+z@1"), "the usual ones are");
}

static void test_get(struct world *w)
{
	_cleanup_free_ char *cache = xasprintf("%s/cache/good.tar", w->store.dir);
	_cleanup_buf_ struct buf out = BUF_INIT;
	struct template t = { 0 }, again = { 0 };
	struct err e = { 0 };
	char want[80];
	struct stat st;

	is_int(tw_get(w, "good", &t, &e), -E_NO_TEMPLATE, "no archive, no template");
	tw_make_tar(w, "good", good);
	is_int(tw_get(w, "good", &t, &e), 0, "a template is unpacked (%s)", e.msg);
	is_int(w->said.unpacked, 1, "and that is said");
	is_int(w->said.warned, 0, "without a warning");
	tw_archiver(w, "digest", cache, NULL, &out);
	snprintf(want, sizeof(want), "DIGEST=\"%s\"\n", t.digest);
	is_str(out.s, want, "its digest is the file's");
	is_int(t.bytes, 15, "bytes are counted, links once");
	is_int(t.inodes, 6, "inodes too");
	ok(!lstat(t.root, &st) && (st.st_mode & 07777) == 0755, "the root is 0755");
	ok(tw_there(t.root, "etc/link"), "its links are there");
	is_int(tw_get(w, "good", &again, &e), 0, "it is found again");
	is_int(w->said.unpacked, 0, "and not unpacked again");
	is_str(again.digest, t.digest, "it is the same one");
	template_clear(&again);
	is_int(template_by_digest(&w->store, t.digest, &again, &e), 0, "and found by digest");
	is_str(again.name, "good", "with its name");
	template_clear(&again);
	is_int(template_by_digest(&w->store, "../../etc", &again, &e), -E_NO_TEMPLATE,
	       "a digest is no path");
	template_clear(&t);
}

static void test_modes(struct world *w)
{
	_cleanup_free_ char *trees = xasprintf("%s/tree", w->store.dir);
	_cleanup_free_ char *init = NULL, *file = NULL, *same = NULL;
	struct template t = { 0 };
	struct stat a, b;

	tw_get(w, "good", &t, NULL);
	init = xasprintf("%s/sbin/init", t.root);
	file = xasprintf("%s/etc/file", t.root);
	same = xasprintf("%s/etc/same", t.root);
	ok(!stat(trees, &a) && (a.st_mode & 07777) == 0700 && !a.st_uid,
	   "other users cannot come near a setuid file of a container");
	ok(!stat(init, &a) && (a.st_mode & 07777) == 04755, "setuid is kept");
	ok(!stat(file, &a) && !stat(same, &b) && a.st_ino == b.st_ino, "hard links are");
	ok(a.st_uid == 33 && a.st_gid == 33 && (a.st_mode & 07777) == 0640,
	   "owner and mode are the archive's");
	is_int(a.st_mtime, 1700000000, "so is the time");
	template_clear(&t);
}

static void test_near(struct world *w)
{
	struct template t;
	struct err e;

	is_int(tw_get(w, "godo", &t, &e), -E_NO_TEMPLATE, "an unknown name");
	ok(strstr(e.msg, "did you mean good"), "the near one is named: %s", e.msg);
	is_int(tw_get(w, "zzzzzzzzz", &t, &e), -E_NO_TEMPLATE, "a name that is near to none");
	ok(strstr(e.msg, "this node has good"), "all are listed: %s", e.msg);
}

static void test_hold(struct world *w)
{
	struct template first = { 0 }, second = { 0 }, gone;
	struct err e = { 0 };

	tw_get(w, "good", &first, NULL);
	for (uint32_t id = 101; id <= 104; id++)
		is_int(template_hold(&w->store, first.digest, id, &e), 0, "held by %u", id);
	is_int(template_hold(&w->store, first.digest, 101, &e), 0, "twice is once");
	is_int(template_delete(&w->store, "good", &e), -E_LOCKED, "not deleted while used");
	ok(strstr(e.msg, "4 containers") && strstr(e.msg, ", ..."), "and why: %s", e.msg);
	tw_make_tar(w, "good", better);
	is_int(tw_get(w, "good", &second, &e), 0, "a new archive is unpacked (%s)", e.msg);
	ok(strcmp(first.digest, second.digest), "into another tree");
	ok(tw_there(first.root, "etc/file"), "the containers keep the old one");
	for (uint32_t id = 101; id <= 104; id++)
		template_release(&w->store, first.digest, id);
	template_release(&w->store, first.digest, 104);
	ok(!tw_there(first.root, NULL), "with the last container the old tree goes");
	is_int(template_hold(&w->store, first.digest, 101, &e), -E_NO_TEMPLATE,
	       "and cannot be held any more");
	is_int(template_delete(&w->store, "good", &e), 0, "unused it can be deleted");
	is_int(tw_get(w, "good", &gone, &e), -E_NO_TEMPLATE, "and is gone");
	is_int(tw_entries(w->store.dir, "tree", ""), 0, "nothing is left of it");
	template_clear(&first);
	template_clear(&second);
}

static void test_list(struct world *w)
{
	struct template *list = NULL, t = { 0 };
	struct err e;
	size_t n = 0;

	tw_make_tar(w, "b-new", good);
	tw_make_tar(w, "a-old", better);
	tw_get(w, "a-old", &t, NULL);
	template_hold(&w->store, t.digest, 7, NULL);
	is_int(template_list(&w->store, &list, &n, &e), 0, "the list");
	is_int(n, 2, "has both");
	is_str(n == 2 ? list[0].name : "", "a-old", "sorted");
	is_int(n ? list[0].used : 0, 1, "with their users");
	is_str(n == 2 ? list[1].digest : "", "", "one is not unpacked yet");
	for (size_t i = 0; i < n; i++)
		template_clear(&list[i]);
	free(list);
	template_release(&w->store, t.digest, 7);
	template_clear(&t);
	is_int(template_delete(&w->store, "a-old", NULL) +
	       template_delete(&w->store, "b-new", NULL), 0, "both are deleted");
}

static void test_archive_removed(struct world *w)
{
	_cleanup_free_ char *path = xasprintf("%s/cache/kept.tar", w->store.dir);
	struct template t = { 0 };
	struct err e = { 0 };

	tw_make_tar(w, "kept", good);
	tw_get(w, "kept", &t, NULL);
	template_clear(&t);
	unlink(path);
	is_int(tw_get(w, "kept", &t, &e), 0, "an unpacked template outlives its archive");
	template_clear(&t);
	is_int(template_delete(&w->store, "kept", &e), 0, "until it is deleted");
}

static void test_at_once(struct world *w)
{
	unsigned unpacked = 0, failed = 0;
	enum { N = 12 };
	pid_t pid[N];

	tw_make_tar(w, "crowd", good);
	fflush(stdout);
	for (int i = 0; i < N; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			struct template t = { 0 };
			int r = tw_get(w, "crowd", &t, NULL);

			_exit(r < 0 ? 99 : (int)w->said.unpacked);
		}
	}
	for (int i = 0; i < N; i++) {
		int status = 0;

		waitpid(pid[i], &status, 0);
		failed += !WIFEXITED(status) || WEXITSTATUS(status) > 1;
		unpacked += WIFEXITED(status) && WEXITSTATUS(status) == 1;
	}
	is_int(failed, 0, "%d creates at once all get it", N);
	is_int(unpacked, 1, "one of them unpacks");
	template_delete(&w->store, "crowd", NULL);
}

/* As a kill between rmdir(used/) and the rest, or in the middle of unpacking, leaves it. */
static void test_after_crash(struct world *w)
{
	_cleanup_free_ char *temp = xasprintf("%s/tree/.tmp.999999999.new", w->store.dir);
	_cleanup_free_ char *sub = xasprintf("%s/root", temp);
	_cleanup_free_ char *out = xasprintf("%s/cache/.tmp.999999999.x", w->store.dir);
	_cleanup_free_ char *used = NULL;
	struct template t = { 0 };
	struct err e = { 0 };

	tw_make_tar(w, "crash", good);
	tw_get(w, "crash", &t, NULL);
	used = xasprintf("%s/../used", t.root);
	template_clear(&t);
	rmdir(used);
	mkdir(temp, 0700);
	mkdir(sub, 0755);
	tw_write_file(out, "x", 1);
	is_int(tw_get(w, "crash", &t, &e), 0, "a half removed tree is made anew (%s)", e.msg);
	is_int(w->said.unpacked, 1, "by unpacking");
	is_int(template_hold(&w->store, t.digest, 5, &e), 0, "and can be held");
	template_release(&w->store, t.digest, 5);
	ok(!tw_there(temp, NULL) && !tw_there(out, NULL), "left-overs are removed");
	template_clear(&t);
	template_delete(&w->store, "crash", NULL);
}

static void test_adopt(struct world *w)
{
	_cleanup_free_ char *in = xasprintf("%s/cache/.in.tar", w->store.dir);
	_cleanup_free_ char *good_tar = xasprintf("%s/cache/src.tar", w->store.dir);
	_cleanup_free_ char *old = xasprintf("%s/cache/name.tar.gz", w->store.dir);
	struct template t = { 0 };
	struct err e = { 0 };

	tw_make_tar(w, "src", good);
	rename(good_tar, in);
	tw_write_file(old, "whatever", 8);
	is_int(template_adopt(&w->store, "name", in, &t, &e), 0, "adopted (%s)", e.msg);
	ok(!tw_there(in, NULL) && !tw_there(old, NULL) &&
	   tw_there(w->store.dir, "cache/name.tar"), "in the place of the old archive");
	template_clear(&t);
	tw_write_file(in, "no archive", 10);
	is_int(template_adopt(&w->store, "name", in, &t, &e), -E_BAD_TEMPLATE,
	       "what cannot be unpacked is not");
	is_int(tw_get(w, "name", &t, &e), 0, "and leaves the one that was there");
	is_int(w->said.unpacked, 0, "untouched");
	template_clear(&t);
	unlink(in);
	template_delete(&w->store, "name", NULL);
}

/* ---- building ------------------------------------------------------------------------------ */

static void test_build(struct world *w)
{
	struct template_recipe r = { .name = "nonsense" };
	struct template t = { 0 };
	struct err e = { 0 };

	is_int(template_build(&w->store, &r, &t, &e), -E_NO_TEMPLATE, "no such recipe");
	ok(strstr(e.msg, "busybox"), "the message lists some: %s", e.msg);
	r.name = "debian-12-x";
	strv_add(&r.include, "--evil");
	is_int(template_build(&w->store, &r, &t, &e), -E_VALUE, "an option is no package");
	strv_clear(&r.include);
	r.name = "busybox";
	if (template_build(&w->store, &r, &t, &e) < 0) {
		ok(strstr(e.msg, "busybox-static"), "busybox: # SKIP %s", e.msg);
	} else {
		_cleanup_close_ int root = open(t.root, O_PATH | O_DIRECTORY | O_CLOEXEC);
		_cleanup_close_ int init = in_root_open(root, "sbin/init", O_PATH, 0);

		ok(init >= 0, "busybox is built and has an init");
		ok(tw_there(t.root, "usr/bin/env"), "and applets");
		w->said = (struct said){ 0 };
		template_clear(&t);
		is_int(template_build(&w->store, &r, &t, &e), 0, "building it again");
		is_int(w->said.unpacked, 0, "takes the one that is there");
	}
	template_clear(&t);
	is_int(tw_entries(w->store.dir, "cache", ".tmp"), 0, "no temporary files are left");
}

int main(void)
{
	static void (*const tests[])(struct world *w) = {
		test_names, test_get, test_modes, test_near, test_hold, test_list,
		test_archive_removed, test_at_once, test_after_crash, test_adopt, test_build,
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
