/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Damaged and hostile archives through wabe-archive: it unpacks them or says no. Nothing
 * outside of the directory changes, and nothing in it is what a template may not have.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/tree.h"
#include "templates/archiver.h"
#include "tests/fuzz/mutate.h"
#include "tests/unit/tmplworld.h"

enum { SPOKE_UP = 99, BLOCK = 512 };

static struct world world;
static char *archive, *tree;
static struct buf seeds[3];
static unsigned taken;

static const char *const words[] = {
	"../", "/", "//", "./", "..", "outside/secret", "etc/passwd", "ustar", "0000000",
	"7777777", "0777777", "35 path=../outside/new\n", "30 linkpath=/etc/passwd\n",
	"22 SCHILY.xattr.a=b\n", "20 size=99999999999\n", NULL,
};

static bool is_header(const char *block)
{
	return !memcmp(block + 257, "ustar", 5);
}

/* One field of one entry becomes something else that it might be. */
static void change_field(struct buf *b)
{
	static const struct {
		unsigned at, len;
	} fields[] = {
		{ 0, 100 },  { 100, 8 }, { 108, 8 },   { 116, 8 }, { 124, 12 },
		{ 136, 12 }, { 156, 1 }, { 157, 100 }, { 329, 8 }, { 345, 155 },
	};
	static const char *const values[] = {
		"../x", "/etc/x", "etc/passwd", "etc", "bin/sh", "bin/../../x", ".", "a//b/./c",
		"", "0000000", "0000777", "0007777", "0177777", "0200000", "7777777", "-000001",
		"00000000001", "77777777777", "0", "1", "2", "3", "4", "5", "6", "7", "x", "g",
		"L", "K", "S", "V",
	};
	size_t at = fuzz_below((unsigned)(b->len / BLOCK)) * (size_t)BLOCK;
	unsigned f = fuzz_below(ARRAY_SIZE(fields));
	const char *v = values[fuzz_below(ARRAY_SIZE(values))];

	while (at + BLOCK <= b->len && !is_header(b->s + at))
		at += BLOCK;
	if (at + BLOCK > b->len || strlen(v) > fields[f].len)
		return;
	memset(b->s + at + fields[f].at, 0, fields[f].len);
	memcpy(b->s + at + fields[f].at, v, strlen(v));
}

/* Headers are summed up, and one with a wrong sum ends the archive. */
static void repair(struct buf *b)
{
	for (unsigned n = fuzz_below(4); n--;)
		change_field(b);
	if (!fuzz_below(10))
		return;
	for (size_t at = 0; at + BLOCK <= b->len; at += BLOCK) {
		char *h = b->s + at;
		unsigned sum = 0;

		if (!is_header(h))
			continue;
		memset(h + 148, ' ', 8);
		for (size_t i = 0; i < BLOCK; i++)
			sum += (unsigned char)h[i];
		snprintf(h + 148, 8, "%06o", sum);
	}
}

/* Its exit status, or 128 and more. */
static int unpack(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execl(world.archiver, "wabe-archive", "unpack", archive, tree, NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int look(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)flag;
	(void)at;
	if (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode) || S_ISLNK(st->st_mode) ||
	    S_ISFIFO(st->st_mode))
		if (st->st_uid <= ARCHIVER_MAX_ID && st->st_gid <= ARCHIVER_MAX_ID)
			return 0;
	printf("# %s is of mode %o and belongs to %u:%u\n", path, st->st_mode, st->st_uid,
	       st->st_gid);
	return 1;
}

static bool outside_is_whole(void)
{
	_cleanup_free_ char *secret = xasprintf("%s/secret", world.outside);
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct stat st;

	return !file_read(AT_FDCWD, secret, 100, &text) && !strcmp(text.s, "secret\n") &&
	       !lstat(secret, &st) && st.st_nlink == 1 && !st.st_uid &&
	       tw_entries(world.outside, ".", "") == 1 && tw_entries(world.dir, ".", "") == 4;
}

static bool run(const char *input, size_t len)
{
	int status;

	tw_write_file(archive, input, len);
	if (mkdir(tree, 0755) < 0)
		return false;
	status = unpack();
	taken += !status;
	if (status != 0 && status != 1)
		printf("# wabe-archive ended with %d\n", status);
	return (status == 0 || status == 1) && outside_is_whole() &&
	       !nftw(tree, look, 16, FTW_PHYS) && tree_remove(AT_FDCWD, tree, NULL) >= 0;
}

static void read_seed(unsigned i, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char bytes[65536];
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));

	seeds[i] = (struct buf)BUF_INIT;
	if (n > 0)
		buf_add(&seeds[i], bytes, (size_t)n);
	else
		printf("# %s cannot be read\n", path);
}

static void make_seeds(void)
{
	_cleanup_free_ char *tar = xasprintf("%s/cache/seed.tar", world.store.dir);
	_cleanup_free_ char *gz = xasprintf("%s/seed.tar.gz", world.store.dir);
	_cleanup_free_ char *zst = xasprintf("%s/seed.tar.zst", world.store.dir);

	tw_make_tar(&world, "seed",
		    ENTS(E("etc/", '5', NULL), E("etc/passwd", '0', "root:x:0:0::/:/bin/sh\n"),
			 E("bin", '2', "usr/bin"), E("usr/bin/", '5', NULL),
			 E("etc/hard", '1', "etc/passwd"), E("dev/null", '3', NULL),
			 E("pax", 'x', "22 SCHILY.xattr.a=b\n"), E("usr/bin/sh", '0', "#!\n"),
			 E("run/pipe", '6', NULL)));
	read_seed(0, tar);
	if (mkdir(tree, 0755) < 0 || tw_archiver(&world, "unpack", tar, tree, NULL) < 0)
		printf("# the seed cannot be unpacked\n");
	tw_archiver(&world, "pack", tree, gz, NULL);
	tw_archiver(&world, "pack", tree, zst, NULL);
	read_seed(1, gz);
	read_seed(2, zst);
	tree_remove(AT_FDCWD, tree, NULL);
}

int main(void)
{
	const char *why = tw_prepare(&world);
	int r;

	if (why) {
		printf("1..0 # SKIP %s\n", why);
		tw_clear(&world);
		return 77;
	}
	setenv("ASAN_OPTIONS", "exitcode=99:detect_leaks=0", 1);
	setenv("UBSAN_OPTIONS", "exitcode=99", 1);
	archive = xasprintf("%s/input.tar", world.dir);
	tree = xasprintf("%s/tree", world.dir);
	make_seeds();
	fuzz_begin();
	{
		const struct fuzz_seed all[] = {
			/* most as a plain tar, whose insides a change reaches */
			{ seeds[0].s, seeds[0].len }, { seeds[0].s, seeds[0].len },
			{ seeds[0].s, seeds[0].len }, { seeds[1].s, seeds[1].len },
			{ seeds[2].s, seeds[2].len }, FUZZ_SEED_END,
		};
		const struct fuzz_target t = {
			.name = "archives", .seeds = all, .words = words,
			.keep_length = true, .repair = repair, .run = run,
		};

		fuzz_loop(&t, 150);
	}
	printf("# %u of them were unpacked\n", taken);
	r = fuzz_done();
	for (unsigned i = 0; i < 3; i++)
		buf_clear(&seeds[i]);
	free(archive);
	free(tree);
	tw_clear(&world);
	return r;
}
