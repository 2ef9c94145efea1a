/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runtime/seccomp.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/socket.h>

#include "base/cleanup.h"

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

int seccomp_build(seccomp_filter *ret, struct err *e)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	int r = f ? 0 : -ENOMEM;

	/* no_new_privs off; x32 and other ABIs that are not added do not exist */
	if (!r)
		r = seccomp_attr_set(f, SCMP_FLTATR_CTL_NNP, 0);
	if (!r)
		r = seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
#ifdef __x86_64__
	if (!r)
		r = seccomp_arch_add(f, SCMP_ARCH_X86);
#endif
	if (!r)
		r = add_rules(f);
	if (r) {
		if (f)
			seccomp_release(f);
		errno = -r;
		return fail(e, E_ENVCREATE, "cannot build the seccomp filter: %m");
	}
	*ret = f;
	return 0;
}

void seccomp_drop(seccomp_filter *f)
{
	if (*f)
		seccomp_release(*f);
	*f = NULL;
}

int seccomp_install(seccomp_filter f, struct err *e)
{
	int r = seccomp_load(f);

	if (!r)
		return 0;
	errno = -r;
	if (r == -EINVAL || r == -ENOSYS)
		return fail(e, E_BAD_KERNEL,
			    "the kernel has no seccomp filters (CONFIG_SECCOMP_FILTER)");
	return fail(e, E_ENVCREATE, "cannot load the seccomp filter: %m");
}
