/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/steps.h"
#include "base/tree.h"
#include "config/keys.h"
#include "container/handle.h"
#include "container/launch.h"
#include "container/names.h"
#include "container/record.h"
#include "registry/uidrange.h"
#include "storage/overlay.h"

enum { WAIT_MS = 15, LOCK_MS = 5000 };

/*
 * Rows are safe to repeat and have no undo: once the private area has been renamed away
 * there is no way back, and a destroy that was cut short is finished by the next one. The
 * configuration goes last of what names the container, so that it can be found until then.
 */
struct destroy {
	struct wabe *w;
	struct ct ct;
	char *grave;		/* beside the private area, for what is being removed */
	char *body;		/* the private area in it */
	struct record record;
};

static int drop_mounts(void *op, struct err *e)
{
	struct destroy *d = op;

	return launch_teardown(d->w, &d->ct, e);
}

static int bury(void *op, struct err *e)
{
	struct destroy *d = op;
	_cleanup_free_ char *tmp = NULL;
	struct stat st;
	int r;

	tmp = ct_making(&d->ct);
	/* what a create that was killed left */
	if (!d->ct.has_conf && access(d->ct.private, F_OK) < 0)
		record_read(tmp, d->ct.id, &d->record, NULL);
	r = tree_remove(AT_FDCWD, tmp, e);
	if (r < 0)
		return r;
	if (lstat(d->ct.private, &st) < 0)
		return 0;
	/* a directory that does not say it is this container's is not ours to remove */
	r = record_read(d->ct.private, d->ct.id, &d->record, e);
	if (r < 0)
		return r;
	/* a link: the area it leads to is the admin's, only the link is ours */
	if (S_ISLNK(st.st_mode)) {
		unlink(d->ct.private);
		return 0;
	}
	r = mkdir_all(d->grave, 0700, NULL);
	if (r >= 0 && !rename(d->ct.private, d->body))
		return 0;
	/* no room for a directory: perhaps this container took it. At once, then */
	if (rename(d->ct.private, tmp) < 0)
		return fail(e, E_DEL_PRIVATE, "cannot remove %s: %m", d->ct.private);
	return tree_remove(AT_FDCWD, tmp, e);
}

/* A destroy that was cut short has buried the area already: its record is in the grave. */
static void find_record(struct destroy *d)
{
	_cleanup_closedir_ DIR *dir = d->record.digest ? NULL : opendir(d->grave);
	char mine[16];
	struct dirent *de;
	int n = snprintf(mine, sizeof(mine), "%u.", d->ct.id);

	while (dir && !d->record.digest && (de = readdir(dir))) {
		_cleanup_free_ char *body = xasprintf("%s/%s", d->grave, de->d_name);

		if (!strncmp(de->d_name, mine, (size_t)n))
			record_read(body, d->ct.id, &d->record, NULL);
	}
}

static int drop_claims(void *op, struct err *e)
{
	struct destroy *d = op;
	_cleanup_free_ char *archiver = NULL;
	struct template_store store = ct_store(d->w, &archiver);
	struct claims claims = ct_claims(d->w);
	const struct conf *c = &d->ct.conf;
	(void)e;

	find_record(d);
	/* under the lock, before a new container of this number can take it again: ids on disk
	 * are unshifted, so no file that is still to be removed carries one of the range */
	if (conf_has(c, KEY_LOCAL_UID))
		uidrange_drop(&claims, d->ct.id, c->local_uid);
	if (d->record.digest)
		template_release(&store, d->record.digest, d->ct.id);
	if (c->name && *c->name)
		name_drop(d->w, c->name, d->ct.id);
	return 0;
}

static int drop_files(void *op, struct err *e)
{
	struct destroy *d = op;
	_cleanup_free_ char *log = xasprintf("%s/%u.console", d->w->g.logdir, d->ct.id);
	_cleanup_free_ char *old = xasprintf("%s.1", log);
	(void)e;

	unlink(log);
	unlink(old);
	rmdir(d->ct.root);
	return 0;
}

static int retire_conf(void *op, struct err *e)
{
	static const char *const kinds[] = { "conf",   "mount",	 "umount", "start",
					     "stop",   "premount", "postumount" };
	struct destroy *d = op;

	for (size_t i = ARRAY_SIZE(kinds); i-- > 0;) {
		_cleanup_free_ char *from =
			xasprintf("%s/%u.%s", d->w->g.confdir, d->ct.id, kinds[i]);
		_cleanup_free_ char *to = xasprintf("%s.destroyed", from);

		if (rename(from, to) < 0 && errno != ENOENT)
			return fail(e, E_SYSTEM, "cannot rename %s: %m", from);
	}
	return 0;
}

/* What earlier destroys left when they were killed goes too. */
static void remove_bodies(struct destroy *d)
{
	_cleanup_close_ int grave = open(d->grave, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_closedir_ DIR *dir = NULL;
	struct dirent *de;

	if (grave >= 0)
		dir = fdopendir(fcntl(grave, F_DUPFD_CLOEXEC, 3));
	while (dir && (de = readdir(dir))) {
		const char *dot = strchr(de->d_name, '.');

		if (de->d_name[0] == '.')
			continue;
		/* ID.PID: another destroy that still lives removes its own */
		if (dot && atoi(dot + 1) != getppid() && proc_start_time(atoi(dot + 1), NULL))
			continue;
		tree_remove(grave, de->d_name, NULL);
	}
	rmdir(d->grave);
}

/* What killed commands left, of whatever container: nobody may hold the lock of one whose
 * things are to go. */
static void sweep(struct wabe *w)
{
	_cleanup_free_ char *archiver = NULL, *uids = xasprintf("%s/uid", w->g.claims);
	struct template_store store = ct_store(w, &archiver);
	struct claims claims = ct_claims(w);

	claim_sweep(&claims, "uid");
	names_sweep(w);
	template_sweep(&store);
	lock_sweep(w->g.lockdir);
	file_sweep(w->g.lockdir);
	file_sweep(w->g.confdir);
	file_sweep(uids);
}

/* Removing takes as long as it takes: a process of its own does it, and closes `told` when
 * it is done. The sweep needs the lock that the command still holds to be free. */
static _Noreturn void undertaker(struct destroy *d, int told)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* whoever reads our output must not wait for this process too */
	for (int i = 0; null >= 0 && i < 3; i++)
		dup2(null, i);
	if (dup2(told, 3) < 0)
		_exit(1);
	close_range(4, ~0U, 0);
	setsid();
	remove_bodies(d);
	close(3);
	for (int ms = 0; ms < LOCK_MS && lock_held(d->w->g.lockdir, d->ct.id, NULL); ms++)
		usleep(1000);
	sweep(d->w);
	_exit(0);
}

static int remove_files(void *op, struct err *e)
{
	struct destroy *d = op;
	_cleanup_close_ int hear = -1, tell = -1;
	int p[2];
	pid_t pid;

	if (pipe2(p, O_CLOEXEC) < 0)
		return fail(e, E_SYSTEM, "cannot make a pipe: %m");
	hear = p[0];
	tell = p[1];
	pid = fork();
	if (pid < 0)
		return fail(e, E_SYSTEM, "cannot fork: %m");
	if (!pid)
		undertaker(d, tell);
	close_fd(&tell);
	/* a small one is gone when the command ends */
	fd_wait(hear, WAIT_MS);
	return 0;
}

static const struct step rows[] = {
	{ "leftovers", drop_mounts, NULL },
	{ "bury", bury, NULL },
	{ "claims", drop_claims, NULL },
	{ "files", drop_files, NULL },
	{ "conf", retire_conf, NULL },
	{ "remove", remove_files, NULL },
};

static STEPS(table, "destroy", rows);

static void clear(struct destroy *d)
{
	ct_clear(&d->ct);
	free(d->grave);
	free(d->body);
	record_clear(&d->record);
}

static void choose_grave(struct destroy *d)
{
	d->grave = ct_beside(&d->ct, "removing");
	d->body = xasprintf("%s/%u.%d", d->grave, d->ct.id, (int)getpid());
}

/* A configuration or, after a create or destroy that was cut short, files of it. */
static bool exists(struct wabe *w, uint32_t ctid)
{
	_cleanup_ct_ struct ct c = CT_INIT;
	_cleanup_free_ char *making = NULL;

	if (ct_open(w, ctid, &c, NULL) < 0 || c.has_conf || !access(c.private, F_OK))
		return true;
	making = ct_making(&c);
	return !access(making, F_OK);
}

/* What earlier commands left of it, or of others, goes all the same. */
static int nothing_there(struct wabe *w, uint32_t ctid, struct err *e)
{
	_cleanup_(clear) struct destroy d = { .w = w };

	ct_by_number(w, ctid, &d.ct);
	choose_grave(&d);
	remove_bodies(&d);
	sweep(w);
	return fail(e, E_NO_CTCONF, "container %u does not exist", ctid);
}

int wabe_destroy(struct wabe *w, uint32_t ctid, struct err *e)
{
	_cleanup_(lock_drop) struct lock lock = LOCK_INIT;
	_cleanup_(clear) struct destroy d = { .w = w };
	_cleanup_live_ struct live l = LIVE_INIT;
	int r = must_be_root(e);

	if (r >= 0 && !exists(w, ctid))
		r = nothing_there(w, ctid, e);
	if (r >= 0)
		r = ct_lock(w, ctid, "destroying", &lock, e);
	if (r >= 0)
		r = ct_open(w, ctid, &d.ct, e);
	if (r >= 0)
		r = live_settle(&d.ct, &l, e);
	if (r < 0)
		return r;
	if (l.running)
		return fail(e, E_RUNNING, "container %u is running; stop it first", ctid);
	if (overlay_is_mounted(d.ct.root, d.ct.private))
		return fail(e, E_MOUNTED, "container %u is mounted; unmount it first", ctid);
	choose_grave(&d);
	say(&w->progress, SAY_INFO, "Destroying container private area: %s", d.ct.private);
	r = steps_run(&table, &d, e);
	if (r < 0)
		return r;
	say(&w->progress, SAY_INFO, "Container private area was destroyed");
	return 0;
}
