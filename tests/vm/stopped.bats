#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What stopped containers leave in the kernel: page cache that somebody touched first, and the
# removed memory groups it is charged to. Needs the memory controller, so a booted host.

bats_require_minimum_version 1.5.0
load ../lib/common

MAX=256 # DYING_MAX of cgroups/dying.h
CYCLES=15
[ -z "${WABE_SOAK:-}" ] || CYCLES=200

dying() {
	awk '$1 == "nr_dying_descendants" { print $2 }' "$CGROUP/cgroup.stat"
}

# KiB of page cache that is charged to the container now.
cache_of() {
	awk '$1 == "file" { print int($2 / 1024) }' "$CGROUP/$1/memory.stat"
}

kernel_kib() {
	awk '/^(Slab|Percpu):/ { n += $2 } END { print n }' /proc/meminfo
}

# Groups beside those of containers, each removed while a page of a file of its own is cached.
removed_groups() {
	local n=$1 i

	mkdir -p "$CGROUP" "$BATS_FILE_TMPDIR/cached"
	(
		cd "$CGROUP" || exit
		mkdir $(seq -f 'cached.%g' "$n")
		for ((i = 1; i <= n; i++)); do
			echo "$BASHPID" >"cached.$i/cgroup.procs"
			echo x >"$BATS_FILE_TMPDIR/cached/$i"
		done
		echo "$BASHPID" >/sys/fs/cgroup/cgroup.procs
		rmdir $(seq -f 'cached.%g' "$n")
	)
	sync
}

setup_file() {
	command -v wabe >/dev/null || make -C "$WABE_BUILD" install >/dev/null
	busybox_template
	wabe --quiet create 101 --ostemplate busybox
	wabe --quiet create 102 --ostemplate busybox
}

teardown_file() {
	drop_ct 101 102
}

@test "a template's page cache is charged to the container that touched it first" {
	size=$(($(stat -c %s /bin/busybox) / 1024))
	sync
	echo 3 >/proc/sys/vm/drop_caches
	wabe --quiet start 101
	wabe exec 101 cat /bin/busybox >/dev/null
	wabe --quiet start 102
	wabe exec 102 cat /bin/busybox >/dev/null
	echo "# busybox has $size KiB; cached for the first $(cache_of 101), the second" \
		"$(cache_of 102) KiB" >&3
	[ "$(cache_of 101)" -ge "$size" ]
	[ "$(cache_of 102)" -lt $((size / 2)) ]
	# and stays so when the first is gone: nothing is read again, nobody is billed
	wabe --quiet stop 101 --fast
	wabe exec 102 cat /bin/busybox >/dev/null
	[ "$(cache_of 102)" -lt $((size / 2)) ]
}

@test "memory groups that page cache keeps in the kernel are bounded, the living keep theirs" {
	wabe exec 102 'dd if=/dev/zero of=/big bs=1M count=40 2>/dev/null && cat /big >/dev/null'
	before=$(dying) kib=$(kernel_kib)
	removed_groups $((MAX + 44))
	kib=$((($(kernel_kib) - kib) / (MAX + 44)))
	# or the test shows nothing
	if [ "$(dying)" -lt $((MAX + 44)) ]; then
		[ "$(uname -r | cut -d. -f1)" -ge 7 ]
		skip "this kernel moves the pages of a removed group to its parent"
	fi
	echo "# $before groups were dying, now $(dying); $kib KiB each" >&3
	cache=$(cache_of 102)
	[ "$cache" -ge 40960 ]
	for ((i = 0; i < CYCLES; i++)); do
		wabe --quiet start 101
		wabe exec 101 "find / -xdev | wc -l >/written.$i; cat /bin/busybox >/dev/null"
		wabe --quiet stop 101 --fast
	done
	echo "# after $CYCLES starts and stops: $(dying); of $cache KiB cached for a running" \
		"container $(cache_of 102) are left" >&3
	# they go a moment after the last page
	wait_for 5 eval '[ "$(dying)" -le $((MAX + 8)) ]' || {
		echo "dying: $(dying)"
		return 1
	}
	[ "$(cache_of 102)" -ge $((cache - 4096)) ]
}
