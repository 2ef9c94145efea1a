#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A failure after any row of any table leaves nothing behind, and the next command works.

bats_require_minimum_version 1.5.0
load ../lib/common

setup() {
	busybox_template
}

teardown() {
	drop_ct 101
}

create() {
	wabe --quiet create 101 --ostemplate busybox --name fail --hostname fail \
		--ipadd "$(ip4_of 101)" --ipadd "$(ip6_of 101)"
}

@test "create: a failure after any row leaves nothing" {
	local n=0

	while :; do
		n=$((n + 1))
		WABE_FAIL_AT=create:$n run_wabe create 101 --ostemplate busybox --name fail \
			--ipadd "$(ip4_of 101)"
		[ "$status" -ne 0 ] || break
		assert_fails 3 "injected failure after step $n"
		ct_left_nothing 101
	done
	[ "$n" -gt 5 ]
	# the one that went through is whole
	wabe --quiet start 101
	[ "$(wabe exec 101 echo in)" = in ]
}

@test "create over a kept configuration: a failure gives the file back as it was" {
	local n=0 text

	printf '# mine\nNUMPROC="77"\nODD_KEY="x"\n' >"$CONF/101.conf"
	text=$(<"$CONF/101.conf")
	while :; do
		n=$((n + 1))
		WABE_FAIL_AT=create:$n run_wabe --quiet create 101 --ostemplate busybox
		[ "$status" -ne 0 ] || break
		assert_eq "$(<"$CONF/101.conf")" "$text" "configuration after step $n"
		[ ! -e "$VAR/private/101" ]
	done
	grep -q '^# mine' "$CONF/101.conf"
	grep -q '^ODD_KEY="x"' "$CONF/101.conf"
	grep -q '^NUMPROC="77"' "$CONF/101.conf"
}

start_loop() {
	local table=$1 n=0

	create
	while :; do
		n=$((n + 1))
		WABE_FAIL_AT=$table:$n run_wabe start 101
		[ "$status" -ne 0 ] || break
		assert_output_has "injected failure after step $n"
		wait_for 3 ct_is_down 101 || ct_is_down 101
		[[ $(wabe status 101) == *" down" ]]
	done
	[ "$n" -gt "$2" ]
	[ "$(wabe exec 101 echo in)" = in ]
	wabe --quiet stop 101 --fast
	wait_for 3 ct_is_down 101 || ct_is_down 101
}

@test "start: a failure after any row of the supervisor leaves nothing" {
	start_loop start 8
}

@test "start: a failure after any row of the container's first process leaves nothing" {
	start_loop init 7
}

@test "stop: whatever row of the teardown is left out, the next command finds and removes it" {
	local n next

	create
	for n in 1 2 3 4 5 6 7 8 9; do
		for next in stop start; do
			WABE_FAIL_AT=start:u$n wabe --quiet start 101
			run_wabe stop 101 --fast
			[[ $(wabe status 101) == *" down" ]]
			run_wabe $next 101
			assert_status 0
			wabe --quiet stop 101 --fast
			wait_for 3 ct_is_down 101 || ct_is_down 101
		done
	done
}

@test "destroy: cut short after any row, the next destroy finishes it" {
	local n=0

	while :; do
		n=$((n + 1))
		create
		WABE_FAIL_AT=destroy:$n run_wabe destroy 101
		[ "$status" -ne 0 ] || break
		assert_fails 3 "injected failure after step $n"
		# past the row that retires the configuration there is nothing to destroy
		run_wabe destroy 101
		[ "$status" -eq 0 ] || assert_fails 14 "does not exist"
		# what was left is removed by the next destroy of any container
		wabe --quiet create 102 --ostemplate busybox
		wabe --quiet destroy 102
		wait_for 3 ct_left_nothing 101 || ct_left_nothing 101
	done
	[ "$n" -gt 5 ]
	wait_for 3 ct_left_nothing 101 || ct_left_nothing 101
}
