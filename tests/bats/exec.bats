#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Running things inside: arguments, exit codes, binary-clean stdio, terminals, what may not
# come along.

bats_require_minimum_version 1.5.0
load ../lib/common

setup_file() {
	running_ct 101
}

teardown_file() {
	drop_ct 101
}

@test "exec, exec2 and exec3: exit codes" {
	run_wabe exec 101 true
	assert_status 0
	run_wabe exec 101 'exit 7'
	assert_status 8
	run_wabe exec2 101 'exit 7'
	assert_status 7
	run_wabe exec3 101 false
	assert_status 1
	run_wabe exec3 101 /no/such/program
	assert_fails 8 "/no/such/program"
	run_wabe exec2 101 'kill -9 $$'
	assert_status 137
}

@test "exec joins its words for a shell, exec3 does not" {
	[ "$(wabe exec 101 echo 'a   b' '$HOME')" = "a b /" ]
	[ "$(wabe exec3 101 echo 'a   b' '$HOME')" = 'a   b $HOME' ]
	[ "$(wabe exec 101 'echo one; echo two' | wc -l)" -eq 2 ]
	[ "$(echo 'echo from $0 script' | wabe exec 101 -)" != "" ]
	[ "$(wabe exec3 101 echo --help -n x)" = "--help -n x" ]
}

@test "a command that begins with a dash is none of the shell's options" {
	run_wabe exec2 101 -x foo
	assert_status 127
	[ "$(wabe exec 101 -- echo one -- two)" = "one -- two" ]
	[ "$(wabe exec3 101 -- echo '*')" = '*' ]
	run_wabe exec 101 --
	assert_fails 20 "a word is missing"
}

@test "stdin, stdout and stderr are apart and binary-clean" {
	head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	# from a file and to a file: through pipes of ours
	wabe exec 101 cat <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out"
	cmp "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
	# from a pipe and to a pipe: as they are
	cat "$BATS_TEST_TMPDIR/in" | wabe exec 101 cat | cmp "$BATS_TEST_TMPDIR/in" -
	wabe exec 101 'echo out; echo err >&2' >"$BATS_TEST_TMPDIR/o" 2>"$BATS_TEST_TMPDIR/e"
	[ "$(<"$BATS_TEST_TMPDIR/o")" = out ]
	[ "$(<"$BATS_TEST_TMPDIR/e")" = err ]
	# a reader that leaves early
	wabe exec 101 'while :; do echo y; done' | head -1 >/dev/null
}

@test "a directory or file of the host as stdin is not handed in" {
	run -0 wabe exec 101 'ls -l /proc/self/fd/0' </etc
	[[ $output == *pipe:* ]]
	run -0 wabe exec 101 'ls -l /proc/self/fd/0' </etc/passwd
	[[ $output == *pipe:* ]]
}

@test "a signal to the command reaches what it runs" {
	wabe exec2 101 'trap "echo got-term; exit 3" TERM; echo ready; while :; do sleep 0.1; done' \
		>"$BATS_TEST_TMPDIR/o" &
	pid=$!
	wait_for 5 grep -q ready "$BATS_TEST_TMPDIR/o"
	kill -TERM "$pid"
	rc=0
	wait "$pid" || rc=$?
	[ "$rc" -eq 3 ]
	grep -q got-term "$BATS_TEST_TMPDIR/o"
}

@test "what a command leaves in the background lives on and dies with the container" {
	running_ct 102
	wabe exec 102 'sleep 1000 </dev/null >/dev/null 2>&1 &'
	wabe exec 102 'ps' | grep -q 'sleep 1000'
	wabe --quiet stop 102 --fast
	wait_for 3 ct_is_down 102 || ct_is_down 102
	drop_ct 102
}

@test "a container that spoils its exec cgroup is entered all the same" {
	running_ct 102
	wabe exec 102 true
	# its own and threaded: cannot take processes any more
	wabe exec 102 'mkdir /sys/fs/cgroup/own; echo $$ >/sys/fs/cgroup/own/cgroup.procs
		rmdir /sys/fs/cgroup/exec; mkdir /sys/fs/cgroup/exec
		echo threaded >/sys/fs/cgroup/exec/cgroup.type || :' 2>/dev/null
	[ "$(wabe exec 102 echo in)" = in ]
	drop_ct 102
	# frozen: a process born there stands still
	running_ct 102
	wabe exec 102 'mkdir /sys/fs/cgroup/own; echo $$ >/sys/fs/cgroup/own/cgroup.procs
		rmdir /sys/fs/cgroup/exec; mkdir /sys/fs/cgroup/exec
		echo 1 >/sys/fs/cgroup/exec/cgroup.freeze'
	[ "$(cat "$CGROUP/102/payload/exec/cgroup.freeze")" = 1 ]
	[ "$(wabe exec 102 echo in)" = in ]
	drop_ct 102
}

@test "enter gives a terminal of the container's own, and its exit status" {
	command -v script >/dev/null
	rc=0
	(
		sleep 0.5
		printf 'tty; stty size; echo at-$((40+2)); exit 5\n'
		sleep 1
	) | script -qefc "stty rows 33 cols 77; wabe enter 101" /dev/null >"$BATS_TEST_TMPDIR/o" ||
		rc=$?
	cat "$BATS_TEST_TMPDIR/o"
	grep -q "entered into CT 101" "$BATS_TEST_TMPDIR/o"
	grep -q "/dev/pts/" "$BATS_TEST_TMPDIR/o"
	grep -q "33 77" "$BATS_TEST_TMPDIR/o"
	grep -q "at-42" "$BATS_TEST_TMPDIR/o"
	grep -q "exited from CT 101" "$BATS_TEST_TMPDIR/o"
	[ "$rc" -eq 5 ]
}

@test "enter without a terminal is refused with one sentence" {
	run_wabe enter 101
	[ "$status" -ne 0 ]
	assert_one_line_error terminal
}

@test "not running" {
	wabe --quiet create 102 --ostemplate busybox
	run_wabe exec 102 true
	assert_fails 8 "not running"
	run_wabe exec2 102 true
	assert_fails 31 "not running"
	run_wabe exec3 102 true
	assert_fails 31 "not running"
	drop_ct 102
}
