#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A booted Debian 12 host, from `make install` to an empty node: what namespaces on somebody
# else's machine cannot show, above all limits that bite. The tests build on each other.

bats_require_minimum_version 1.5.0
load ../lib/common

CT=$CGROUP/101

# A number out of a flat-keyed file of CT 101: stat FILE KEY
stat_of() {
	awk -v key="$2" '$1 == key { print $2 }' "$CT/$1"
}

# How often forking failed; older kernels count it where it was tried, newer at the limit.
forks_refused() {
	find "$CT" -name pids.events -exec awk '$1 == "max" { n += $2 } END { print n }' {} +
}

in_ct() {
	wabe exec2 101 "$@" </dev/null
}

still_running() {
	assert_eq "$(wabe status 101)" "CTID 101 exist mounted running" "status"
}

setup_file() {
	# Something to swap to.
	dd if=/dev/zero of=/swapfile bs=1M count=192 status=none
	chmod 600 /swapfile
	mkswap -q /swapfile && swapon /swapfile
}

@test "the host has booted with unified cgroups and project quotas" {
	[ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]
	for c in cpu memory pids io cpuset; do
		grep -qw "$c" /sys/fs/cgroup/cgroup.controllers
	done
	findmnt -no OPTIONS / | grep -q prjquota
	[ "$(cat /proc/1/comm)" = systemd ]
}

@test "make install" {
	run make -C "$WABE_BUILD" install
	[ "$status" -eq 0 ] || complain "make install"
	prefix=$(sed -n 's/^prefix = //p' "$WABE_BUILD/Makefile")
	[ "$(command -v wabe)" = "$prefix/sbin/wabe" ]
	[ -x "$prefix/libexec/wabe/wabe-supervisor" ]
	run_wabe version
	assert_status 0
	[[ $(vzctl --version) == vzctl\ version\ * ]]
	[ -s /etc/vz/vz.conf ] && [ -s /etc/vz/conf/ve-basic.conf-sample ]
	[ "$(readlink -f /vz)" = /var/lib/vz ]
}

@test "take a Debian template from its archive" {
	mkdir -p "$VAR/template/cache"
	cp /mnt/data/template/debian-12.tar* "$VAR/template/cache/"
	run_wabe template build debian-12
	assert_status 0
	run_wabe template list
	assert_output_has debian-12
}

@test "create" {
	run_wabe create 101 --ostemplate debian-12 --hostname web1.example \
		--ipadd 192.0.2.101 --ipadd 2001:db8::101 --ram 256M --swap 64M \
		--numproc 200 --diskspace 200M:200M --diskinodes 5000:5000 --cpuunits 2000
	assert_status 0
	[ -d "$VAR/private/101" ]
}

@test "start" {
	run_wabe start 101
	assert_status 0
	still_running
}

@test "its systemd boots to running" {
	state=
	for _ in $(seq 300); do
		state=$(in_ct systemctl is-system-running --wait 2>&1) || :
		case $state in
		running | degraded | *"is not running"*) break ;;
		esac
		sleep 0.5
	done
	[ "$state" = running ] || {
		in_ct systemctl --failed --no-legend --plain || :
		in_ct journalctl -b -p warning --no-pager || :
		echo "state: $state"
		return 1
	}
	echo "# CT 101 booted in $(in_ct systemd-analyze time | sed -n 's/.*finished in //p')" >&3
	assert_eq "$(in_ct hostname)" web1.example
}

@test "exec: exit status, stdin, environment" {
	run -7 wabe exec2 101 'exit 7'
	run -8 wabe exec 101 'exit 7'
	assert_eq "$(echo through | wabe exec2 101 cat)" through
	assert_eq "$(in_ct 'echo $HOME:$TERM')" "/:linux"
}

@test "memory: memory.max is set, a hog is killed, the container lives" {
	assert_eq "$(<"$CT/memory.max")" $((256 << 20)) memory.max
	before=$(stat_of memory.events oom_kill)
	run wabe exec2 101 'tail /dev/zero'
	[ "$status" -ne 0 ]
	[ "$(stat_of memory.events oom_kill)" -gt "$before" ]
	still_running
	assert_eq "$(in_ct systemctl is-system-running)" running
}

@test "swap: memory.swap.max is set, and the hog ran against it" {
	assert_eq "$(<"$CT/memory.swap.max")" $((64 << 20)) memory.swap.max
	# the killer may be quicker than the swap fills: try again
	for _ in 1 2 3 4; do
		events=$(($(stat_of memory.swap.events max) + $(stat_of memory.swap.events fail)))
		[ "$events" -eq 0 ] || break
		run wabe exec2 101 'tail /dev/zero'
	done
	[ "$events" -gt 0 ]
	[ "$(<"$CT/memory.swap.current")" -le $((64 << 20)) ]
}

@test "memory: a new limit takes effect at once and is saved" {
	run_wabe set 101 --ram 300M --save
	assert_status 0
	assert_eq "$(<"$CT/memory.max")" $((300 << 20)) memory.max
	grep -q "^PHYSPAGES=\"0:$((300 << 8))\"" "$CONF/101.conf"
}

@test "pids: pids.max is set, and forking stops there" {
	assert_eq "$(<"$CT/pids.max")" 200 pids.max
	before=$(forks_refused)
	run wabe exec2 101 "sh -c 'i=0; while [ \$i -lt 400 ]; do sleep 6 & i=\$((i + 1)); done'"
	[ "$status" -ne 0 ]
	grep -qi fork <<<"$output"
	[ "$(<"$CT/pids.current")" -le 200 ]
	[ "$(forks_refused)" -gt "$before" ]
	still_running
	wait_for 60 in_ct true
}

@test "cpu: weight and quota are set, and a loop gets no more" {
	assert_eq "$(<"$CT/cpu.weight")" 200 cpu.weight
	run_wabe set 101 --cpulimit 25
	assert_status 0
	read -r quota period <"$CT/cpu.max"
	assert_eq $((quota * 100 / period)) 25 cpu.max
	before=$(stat_of cpu.stat usage_usec)
	from=${EPOCHREALTIME/./}
	in_ct "timeout 6 sh -c 'while :; do :; done'" || :
	took=$((${EPOCHREALTIME/./} - from))
	used=$(($(stat_of cpu.stat usage_usec) - before))
	echo "# a quota of 25 %: $((used * 100 / took)) % used" >&3
	[ $((used * 100 / took)) -le 32 ]
	[ $((used * 100 / took)) -ge 15 ]
	[ "$(stat_of cpu.stat nr_throttled)" -gt 0 ]
	run_wabe set 101 --cpulimit 0
	assert_status 0
	[[ $(<"$CT/cpu.max") == max\ * ]]
}

@test "diskspace: df shows it, and writing stops there" {
	size=$(in_ct df -k --output=size / | tail -n 1)
	[ "$size" -le $((200 << 10)) ]
	run wabe exec2 101 'dd if=/dev/zero of=/big bs=1M count=300; s=$?; sync; exit $s'
	[ "$status" -ne 0 ]
	grep -Eqi 'quota|no space' <<<"$output"
	[ "$(du -sk "$VAR/private/101" | cut -f1)" -le $((200 << 10)) ]
	in_ct rm /big
	in_ct 'echo room again >/small && cat /small && rm /small'
}

@test "diskinodes: df shows them, and making files stops there" {
	[ "$(in_ct df --output=itotal / | tail -n 1)" -le 5000 ]
	run wabe exec2 101 'mkdir /many && cd /many &&
		i=0; while [ $i -lt 6000 ]; do : >f$i || exit 5; i=$((i + 1)); done'
	[ "$status" -eq 5 ]
	in_ct rm -r /many
	still_running
}

@test "ssh into it from another network namespace, IPv4 and IPv6" {
	ip netns add client
	ip link add uplink type veth peer name eth0 netns client
	ip addr add 198.51.100.1/24 dev uplink
	ip addr add 2001:db8:ffff::1/64 dev uplink nodad
	ip link set uplink up
	ip -n client link set lo up
	ip -n client addr add 198.51.100.2/24 dev eth0
	ip -n client addr add 2001:db8:ffff::2/64 dev eth0 nodad
	ip -n client link set eth0 up
	ip -n client route add default via 198.51.100.1
	ip -n client -6 route add default via 2001:db8:ffff::1
	ip netns exec client ping -q -c 1 -W 5 192.0.2.101
	ip netns exec client ping -q -c 1 -W 5 2001:db8::101

	ssh-keygen -q -t ed25519 -N '' -f "$BATS_TEST_TMPDIR/key"
	wabe exec2 101 'umask 77; mkdir -p /root/.ssh; cat >/root/.ssh/authorized_keys' \
		<"$BATS_TEST_TMPDIR/key.pub"
	for address in 192.0.2.101 2001:db8::101; do
		run -0 ip netns exec client ssh -i "$BATS_TEST_TMPDIR/key" \
			-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
			-o LogLevel=ERROR -o BatchMode=yes -o ConnectTimeout=20 \
			"root@$address" hostname
		assert_eq "$output" web1.example "over $address"
	done
}

@test "the host reaches it, it reaches the host" {
	ping -q -c 1 -W 5 192.0.2.101
	ping -q -c 1 -W 5 2001:db8::101
	in_ct ping -q -c 1 -W 5 198.51.100.1
	in_ct ping -q -c 1 -W 5 2001:db8:ffff::1
}

@test "it runs in a user namespace with ids of its own" {
	pid=$(wabe list -H -o pid 101 | tr -d ' ')
	base=$(awk '{ print $2 }' "/proc/$pid/uid_map")
	[ "$base" -ge 65536 ]
	assert_eq "$(stat -c %u "/proc/$pid")" "$base" "owner of init"
	assert_eq "$(in_ct stat -c %u:%g /etc/passwd)" 0:0
	in_ct 'echo x >/root/made'
	assert_eq "$(find "$VAR/private/101" -name made -exec stat -c %u {} +)" 0 "on disk"
}

@test "stop is graceful and leaves nothing that runs" {
	run_wabe stop 101
	assert_status 0
	assert_eq "$(wabe status 101)" "CTID 101 exist unmounted down" "status"
	ct_is_down 101
}

@test "start again: files and settings are still there" {
	run_wabe start 101
	assert_status 0
	assert_eq "$(<"$CT/memory.max")" $((300 << 20)) memory.max
	wait_for 60 in_ct test -e /root/made
	run_wabe stop 101 --fast
	assert_status 0
	ct_is_down 101
}

@test "destroy leaves nothing at all" {
	run_wabe destroy 101
	assert_status 0
	ct_left_nothing 101
	assert_eq "$(wabe status 101)" "CTID 101 deleted unmounted down" "status"
}
