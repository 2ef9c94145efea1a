#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# testhost: --size 600M
# One template under many containers; mounting for the admin; templates that change.

bats_require_minimum_version 1.5.0
load ../lib/common

setup() {
	busybox_template
}

teardown() {
	drop_ct 101 102 103
}

@test "containers share the template's files and keep their changes to themselves" {
	running_ct 101
	running_ct 102
	wabe exec 101 'echo changed >/etc/passwd; rm -r /tmp; mkdir /only-here'
	[ "$(wabe exec 102 'head -c4 /etc/passwd')" = root ]
	run ! wabe exec2 102 'test -e /only-here'
	wabe exec2 102 'test -d /tmp'
	# create copies nothing
	[ "$(find "$VAR/private/102/fs/upper" -type f | wc -l)" -le 3 ]
	wabe --quiet restart 101 --fast
	[ "$(wabe exec 101 'cat /etc/passwd')" = changed ]
	run ! wabe exec2 101 'test -e /tmp'
}

@test "mount shows a stopped container's files to the admin with plain ids, writable" {
	wabe --quiet create 101 --ostemplate busybox
	run_wabe mount 101
	assert_status 0
	[ "$(wabe status 101)" = "CTID 101 exist mounted down" ]
	[ "$(stat -c %u:%g "$VAR/root/101/etc/passwd")" = 0:0 ]
	echo hello >"$VAR/root/101/root/from-host"
	run_wabe mount 101
	assert_status 0
	assert_output_has "already mounted"
	run_wabe destroy 101
	assert_fails 41 mounted
	# start unmounts it: one upper directory, one mount
	wabe --quiet start 101
	[ "$(wabe exec 101 'cat /root/from-host; stat -c %u /root/from-host' | tr '\n' ' ')" = "hello 0 " ]
	run ! mountpoint -q "$VAR/root/101"
	run_wabe umount 101
	assert_fails 32 running
	wabe --quiet stop 101
	run_wabe umount 101
	assert_fails 40 "not mounted"
	wabe --quiet mount 101
	run_wabe umount 101
	assert_status 0
	wabe --quiet destroy 101
	wait_for 3 ct_left_nothing 101 || ct_left_nothing 101
}

@test "a setuid file of a mounted container gives nobody on the host anything" {
	wabe --quiet create 101 --ostemplate busybox
	wabe --quiet mount 101
	cp /bin/busybox "$VAR/root/101/id"
	chmod 4755 "$VAR/root/101/id"
	findmnt -no OPTIONS "$VAR/root/101" | grep -q nosuid
	run setpriv --reuid 65534 --clear-groups "$VAR/root/101/id" id
	[[ $output != *euid=0* ]]
}

@test "a container that takes the last inode is stopped and destroyed all the same" {
	running_ct 101
	wabe exec 101 'mkdir /f; cd /f; i=0; while mkdir $i 2>/dev/null; do
		(cd $i; seq 1 2000 | xargs touch) 2>/dev/null; i=$((i+1)); done'
	run ! touch "$VAR/private/one-more"
	run_wabe stop 101 --fast
	assert_status 0
	run_wabe destroy 101
	assert_status 0
	wait_for 20 ct_left_nothing 101 || ct_left_nothing 101
}

@test "a number used again while its old files are still being removed keeps its ids" {
	wabe --quiet create 101 --ostemplate busybox
	wabe --quiet mount 101
	mkdir "$VAR/root/101/many"
	(cd "$VAR/root/101/many" && seq 1 20000 | xargs touch)
	wabe --quiet umount 101
	wabe --quiet destroy 101
	wabe --quiet create 101 --ostemplate busybox
	wait_for 20 eval '[ -z "$(ls "$VAR/private/.wabe-removing" 2>/dev/null)" ]'
	sleep 0.2
	[ "$(cat "$VAR"/claims/uid/[0-9]*)" = 101 ]
	wabe --quiet start 101
}

@test "private areas are closed to users of the host" {
	wabe --quiet create 101 --ostemplate busybox
	[ "$(stat -c %a "$VAR/private")" = 700 ]
	run ! setpriv --reuid 65534 --clear-groups ls "$VAR/private/101"
	run ! setpriv --reuid 65534 --clear-groups sh -c "ls $VAR/template/tree/*/root"
}

@test "a template whose archive changes gets a new tree; containers keep theirs" {
	local tree=$BATS_TEST_TMPDIR/t

	mkdir -p "$tree/bin" "$tree/sbin"
	cp /bin/busybox "$tree/bin/busybox"
	ln -s busybox "$tree/bin/sh"
	ln -s ../bin/busybox "$tree/sbin/init"
	echo one >"$tree/version"
	tar -C "$tree" -cf "$VAR/template/cache/moving.tar" .
	wabe --quiet create 101 --ostemplate moving
	echo two >"$tree/version"
	tar -C "$tree" -cf "$VAR/template/cache/moving.tar" .
	wabe --quiet create 102 --ostemplate moving
	wabe --quiet start 101
	wabe --quiet start 102
	[ "$(wabe exec 101 'busybox cat /version' 2>/dev/null || wabe exec3 101 /bin/busybox cat /version)" = one ]
	[ "$(wabe exec 102 'busybox cat /version' 2>/dev/null || wabe exec3 102 /bin/busybox cat /version)" = two ]
}

@test "fifty creates at once: uid ranges apart, names and trees right" {
	local pids=() p

	for i in $(seq 1001 1050); do
		wabe --quiet create "$i" --ostemplate busybox --name "n$i" &
		pids+=($!)
	done
	for p in "${pids[@]}"; do
		wait "$p"
	done
	[ "$(grep -h ^LOCAL_UID= "$CONF"/10[0-5][0-9].conf | sort -u | wc -l)" -eq 50 ]
	[ "$(wabe list -aHo ctid | wc -l)" -eq 50 ]
	for i in $(seq 1001 1050); do
		wabe --quiet destroy "$i"
	done
	wait_for 5 eval '[ -z "$(ls "$VAR/private")" ]'
	[ -z "$(ls "$VAR/claims/uid")" ]
}

@test "two creates of one container: one wins" {
	local rc1=0 rc2=0 p

	wabe --quiet create 101 --ostemplate busybox 2>/dev/null &
	p=$!
	wabe --quiet create 101 --ostemplate busybox 2>/dev/null || rc2=$?
	wait "$p" || rc1=$?
	[ "$rc1" -eq 0 ] || [ "$rc2" -eq 0 ]
	[ "$rc1" -ne 0 ] || [ "$rc2" -ne 0 ]
	wabe --quiet start 101
}

@test "VE_PRIVATE is what an admin wrote: no other container's area is run or removed" {
	wabe --quiet create 101 --ostemplate busybox
	wabe --quiet create 102 --ostemplate busybox
	wabe --quiet set 102 --private /var/lib/vz/private/101 --save
	run_wabe --quiet start 102
	assert_status 43
	assert_output_has "container 101"
	run_wabe --quiet destroy 102
	assert_fails 43 "container 101"
	run_wabe --quiet mount 102
	assert_fails 43 "container 101"
	wabe --quiet set 102 --private /var/lib/vz/private --save
	run_wabe --quiet destroy 102
	assert_fails 43 "not a private area"
	[ -d "$VAR/private/101" ]
	[ -d "$VAR/private/102" ]
	# nor what only looks like ours
	mkdir -p "$VAR/own.tmp/data" "$VAR/.removing/data"
	wabe --quiet set 102 --private /var/lib/vz/own --save
	wabe --quiet destroy 102
	wabe --quiet create 103 --ostemplate busybox --private /var/lib/vz/own
	wabe --quiet destroy 103
	[ -d "$VAR/own.tmp/data" ]
	[ -d "$VAR/.removing/data" ]
	mv "$CONF/102.conf.destroyed" "$CONF/102.conf"
	wabe --quiet set 102 --private '/var/lib/vz/private/$VEID' --save
	wabe --quiet start 102
	run_wabe set 102 --private /var/lib/vz/private/x --save
	assert_fails 32 running
	run_wabe set 102 --root /var/lib/vz/root/x --save
	assert_fails 32 running
}

@test "VE_ROOT is what an admin wrote: nothing is covered, nothing foreign is unmounted" {
	wabe --quiet create 101 --ostemplate busybox
	wabe --quiet create 102 --ostemplate busybox
	wabe --quiet set 101 --root /var/lib/vz/root/one --save
	wabe --quiet set 102 --root /var/lib/vz/root/one --save
	wabe --quiet mount 101
	[ "$(wabe status 102)" = "CTID 102 exist unmounted down" ]
	run_wabe umount 102
	assert_fails 40 "not mounted"
	run_wabe mount 102
	assert_fails 50 "something else"
	wabe --quiet umount 101
	mkdir -p "$VAR/root/full/of/things"
	wabe --quiet set 102 --root /var/lib/vz/root/full --save
	run_wabe mount 102
	assert_fails 50 "not empty"
	rm -r "$VAR/root/full"
}

@test "umount takes what the admin mounted below first" {
	wabe --quiet create 101 --ostemplate busybox
	wabe --quiet mount 101
	mount -t tmpfs none "$VAR/root/101/tmp"
	mkdir "$VAR/root/101/tmp/deeper"
	mount -t tmpfs none "$VAR/root/101/tmp/deeper"
	run_wabe umount 101
	assert_status 0
	run ! grep -q "root/101" /proc/self/mountinfo
}
