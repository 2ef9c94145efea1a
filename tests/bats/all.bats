#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --all: one command for all containers it fits, several at a time.

bats_require_minimum_version 1.5.0
load ../lib/common

setup() {
	busybox_template
	for id in 101 102 103 104; do
		wabe --quiet create "$id" --ostemplate busybox --ipadd "$(ip4_of "$id")"
	done
}

teardown() {
	drop_ct 101 102 103 104
}

statuses() {
	wabe list -aHo status | tr -d ' ' | tr '\n' ' '
}

@test "start --all and stop --all, whose lines say of whom they are" {
	wabe --quiet set 103 --disabled yes --save
	run_wabe start --all
	assert_status 0
	assert_output_has "CT 101: Starting container..." "CT 104: Container start in progress..."
	assert_output_lacks "CT 103"
	assert_eq "$(statuses)" "running running stopped running "
	[ "$(wabe exec 104 echo in)" = in ]
	run_wabe start --all
	assert_status 0
	assert_output_is ""
	run_wabe stop --fast --all
	assert_status 0
	assert_output_has "CT 102: Container was stopped"
	assert_output_lacks "CT 103"
	assert_eq "$(statuses)" "stopped stopped stopped stopped "
	for id in 101 102 104; do
		wait_for 3 ct_is_down "$id" || ct_is_down "$id"
	done
}

@test "one that fails does not keep the others from it, and is counted" {
	mv "$VAR/private/102/template" "$BATS_TEST_TMPDIR/"
	run_wabe start --all
	mv "$BATS_TEST_TMPDIR/template" "$VAR/private/102/"
	assert_status 43
	assert_output_has "CT 102: " "start failed for 1 of 4 containers"
	assert_eq "$(statuses)" "running stopped running running "
}

@test "reexec --all renews the supervisors of those that run" {
	local before

	wabe --quiet start 101
	wabe --quiet start 103
	before=$(wabe list -aHo supervisor,pid)
	run_wabe reexec --all
	assert_status 0
	# the same processes, as what they execute is replaced alone
	assert_eq "$(wabe list -aHo supervisor,pid)" "$before"
	[ "$(wabe exec 103 echo in)" = in ]
}

@test "restart --all leaves alone what does not run" {
	local before after

	wabe --quiet start 101
	wabe --quiet start 103
	before=$(wabe list -aHo ctid,pid)
	run_wabe restart --fast --all
	assert_status 0
	assert_eq "$(statuses)" "running stopped running stopped "
	after=$(wabe list -aHo ctid,pid)
	[ "$before" != "$after" ]
}

@test "--all is in place of a container, and only where it makes sense" {
	run_wabe stop 101 --all
	assert_fails 20 "exclude each other"
	run_wabe destroy --all
	assert_fails 21 "comes before"
	run_wabe stop --fast
	assert_fails 21 "comes before"
}

@test "a caller that ignores its children, or left some to us, changes nothing" {
	run -0 bash -c 'trap "" CHLD; exec wabe start --all'
	assert_eq "$(statuses)" "running running running running "
	run -0 bash -c 'trap "" CHLD; exec wabe set 101 --hostname heard.example --save'
	# it ends, and fails, once the program is ours
	# shellcheck disable=SC2016 # for the inner shells
	run -0 bash -c 'for i in 1 2 3 4; do
			sh -c '\''until [ "$(cat /proc/$PPID/comm)" = wabe ]; do :; done
				exit 3'\'' &
		done
		exec wabe restart --fast --all'
	[[ $output != *failed* ]]
	assert_eq "$(statuses)" "running running running running "
}
