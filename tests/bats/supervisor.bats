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

@test "a killed supervisor's successor gives the container a new console" {
	local before

	before=$(supervisor)
	kill -9 "$before"
	wait_for 3 eval '[ "$(supervisor)" != "$before" ]'
	# the old one hung up with its supervisor
	run ! wabe exec 101 'echo nowhere >/dev/console'
	run_wabe reexec 101
	assert_status 0
	wabe exec 101 'echo successor >/dev/console'
	wait_for 3 grep -q successor "${WABE_ROOT:-}/var/log/vz/101.console"
	assert_eq "$(wabe exec 101 'grep -c " /dev/console " /proc/mounts')" 1 "mounts on it"
	# whatever the container made of its /dev, it is supervised
	kill -9 "$(supervisor)"
	wabe exec 101 'umount /dev/console; rm /dev/console; mkdir /dev/console'
	run_wabe reexec 101
	assert_status 0
	wabe --quiet stop 101
	down
}

@test "init killed from the host: the supervisor takes the container down" {
	kill -9 "$(wabe list -Ho pid 101 | tr -d ' ')"
	wait_for 5 ct_is_down 101 || ct_is_down 101
	down
}

@test "/run wiped: addresses can still be changed" {
	rm -rf "$RUN"
	wabe --quiet set 101 --ipadd 192.0.2.240 --save
	ping -c1 -W1 192.0.2.240 >/dev/null
	ping -c1 -W1 "$(ip4_of 101)" >/dev/null
	wabe --quiet set 101 --ipdel "$(ip4_of 101)" --save
	run ! ping -c1 -W1 "$(ip4_of 101)"
	ping -c1 -W1 192.0.2.240 >/dev/null
	wabe --quiet stop 101
	down
}

@test "/run wiped: a process that is number 1 of a namespace inside is not taken for init" {
	wabe exec 101 'unshare -p -f -m -u sh -c "hostname FAKE; sleep 1000" </dev/null >/dev/null 2>&1 &'
	sleep 0.3
	rm -rf "$RUN"
	[ "$(wabe exec 101 hostname)" != FAKE ]
}

@test "a command that was killed and not reaped holds no lock" {
	python3 - "$VAR/lock/101.lck" <<-'EOT' || skip "python3 is not there"
		import os, sys
		pid = os.fork()
		if pid == 0:
		    os._exit(0)
		# a zombie until this process ends; its child then runs wabe
		import time; time.sleep(0.1)
		stat = open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()
		assert stat[0] == "Z"
		open(sys.argv[1], "w").write("%d\nstopping\n%s\n" % (pid, stat[19]))
		sys.exit(os.waitstatus_to_exitcode(os.system("wabe --quiet set 101 --hostname z --save 2>/dev/null")))
	EOT
	grep -qx 'HOSTNAME="z"' "$CONF/101.conf"
}

@test "a configuration that is gone or spoilt does not keep a container running" {
	cp "$CONF/101.conf" "$BATS_TEST_TMPDIR/good"
	head -c 2000000 /dev/zero >"$CONF/101.conf"
	run_wabe status 101
	assert_status 0
	assert_output_is "CTID 101 exist mounted running"
	rm "$CONF/101.conf"
	run_wabe stop 101 --fast
	assert_status 0
	wait_for 3 ct_is_down 101 || ct_is_down 101
	run_wabe stop 101
	assert_fails 14 "does not exist"
	cp "$BATS_TEST_TMPDIR/good" "$CONF/101.conf"
}

@test "limits of the shell that starts a container are not its own, nor its supervisor's" {
	local before pid

	wabe --quiet stop 101 --fast
	(
		ulimit -S -t 1000 -f 4
		wabe --quiet start 101
	)
	for pid in "$(supervisor)" "$(wabe list -Ho pid 101 | tr -d ' ')"; do
		run ! grep -E '^Max (cpu time|file size) +[0-9]' "/proc/$pid/limits"
	done
	# one that cannot be lifted costs the log alone
	wabe --quiet stop 101 --fast
	(
		ulimit -f 8
		wabe --quiet start 101
	)
	before=$(supervisor)
	wabe exec 101 'dd if=/dev/zero bs=512 count=40 of=/dev/console'
	wabe exec 101 'echo more >/dev/console'
	sleep 0.2
	assert_eq "$(supervisor)" "$before"
	wabe --quiet stop 101
	down
}

@test "a supervisor that could not be renewed leaves nothing open in the next life" {
	local bin=$BATS_TEST_TMPDIR/bin from before init pid

	from=$(dirname "$(readlink -f "$(command -v wabe)")")
	[ -x "$from/wabe-keeper" ] || skip "the programs are not in one directory"
	wabe --quiet stop 101 --fast
	mkdir "$bin"
	cp "$from"/wabe{,-keeper,-supervisor,-archive} "$bin/"
	"$bin/wabe" --quiet start 101
	pid=$(supervisor)
	before=$(find "/proc/$pid/fd" -type l | wc -l)
	init=$(wabe list -Ho pid 101)
	mv "$bin/wabe-keeper" "$bin/away"
	run -3 --separate-stderr "$bin/wabe" reexec 101
	# one that looks like a program and is none
	printf '\0' >"$bin/wabe-keeper"
	chmod +x "$bin/wabe-keeper"
	"$bin/wabe" reexec 101
	sleep 0.1
	mv "$bin/away" "$bin/wabe-keeper"
	wabe exec 101 'reboot -f' || :
	wait_for 5 eval '[ "$(wabe list -Ho pid 101)" != "$init" ] && wabe exec 101 true'
	assert_eq "$(supervisor)" "$pid"
	wait_for 2 eval '[ "$(cat "/proc/$pid/comm")" = wabe-keeper ]'
	assert_eq "$(find "/proc/$pid/fd" -type l | wc -l)" "$before"
}
