#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 of command or supervisor before or after any row of any table: the next status tells
# the truth, the next commands succeed, nothing is left.

bats_require_minimum_version 1.5.0
load ../lib/common

setup() {
	busybox_template
}

teardown() {
	drop_ct 101 102
}

create() {
	wabe --quiet create 101 --ostemplate busybox --name kill --ipadd "$(ip4_of 101)"
}

killed() {
	WABE_KILL_AT=$1 run -0 --separate-stderr bash -c '"$@" || :' - wabe --quiet "${@:2}"
}

down_and_gone() {
	wabe --quiet stop 101 --fast
	wait_for 3 ct_is_down 101 || ct_is_down 101
	wabe --quiet destroy 101
	wait_for 3 ct_left_nothing 101 || ct_left_nothing 101
}

start_killed() {
	local n mark

	for mark in "" -; do
		for n in 1 2 3 4 5 6 7 8 9 10 11; do
			create
			killed "$1:$mark$n" start 101
			# killed late it may run, without a supervisor: then start says so
			run_wabe start 101
			[ "$status" -eq 0 ] || assert_status 32
			[ "$(wabe status 101)" = "CTID 101 exist mounted running" ]
			[ "$(wabe exec 101 echo in)" = in ]
			down_and_gone
		done
	done
}

@test "start: the supervisor killed at any row" {
	start_killed start
}

@test "start: the container's first process killed at any row" {
	start_killed init
}

@test "create: killed at any row" {
	local n mark

	for mark in "" -; do
		for n in 1 2 3 4 5 6 7 8; do
			killed "create:$mark$n" create 101 --ostemplate busybox --name kill
			run_wabe create 101 --ostemplate busybox --name kill
			# 44: it was killed after the rename that publishes it
			[ "$status" -eq 0 ] || assert_status 44
			wabe --quiet start 101
			[ "$(wabe exec 101 echo in)" = in ]
			down_and_gone
		done
	done
}

@test "destroy: killed at any row" {
	local n mark

	for mark in "" -; do
		for n in 1 2 3 4 5 6 7; do
			create
			killed "destroy:$mark$n" destroy 101
			run_wabe destroy 101
			[ "$status" -eq 0 ] || assert_status 14
			# what no name leads to any more goes with the next destroy of any other
			wabe --quiet create 102 --ostemplate busybox
			wabe --quiet destroy 102
			wait_for 3 ct_left_nothing 101 || ct_left_nothing 101
		done
	done
}

@test "stop: the supervisor killed in its teardown at any row" {
	local n mark

	for mark in u u-; do
		for n in 1 2 3 4 5 6 7 8 9 10; do
			create
			WABE_KILL_AT=start:$mark$n wabe --quiet start 101
			run timeout 30 wabe --quiet stop 101 --fast
			run_wabe stop 101 --fast
			assert_status 0
			[ "$(wabe status 101)" = "CTID 101 exist unmounted down" ]
			down_and_gone
		done
	done
}
