#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# An upgrade under running containers: their supervisors execute the installed program, keep
# their numbers, and neither containers nor who works in them notice.

bats_require_minimum_version 1.5.0
load ../lib/common

setup() {
	busybox_template
	dir=$BATS_TEST_TMPDIR
	all=()
}

# started N: containers from 1001 on.
started() {
	local i

	mapfile -t all < <(seq 1001 $((1000 + $1)))
	for i in "${all[@]}"; do
		wabe --quiet create "$i" --ostemplate busybox --ipadd "$(ip4_of "$i")" &&
			wabe --quiet start "$i" 2>/dev/null || return 1
	done
}

teardown() {
	exec 7>&- 8>&- || :
	drop_ct "${all[@]}"
}

# Number, init and when it was started, supervisor of each.
who() {
	local i init

	for i in "${all[@]}"; do
		init=$(wabe list -Ho pid "$i" | tr -d ' ')
		echo "$i $init $(cut -d' ' -f22 "/proc/$init/stat")" \
			"$(cat "$CGROUP/$i/supervisor/cgroup.procs")"
	done
}


# Sessions: pipes and a terminal, whose other ends are held at 7 and 8.
attach() {
	mkfifo "$dir/in7" "$dir/in8"
	timeout 250 wabe exec 1001 cat <"$dir/in7" >"$dir/out7" 2>&1 3>&- &
	session7=$!
	exec 7>"$dir/in7"
	timeout 250 script -qefc "wabe enter 1002" /dev/null <"$dir/in8" >"$dir/out8" 2>&1 \
		3>&- 7>&- &
	session8=$!
	exec 8>"$dir/in8"
	talks before
}

talks() {
	echo "pipe-$1" >&7
	echo "echo tty-\$((6 * 7))-$1" >&8
	wait_for 15 grep -q "^pipe-$1" "$dir/out7"
	wait_for 15 grep -q "tty-42-$1" "$dir/out8"
}

@test "reexec --all under running containers with sessions attached" {
	started 100
	who >"$dir/before"
	attach
	run_wabe reexec --all
	assert_status 0
	assert_output_is ""
	talks after
	who >"$dir/after"
	diff "$dir/before" "$dir/after"
	# again, and all at once
	renewing=()
	for i in "${all[@]}"; do
		wabe reexec "$i" 3>&- 7>&- 8>&- &
		renewing+=($!)
	done
	wait "${renewing[@]}"
	talks again
	who >"$dir/after"
	diff "$dir/before" "$dir/after"
	exec 7>&-
	wait "$session7"
	echo exit >&8
	exec 8>&-
	wait "$session8"
	# each console is still drained, each stop answered
	for i in "${all[@]}"; do
		wabe exec "$i" "echo end-$i >/dev/console"
		wait_for 3 grep -q "end-$i" "${WABE_ROOT:-}/var/log/vz/$i.console"
		run_wabe stop "$i" --fast
		assert_status 0
		wait_for 3 ct_is_down "$i" || ct_is_down "$i"
	done
}

@test "reexec --all puts back killed supervisors, and tells of one that cannot be renewed" {
	started 6
	for i in 1003 1004; do
		kill -9 "$(cat "$CGROUP/$i/supervisor/cgroup.procs")"
	done
	printf '%s\nsleeping\n' $$ >"$VAR/lock/1005.lck"
	run_wabe reexec --all
	assert_status 9
	assert_output_has "container 1005 is locked by process $$ (sleeping)" \
		"reexec failed for 1 of 6 containers"
	rm "$VAR/lock/1005.lck"
	for i in 1003 1004 "${all[-1]}"; do
		[ -n "$(cat "$CGROUP/$i/supervisor/cgroup.procs")" ]
		[ "$(wabe exec "$i" echo in)" = in ]
	done
	run_wabe reexec --all
	assert_status 0
	run_wabe reexec --all 1003
	assert_fails 20 "usage: wabe reexec CT|--all"
	run_wabe reexec
	assert_fails 21 "missing"
}

@test "a supervisor that is stopping is not disturbed by being renewed" {
	started 1
	# its init does not react, the command that stops it is killed
	wabe exec 1001 'trap "" USR2 TERM' || :
	kill -STOP "$(wabe list -Ho pid 1001 | tr -d ' ')"
	wabe --quiet stop 1001 --timeout 4 3>&- &
	sleep 0.3
	kill -9 $!
	wabe reexec 1001
	wait_for 15 ct_is_down 1001 || ct_is_down 1001
}
