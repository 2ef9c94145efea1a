# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the files of tests/soak load beside common.bash: many containers at a time, and what
# must be as it was when they are gone.

# Addresses for more containers than ip4_of() has.
wide_ip4() {
	echo "10.$(($1 / 256)).$(($1 % 256)).1"
}

tell() {
	printf '# %s\n' "$*" >&3
}

make_ct() {
	wabe --quiet create "$1" --ostemplate busybox --ipadd "$(wide_ip4 "$1")" \
		--ipadd "$(ip6_of "$1")"
}

# What the host cannot apply it says at each start: of interest only when that fails.
start_ct() {
	local out status=0

	out=$(wabe --quiet start "$1" 2>&1) || status=$?
	[ "$status" -eq 0 ] || echo "$out" >&2
	return "$status"
}

stop_ct() {
	wabe --quiet stop "$1" --fast
}

destroy_ct() {
	wabe --quiet destroy "$1"
}
export -f wide_ip4 ip6_of make_ct start_ct stop_ct destroy_ct

# each JOBS FUNCTION FROM TO: for the containers of these numbers, so many at a time.
each() {
	local out=$BATS_TEST_TMPDIR/each.out

	# shellcheck disable=SC2016 # for the inner shell
	if ! seq "$3" "$4" | xargs -P "$1" -I '{}' bash -c '"$1" "$2" || {
		echo "$1 $2: status $?"
		exit 1
	}' each "$2" '{}' >"$out" 2>&1; then
		sort "$out" | uniq -c | sort -rn | head -n 20 >&2
		return 1
	fi
}

# Processes of Wabe and in containers. Those of the test itself come and go.
our_processes() {
	{
		grep -l '^wabe' /proc/[0-9]*/comm | tr -dc '0-9\n'
		find "$CGROUP" -name cgroup.procs -exec cat {} +
	} 2>/dev/null | sort -u
}

# Everything that a container takes and must give back, as "NAME NUMBER" lines. They are of
# this test host alone, so that they are compared exactly.
own_things() {
	local procs

	mapfile -t procs < <(our_processes)
	echo "processes ${#procs[@]}"
	echo "descriptors $(for p in "${procs[@]}"; do ls "/proc/$p/fd"; done | wc -l)"
	echo "mounts $(wc -l </proc/self/mountinfo)"
	echo "mount-namespaces $(lsns -n -t mnt | wc -l)"
	echo "network-namespaces $(lsns -n -t net | wc -l)"
	echo "links $(find /sys/class/net -mindepth 1 | wc -l)"
	echo "routes $(ip route show table all | wc -l)"
	echo "routes6 $(ip -6 route show table all | wc -l)"
	echo "neighbours $({ ip neigh show proxy && ip -6 neigh show proxy; } | wc -l)"
	echo "groups $(awk '$1 == "nr_descendants" { print $2 }' /sys/fs/cgroup/cgroup.stat)"
	echo "uid-claims $(find "$VAR/claims" -type f 2>/dev/null | wc -l)"
	echo "locks $(find "$VAR/lock" -type f 2>/dev/null | wc -l)"
	echo "run-files $(find "$RUN" | wc -l)"
	echo "private-areas $(find "$VAR/private" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)"
	echo "trees-in-use $(find "$VAR"/template/tree/*/used -type f 2>/dev/null | wc -l)"
}

# What the kernel counts for the whole machine only: others use it too, so these may grow by
# what some twenty containers of somebody else take. Objects, but the last in KiB.
kernel_things() {
	awk '$1 ~ /^(net_namespace|user_namespace|pid_namespace|uts_namespace|mnt_cache|ovl_inode)$/ {
		print "slab-" $1, $2
	}' /proc/slabinfo
	awk '{ split($3, a, "/"); n += a[1] } END { print "keys", n }' /proc/key-users
	awk '/^(SUnreclaim|Percpu|KernelStack|PageTables):/ { n += $2 }
		END { print "kernel-KiB", n }' /proc/meminfo
}

# Groups that page cache keeps in the kernel: bounded, see cgroups/dying.h; none where the
# memory controller is not in the cgroup2 tree.
dying_groups() {
	awk '$1 == "nr_dying_descendants" { print $2 }' /sys/fs/cgroup/cgroup.stat
}

few_dying() {
	[ "$(dying_groups)" -le 264 ]
}

settled() {
	[ -z "$(ip -6 addr show tentative)" ] || return 1
	own_things >"$1.own"
	sleep 0.5
	same_own "$1"
}

# remember FILE: everything now, for as_before, once a start or stop before is through.
remember() {
	wait_for 30 settled "$1"
	kernel_things >"$1.kernel"
}

same_own() {
	own_things >"$1.own.now"
	cmp -s "$1.own" "$1.own.now"
}

# Kernel counts that grew by more than that and one per four cycles (16 KiB a cycle).
grown() {
	kernel_things >"$1.kernel.now"
	awk -v n="$2" '
	FNR == NR { was[$1] = $2; next }
	{
		may = $1 == "kernel-KiB" ? 16384 + n * 16 : 512 + n / 4
		if ($2 - was[$1] > may)
			print $1 ": " was[$1] " before, " $2 " now, may grow by " may
	}' "$1.kernel" "$1.kernel.now"
}

nothing_grown() {
	[ -z "$(grown "$1" "$2")" ]
}

# as_before FILE CYCLES: what `remember FILE` saw is back; tells the kernel's numbers.
as_before() {
	# the kernel takes network namespaces, mounts and groups apart in its own time
	wait_for 30 same_own "$1" || {
		diff "$1.own" "$1.own.now" >&2
		return 1
	}
	wait_for 30 few_dying
	wait_for 30 nothing_grown "$1" "$2" || {
		grown "$1" "$2" >&2
		return 1
	}
	tell "before and after: $(paste -d ' ' "$1.kernel" "$1.kernel.now" |
		awk '{ printf "%s%s %d -> %d", sep, $1, $2, $4; sep = ", " }'), dying groups now $(dying_groups)"
}

now_us() {
	echo "${EPOCHREALTIME/./}"
}

# Bytes below the directory of logs.
log_bytes() {
	du -sb "${WABE_ROOT:-}/var/log" 2>/dev/null | cut -f1
}

keeper_of() {
	wabe list -Ho supervisor "$1" | tr -d ' '
}
