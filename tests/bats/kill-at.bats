#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 of command, supervisor or a container's first process before and after each row of
# each step table, forward and in undo, with /run kept and wiped: status tells the truth, the
# next commands succeed, nothing is left (tests/lib/rows.bash).
#
# Each place is tried twice, the ways in turn; WABE_SOAK=1 tries each place in all ways.

bats_require_minimum_version 1.5.0
load ../lib/common
load ../lib/rows

setup() {
	busybox_template
	mkdir -p "${LOG%/*}"
	tried=0
}

teardown() {
	drop_ct 101
}

nexts=(stop start destroy again)

# try PLACE TABLE: one after the other, or all, of 2 (is the command killed too, when it was
# the supervisor?) x 2 (is /run wiped?) x 4 (what comes next).
try() {
	local way ways

	# the verb itself comes next in one of both
	ways=($((tried % 12)) $((12 + (tried + 2) % 4)))
	[ -z "${WABE_SOAK:-}" ] || ways=({0..15})
	for way in "${ways[@]}"; do
		try_way "$way" "$1" "$2" || {
			echo "-- at $1, way $way, next: ${nexts[way / 4]}" >&2
			return 1
		}
	done
	# 5: all ways come, and neighbours differ in each respect
	tried=$((tried + 5))
}

try_way() {
	local place=$2 table=$3 way=$1

	if ((way & 2)) && [[ $table =~ ^(start|init)$ ]]; then
		place+=,launch:u-3
	fi
	prepare "$table" >"$BATS_TEST_TMPDIR/out" 2>&1 || {
		cat "$BATS_TEST_TMPDIR/out" >&2
		return 1
	}
	killed "$place" "$table" || return 1
	if ((way & 1)); then
		rm -rf "$RUN"
	fi
	HALF=${table#"${table#destroy}"} recovers "$table" "${nexts[way / 4]}"
}

@test "killed before and after each row" {
	local table row

	while read -r table row _ <&3; do
		try "$table:-$row" "$table"
		never_after "$table" "$row" || try "$table:$row" "$table"
	done 3< <(rows_of run)
	[ "$tried" -gt 100 ]
}

@test "killed before and after the undo of each row" {
	local table row last

	while read -r table row last <&3; do
		FAIL=$table:$last try "$table:u-$row" "$table"
		FAIL=$table:$last try "$table:u$row" "$table"
	done 3< <(rows_of undo)
	[ "$tried" -gt 50 ]
}

# The supervisor's table undone by a stop; it has its environment from the start.
@test "killed in the teardown of a stop" {
	local table row mark way

	while read -r table row _ <&3; do
		[ "$table" = start ] || continue
		for mark in u u-; do
			for way in kept wiped; do
				create_101
				WABE_KILL_AT=start:$mark$row wabe --quiet start 101
				run timeout 30 wabe --quiet stop 101 --fast
				[ $way = kept ] || rm -rf "$RUN"
				grep -q "killed at start:$mark$row\$" "$LOG"
				recovers stop stop
			done
		done
	done 3< <(rows_of undo)
}

# The same by a power off from inside, where no command waits.
@test "killed in the teardown of a power off" {
	local table row mark way

	while read -r table row _ <&3; do
		[ "$table" = start ] || continue
		for mark in u u-; do
			way=$(((row + ${#mark}) % 4))
			create_101
			WABE_KILL_AT=start:$mark$row wabe --quiet start 101
			wabe exec 101 poweroff -f || :
			wait_for 10 eval '[[ $(wabe status 101) == *" down" ]]'
			recovers start "${nexts[way]}"
		done
	done 3< <(rows_of undo)
}
