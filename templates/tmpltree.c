/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "templates/tmpltree.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/kv.h"
#include "base/mem.h"
#include "base/run.h"
#include "base/tree.h"
#include "templates/tmplname.h"
#include "templates/tmplrec.h"

/* ---- lock and left-overs --- */

static int make_dir(const struct template_store *s, const char *name, mode_t mode,
		    struct err *e)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", s->dir, name);
	int r = mkdir_all(path, 0755, e);

	if (r < 0)
		return r;
	/* 0: an admin's own choice; the others may have come with a copy of the store */
	if (mode && chmod(path, mode) < 0)
		return fail(e, E_SYSTEM, "cannot set the mode of %s: %m", path);
	return 0;
}

/* Files and trees of ".tmp.PID.*": in tree/ the lock's holder is the only maker, in cache/
 * a build works without the lock, so there the maker must be dead. */
static void remove_left(const struct template_store *s, const char *dir, bool any)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", s->dir, dir);
	_cleanup_closedir_ DIR *d = opendir(path);
	struct dirent *de;

	while (d && (de = readdir(d))) {
		int pid;

		if (strncmp(de->d_name, ".tmp.", 5))
			continue;
		if (!any && (sscanf(de->d_name + 5, "%d", &pid) != 1 || pid <= 0 ||
			     !kill(pid, 0) || errno != ESRCH))
			continue;
		tree_remove(dirfd(d), de->d_name, NULL);
	}
}

int tmpltree_lock(const struct template_store *s, bool wait, struct err *e)
{
	_cleanup_free_ char *path = xasprintf("%s/.lock", s->dir);
	_cleanup_close_ int fd = -1;
	int r = make_dir(s, "cache", 0, e);

	if (r >= 0)
		r = make_dir(s, "names", 0700, e);
	if (r >= 0)
		r = make_dir(s, "tree", 0700, e);
	if (r < 0)
		return r;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fail_write(e, path);
	while (flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno == EWOULDBLOCK)
			return fail(e, E_LOCKED, "another command changes the templates");
		return fail(e, E_SYSTEM, "cannot lock %s: %m", path);
	}
	remove_left(s, "tree", true);
	remove_left(s, "cache", false);
	return steal_fd(&fd);
}

/* ---- what is there --- */

char *tmpltree_path(const struct template_store *s, const char *digest)
{
	return xasprintf("%s/tree/%s", s->dir, digest);
}

bool tmpltree_have(const struct template_store *s, const char *digest,
		   struct template *ret)
{
	_cleanup_free_ char *dir = tmpltree_path(s, digest);
	_cleanup_free_ char *used = xasprintf("%s/used", dir);
	struct template t = { 0 };

	if (!tmplrec_digest_ok(digest) || access(used, F_OK) < 0 ||
	    tmplrec_info_read(dir, &t) < 0)
		return false;
	if (ret)
		*ret = t;
	else
		template_clear(&t);
	return true;
}

/* What a killed create or destroy left: a claim of a container that does not exist. */
static bool drop_stale(const struct template_store *s, DIR *used, const char *name)
{
	uint32_t ctid = (uint32_t)strtoul(name, NULL, 10);

	if (!s->alive || s->alive(s->alive_ctx, ctid))
		return false;
	return !unlinkat(dirfd(used), name, 0);
}

unsigned tmpltree_used(const struct template_store *s, const char *digest, size_t max,
		       struct strv *ret)
{
	_cleanup_free_ char *path = xasprintf("%s/tree/%s/used", s->dir, digest);
	_cleanup_closedir_ DIR *d = opendir(path);
	struct dirent *de;
	unsigned n = 0;

	while (d && (de = readdir(d))) {
		if (de->d_name[0] == '.' || drop_stale(s, d, de->d_name))
			continue;
		if (n++ < max)
			strv_add(ret, de->d_name);
	}
	return n;
}

/* ---- removing --- */

/* Without its used/: out of the way by one rename, then bit by bit. */
static void discard(const struct template_store *s, const char *digest)
{
	_cleanup_free_ char *dir = xasprintf("%s/tree", s->dir);
	_cleanup_free_ char *gone = xasprintf(".tmp.%d.%.16s", (int)getpid(), digest);
	_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && !renameat(fd, digest, fd, gone))
		tree_remove(fd, gone, NULL);
}

bool tmpltree_remove(const struct template_store *s, const char *digest)
{
	_cleanup_free_ char *used = xasprintf("%s/tree/%s/used", s->dir, digest);

	if (rmdir(used) < 0 && errno != ENOENT)
		return false;
	discard(s, digest);
	return true;
}

void tmpltree_sweep(const struct template_store *s)
{
	_cleanup_free_ char *path = xasprintf("%s/tree", s->dir);
	_cleanup_closedir_ DIR *d = opendir(path);
	struct dirent *de;

	while (d && (de = readdir(d))) {
		if (!tmplrec_digest_ok(de->d_name))
			continue;
		tmpltree_used(s, de->d_name, 0, NULL);
		if (!tmplrec_names(s, de->d_name))
			tmpltree_remove(s, de->d_name);
	}
}

/* ---- making --- */

struct unpacking {
	const struct template_store *s;
	struct template *t;
	uint64_t skipped;
	char why[400];		/* the helper's sentence */
};

static void helper_line(void *ctx, const char *line)
{
	struct unpacking *u = ctx;
	uint64_t bytes, files;
	int end = 0;

	if (sscanf(line, "%" SCNu64 " files %" SCNu64 "%n", &bytes, &files, &end) == 2 &&
	    !line[end])
		say(&u->s->progress, SAY_PROGRESS,
		    "Unpacking template %s: %" PRIu64 " MiB, %" PRIu64 " files", u->t->name,
		    bytes >> 20, files);
	else
		snprintf(u->why, sizeof(u->why), "%s", line);
}

static void helper_field(void *ctx, const char *key, const char *value)
{
	struct unpacking *u = ctx;

	if (!strcmp(key, "DIGEST") && tmplrec_digest_ok(value))
		memcpy(u->t->digest, value, sizeof(u->t->digest));
	else if (!strcmp(key, "BYTES"))
		u->t->bytes = strtoull(value, NULL, 10);
	else if (!strcmp(key, "INODES"))
		u->t->inodes = strtoull(value, NULL, 10);
	else if (!strcmp(key, "SKIPPED"))
		u->skipped = strtoull(value, NULL, 10);
}

static int run_helper(struct unpacking *u, const char *archive, const char *root,
		      struct err *e)
{
	const char *argv[] = { u->s->archiver, "unpack", archive, root, NULL };
	_cleanup_buf_ struct buf out = BUF_INIT;
	const struct run run = { .argv = argv, .out = &out, .line = helper_line, .ctx = u };
	int r = run_wait(&run, e);

	if (r < 0 && u->why[0])
		return fail(e, strstr(u->why, strerror(ENOSPC)) ? E_NO_SPACE : E_BAD_TEMPLATE,
			    "template %s: %s", u->t->name, u->why);
	if (r < 0)
		return r;
	kv_each(out.s, helper_field, u);
	if (!u->t->digest[0])
		return fail(e, E_SYSTEM, "%s gave no digest", u->s->archiver);
	if (u->skipped)
		say(&u->s->progress, SAY_DETAIL,
		    "Template %s: %" PRIu64 " device nodes left out", u->t->name, u->skipped);
	return 0;
}

static void warn_without_init(const struct template_store *s, const char *name,
			      const char *root)
{
	static const char *const places[] = { "sbin/init", "etc/init", "bin/init",
					      "usr/sbin/init", "usr/lib/systemd/systemd" };
	_cleanup_close_ int rootfd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		_cleanup_close_ int fd = in_root_open(rootfd, places[i], O_PATH, 0);

		if (fd >= 0)
			return;
	}
	say(&s->progress, SAY_WARN,
	    "template %s holds no init (%s, ...): a container made from it cannot start",
	    name, places[0]);
}

/* Fill TEMP/{root,used,info} and bring it to the disk. */
static int fill(struct unpacking *u, const char *archive, const char *temp, struct err *e)
{
	_cleanup_free_ char *root = xasprintf("%s/root", temp);
	_cleanup_free_ char *used = xasprintf("%s/used", temp);
	_cleanup_close_ int fd = -1;
	int r;

	if (mkdir(temp, 0700) < 0 || mkdir(used, 0700) < 0 || mkdir(root, 0755) < 0 ||
	    chmod(root, 0755) < 0)
		return fail_write(e, temp);
	r = run_helper(u, archive, root, e);
	if (r < 0)
		return r;
	warn_without_init(u->s, u->t->name, root);
	r = tmplrec_info_write(temp, u->t, e);
	if (r < 0)
		return r;
	fd = open(temp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || syncfs(fd) < 0)
		return fail_write(e, temp);
	return 0;
}

static int publish(const struct template_store *s, const char *temp, struct template *t,
		   struct err *e)
{
	_cleanup_free_ char *dir = xasprintf("%s/tree", s->dir);
	_cleanup_free_ char *path = tmpltree_path(s, t->digest);
	_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct template there = { 0 };

	if (tmpltree_have(s, t->digest, &there)) {
		memcpy(there.name, t->name, sizeof(there.name));
		*t = there;
		return 0;
	}
	discard(s, t->digest);
	if (fd < 0 || rename(temp, path) < 0 || fsync(fd) < 0)
		return fail_write(e, path);
	t->root = xasprintf("%s/root", path);
	return 0;
}

int tmpltree_unpack(const struct template_store *s, const char *name, const char *archive,
		    struct template *ret, struct err *e)
{
	_cleanup_free_ char *dir = xasprintf("%s/tree", s->dir);
	_cleanup_free_ char *base = xasprintf(".tmp.%d.new", (int)getpid());
	_cleanup_free_ char *temp = xasprintf("%s/%s", dir, base);
	_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct template t = { .created = time(NULL) };
	struct unpacking u = { .s = s, .t = &t };
	int r;

	memcpy(t.name, name, strlen(name) + 1);
	say(&s->progress, SAY_INFO, "Unpacking template %s", name);
	r = fill(&u, archive, temp, e);
	if (r >= 0)
		r = publish(s, temp, &t, e);
	/* not there any more when it was published */
	if (fd >= 0)
		tree_remove(fd, base, NULL);
	if (r < 0)
		return r;
	*ret = t;
	return 0;
}
