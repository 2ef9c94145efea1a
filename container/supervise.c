/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/supervise.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/strv.h"
#include "cgroups/cgroup.h"
#include "container/boot.h"
#include "container/ctl.h"
#include "runtime/console.h"

enum {
	SOON_S = 10,		/* a reboot within this of the start counts as a loop */
	LONGEST_S = 60,		/* the longest wait before the next start */
};

/* Of the command's environment only this reaches a supervisor. */
static void set_env(void)
{
	static const char *const kept[] = { "WABE_ROOT", "WABE_FAIL_AT", "WABE_HOLD_AT",
					    "WABE_KILL_AT" };
	struct strv env = STRV_INIT;

	strv_add(&env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (getenv(kept[i]))
			strv_addf(&env, "%s=%s", kept[i], getenv(kept[i]));
	environ = env.v;
}

/* Nothing of the command's descriptors, signals or environment stays with the copy of it that
 * a supervisor begins as. What it had open goes with the execve of the keeper. */
static void detach(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
	    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0 || chdir("/") < 0)
		_exit(E_SYSTEM);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGCHLD, SIG_DFL); /* a caller that ignores it would have our waitpid() fail */
	signal(SIGPIPE, SIG_IGN);
	set_env();
	prctl(PR_SET_NAME, "wabe-supervisor");
}

static void stay_open(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFD, 0);
}

/* Returns only when the program cannot be executed. */
static void become_keeper(struct supervisor *s, struct boot *b, int pidfd)
{
	_cleanup_free_ char *program = ct_program(s->w, "wabe-keeper");
	_cleanup_strv_ struct strv argv = STRV_INIT;
	/* a slave held open: else the master reports a hang-up whenever the guest closes its
	 * console for a moment */
	int slave = b->console < 0 ? -1 :
				     ioctl(b->console, TIOCGPTPEER, O_RDWR | O_NOCTTY);

	strv_add(&argv, program);
	strv_addf(&argv, "%u", s->ctid);
	strv_addf(&argv, "pidfd=%d", pidfd);
	strv_addf(&argv, "listen=%d", s->listen >= 0 ? s->listen : b->listen);
	strv_addf(&argv, "payload=%d", b->payload);
	strv_addf(&argv, "console=%d", b->console);
	strv_addf(&argv, "slave=%d", slave);
	strv_addf(&argv, "guest=%d", (int)b->state.guest);
	strv_addf(&argv, "log=%s/%u.console", s->w->g.logdir, s->ctid);
	mkdir_all(s->w->g.logdir, 0700, NULL);
	stay_open(pidfd);
	stay_open(s->listen >= 0 ? s->listen : b->listen);
	stay_open(b->payload);
	stay_open(b->console);
	stay_open(slave);
	execv(program, argv.v);
	log_info("cannot execute %s: %m", program);
}

static int report_done(struct supervisor *s, const struct err *e)
{
	ctl_reply(s->report, CTL_DONE, e->code, e->msg);
	return e->code;
}

static void settle(struct boot *b)
{
	detach();
	say(&b->w->progress, SAY_INFO, "Starting container...");
}

int supervise_start(struct supervisor *s, const struct ct *c, int cgroup)
{
	struct err e = { 0 };
	struct boot b;
	int r;

	r = boot_init(&b, s->w, c, cgroup, &e);
	if (r < 0)
		return report_done(s, &e);
	b.meanwhile = settle;
	r = steps_run(&boot_table, &b, &e);
	if (r < 0)
		return report_done(s, &e);
	report_done(s, &e);
	log_info("started, init is process %d", (int)b.state.init);
	become_keeper(s, &b, b.child.pidfd);
	steps_undo(&boot_table, &b);
	return 1;
}

int supervise_adopt(struct supervisor *s, const struct ct *c, int cgroup)
{
	_cleanup_live_ struct live l = LIVE_INIT;
	_cleanup_close_ int init = -1;
	struct err e = { 0 }, why = { 0 };
	struct boot b;
	int r;

	detach();
	r = boot_open(&b, s->w, s->ctid, true, &e);
	if (r >= 0) {
		live_read(&b.ct, &l);
		init = live_init(&b.ct, &l, &e);
		r = init;
	}
	if (r >= 0) {
		_cleanup_free_ char *path = state_socket(b.ct.run);

		r = mkdir_all(b.ct.run, 0700, &e);
		if (r >= 0)
			b.listen = r = ctl_listen(path, &e);
	}
	if (r >= 0)
		b.payload = r = cgroup_sub_make(l.cgroup, "payload", &e);
	if (r >= 0) {
		strcpy(b.state.phase, "running");
		for (size_t i = 0; i < l.state.ip.n; i++)
			ipaddrs_add(&b.state.ip, &l.state.ip.v[i]);
		b.state.init = l.state.init;
		b.state.init_start = l.state.init_start;
		r = state_save(b.ct.run, &b.state, &e);
	}
	/* without it the container runs all the same */
	if (r >= 0 && console_renew(init, &b.console, &why) < 0)
		log_info("no new console: %s", why.msg);
	report_done(s, &e);
	if (r < 0)
		return e.code;
	log_info("adopted, init is process %d", (int)b.state.init);
	become_keeper(s, &b, init);
	return 1;
}

int supervise_teardown(struct supervisor *s)
{
	struct err e = { 0 };
	struct boot b;

	boot_open(&b, s->w, s->ctid, true, &e);
	steps_undo(&boot_table, &b);
	log_info("stopped");
	/* a command that was interrupted will not remove what is left */
	if (fd_hung_up(s->client))
		close_fd(&s->client);
	/* without a command that waits for us and removes it, our own group must go too */
	if (s->client < 0 && !cgroup_leave())
		cgroup_remove(s->ctid);
	ctl_reply(s->client, CTL_DONE, 0, "");
	boot_clear(&b);
	return 0;
}

/* 1, 2, 4 ... s before a start that follows too soon on too many others. */
static int delay_s(uint32_t quick)
{
	if (quick < 2)
		return 0;
	return quick > 7 ? LONGEST_S : 1 << (quick - 2);
}

/* Wait, but let a stop that comes meanwhile win. */
static bool stopped_while_waiting(struct supervisor *s, int seconds)
{
	struct ctl_request q;
	long long end = now_ms() + seconds * 1000LL;

	for (;;) {
		long long left = end - now_ms();
		int fd;

		if (fd_wait(s->listen, left > 0 ? (int)left : 0) <= 0)
			return false;
		fd = accept4(s->listen, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0 && fd_wait(fd, 1000) > 0 &&
		    recv(fd, &q, sizeof(q), 0) == sizeof(q) && q.op == CTL_STOP) {
			s->client = fd;
			return true;
		}
		if (fd >= 0)
			close(fd);
	}
}

int supervise_reboot(struct supervisor *s)
{
	struct err e = { 0 };
	struct timespec now;
	struct boot b;
	uint32_t quick;
	int r;

	boot_open(&b, s->w, s->ctid, true, &e);
	clock_gettime(CLOCK_BOOTTIME, &now);
	quick = now.tv_sec - b.state.started < SOON_S ? b.state.quick + 1 : 0;
	log_info("reboot from inside%s", quick > 1 ? ", again soon after a start" : "");
	steps_undo_to(&boot_table, BOOT_FIRST_AGAIN, &b);
	boot_clear(&b);
	if (stopped_while_waiting(s, delay_s(quick)))
		return supervise_teardown(s);
	r = boot_open(&b, s->w, s->ctid, false, &e);
	if (r >= 0) {
		b.state.quick = quick;
		strcpy(b.state.phase, "starting");
		r = state_save(b.ct.run, &b.state, &e);
	}
	if (r >= 0)
		r = steps_run_from(&boot_table, BOOT_FIRST_AGAIN, &b, &e);
	if (r >= 0)
		become_keeper(s, &b, b.child.pidfd);
	log_info("restart failed: %s", e.msg);
	return supervise_teardown(s);
}

