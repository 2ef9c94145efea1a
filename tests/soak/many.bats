#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# testhost: --size 16G
# A thousand containers at once: the last is as quick as the first, and what each costs.

bats_require_minimum_version 1.5.0
load ../lib/common
load ../lib/soak

N=${SOAK_MANY:-1000}
FIRST=1001
LAST=$((1000 + N))

setup_file() {
	busybox_template
	# the first of all, whose files everybody shares, is not counted
	make_ct 1000
	start_ct 1000
	# makes the groups for commands in it
	wabe exec 1000 true
	remember "$BATS_FILE_TMPDIR/mark"
}

teardown_file() {
	each 8 drop_all 1000 "$LAST" || :
}

drop_all() {
	stop_ct "$1" >/dev/null 2>&1 || :
	destroy_ct "$1" >/dev/null 2>&1 || :
}
export -f drop_all

meminfo() {
	awk -F '[: ]+' '{ print $1, $2 }' /proc/meminfo
	echo "upper $(du -sk "$VAR/private" | cut -f1)"
	awk 'NR > 2 { print "slab:" $1, $2 * $4 / 1024 }' /proc/slabinfo
}

# What grew between the two, in KiB for each container: "NAME KIB" lines.
per_ct() {
	awk -v n="$N" 'FNR == NR { was[$1] = $2; next }
		{ printf "%s %.1f\n", $1, ($2 - was[$1]) / n }' "$1" "$2"
}

# Of the processes whose ids come on stdin, KiB for each container.
process_memory() {
	while read -r pid; do
		cat "/proc/$pid/smaps_rollup"
	done | awk -v n=$((N + 1)) '
		/^Private_Dirty/ { d += $2 }
		/^Private_Clean/ { c += $2 }
		/^Shared_/ { s += $2 }
		/^Pss:/ { p += $2 }
		END { printf "private dirty %.1f, private clean %.1f, shared %.1f (its part of that: %.1f)", d / n, c / n, s / n, (p - d - c) / n }'
}

exec_us() {
	local began
	began=$(now_us)
	wabe exec "$1" true
	echo $(($(now_us) - began))
}

median() {
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

@test "all are made and run" {
	local began

	for _ in $(seq 50); do
		exec_us 1000
	done >"$BATS_FILE_TMPDIR/alone"
	each 2 make_ct "$FIRST" "$LAST"
	meminfo >"$BATS_FILE_TMPDIR/before"
	began=$(now_us)
	each 2 start_ct "$FIRST" "$LAST"
	tell "$N started in $((($(now_us) - began) / 1000)) ms, two at a time"
	sleep 2
	meminfo >"$BATS_FILE_TMPDIR/after"
	assert_eq "$(wabe list -Ho ctid | wc -l)" $((N + 1)) running
	for id in "$FIRST" $((FIRST + N / 2)) "$LAST"; do
		[ "$(wabe exec "$id" echo in)" = in ]
		ping -q -c 1 -W 5 "$(wide_ip4 "$id")"
		ping -q -c 1 -W 5 "$(ip6_of "$id")"
	done
}

@test "exec true in the last within 1.2 of the first" {
	local first=$BATS_TEST_TMPDIR/first last=$BATS_TEST_TMPDIR/last a b

	for _ in $(seq 200); do
		exec_us "$FIRST" >>"$first"
		exec_us "$LAST" >>"$last"
	done
	a=$(median "$first") b=$(median "$last")
	tell "medians of 200 in turn: first $a us, last $b us;" \
		"when only one ran $(median "$BATS_FILE_TMPDIR/alone") us"
	[ $((b * 100)) -le $((a * 120)) ]
}

@test "what a container costs the host, by part" {
	per_ct "$BATS_FILE_TMPDIR/before" "$BATS_FILE_TMPDIR/after" >"$BATS_TEST_TMPDIR/each"
	tell "KiB for each of $N containers:"
	tell "  keeper: $(cat "$CGROUP"/*/supervisor/cgroup.procs | process_memory)"
	tell "  processes in it: $(cat "$CGROUP"/*/payload/cgroup.procs | process_memory)"
	awk '
	{ v[$1] = $2 }
	END {
		printf "#   kernel: slab %.1f, per processor %.1f, page tables %.1f, stacks %.1f, vmalloc %.1f\n",
			v["Slab"], v["Percpu"], v["PageTables"], v["KernelStack"], v["VmallocUsed"]
		printf "#   files in memory: cache %.1f, of that tmpfs %.1f; on disk at rest %.1f\n",
			v["Cached"] + v["Buffers"], v["Shmem"], v["upper"]
		printf "#   all: %.1f less free, %.1f less available\n", -v["MemFree"], -v["MemAvailable"]
	}' "$BATS_TEST_TMPDIR/each" >&3
	tell "  slab, the most: $(sed -n 's/^slab://p' "$BATS_TEST_TMPDIR/each" |
		sort -k 2 -rn | head -n 14 | awk '{ printf "%s%s %s", sep, $1, $2; sep = ", " }')"
	# twice what it was when this was written is worth a look
	[ "$(awk '$1 == "MemAvailable" { print int(-$2) }' "$BATS_TEST_TMPDIR/each")" -le 2048 ]
}

@test "all are stopped and destroyed, and nothing is left" {
	local began

	began=$(now_us)
	each 2 stop_ct "$FIRST" "$LAST"
	tell "$N stopped in $((($(now_us) - began) / 1000)) ms, two at a time"
	wait_for 10 ct_is_down "$LAST" || ct_is_down "$LAST"
	began=$(now_us)
	each 2 destroy_ct "$FIRST" "$LAST"
	tell "$N destroyed in $((($(now_us) - began) / 1000)) ms, two at a time"
	as_before "$BATS_FILE_TMPDIR/mark" "$N"
	[ "$(wabe exec 1000 echo in)" = in ]
}
