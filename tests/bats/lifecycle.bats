#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# From create to destroy: what a container is given, what it may do, and what is left of it.

bats_require_minimum_version 1.5.0
load ../lib/common

setup() {
	busybox_template
}

teardown() {
	drop_ct 101 102
}

@test "create, start, exec, stop, destroy; nothing is left" {
	run_wabe create 101 --ostemplate busybox --hostname web1.example \
		--ipadd "$(ip4_of 101)" --ipadd "$(ip6_of 101)" --name web
	assert_status 0
	assert_output_is "Container private area was created"
	[ "$(wabe status 101)" = "CTID 101 exist unmounted down" ]
	run_wabe start web
	assert_status 0
	assert_output_has "Starting container..." "Container is mounted" \
		"Adding IP address(es): $(ip4_of 101) $(ip6_of 101)" \
		"Container start in progress..."
	[ "$(wabe status web)" = "CTID 101 exist mounted running" ]
	[ "$(wabe exec 101 hostname)" = web1.example ]
	run_wabe stop 101
	assert_status 0
	assert_output_has "Stopping container ..." "Container was stopped" "Container is unmounted"
	[ "$(wabe status 101)" = "CTID 101 exist unmounted down" ]
	run_wabe destroy 101
	assert_status 0
	wait_for 3 ct_left_nothing 101 || ct_left_nothing 101
	[ "$(wabe status 101)" = "CTID 101 deleted unmounted down" ]
}

@test "the configuration has vzctl's keys, a literal \$VEID, and what was given" {
	wabe --quiet create 101 --ostemplate busybox --ram 256M --swap 128M --numproc 99 \
		--cpuunits 2000 --cpulimit 50 --diskspace 1G:2G --hostname h
	grep -qx 'VE_PRIVATE="/var/lib/vz/private/$VEID"' "$CONF/101.conf"
	grep -qx 'OSTEMPLATE="busybox"' "$CONF/101.conf"
	grep -qx 'PHYSPAGES="0:65536"' "$CONF/101.conf"
	grep -qx 'SWAPPAGES="0:32768"' "$CONF/101.conf"
	grep -qx 'NUMPROC="99"' "$CONF/101.conf"
	grep -qx 'CPUUNITS="2000"' "$CONF/101.conf"
	grep -qx 'CPULIMIT="50"' "$CONF/101.conf"
	grep -qx 'DISKSPACE="1048576:2097152"' "$CONF/101.conf"
	grep -q '^ORIGIN_SAMPLE=' "$CONF/101.conf"
	grep -qE '^LOCAL_UID="[0-9]+"' "$CONF/101.conf"
}

@test "without options a container has limits from the sample" {
	wabe --quiet create 101 --ostemplate busybox
	grep -qE '^NUMPROC="[0-9:]+"' "$CONF/101.conf"
	grep -qE '^PHYSPAGES="0:[0-9]+"' "$CONF/101.conf"
	grep -qE '^DISKSPACE="[0-9]+:[0-9]+"' "$CONF/101.conf"
}

@test "every namespace is the container's own, the cgroup's root is its payload" {
	local init ns

	running_ct 101
	init=$(wabe list -Ho pid 101 | tr -d ' ')
	for ns in user mnt pid net uts ipc cgroup; do
		[ "$(readlink "/proc/$init/ns/$ns")" != "$(readlink "/proc/self/ns/$ns")" ]
		# who enters is in the same ones
		assert_eq "$(wabe exec 101 readlink /proc/self/ns/$ns)" \
			"$(readlink "/proc/$init/ns/$ns")" "$ns of exec"
	done
	[ "$(wabe exec 101 'grep ^0:: /proc/1/cgroup')" = 0::/ ]
	[ "$(wabe exec 101 'grep ^0:: /proc/self/cgroup')" = 0::/exec ]
}

@test "two containers have uid ranges apart, inside them root is 0, on disk ids are unshifted" {
	local a b

	running_ct 101
	running_ct 102
	a=$(wabe exec 101 'cat /proc/self/uid_map')
	b=$(wabe exec 102 'cat /proc/self/uid_map')
	[[ $a =~ ^\ +0\ +([0-9]+)\ +65536$ ]]
	a=${BASH_REMATCH[1]}
	[[ $b =~ ^\ +0\ +([0-9]+)\ +65536$ ]]
	b=${BASH_REMATCH[1]}
	[ $((a > b ? a - b : b - a)) -ge 65536 ]
	wabe exec 101 'echo x >/root/f; chown 33:44 /root/f'
	[ "$(stat -c %u:%g "$VAR/private/101/fs/upper/root/f")" = 33:44 ]
	[ "$(wabe exec 101 stat -c %u:%g /root/f)" = 33:44 ]
	# C40: to the other container these ids do not exist
	[ "$(stat -c %u "/proc/$(wabe list -Ho pid 101 | tr -d ' ')")" = "$a" ]
}

@test "the first process and what enters are confined: capabilities, seccomp, descriptors" {
	local status_file

	running_ct 101
	for status_file in /proc/1/status /proc/self/status; do
		wabe exec 101 "cat $status_file" >"$BATS_TEST_TMPDIR/s"
		grep -qP '^CapInh:\t0+$' "$BATS_TEST_TMPDIR/s"
		grep -qP '^CapAmb:\t0+$' "$BATS_TEST_TMPDIR/s"
		grep -qP '^CapBnd:\t00000100bdfcffff$' "$BATS_TEST_TMPDIR/s"
		grep -qP '^Seccomp:\t2$' "$BATS_TEST_TMPDIR/s"
		grep -qP '^NoNewPrivs:\t0$' "$BATS_TEST_TMPDIR/s"
	done
	# C30: only 0, 1 and 2 (ls itself has the directory open)
	[ "$(wabe exec3 101 ls /proc/self/fd | tr '\n' ' ')" = "0 1 2 3 " ]
	[ "$(wabe exec 101 'ls /proc/1/fd' | sort -n | tail -1)" -le 3 ]
	# C13, C01, C08
	run ! wabe exec2 101 'mknod /tmp/m c 1 1'
	run ! wabe exec2 101 'echo x >/proc/sys/kernel/core_pattern'
	run ! wabe exec2 101 'echo -1000 >/proc/1/oom_score_adj'
	# C04
	wabe exec2 101 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	# C41, C42
	run ! wabe exec2 101 'echo 1 >/sys/fs/cgroup/cgroup.kill'
	wabe exec2 101 'mkdir /sys/fs/cgroup/sub'
}

@test "/dev has the standard nodes, working, and no more" {
	running_ct 101
	assert_eq "$(wabe exec 101 'ls /dev' | tr '\n' ' ')" \
		"console core fd full mqueue net null ptmx pts random shm stderr stdin stdout tty urandom zero "
	wabe exec2 101 'echo x >/dev/null; head -c1 /dev/urandom >/dev/null; : </dev/zero'
	run ! wabe exec2 101 'echo x >/dev/full'
	wabe exec2 101 'echo x >/dev/shm/f && mount | grep -q "devpts.*gid=\|devpts on /dev/pts"'
	[ "$(wabe exec 101 stat -c %a /dev/shm)" = 1777 ]
}

@test "the environment is clean and the working directory inside" {
	running_ct 101
	[ "$(SECRET=x wabe exec 101 env | sort | grep -v ^_= | tr '\n' ' ')" = \
		"HOME=/ PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin PWD=/ SHLVL=1 TERM=linux " ] ||
		[ "$(SECRET=x wabe exec3 101 env | sort | tr '\n' ' ')" = \
			"HOME=/ PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=linux " ]
	[ "$(cd /etc && wabe exec 101 pwd)" = / ]
	[ "$(wabe exec 101 'tr "\0" "\n" </proc/1/environ' | grep container=)" = container=lxc ]
}

@test "a reboot from inside starts it again with its address" {
	local before

	running_ct 101 --ipadd "$(ip4_of 101)"
	before=$(wabe list -Ho pid 101)
	wabe exec 101 reboot
	wait_for 20 eval '[ "$(wabe status 101)" = "CTID 101 exist mounted running" ] &&
		[ "$(wabe list -Ho pid 101)" != "'"$before"'" ]'
	wait_for 5 ping -c1 -W1 "$(ip4_of 101)"
}

@test "a power off from inside leaves nothing, without any command" {
	running_ct 101 --ipadd "$(ip4_of 101)"
	wabe exec 101 poweroff
	wait_for 20 ct_is_down 101 || ct_is_down 101
	[ "$(wabe status 101)" = "CTID 101 exist unmounted down" ]
}

@test "a reboot from inside with every step logged" {
	mkdir -p "${WABE_ROOT:-}/var/log"
	sed -i 's/^LOG_LEVEL=.*/LOG_LEVEL="2"/' "$ETC/vz.conf"
	grep -q '^LOG_LEVEL="2"' "$ETC/vz.conf"
	running_ct 101
	wabe exec 101 'echo >/was-here; reboot -f' || :
	wait_for 5 eval 'grep -q "reboot from inside" "${WABE_ROOT:-}/var/log/vzctl.log"'
	wait_for 5 eval '[ "$(wabe exec 101 echo in)" = in ]'
	sed -i 's/^LOG_LEVEL=.*/LOG_LEVEL="0"/' "$ETC/vz.conf"
}

@test "an init that reboots at once again and again is held back" {
	local starts

	busybox_template
	wabe --quiet create 101 --ostemplate busybox
	wabe --quiet mount 101
	rm "$VAR/root/101/sbin/init"
	printf '#!/bin/sh\nsleep 0.1\necho run >>/runs\nreboot -f\n' >"$VAR/root/101/sbin/init"
	chmod 755 "$VAR/root/101/sbin/init"
	wabe --quiet umount 101
	wabe --quiet start 101
	sleep 4
	starts=$(wc -l <"$VAR/private/101/fs/upper/runs")
	[ "$starts" -ge 2 ]
	[ "$starts" -le 5 ]
	# a stop gets through while it waits for its next start
	run_wabe stop 101 --fast
	assert_status 0
	wait_for 3 ct_is_down 101 || ct_is_down 101
}

@test "stop of an init that ignores everything kills it after the timeout" {
	busybox_template
	wabe --quiet create 101 --ostemplate busybox
	wabe --quiet mount 101
	rm "$VAR/root/101/sbin/init"
	printf '#!/bin/sh\ntrap "" TERM INT HUP USR1 USR2\nwhile :; do sleep 1; done\n' \
		>"$VAR/root/101/sbin/init"
	chmod 755 "$VAR/root/101/sbin/init"
	rm -f "$VAR/root/101/sbin/halt" "$VAR/root/101/bin/halt"
	wabe --quiet umount 101
	wabe --quiet start 101
	SECONDS=0
	run_wabe stop 101 --timeout 2
	assert_status 0
	[ "$SECONDS" -le 8 ]
	wait_for 3 ct_is_down 101 || ct_is_down 101
}

@test "stop of a stopped container is code 0 with a message, start of a running one 32" {
	busybox_template
	wabe --quiet create 101 --ostemplate busybox
	run_wabe stop 101
	assert_status 0
	assert_output_has "Container is not running"
	wabe --quiet start 101
	run_wabe start 101
	assert_fails 32 "running already"
	run_wabe destroy 101
	assert_fails 32 "is running"
	run_wabe restart 101
	assert_status 0
}

@test "the console is logged, and the log is bounded" {
	local size

	running_ct 101
	wabe exec 101 'echo to-the-console >/dev/console'
	wait_for 3 grep -q to-the-console "${WABE_ROOT:-}/var/log/vz/101.console"
	wabe exec 101 'i=0; while [ $i -lt 3000 ]; do
		echo 0123456789012345678901234567890123456789012345678901234567890123456789
		i=$((i+1)); done >/dev/console'
	sleep 0.5
	size=$(cat "${WABE_ROOT:-}"/var/log/vz/101.console* | wc -c)
	[ "$size" -le 140000 ]
	[ "$size" -ge 60000 ]
}

@test "a supervisor's own memory is at most 100 KiB" {
	local pid kib

	running_ct 101
	running_ct 102
	sync
	pid=$(wabe list -Ho supervisor 101 | tr -d ' ')
	[ "$(readlink "/proc/$pid/exe" | sed 's,.*/,,')" = wabe-keeper ]
	# two run, so that the pages of the program's file are shared, as on any real node
	kib=$(awk '/^Private_/ { n += $2 } END { print n }' "/proc/$pid/smaps_rollup")
	[ "$kib" -le 100 ]
}

@test "list, status and config tell the same as JSON" {
	running_ct 101 --hostname h --ipadd "$(ip4_of 101)" --name web
	wabe list -a --json | jq -e '.[0].ctid == 101 and .[0].status == "running" and
		.[0].hostname == "h"'
	wabe status 101 --json | jq -e '.pid > 1 and .supervisor > 1 and .name == "web"'
	wabe config 101 --json | jq -e '.HOSTNAME'
	[ "$(wabe list -Ho ctid)" = "       101" ]
	[ "$(wabe list -Ho status,hostname 101 | tr -s ' ')" = "running h" ]
}

@test "a container nests cgroups only so deep, and they are removed with it" {
	running_ct 101
	wabe exec 101 'cd /sys/fs/cgroup; i=0; while [ $i -lt 300 ]; do mkdir d && cd d || exit 0
		i=$((i+1)); done'
	depth=$(find "$CGROUP/101/payload" -type d | wc -l)
	[ "$depth" -gt 50 ]
	[ "$depth" -lt 70 ]
	[ "$(cat "$CGROUP/101/payload/cgroup.max.descendants")" = 2000 ]
	not_in_ct='echo 9999 >/sys/fs/cgroup/cgroup.max.descendants'
	run ! wabe exec2 101 "$not_in_ct"
	wabe --quiet stop 101 --fast
	wait_for 3 ct_is_down 101 || ct_is_down 101
}

@test "a container without a host name has not the host's; with one it resolves it" {
	running_ct 101
	[ "$(wabe exec 101 hostname)" = CT101 ]
	wabe --quiet set 101 --hostname new.example --save
	[ "$(wabe exec 101 hostname)" = new.example ]
	[ "$(wabe exec 101 cat /etc/hostname)" = new.example ]
	[ "$(wabe exec 101 grep 127.0.1.1 /etc/hosts)" = "127.0.1.1 new.example new" ]
	wabe --quiet set 101 --hostname other.example --save
	[ "$(wabe exec 101 'grep -c 127.0.1.1 /etc/hosts')" = 1 ]
	wabe --quiet restart 101 --fast
	[ "$(wabe exec 101 hostname)" = other.example ]
	[ "$(wabe exec 101 'grep -c 127.0.1.1 /etc/hosts')" = 1 ]
}

@test "a reader that goes away does not make a failure of a start" {
	running_ct 101
	# the reader is gone for sure: nobody else has the other end
	(
		exec 8> >(:)
		wait $!
		wabe restart 101 --fast >&8
	)
	[ "$(wabe exec 101 echo in)" = in ]
}
