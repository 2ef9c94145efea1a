#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# testhost: --size 4G
# Thousands of starts and stops: whatever a container takes is given back each time.

bats_require_minimum_version 1.5.0
load ../lib/common
load ../lib/soak

CYCLES=${SOAK_CYCLES:-2000}

setup_file() {
	busybox_template
	# runs all the while, a neighbour that shall notice nothing
	make_ct 100
	start_ct 100
	make_ct 101
	# what the first start makes for good (directories, modules of the kernel) is no leak
	start_ct 101
	stop_ct 101
}

teardown_file() {
	drop_ct 100 101 102 103 104 105
}

cycle() {
	start_ct "$1" && stop_ct "$1"
}

# Descriptors and private memory (KiB) of the neighbour's keeper.
neighbour() {
	local pid fds
	pid=$(keeper_of 100)
	fds=(/proc/"$pid"/fd/*)

	echo "${#fds[@]} $(awk '/^Private_Dirty/ { print $2 }' "/proc/$pid/smaps_rollup")"
}

# A page or two of stack more or less is nothing.
same_neighbour() {
	local was now
	read -ra was <<<"$1"
	read -ra now < <(neighbour)

	[ "${now[0]}" -eq "${was[0]}" ] && [ "${now[1]}" -le $((was[1] + 16)) ]
}

@test "one container started and stopped again and again leaves nothing" {
	local mark=$BATS_TEST_TMPDIR/mark i began before logs

	before=$(neighbour) logs=$(log_bytes)
	remember "$mark"
	began=$(now_us)
	for ((i = 0; i < CYCLES; i++)); do
		cycle 101
	done
	tell "$CYCLES cycles, $((($(now_us) - began) / CYCLES)) us each," \
		"$((($(log_bytes) - logs) / CYCLES)) bytes of log each"
	as_before "$mark" "$CYCLES"
	wait_for 10 ct_is_down 101 || ct_is_down 101
	same_neighbour "$before" || assert_eq "$(neighbour)" "$before" "the neighbour's keeper"
	ping -q -c 1 -W 5 "$(wide_ip4 100)"
}

@test "several containers in turn leave nothing" {
	local mark=$BATS_TEST_TMPDIR/mark i id

	each 2 make_ct 102 105
	remember "$mark"
	for ((i = 0; i < CYCLES / 2; i += 4)); do
		for id in 102 103 104 105; do
			start_ct "$id"
		done
		# not in the order of the start
		for id in 103 105 102 104; do
			stop_ct "$id"
		done
	done
	as_before "$mark" $((CYCLES / 2))
}

@test "create, start, stop and destroy leave nothing" {
	local mark=$BATS_TEST_TMPDIR/mark i n=$((CYCLES / 2))

	make_ct 110
	destroy_ct 110
	# configurations of destroyed containers are kept, as vzctl does: one each
	remember "$mark"
	df -k --output=used "$VAR" | tail -n 1 >"$mark.used"
	for ((i = 0; i < n; i++)); do
		make_ct 110
		start_ct 110
		stop_ct 110
		destroy_ct 110
	done
	wait_for 10 ct_left_nothing 110 || ct_left_nothing 110
	as_before "$mark" "$n"
	sync
	tell "$n times; KiB used on disk: $(<"$mark.used") before, now" \
		"$(df -k --output=used "$VAR" | tail -n 1)"
	[ "$(df -k --output=used "$VAR" | tail -n 1)" -le $(($(<"$mark.used") + 4096)) ]
}

@test "a keeper that executes itself again and again keeps its descriptors and its size" {
	local before i n=$((CYCLES / 4)) began

	wabe --quiet reexec 100
	wait_for 5 ping -q -c 1 -W 1 "$(wide_ip4 100)"
	before=$(neighbour)
	began=$(now_us)
	for ((i = 0; i < n; i++)); do
		wabe --quiet reexec 100
	done
	tell "$n times, $((($(now_us) - began) / n)) us each; descriptors, KiB: $before"
	wait_for 5 eval 'same_neighbour "$before"' || assert_eq "$(neighbour)" "$before"
	[ "$(wabe exec 100 echo in)" = in ]
	stop_ct 100
	wait_for 10 ct_is_down 100 || ct_is_down 100
	start_ct 100
}
