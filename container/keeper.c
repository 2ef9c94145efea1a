/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wabe-keeper: what a supervisor is while its container runs. One small static process per
 * container: it waits for init to end, drains the console into a bounded log and listens on
 * the control socket. Everything with more code to it is done by wabe-supervisor, which
 * this process executes, and which executes this one again; the pid, the children and the
 * descriptors stay. On upgrade it executes itself.
 *
 * Arguments after the CTID are NAME=VALUE: descriptor numbers pidfd, listen, payload (cgroup
 * directory), console and slave (-1: none could be had), the guest kind, and the
 * path of the console log.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fdio.h"
#include "base/file.h"
#include "container/ctl.h"
#include "container/state.h"

enum { LOG_MAX = 65536, REQUEST_S = 1 };

struct keeper {
	const char *program;	/* absolute path of this program */
	const char *ctid;
	char *const *argv;
	const char *log_path;
	int pidfd, listen, payload, console, slave, log;
	enum guest_kind guest;
	int client;		/* who waits for the stop; -1: nobody */
	bool stopping;
	long long kill_at;	/* now_ms() at which a graceful stop ends; 0: none */
};

static void stay_open(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFD, 0);
}

static void close_on_exec(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* What the next keeper gets, and nobody else. */
static void each_kept(const struct keeper *k, void (*fn)(int fd))
{
	fn(k->pidfd);
	fn(k->listen);
	fn(k->payload);
	fn(k->console);
	fn(k->slave);
}

/* Beside this program, so that both are always of one installation. */
static void exec_supervisor(struct keeper *k, const char *mode)
{
	char path[4096], listen_arg[32], client_arg[32];
	const char *slash = strrchr(k->program, '/');
	char *argv[] = { path, (char *)mode, (char *)k->ctid, listen_arg, client_arg, NULL };

	snprintf(path, sizeof(path), "%.*s/wabe-supervisor",
		 slash ? (int)(slash - k->program) : 1, slash ? k->program : ".");
	snprintf(listen_arg, sizeof(listen_arg), "listen=%d", k->listen);
	snprintf(client_arg, sizeof(client_arg), "client=%d", k->client);
	stay_open(k->listen);
	stay_open(k->client);
	execv(path, argv);
	/* the program is gone (uninstalled?): commands find no supervisor and do its work */
	_exit(1);
}

static void exec_self(struct keeper *k)
{
	each_kept(k, stay_open);
	execv(k->program, k->argv);
	/* an upgrade that is not there yet: go on as we are */
	each_kept(k, close_on_exec);
}

static void kill_all(struct keeper *k)
{
	k->kill_at = 0;
	file_put(k->payload, "cgroup.freeze", "0");
	file_put(k->payload, "cgroup.kill", "1");
}

static void ask_to_halt(struct keeper *k)
{
	int sig = 0;

	if (k->guest == GUEST_SYSTEMD)
		sig = SIGRTMIN + 4;
	else if (k->guest == GUEST_BUSYBOX)
		sig = SIGUSR2;
	/* another init was asked by the command, from inside */
	if (sig)
		pidfd_send_signal(k->pidfd, sig, NULL, 0);
}

static void start_stop(struct keeper *k, int client, int timeout)
{
	/* who asks holds the command lock: whoever asked before is dead */
	close_fd(&k->client);
	k->client = client;
	k->stopping = true;
	if (timeout <= 0) {
		kill_all(k);
	} else {
		k->kill_at = now_ms() + timeout * 1000LL;
		ask_to_halt(k);
	}
}

static bool from_root(int fd)
{
	struct ucred c;
	socklen_t len = sizeof(c);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &len) && c.uid == 0;
}

static void take_request(struct keeper *k)
{
	int fd = accept4(k->listen, NULL, NULL, SOCK_CLOEXEC);
	struct timeval limit = { .tv_sec = REQUEST_S };
	struct ctl_request q;

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (!from_root(fd) || recv(fd, &q, sizeof(q), 0) != sizeof(q)) {
		close(fd);
		return;
	}
	if (q.op == CTL_STOP && q.version == CTL_VERSION) {
		start_stop(k, fd, q.timeout);
		return;
	}
	if (q.op == CTL_REEXEC && access(k->program, X_OK) < 0)
		ctl_reply(fd, CTL_DONE, E_SYSTEM, "wabe-keeper is not installed any more");
	else if (q.op == CTL_REEXEC || q.op == CTL_PING)
		ctl_reply(fd, CTL_DONE, 0, "");
	else
		ctl_reply(fd, CTL_DONE, E_SYSTEM, "the supervisor speaks another version");
	close(fd);
	/* one that ends soon is not worth losing when to kill it */
	if (q.op == CTL_REEXEC && !k->stopping)
		exec_self(k);
}

static void open_log(struct keeper *k)
{
	k->log = open(k->log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static void rotate_log(struct keeper *k)
{
	char old[4096];
	struct stat st;

	if (fstat(k->log, &st) < 0 || st.st_size < LOG_MAX)
		return;
	snprintf(old, sizeof(old), "%s.1", k->log_path);
	rename(k->log_path, old);
	close_fd(&k->log);
	open_log(k);
}

static void take_console(struct keeper *k)
{
	char data[4096];
	ssize_t n = read(k->console, data, sizeof(data));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		close_fd(&k->console);
		return;
	}
	/* a log that cannot be written (full disk) must not stop the container's console */
	if (k->log >= 0 && !write_all(k->log, data, (size_t)n))
		rotate_log(k);
}

/* init is gone: reboot(2) inside a pid namespace ends it by SIGHUP for a restart and by
 * SIGINT for halt and power off (pid_namespaces(7)). */
static void init_ended(struct keeper *k)
{
	siginfo_t i = { 0 };
	bool again;

	if (waitid(P_PIDFD, (id_t)k->pidfd, &i, WEXITED) < 0)
		i.si_code = 0; /* adopted, so not our child: how it ended is not known */
	again = i.si_code == CLD_KILLED && i.si_status == SIGHUP && !k->stopping;
	while (k->console >= 0) {
		struct pollfd p = { .fd = k->console, .events = POLLIN };

		if (poll(&p, 1, 0) <= 0 || !(p.revents & POLLIN))
			break;
		take_console(k);
	}
	/* A command that waits for this holds the lock and has all it takes to go on itself:
	 * one program less to load. */
	if (!again && k->client >= 0 && !fd_hung_up(k->client)) {
		ctl_reply(k->client, CTL_DONE, 0, "");
		_exit(0);
	}
	exec_supervisor(k, again ? "reboot" : "teardown");
}

static void loop(struct keeper *k)
{
	for (;;) {
		struct pollfd f[] = {
			{ .fd = k->pidfd, .events = POLLIN },
			{ .fd = k->listen, .events = POLLIN },
			{ .fd = k->console, .events = POLLIN },
		};
		long long left = k->kill_at ? k->kill_at - now_ms() : -1;

		if (k->kill_at && left <= 0) {
			kill_all(k);
			left = -1;
		}
		if (poll(f, ARRAY_SIZE(f), (int)left) < 0)
			continue;
		if (f[2].revents)
			take_console(k);
		if (f[1].revents)
			take_request(k);
		if (f[0].revents)
			init_ended(k);
	}
}

static int number(const char *arg, const char *name, int otherwise)
{
	size_t n = strlen(name);

	return !strncmp(arg, name, n) && arg[n] == '=' ? atoi(arg + n + 1) : otherwise;
}

int main(int argc, char **argv)
{
	struct keeper k = {
		.program = argv[0], .argv = argv, .pidfd = -1, .listen = -1, .payload = -1,
		.console = -1, .slave = -1, .log = -1, .client = -1, .log_path = "/dev/null",
	};

	if (argc < 3 || argv[0][0] != '/')
		return E_SYNTAX; /* not a program for people */
	k.ctid = argv[1];
	for (int i = 2; i < argc; i++) {
		k.pidfd = number(argv[i], "pidfd", k.pidfd);
		k.listen = number(argv[i], "listen", k.listen);
		k.payload = number(argv[i], "payload", k.payload);
		k.console = number(argv[i], "console", k.console);
		k.slave = number(argv[i], "slave", k.slave);
		k.guest = (enum guest_kind)number(argv[i], "guest", (int)k.guest);
		if (!strncmp(argv[i], "log=", 4))
			k.log_path = argv[i] + 4;
	}
	each_kept(&k, close_on_exec);
	/* it counts to the container's memory, and must not be what is killed when that is
	 * full; needs CAP_SYS_RESOURCE */
	file_put(AT_FDCWD, "/proc/self/oom_score_adj", "-999");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* as a full disk: the log has to do without */
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	if (k.console >= 0)
		open_log(&k);
	loop(&k);
}
