#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# venet: addresses that answer, live changes, claims, and what a container cannot do to others.

bats_require_minimum_version 1.5.0
load ../lib/common

setup() {
	busybox_template
}

teardown() {
	drop_ct 101 102 2147483644
	ip link del v103.0 2>/dev/null || :
}

ping_host() {
	ping -c1 -W2 "$1" >/dev/null
}

@test "several addresses of both families answer, from host and from another container" {
	running_ct 101 --ipadd 192.0.2.11 --ipadd 192.0.2.12 --ipadd 2001:db8::11 --ipadd 2001:db8::12
	running_ct 102 --ipadd 192.0.2.21 --ipadd 2001:db8::21
	for ip in 192.0.2.11 192.0.2.12 2001:db8::11 2001:db8::12; do
		ping_host $ip
		wabe exec2 102 ping -c1 -W2 $ip >/dev/null
	done
	# and the host from inside
	wabe exec2 101 ping -c1 -W2 198.51.100.1 >/dev/null
	wabe exec2 101 ping -c1 -W2 2001:db8:ffff::1 >/dev/null
}

@test "the link is point to point without ARP: one queue, /32 and /128, gateway on-link" {
	running_ct 101 --ipadd 192.0.2.11 --ipadd 2001:db8::11
	ip -d link show v101.0 >"$BATS_TEST_TMPDIR/l"
	grep -q NOARP "$BATS_TEST_TMPDIR/l"
	grep -q "numtxqueues 1 .*numrxqueues 1 " "$BATS_TEST_TMPDIR/l"
	grep -q "alias wabe:101:0" "$BATS_TEST_TMPDIR/l"
	wabe exec 101 'ip addr show venet0' >"$BATS_TEST_TMPDIR/a"
	grep -q "inet 192.0.2.11/32" "$BATS_TEST_TMPDIR/a"
	grep -q "inet6 2001:db8::11/128" "$BATS_TEST_TMPDIR/a"
	wabe exec 101 'ip route' | grep -q "default via 169.254.0.1 dev venet0"
	wabe exec 101 'ip -6 route' | grep -q "default via fe80::1 dev venet0"
	ip route show proto 170 | grep -q "^192.0.2.11 dev v101.0"
	ip -6 route show proto 170 | grep -q "^2001:db8::11 dev v101.0"
	ping_host 192.0.2.11
	# nothing was learnt about the other end
	[ -z "$(ip neigh show dev v101.0 | grep -v NOARP)" ]
}

@test "addresses come and go on a running container, saved and not" {
	running_ct 101 --ipadd 192.0.2.11
	wabe --quiet set 101 --ipadd 192.0.2.12 --ipadd 2001:db8::12 --save
	ping_host 192.0.2.12
	ping_host 2001:db8::12
	grep -qx 'IP_ADDRESS="192.0.2.11 192.0.2.12 2001:db8::12"' "$CONF/101.conf"
	wabe --quiet set 101 --ipdel 192.0.2.11 --save
	run ! ping_host 192.0.2.11
	grep -qx 'IP_ADDRESS="192.0.2.12 2001:db8::12"' "$CONF/101.conf"
	# all gone and another in one call, not saved
	wabe --quiet set 101 --ipdel all --ipadd 192.0.2.13
	ping_host 192.0.2.13
	run ! ping_host 192.0.2.12
	grep -qx 'IP_ADDRESS="192.0.2.12 2001:db8::12"' "$CONF/101.conf"
	# a restart goes back to what is saved
	wabe --quiet restart 101 --fast
	ping_host 192.0.2.12
	run ! ping_host 192.0.2.13
	wabe --quiet stop 101
	wait_for 3 ct_is_down 101 || ct_is_down 101
	[ -z "$(ip route show proto 170)$(ip -6 route show proto 170)" ]
}

@test "addresses that are live but not saved stay when another is saved" {
	running_ct 101 --ipadd 192.0.2.11
	wabe --quiet set 101 --ipadd 192.0.2.12
	wabe --quiet set 101 --ipadd 192.0.2.13 --save
	for ip in 192.0.2.11 192.0.2.12 192.0.2.13; do
		ping_host $ip
	done
	grep -qx 'IP_ADDRESS="192.0.2.11 192.0.2.13"' "$CONF/101.conf"
}

@test "an address is free again when its container stops" {
	running_ct 101 --ipadd 192.0.2.11
	wabe --quiet create 102 --ostemplate busybox
	run_wabe set 102 --ipadd 192.0.2.11 --save
	assert_fails 78 "container 101"
	wabe --quiet stop 101
	run_wabe --quiet set 102 --ipadd 192.0.2.11 --save
	assert_status 0
	wabe --quiet start 102
	ping_host 192.0.2.11
	run_wabe start 101
	assert_status 78
	assert_output_has "container 102"
}

@test "the largest CTID" {
	running_ct 2147483644 --ipadd 192.0.2.44
	ping_host 192.0.2.44
	[ -e /sys/class/net/v2147483644.0 ]
}

@test "restarts in a row: the name of a dying link is waited for" {
	running_ct 101 --ipadd 192.0.2.11
	for _ in 1 2 3 4 5 6; do
		wabe --quiet restart 101 --fast
		ping_host 192.0.2.11
	done
}

@test "a link of that name that is not ours is left alone" {
	ip link add v103.0 type bridge
	wabe --quiet create 103 --ostemplate busybox --ipadd 192.0.2.13
	run_wabe start 103
	assert_status 34
	assert_output_has "v103.0"
	[ -e /sys/class/net/v103.0 ]
	drop_ct 103
	[ -e /sys/class/net/v103.0 ]
}

@test "a container that deletes its link: stop and start work" {
	running_ct 101 --ipadd 192.0.2.11
	wabe exec 101 'ip link del venet0'
	run_wabe set 101 --ipadd 192.0.2.12
	assert_status 34
	assert_output_has "lost its venet0"
	wabe --quiet restart 101 --fast
	ping_host 192.0.2.11
}

@test "a source address that is not the container's own does not get out" {
	running_ct 101 --ipadd 192.0.2.11
	running_ct 102 --ipadd 192.0.2.21
	wabe exec 101 'ip addr add 203.0.113.9/32 dev venet0'
	# strict reverse path on the host's end
	run ! wabe exec2 101 'ping -c1 -W1 -I 203.0.113.9 192.0.2.21'
	wabe exec2 101 'ping -c1 -W1 -I 192.0.2.11 192.0.2.21' >/dev/null
}
