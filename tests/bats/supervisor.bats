#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Supervisors that are killed, cut off or upgraded: status tells the truth, commands work.

bats_require_minimum_version 1.5.0
load ../lib/common

setup() {
	running_ct 101 --ipadd "$(ip4_of 101)"
}

teardown() {
	drop_ct 101
}

supervisor() {
	cat "$CGROUP/101/supervisor/cgroup.procs"
}

running() {
	[ "$(wabe status 101)" = "CTID 101 exist mounted running" ]
}

down() {
	[ "$(wabe status 101)" = "CTID 101 exist unmounted down" ] && {
		wait_for 3 ct_is_down 101 || ct_is_down 101
	}
}

@test "killed: the container goes on, exec works, the next change adopts it" {
	kill -9 "$(supervisor)"
	wait_for 2 eval '[ -z "$(cat $CGROUP/101/supervisor/cgroup.procs)" ]'
	running
	[ "$(wabe exec 101 echo in)" = in ]
	wabe --quiet set 101 --hostname adopted --save
	[ -n "$(supervisor)" ]
	[ "$(wabe exec 101 hostname)" = adopted ]
	# the adopted one notices the end without a command
	wabe exec 101 poweroff
	wait_for 20 ct_is_down 101 || ct_is_down 101
}

@test "killed: start says it runs, and adopts it" {
	kill -9 "$(supervisor)"
	wait_for 2 eval '[ -z "$(cat $CGROUP/101/supervisor/cgroup.procs)" ]'
	run_wabe start 101
	assert_fails 32 "running already"
	[ -n "$(supervisor)" ]
	wabe --quiet stop 101
	down
}

@test "killed: stop does the supervisor's work" {
	kill -9 "$(supervisor)"
	run_wabe stop 101
	assert_status 0
	down
}

@test "killed, and init gone too: the next start removes what is left" {
	local init

	init=$(wabe list -Ho pid 101 | tr -d ' ')
	kill -9 "$(supervisor)"
	kill -9 "$init"
	wait_for 2 eval '[[ $(wabe status 101) == *" down" ]]'
	run_wabe start 101
	assert_status 0
	[ "$(wabe exec 101 echo in)" = in ]
	ping -c1 -W1 "$(ip4_of 101)" >/dev/null
}

@test "/run wiped: status, exec and stop still do right" {
	rm -rf "$RUN"
	running
	[ "$(wabe exec 101 echo in)" = in ]
	run_wabe stop 101
	assert_status 0
	down
}

@test "/run wiped and supervisor killed: the same" {
	rm -rf "$RUN"
	kill -9 "$(supervisor)"
	running
	[ "$(wabe exec 101 echo in)" = in ]
	run_wabe stop 101 --fast
	assert_status 0
	down
	wabe --quiet start 101
	running
}

@test "reexec: the supervisor is replaced in place, console and stop work" {
	local before after

	before=$(supervisor)
	run_wabe reexec 101
	assert_status 0
	sleep 0.1
	after=$(supervisor)
	[ "$before" = "$after" ]
	running
	wabe exec 101 'echo after-reexec >/dev/console'
	wait_for 3 grep -q after-reexec "${WABE_ROOT:-}/var/log/vz/101.console"
	wabe --quiet stop 101
	down
}

@test "init killed from the host: the supervisor takes the container down" {
	kill -9 "$(wabe list -Ho pid 101 | tr -d ' ')"
	wait_for 5 ct_is_down 101 || ct_is_down 101
	down
}
