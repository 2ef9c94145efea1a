/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floor: the least that a start of a system container can cost. One clone3 with
 * every namespace and into its cgroup, the id maps, the mounts of a Wabe container,
 * pivot_root, exec; no configuration, no network device, no limits, no seccomp, no
 * state, no log. What a manager takes beyond it is its own work.
 *
 *	floor [-c CGROUP] [-b IDBASE] ROOT INIT [ARG...]
 *
 * CGROUP is a directory of a cgroup2 tree that is made and removed, ROOT a tree owned by
 * IDBASE..+65535 (default 100000). It says its own start (CLOCK_MONOTONIC, ns) on
 * stdout, waits for the init and exits with its status; TERM makes it kill the init.
 * /dev is a tmpfs filled on the host's side, as a user namespace cannot make device
 * nodes.
 *
 * The cgroup has to be a new one each time: where it was ever emptied by cgroup.kill,
 * Linux 6.18 at once kills whatever CLONE_INTO_CGROUP puts there (a move by cgroup.procs
 * is fine).
 */
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/sys.h"

struct floor {
	const char *cgroup;
	unsigned int base;
	const char *root;
	char **init;
	int tree, dev;	/* detached mounts of the root and of /dev */
	int go[2];	/* a byte tells the child that its maps are written */
};

static void make_node(int dev, const char *name, mode_t mode, dev_t nr, uid_t owner)
{
	if (mknodat(dev, name, mode, nr) || fchownat(dev, name, owner, owner, 0))
		err(1, "make /dev/%s", name);
}

static void make_dir(int dev, const char *name, mode_t mode, uid_t owner)
{
	if (mkdirat(dev, name, mode) || fchownat(dev, name, owner, owner, 0))
		err(1, "make /dev/%s", name);
}

static int make_dev(uid_t owner)
{
	static const struct {
		const char *name;
		unsigned int major, minor;
	} node[] = {
		{ "null", 1, 3 },   { "zero", 1, 5 },	 { "full", 1, 7 },
		{ "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
	};
	int fs, dev;
	size_t i;

	fs = fsopen("tmpfs", FSOPEN_CLOEXEC);
	if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, "mode", "755", 0) ||
	    fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		err(1, "make the file system of /dev");
	dev = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
	if (dev < 0 || fchownat(dev, "", owner, owner, AT_EMPTY_PATH))
		err(1, "make /dev");
	close(fs);
	for (i = 0; i < ARRAY_SIZE(node); i++)
		make_node(dev, node[i].name, S_IFCHR | 0666,
			  makedev(node[i].major, node[i].minor), owner);
	make_dir(dev, "pts", 0755, owner);
	make_dir(dev, "shm", 01777, owner);
	make_dir(dev, "mqueue", 01777, owner);
	if (symlinkat("pts/ptmx", dev, "ptmx") || symlinkat("/proc/self/fd", dev, "fd"))
		err(1, "make the links of /dev");
	return dev;
}

static void mount_all(const struct floor *f)
{
	static const struct {
		const char *type, *where;
		unsigned long flags;
		const char *data;
	} m[] = {
		{ "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL },
		{ "sysfs", "sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL },
		{ "cgroup2", "sys/fs/cgroup", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL },
		{ "devpts", "dev/pts", MS_NOSUID | MS_NOEXEC,
		  "newinstance,ptmxmode=0666,mode=0620,gid=5" },
		{ "tmpfs", "dev/shm", MS_NOSUID | MS_NODEV, "mode=1777" },
		{ "mqueue", "dev/mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL },
	};
	size_t i;

	/* "." is the root's directory, so that no path has to be searchable. */
	if (move_mount(f->tree, "", AT_FDCWD, ".", MOVE_MOUNT_F_EMPTY_PATH) ||
	    fchdir(f->tree))
		err(1, "attach %s", f->root);
	if (move_mount(f->dev, "", AT_FDCWD, "dev", MOVE_MOUNT_F_EMPTY_PATH))
		err(1, "attach /dev");
	for (i = 0; i < ARRAY_SIZE(m); i++)
		if (mount(m[i].type, m[i].where, m[i].type, m[i].flags, m[i].data))
			err(1, "mount %s on /%s", m[i].type, m[i].where);
}

static void child(const struct floor *f)
{
	char go;

	if (read(f->go[0], &go, 1) != 1)
		_exit(1);
	if (setresgid(0, 0, 0) || setresuid(0, 0, 0))
		err(1, "become root of the container");
	if (unshare(CLONE_NEWCGROUP))
		err(1, "make the cgroup namespace");
	/* A new user namespace's copies are slaves; pivot_root wants private ones. */
	if (mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL))
		err(1, "make / private");
	mount_all(f);
	if (syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"))
		err(1, "pivot_root");
	execv(f->init[0], f->init);
	err(1, "exec %s", f->init[0]);
}

static void write_map(pid_t pid, const char *name, unsigned int base)
{
	char path[64], map[64];
	int fd, n;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	n = snprintf(map, sizeof(map), "0 %u 65536\n", base);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, map, (size_t)n) != n)
		err(1, "write %s", path);
	close(fd);
}

static int spawn(struct floor *f)
{
	int pidfd = -1, cg = -1;
	struct clone_args a = {
		.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
			 CLONE_NEWUTS | CLONE_NEWIPC | CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
	};
	pid_t pid;

	if (f->cgroup) {
		if (mkdir(f->cgroup, 0755))
			err(1, "make %s", f->cgroup);
		cg = open(f->cgroup, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (cg < 0)
			err(1, "open %s", f->cgroup);
		a.flags |= CLONE_INTO_CGROUP;
		a.cgroup = (uint64_t)cg;
	}
	pid = sys_clone3(&a);
	if (pid < 0)
		err(1, "clone3");
	if (pid == 0)
		child(f);
	write_map(pid, "uid_map", f->base);
	write_map(pid, "gid_map", f->base);
	if (write(f->go[1], "", 1) != 1)
		err(1, "let the child go");
	return pidfd;
}

static void parse(struct floor *f, int argc, char **argv)
{
	int c;

	/* '+': what follows ROOT belongs to the init. */
	while ((c = getopt(argc, argv, "+c:b:")) != -1) {
		if (c == 'c')
			f->cgroup = optarg;
		else if (c == 'b')
			f->base = (unsigned int)strtoul(optarg, NULL, 10);
		else
			errx(2, "usage: floor [-c CGROUP] [-b IDBASE] ROOT INIT "
				"[ARG...]");
	}
	if (argc - optind < 2)
		errx(2, "ROOT and INIT are missing");
	f->root = argv[optind];
	f->init = argv + optind + 1;
}

/* Wait for the init, or kill it when told so; returns its exit status. */
static int wait_for(int pidfd)
{
	struct pollfd p[2] = { { .fd = pidfd, .events = POLLIN }, { .events = POLLIN } };
	siginfo_t si;
	sigset_t term;

	/* After clone3, so that the init does not inherit the mask. */
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	p[1].fd = signalfd(-1, &term, SFD_CLOEXEC);
	if (p[1].fd < 0)
		err(1, "signalfd");
	while (!p[0].revents && poll(p, 2, -1) > 0) {
		if (p[1].revents &&
		    syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0))
			err(1, "kill the init");
		p[1].fd = p[1].revents ? -1 : p[1].fd;
	}
	if (waitid(P_PIDFD, (id_t)pidfd, &si, WEXITED))
		err(1, "wait");
	return si.si_code == CLD_EXITED ? si.si_status : 128 + si.si_status;
}

int main(int argc, char **argv)
{
	struct floor f = { .base = 100000 };
	struct timespec t;
	int status;

	clock_gettime(CLOCK_MONOTONIC, &t);
	parse(&f, argc, argv);
	dprintf(STDOUT_FILENO, "%lld\n", t.tv_sec * 1000000000LL + t.tv_nsec);
	umask(0);
	if (chdir(f.root) || pipe2(f.go, O_CLOEXEC))
		err(1, "%s", f.root);
	f.tree = open_tree(AT_FDCWD, ".", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (f.tree < 0)
		err(1, "clone the mount of %s", f.root);
	f.dev = make_dev(f.base);
	status = wait_for(spawn(&f));
	if (f.cgroup)
		rmdir(f.cgroup);
	return status;
}
