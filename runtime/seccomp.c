/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/seccomp.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"

struct deny {
	int nr;
	int error;
};

static const struct deny denied[] = {
	/* the host's kernel image, modules and handles into its file systems */
	{ SCMP_SYS(kexec_load), ENOSYS },
	{ SCMP_SYS(kexec_file_load), ENOSYS },
	{ SCMP_SYS(init_module), ENOSYS },
	{ SCMP_SYS(finit_module), ENOSYS },
	{ SCMP_SYS(delete_module), ENOSYS },
	{ SCMP_SYS(open_by_handle_at), ENOSYS },
	/* large interfaces with a history of holes; callers cope without them */
	{ SCMP_SYS(bpf), EPERM },
	{ SCMP_SYS(perf_event_open), EPERM },
	{ SCMP_SYS(userfaultfd), EPERM },
	{ SCMP_SYS(io_uring_setup), ENOSYS },
	{ SCMP_SYS(io_uring_enter), ENOSYS },
	{ SCMP_SYS(io_uring_register), ENOSYS },
	/* the host's devices, clock, accounting and swap */
	{ SCMP_SYS(swapon), EPERM },
	{ SCMP_SYS(swapoff), EPERM },
	{ SCMP_SYS(acct), EPERM },
	{ SCMP_SYS(settimeofday), EPERM },
	{ SCMP_SYS(clock_settime), EPERM },
	{ SCMP_SYS(iopl), EPERM },
	{ SCMP_SYS(ioperm), EPERM },
	{ SCMP_SYS(lookup_dcookie), EPERM },
	{ SCMP_SYS(nfsservctl), ENOSYS },
	{ SCMP_SYS(uselib), ENOSYS },
	{ SCMP_SYS(_sysctl), ENOSYS },
	{ SCMP_SYS(ustat), ENOSYS },
	{ SCMP_SYS(vm86), EPERM },
	{ SCMP_SYS(vm86old), EPERM },
};

/* Socket families no hosted system needs: to the hypervisor, the kernel's crypto, dead
 * protocols. One equality per rule: two comparisons of one argument would be ANDed. */
static const int families[] = {
	AF_VSOCK, AF_ALG, AF_KEY, AF_RDS, AF_TIPC, AF_SMC, AF_AX25, AF_IPX,
	AF_APPLETALK, AF_NETROM, AF_X25, AF_ROSE, AF_DECnet, AF_CAN,
};

static int add_rules(scmp_filter_ctx f)
{
	int r = 0;

	for (size_t i = 0; !r && i < ARRAY_SIZE(denied); i++) {
		r = seccomp_rule_add(f, SCMP_ACT_ERRNO((unsigned)denied[i].error),
				     denied[i].nr, 0);
		if (r == -EDOM) /* not a call of this architecture */
			r = 0;
	}
	for (size_t i = 0; !r && i < ARRAY_SIZE(families); i++)
		r = seccomp_rule_add(f, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
				     SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i]));
	/* MNT_FORCE aborts requests of other mounts of the same network file system */
	if (!r)
		r = seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(umount2), 1,
				     SCMP_A1(SCMP_CMP_MASKED_EQ, MNT_FORCE, MNT_FORCE));
	return r;
}

/* libseccomp hands out its program through a descriptor only. */
static int export(scmp_filter_ctx f, int *ret_fd)
{
	_cleanup_close_ int fd = memfd_create("seccomp", MFD_CLOEXEC);
	int r = fd < 0 ? -errno : seccomp_export_bpf(f, fd);

	if (!r)
		*ret_fd = steal_fd(&fd);
	return r;
}

static int build(scmp_filter_ctx f, int *ret_fd)
{
	/* x32 and other ABIs that are not added do not exist */
	int r = seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));

	/* as a tree: the kernel tries each system call of each ABI when it loads a filter */
	if (!r)
		r = seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2);

#ifdef __x86_64__
	if (!r)
		r = seccomp_arch_add(f, SCMP_ARCH_X86);
#endif
	if (!r)
		r = add_rules(f);
	return r ? r : export(f, ret_fd);
}

int seccomp_build(struct err *e)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	int fd = -1, r = f ? build(f, &fd) : -ENOMEM;

	if (f)
		seccomp_release(f);
	errno = -r;
	return r ? fail(e, E_ENVCREATE, "cannot build the seccomp filter: %m") : fd;
}

int seccomp_install(int filter, struct err *e)
{
	struct sock_filter code[BPF_MAXINSNS];
	ssize_t n = pread(filter, code, sizeof(code), 0);
	const struct sock_fprog p = {
		.len = (unsigned short)(n > 0 ? (size_t)n / sizeof(*code) : 0),
		.filter = code,
	};

	if (n >= 0 && !syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p))
		return 0;
	if (errno == EINVAL || errno == ENOSYS)
		return fail(e, E_BAD_KERNEL,
			    "the kernel has no seccomp filters (CONFIG_SECCOMP_FILTER)");
	return fail(e, E_ENVCREATE, "cannot load the seccomp filter: %m");
}
