#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input: one sentence, the documented code, nothing changed.

bats_require_minimum_version 1.5.0
load ../lib/common

setup() {
	busybox_template
}

teardown() {
	drop_ct 101 102
}

# What a refused command must not change.
seen() {
	cat "$CONF/101.conf" 2>/dev/null || :
	ls -A "$VAR/private" "$VAR/claims/uid" 2>/dev/null || :
}

# refused CODE TEXT -- ARG...: also checks that container 101 is as it was.
refused() {
	local code=$1 text=$2 before after
	shift 3

	before=$(seen)
	run_wabe "$@"
	after=$(seen)
	assert_fails "$code" "$text" && assert_eq "$after" "$before" "changed by: wabe $*"
}

@test "unknown container" {
	for verb in start stop restart destroy mount umount config; do
		refused 14 "does not exist" -- $verb 101
	done
	refused 14 "does not exist" -- set 101 --hostname x --save
	refused 14 "does not exist" -- exec 101 true
	refused 14 "does not exist" -- exec2 101 true
	refused 21 "" -- start no-such-name
	refused 21 "" -- start 0
	refused 21 "" -- start 2147483645
	refused 21 "" -- start 99999999999999999999
	refused 21 "" -- start -1
	refused 21 "" -- start ../101
	refused 21 "" -- start ""
	run_wabe status 101
	assert_status 0
	assert_output_is "CTID 101 deleted unmounted down"
}

@test "a container that exists already" {
	wabe --quiet create 101 --ostemplate busybox
	refused 44 "exists already" -- create 101 --ostemplate busybox
}

@test "templates: none named, unknown (near names are listed), bad names" {
	refused 91 "busybox" -- create 101 --ostemplate busybxo
	refused 91 "" -- create 101 --ostemplate nothing-like-it
	refused 21 "" -- create 101 --ostemplate ../../etc
	refused 21 "" -- create 101 --ostemplate "$(printf 'a\nb')"
	refused 91 "" -- template build no-such-recipe
	refused 91 "" -- template delete nothing
}

@test "a template in use is not deleted" {
	wabe --quiet create 101 --ostemplate busybox
	run_wabe template delete busybox
	assert_one_line_error 101
	[ "$status" -ne 0 ]
	wabe --quiet start 101
	[ "$(wabe exec 101 echo in)" = in ]
}

@test "samples" {
	refused 82 "no-such" -- create 101 --ostemplate busybox --config no-such
	refused 21 "sample" -- create 101 --ostemplate busybox --config ../../x
}

@test "addresses" {
	for ip in 1.2.3 1.2.3.256 1.2.3.4/33 fe80::1 ::1 127.0.0.1 224.0.0.1 :: 0.0.0.1 \
		2001:db8::1/129 "1.2.3.4 x" $'1.2.3.4\n5' 1.2.3.4/ ::ffff:1.2.3.4 ""; do
		[ "$ip" != "::" ] || continue # vzctl's way to say none
		refused 71 "" -- create 101 --ostemplate busybox --ipadd "$ip" ||
			{ [ "$status" -eq 21 ] && continue; }
	done
}

@test "an address that is used on this node" {
	running_ct 102 --ipadd "$(ip4_of 102)" --ipadd "$(ip6_of 102)"
	refused 78 "container 102" -- create 101 --ostemplate busybox --ipadd "$(ip4_of 102)"
	refused 78 "container 102" -- create 101 --ostemplate busybox --ipadd "$(ip6_of 102)"
	refused 78 "uplink" -- create 101 --ostemplate busybox --ipadd 198.51.100.1
	wabe --quiet create 101 --ostemplate busybox
	refused 78 "container 102" -- set 101 --ipadd "$(ip4_of 102)" --save
	# put there by hand: start refuses it, and nothing of the start stays
	echo "IP_ADDRESS=\"$(ip4_of 102)\"" >>"$CONF/101.conf"
	run_wabe start 101
	assert_status 78
	assert_output_has "container 102"
	wait_for 3 ct_is_down 101 || ct_is_down 101
	ping -c1 -W1 "$(ip4_of 102)" >/dev/null
}

@test "numbers and units" {
	for v in -1 1x "" 1.5.2 0x10 1G1 99999999999999999999999999 $'5\n6' " 7"; do
		refused 21 "" -- create 101 --ostemplate busybox --ram "$v"
	done
	refused 21 "" -- create 101 --ostemplate busybox --ram 100
	refused 21 "" -- create 101 --ostemplate busybox --cpuunits 7
	refused 21 "" -- create 101 --ostemplate busybox --cpuunits 500001
	refused 21 "" -- create 101 --ostemplate busybox --cpulimit 101%
	refused 21 "" -- create 101 --ostemplate busybox --numproc 0
	refused 21 "" -- create 101 --ostemplate busybox --diskspace 2G:1G
	refused 21 "" -- create 101 --ostemplate busybox --local_uid 65537
}

@test "host names and names" {
	local long

	long=$(printf 'a%.0s' {1..300})
	for v in "$long" a..b .a -a a- "a b" $'a\nb' $'a\tb' 'a;b' 'a$(b)' ../x "${long:0:64}.x"; do
		refused 70 "" -- create 101 --ostemplate busybox --hostname "$v"
	done
	for v in 123 -x .x $'a\nb' a/b '$(x)' "$long"; do
		refused 131 "" -- create 101 --ostemplate busybox --name "$v"
	done
	wabe --quiet create 102 --ostemplate busybox --name taken
	refused 131 "102" -- create 101 --ostemplate busybox --name taken
	for v in $'x\ny' $'x\x01'; do
		refused 21 "" -- create 101 --ostemplate busybox --description "$v"
	done
	refused 72 "" -- create 101 --ostemplate busybox --nameserver 8.8.8
	refused 73 "" -- create 101 --ostemplate busybox --searchdomain 'a b;c'
}

@test "set: what cannot be, cannot be; nothing is half saved" {
	wabe --quiet create 101 --ostemplate busybox
	refused 31 "--save" -- set 101 --hostname x
	refused 20 "" -- set 101 --save
	refused 20 "" -- set 101 --no-such-option 1 --save
	refused 21 "" -- set 101 --ram 1x --hostname good --save
	refused 14 "" -- set 102 --hostname x --save
	wabe --quiet start 101
	refused 131 "--save" -- set 101 --name x
	refused 20 "--save" -- set 101 --nameserver 192.0.2.1
	# a live change that needs a controller this host lacks
	if [ ! -e "$CGROUP/101/memory.max" ]; then
		refused 5 "memory.max" -- set 101 --ram 1G --save
		run_wabe set 101 --ram 1G --save --force
		assert_status 0
		grep -qx 'PHYSPAGES="0:262144"' "$CONF/101.conf"
	fi
}

@test "hostile lines in CTID.conf are skipped with a warning, and survive a save" {
	wabe --quiet create 101 --ostemplate busybox
	{
		printf 'no equals sign here\n'
		printf 'HOSTNAME="a b;c"\n'
		printf 'CPUUNITS="99999999"\n'
		printf 'NAMESERVER="$(reboot)"\n'
		printf 'IP_ADDRESS="10.0.0.300"\n'
		printf 'UNKNOWN_KEY="kept"\n'
		printf 'DESCRIPTION="unended\n'
	} >>"$CONF/101.conf"
	run_wabe --quiet start 101
	assert_status 0
	assert_output_has "$CONF/101.conf:"
	wabe --quiet set 101 --hostname fine --save
	grep -qx 'no equals sign here' "$CONF/101.conf"
	grep -qx 'UNKNOWN_KEY="kept"' "$CONF/101.conf"
	grep -qx 'HOSTNAME="fine"' "$CONF/101.conf"
}

@test "a configuration that is no text file" {
	wabe --quiet create 101 --ostemplate busybox
	cp "$CONF/101.conf" "$BATS_TEST_TMPDIR/good"
	head -c 2000000 /dev/zero >"$CONF/101.conf"
	run_wabe start 101
	assert_fails 85 ""
	printf 'A="b\0c"\n' >"$CONF/101.conf"
	run_wabe start 101
	assert_fails 85 ""
	rm "$CONF/101.conf"
	mkfifo "$CONF/101.conf"
	run_wabe start 101
	[ "$status" -ne 0 ]
	rm "$CONF/101.conf"
	cp "$BATS_TEST_TMPDIR/good" "$CONF/101.conf"
}

@test "a uid range of another container is not started with" {
	wabe --quiet create 101 --ostemplate busybox
	wabe --quiet create 102 --ostemplate busybox
	sed -i "s/^LOCAL_UID=.*/$(grep ^LOCAL_UID= "$CONF/102.conf")/" "$CONF/101.conf"
	refused 6 "belongs to container 102" -- start 101
}

@test "not root" {
	run_wabe create 101 --ostemplate busybox --help
	status=0
	errors=$(setpriv --reuid 65534 --clear-groups wabe start 101 2>&1 >/dev/null) || status=$?
	output=
	assert_status 12
	assert_one_line_error root
}

@test "no cgroup2 mount" {
	wabe --quiet create 101 --ostemplate busybox
	status=0
	errors=$(unshare -m sh -c 'umount -l /sys/fs/cgroup; exec wabe --quiet start 101' 2>&1) ||
		status=$?
	assert_status 5
	assert_one_line_error cgroup2
}

@test "a full disk during create" {
	dd if=/dev/zero of="$VAR/filler" bs=1M 2>/dev/null || :
	dd if=/dev/zero of="$VAR/filler2" bs=4k 2>/dev/null || :
	run_wabe create 101 --ostemplate busybox
	rm -f "$VAR/filler" "$VAR/filler2"
	assert_fails 46 ""
	wait_for 3 ct_left_nothing 101 || ct_left_nothing 101
	wabe --quiet create 101 --ostemplate busybox
}

@test "a template without an init, and one whose init exits at once" {
	local tree=$BATS_TEST_TMPDIR/t

	mkdir -p "$tree/bin" "$tree/proc" "$tree/sys" "$tree/dev"
	tar -C "$tree" -cf "$VAR/template/cache/empty.tar" .
	wabe --quiet create 101 --ostemplate empty 2>/dev/null
	run_wabe --quiet start 101
	assert_status 47
	assert_output_has "init"
	wait_for 3 ct_is_down 101 || ct_is_down 101
	wabe --quiet destroy 101
	mkdir "$tree/sbin"
	cp /bin/busybox "$tree/bin/sh"
	printf '#!/bin/sh\necho "panic: no root" >/dev/console\nexit 3\n' >"$tree/sbin/init"
	chmod 755 "$tree/sbin/init"
	tar -C "$tree" -cf "$VAR/template/cache/brief.tar" .
	wabe --quiet create 101 --ostemplate brief
	run_wabe --quiet start 101
	assert_status 7
	assert_output_has "exited at once" "panic: no root"
	wait_for 3 ct_is_down 101 || ct_is_down 101
	wabe --quiet destroy 101
	printf '#!/no/such/loader\n' >"$tree/sbin/init"
	tar -C "$tree" -cf "$VAR/template/cache/noloader.tar" .
	wabe --quiet create 101 --ostemplate noloader
	run_wabe --quiet start 101
	assert_status 47
	assert_output_has "/sbin/init"
	wait_for 3 ct_is_down 101 || ct_is_down 101
}

@test "links in a template lead nowhere but into it" {
	local tree=$BATS_TEST_TMPDIR/t canary=$BATS_TEST_TMPDIR/canary

	mkdir -p "$tree/bin" "$tree/sbin" "$canary/sub"
	cp /bin/busybox "$tree/bin/busybox"
	ln -s busybox "$tree/bin/sh"
	ln -s ../bin/busybox "$tree/sbin/init"
	ln -s "$canary" "$tree/proc"
	ln -s "$canary" "$tree/sys"
	ln -s "$canary" "$tree/dev"
	ln -s "$canary" "$tree/etc"
	tar -C "$tree" -cf "$VAR/template/cache/links.tar" .
	wabe --quiet create 101 --ostemplate links --hostname evil
	run_wabe --quiet start 101
	[ "$status" -ne 0 ]
	wait_for 3 ct_is_down 101 || ct_is_down 101
	[ "$(find "$canary" | wc -l)" -eq 2 ]
}

@test "two commands on one container at once: code 9, the holder is named" {
	wabe --quiet create 101 --ostemplate busybox
	printf '%s\nsleeping\n' $$ >"$VAR/lock/101.lck"
	for verb in start stop destroy mount; do
		refused 9 "$$" -- $verb 101
		assert_output_has sleeping
	done
	rm "$VAR/lock/101.lck"
	# a lock whose holder is dead stands in nobody's way
	printf '999999\ngone\n' >"$VAR/lock/101.lck"
	wabe --quiet start 101
	running_pids=()
	for _ in 1 2 3 4 5 6; do
		wabe --quiet restart 101 --fast >/dev/null 2>>"$BATS_TEST_TMPDIR/e" &
		running_pids+=($!)
	done
	ok=0
	locked=0
	for p in "${running_pids[@]}"; do
		rc=0
		wait "$p" || rc=$?
		case $rc in
		0) ok=$((ok + 1)) ;;
		9) locked=$((locked + 1)) ;;
		*) echo "rc $rc" >&2 && return 1 ;;
		esac
	done
	[ "$ok" -ge 1 ]
	[ "$(wabe exec 101 echo in)" = in ]
}
