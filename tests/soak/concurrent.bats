#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# testhost: --size 16G
# Hundreds of commands at a time, each on a container of its own or all on the same few.

bats_require_minimum_version 1.5.0
load ../lib/common
load ../lib/soak

N=${SOAK_CONCURRENT:-500}
LAST=$((1000 + N))

setup_file() {
	busybox_template
	make_ct 100
	start_ct 100
	stop_ct 100
}

teardown_file() {
	each 8 drop_all 1001 "$LAST" || :
	drop_ct 100
}

drop_all() {
	stop_ct "$1" >/dev/null 2>&1 || :
	destroy_ct "$1" >/dev/null 2>&1 || :
}
export -f drop_all

# Whatever wins: 32 it runs already, 9 another command has it now. Nothing else may happen.
fight() {
	local i status

	for i in 1 2 3 4; do
		status=0
		if [ $((($1 + i) % 2)) -eq 0 ]; then
			start_ct $((1001 + $1 % 10)) || status=$?
		else
			stop_ct $((1001 + $1 % 10)) || status=$?
		fi
		case $status in
		0 | 9 | 32) ;;
		*) return "$status" ;;
		esac
	done 2>"$BATS_TEST_TMPDIR/fight.$1"
	rm "$BATS_TEST_TMPDIR/fight.$1"
}
export -f fight

running() {
	wabe list -Ho ctid | wc -l
}

@test "so many are made, started, stopped and destroyed at the same time; nothing is left" {
	local mark=$BATS_TEST_TMPDIR/mark began times=

	remember "$mark"
	began=$(now_us)
	each 50 make_ct 1001 "$LAST"
	times="create $(($(now_us) - began))" began=$(now_us)
	each 50 start_ct 1001 "$LAST"
	times+=", start $(($(now_us) - began))" began=$(now_us)
	assert_eq "$(running)" "$N" "running"
	each 50 stop_ct 1001 "$LAST"
	times+=", stop $(($(now_us) - began))" began=$(now_us)
	assert_eq "$(running)" 0 "running"
	each 50 start_ct 1001 "$LAST"
	each 50 stop_ct 1001 "$LAST"
	began=$(now_us)
	each 50 destroy_ct 1001 "$LAST"
	times+=", destroy $(($(now_us) - began))"
	tell "$N containers, 50 commands at a time, us for all: $times"
	wait_for 60 eval '[ -z "$(find "$VAR/private" -mindepth 1)" ] ||
		[ "$(find "$VAR/private" -mindepth 1 -maxdepth 1)" = "$VAR/private/100" ]'
	as_before "$mark" $((2 * N))
}

@test "starts and stops of the same ten containers at the same time do not hurt" {
	local mark=$BATS_TEST_TMPDIR/mark

	each 10 make_ct 1001 1010
	remember "$mark"
	each 20 fight 1 "$N" || {
		cat "$BATS_TEST_TMPDIR"/fight.* >&2
		return 1
	}
	each 10 stop_ct 1001 1010
	as_before "$mark" $((2 * N))
	each 10 start_ct 1001 1010
	assert_eq "$(running)" 10 "running"
	each 10 stop_ct 1001 1010
	each 10 destroy_ct 1001 1010
}
