#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What happens to commands, helpers and disks in the middle of the work: signals, terminals that
# go away, a killed archiver, full and read-only file systems.
# testhost: --size 256M

bats_require_minimum_version 1.5.0
load ../lib/common
load ../lib/rows

setup() {
	busybox_template
	mkdir -p "${LOG%/*}"
	dir=$BATS_TEST_TMPDIR
	command=
}

teardown() {
	[ -z "$command" ] || kill -KILL "$command" 2>/dev/null || :
	rm -f "$VAR"/filler* "$RUN"/filler*
	umount "$VAR" "$ETC" 2>/dev/null || :
	drop_ct 101
}

supervisor() {
	cat "$CGROUP/101/supervisor/cgroup.procs" 2>/dev/null
}

held() {
	local pid

	pid=$(supervisor)
	[ -n "$pid" ] && grep -q '^State:.*T' "/proc/$pid/status"
}

# The command gets SIGNAL while its supervisor is at each row of the start; the supervisor goes
# on, and so does the container.
command_gets() {
	local table row

	while read -r table row _ <&3; do
		[ "$table" = start ] || continue
		create_101
		# in a process group of its own, as a shell starts it; not ignoring SIGINT, as a
		# command in a script's background would
		WABE_HOLD_AT=start:-$row env --default-signal=INT,QUIT setsid \
			wabe --quiet start 101 >"$dir/out" 2>&1 3>&- &
		command=$!
		wait_for 5 held
		kill "-$1" -- "-$command" || return 1
		wait "$command" || :
		command=
		[ -n "$(supervisor)" ]
		kill -CONT "$(supervisor)"
		wait_for 5 eval '[ "$(wabe exec 101 echo in)" = in ]'
		status_is_true
		recovers start "$2"
	done 3< <(rows_of run)
}

@test "kill -9 of the command while its supervisor starts the container" {
	command_gets KILL stop
}

@test "Ctrl-C while a container starts" {
	command_gets INT start
}

@test "a terminal that goes away while a container starts" {
	command_gets HUP again
}

@test "a terminal that goes away ends no container that was started from it" {
	create_101
	# a login on a terminal of its own, in its session the command
	script -qefc "wabe --quiet start 101; echo started; sleep 60" /dev/null </dev/null \
		>"$dir/out" 2>&1 3>&- &
	command=$!
	wait_for 5 grep -q started "$dir/out"
	kill -KILL "$command"
	wait "$command" || :
	command=
	sleep 0.2
	[ "$(wabe exec 101 echo in)" = in ]
	[ -n "$(supervisor)" ]
	recovers start stop
}

@test "signals to the supervisor of a running container do nothing" {
	create_101
	wabe --quiet start 101
	for s in INT TERM HUP PIPE; do
		kill "-$s" "$(supervisor)"
	done
	sleep 0.1
	[ "$(wabe exec 101 echo in)" = in ]
	[ -n "$(supervisor)" ]
	recovers start stop
}

@test "Ctrl-C during a stop that waits: stop --fast takes over" {
	create_101
	wabe --quiet start 101
	kill -STOP "$(wabe list -Ho pid 101 | tr -d ' ')"
	env --default-signal=INT setsid wabe --quiet stop 101 --timeout 60 3>&- &
	command=$!
	sleep 0.3
	kill -INT -- "-$command"
	wait "$command" || :
	command=
	run_wabe stop 101 --fast
	assert_status 0
	wait_for 3 ct_is_down 101 || ct_is_down 101
}

@test "a supervisor killed while its container reboots" {
	local ms i

	for ms in 0 2 4 6 8 12 16 24; do
		create_101
		wabe --quiet start 101
		i=$(supervisor)
		wabe exec 101 'reboot -f' </dev/null >/dev/null 2>&1 3>&- &
		sleep "0.0$((ms / 10))$((ms % 10))"
		kill -KILL "$i" 2>/dev/null || :
		wait
		recovers start start || {
			echo "-- killed $ms ms after the reboot began" >&2
			return 1
		}
	done
}

# An archive that takes a moment to unpack.
big_template() {
	local t=$dir/big

	[ ! -e "$VAR/template/cache/big.tar" ] || return 0
	mkdir -p "$t"
	tar -C "$t" -xf "$VAR"/template/cache/busybox.tar*
	mkdir "$t/many"
	(cd "$t/many" && seq 20000 | xargs touch)
	tar -C "$t" -cf "$VAR/template/cache/big.tar" .
	rm -rf "$t"
}

unpacking() {
	compgen -G "$VAR/template/tree/.tmp.*/root/many/9*" >/dev/null
}

archiver() {
	cat "/proc/$command/task/$command/children"
}

no_partial_tree() {
	! compgen -G "$VAR/template/tree/.tmp.*" >/dev/null
}

@test "the archiver killed while it unpacks: a clear error, nothing left" {
	big_template
	wabe create 101 --ostemplate big >"$dir/out" 2>&1 3>&- &
	command=$!
	wait_for 10 unpacking
	kill -KILL "$(archiver | tr -d ' ')"
	status=0
	wait "$command" || status=$?
	command=
	[ "$status" -eq 3 ]
	grep -q 'killed by signal 9' "$dir/out"
	no_partial_tree
	wait_for 3 ct_left_nothing 101 || ct_left_nothing 101
}

@test "a command killed while its archiver unpacks: that ends too, the next unpacks it whole" {
	local helper

	big_template
	wabe create 101 --ostemplate big >"$dir/out" 2>&1 3>&- &
	command=$!
	wait_for 10 unpacking
	helper=$(archiver | tr -d ' ')
	kill -KILL "$command"
	wait "$command" || :
	command=
	wait_for 2 eval '! kill -0 "$helper"'
	run_wabe create 101 --ostemplate big
	assert_status 0
	no_partial_tree
	wabe --quiet start 101
	[ "$(wabe exec 101 'ls /many | wc -l')" -eq 20000 ]
}

# Twice, as blocks that were freed before are given back at the next commit of the journal.
fill() {
	local i

	for i in 1 2; do
		sync -f "$1"
		dd if=/dev/zero bs=1M 2>/dev/null >>"$1/filler" || :
		dd if=/dev/zero bs=1k 2>/dev/null >>"$1/filler2" || :
	done
	run ! cp /etc/services "$1/filler3"
}

@test "a full disk: set changes nothing, start, stop and destroy do" {
	create_101
	wabe --quiet start 101
	fill "$VAR"
	snapshot >"$dir/before"
	run_wabe --quiet set 101 --hostname other --ipadd 192.0.2.240 --save
	assert_status 139
	assert_output_has "No space left"
	snapshot >"$dir/after"
	diff "$dir/before" "$dir/after"
	[ "$(wabe status 101)" = "CTID 101 exist mounted running" ]
	run_wabe stop 101 --fast
	assert_status 0
	run_wabe start 101
	assert_status 0
	run_wabe restart 101 --fast
	assert_status 0
	[ "$(wabe exec 101 echo in)" = in ]
	run_wabe stop 101 --fast
	assert_status 0
	run_wabe destroy 101
	assert_status 0
	rm -f "$VAR"/filler*
	wait_for 3 ct_left_nothing 101 || ct_left_nothing 101
}

@test "a full /run: no start, and nothing of it; what runs can be stopped" {
	create_101
	wabe --quiet start 101
	mount -o remount,size=64k "${WABE_ROOT:-}/run"
	dd if=/dev/zero of="$RUN/filler" bs=4k 2>/dev/null || :
	[ "$(wabe status 101)" = "CTID 101 exist mounted running" ]
	[ "$(wabe exec 101 echo in)" = in ]
	run_wabe stop 101 --fast
	assert_status 0
	wait_for 3 ct_is_down 101 || ct_is_down 101
	# what the stop gave back
	dd if=/dev/zero of="$RUN/filler2" bs=4k 2>/dev/null || :
	run_wabe --quiet start 101
	assert_status 46
	assert_output_has "No space left"
	wait_for 3 ct_is_down 101 || ct_is_down 101
	rm -f "$RUN"/filler*
	mount -o remount,size=50% "${WABE_ROOT:-}/run"
	recovers start start
}

@test "a read-only disk: status and stop work, the others say what is wrong" {
	create_101
	wabe --quiet start 101
	for d in "$VAR" "$ETC"; do
		mount --bind "$d" "$d"
		mount -o remount,bind,ro "$d"
	done
	[ "$(wabe status 101)" = "CTID 101 exist mounted running" ]
	[ "$(wabe exec 101 echo in)" = in ]
	run_wabe --quiet set 101 --hostname other --save
	assert_status 139
	assert_output_has "Read-only file system"
	[ "$(wabe exec 101 hostname)" = kill ]
	run_wabe --quiet create 102 --ostemplate busybox
	[ "$status" -ne 0 ]
	assert_one_line_error "Read-only file system"
	run_wabe --quiet stop 101 --fast
	assert_status 0
	wait_for 3 ct_is_down 101 || ct_is_down 101
	run_wabe --quiet start 101
	[ "$status" -ne 0 ]
	assert_output_has "Read-only file system"
	wait_for 3 ct_is_down 101 || ct_is_down 101
	umount "$VAR" "$ETC"
	recovers start start
}

@test "a supervisor killed while the first process of its container is stuck: start ends" {
	local command failed=0

	create_101
	WABE_HOLD_AT=start:5 wabe --quiet start 101 >"$dir/out" 2>&1 3>&- &
	command=$!
	wait_for 5 held
	echo 1 >"$CGROUP/101/payload/cgroup.freeze"
	kill -9 "$(supervisor)"
	wait "$command" || failed=$?
	[ "$failed" -ne 0 ]
	wabe --quiet start 101
	[ "$(wabe exec 101 echo in)" = in ]
}
