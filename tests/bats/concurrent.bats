#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Commands at the same time: of two that change one container, one wins, or one comes after the
# other; the loser is told who is at work (code 9). A container is never a mixture of both.

bats_require_minimum_version 1.5.0
load ../lib/common
load ../lib/rows

verbs=(create start stop restart set destroy exec exec3 enter mount umount status list reexec)

setup() {
	busybox_template
	mkdir -p "${LOG%/*}"
	dir=$BATS_TEST_TMPDIR
}

teardown() {
	local ids

	[ -z "${holder:-}" ] || kill -KILL "$holder" 2>/dev/null || :
	ids=$(wabe list -aHo ctid 2>/dev/null) || :
	# shellcheck disable=SC2086 # words
	drop_ct 101 $ids
}

# verb NAME: one run of it on 101 that fits any state.
verb() {
	case $1 in
	create | stop | restart | set) act "$1" ;;
	exec) wabe --quiet exec 101 'sleep 0.02; true' </dev/null ;;
	exec3) wabe --quiet exec3 101 /bin/true </dev/null ;;
	enter) script -qec "wabe --quiet enter 101" /dev/null </dev/null ;;
	list) wabe list -a 101 ;;
	*) wabe --quiet "$1" 101 ;;
	esac
}

# The codes a verb may end with, whatever another one did before or meanwhile.
codes_of() {
	case $1 in
	create) echo 0 9 44 ;;
	start) echo 0 9 14 32 ;;
	stop | restart | set) echo 0 9 14 ;;
	destroy) echo 0 9 14 32 41 ;;
	exec | exec3 | enter) echo 0 8 14 31 137 ;;
	mount) echo 0 9 14 ;;
	umount) echo 0 9 14 32 40 ;;
	reexec) echo 0 9 14 31 ;;
	list) echo 0 1 ;;
	*) echo 0 ;;
	esac
}

# background N VERB: its output and status in files of that number.
background() {
	local rc=0

	verb "$2" >"$dir/out.$1" 2>&1 || rc=$?
	echo "$rc" >"$dir/rc.$1"
}

check_end() {
	local rc

	rc=$(<"$dir/rc.$1")
	[[ " $(codes_of "$2") " == *" $rc "* ]] || {
		echo "-- $2 ended with $rc:" >&2
		cat "$dir/out.$1" >&2
		return 1
	}
	[ "$rc" -ne 9 ] || grep -qE \
		'is locked by process [0-9]+ \([a-z]+\)|is being started, stopped or restarted' \
		"$dir/out.$1" || {
		echo "-- $2: code 9 names nobody" >&2
		cat "$dir/out.$1" >&2
		return 1
	}
}

# in_state NAME: 101 in it.
in_state() {
	[ "$1" != none ] || return 0
	create_101 || return 1
	case $1 in
	running) wabe --quiet start 101 ;;
	mounted) wabe --quiet mount 101 ;;
	esac
}

conf_value() {
	sed -n "s/^$1=\"\(.*\)\"/\1/p" "$CONF/101.conf"
}

# What runs is what the configuration says, and the name is one.
is_whole() {
	local links

	status_is_true || return 1
	links=$(find "$ETC/names" -lname '*/101.conf' -printf '%f ' 2>/dev/null)
	if [ ! -e "$CONF/101.conf" ]; then
		assert_eq "$links" "" "names of no container"
		return
	fi
	assert_eq "$links" "$(conf_value NAME) " "names" || return 1
	[ -e "$VAR/private/101" ] || return 1
	[[ $(wabe status 101) == *running ]] || return 0
	assert_eq "$(wabe exec 101 hostname)" "$(conf_value HOSTNAME)" "host name" || return 1
	assert_eq "$(ip route show proto 170 dev v101.0 | awk '{ print $1 }' | sort | xargs)" \
		"$(conf_value IP_ADDRESS | tr ' ' '\n' | sort | xargs)" "addresses"
}

pair() {
	local a=$1 b=$2 state=$3

	in_state "$state" >"$dir/prepared" 2>&1 || {
		cat "$dir/prepared" >&2
		return 1
	}
	background 1 "$a" &
	background 2 "$b" &
	wait
	check_end 1 "$a" && check_end 2 "$b" || return 1
	wait_for 5 is_whole || is_whole || return 1
	recovers "$a" stop
}

@test "every pair of verbs at once on one container" {
	local a b i j n=0 state states=(none stopped running mounted)

	for ((i = 0; i < ${#verbs[@]}; i++)); do
		for ((j = i; j < ${#verbs[@]}; j++)); do
			for state in "${states[@]}"; do
				a=${verbs[i]} b=${verbs[j]}
				n=$((n + 1))
				# in ./check each pair in one state
				[ -n "${WABE_SOAK:-}" ] || [ $((n % 4)) -eq $(((i + j) % 4)) ] || continue
				pair "$a" "$b" "$state" || {
					echo "-- $a and $b, $state before" >&2
					return 1
				}
			done
		done
	done
}

@test "while a verb is at work, each other one is refused and told by whom" {
	local table v p

	for table in create start stop restart set destroy; do
		prepare "$table" 2>/dev/null
		# the real process: a shell's function would be another
		case $table in
		create) set -- create 101 --ostemplate busybox --name kill ;;
		start) set -- start 101 ;;
		set) set -- set 101 --hostname other --save ;;
		destroy) set -- destroy 101 ;;
		*) set -- "$table" 101 --fast ;;
		esac
		p=$table
		[ "$table" != start ] || p=launch
		WABE_HOLD_AT="$p:1" wabe --quiet "$@" >"$dir/held" 2>&1 3>&- &
		holder=$!
		wait_for 5 grep -q '^State:.*T' "/proc/$holder/status"
		for v in create start stop restart set destroy mount umount reexec; do
			status=0
			errors=$(verb "$v" 2>&1 >/dev/null) || status=$?
			[ "$status" -eq 14 ] && [ "$table" = create ] && continue
			output=
			ran="$v while $table is held"
			assert_fails 9 "process $holder (" || return 1
		done
		# who only looks is not kept waiting
		status_is_true
		wabe list -a >/dev/null
		kill -CONT "$holder"
		wait "$holder" || {
			cat "$dir/held" >&2
			false
		}
		holder=
		recovers "$table" again
	done
}

@test "one container created many times at once: one wins" {
	local i n=0

	for i in {1..12}; do
		background "$i" create &
	done
	wait
	for i in {1..12}; do
		check_end "$i" create
		[ "$(<"$dir/rc.$i")" -ne 0 ] || n=$((n + 1))
	done
	[ "$n" -eq 1 ]
	is_whole
	wabe --quiet start 101
	is_whole
}

@test "fifty created and started at once: uid ranges, names and addresses apart" {
	local i

	for i in {1001..1050}; do
		{
			wabe --quiet create "$i" --ostemplate busybox --name "n$i" \
				--ipadd "$(ip4_of "$i")" && wabe --quiet start "$i"
		} >"$dir/out.$i" 2>&1 &
	done
	wait
	[ "$(wabe list -Ho ctid | wc -l)" -eq 50 ]
	[ "$(grep -h ^LOCAL_UID= "$CONF"/10[0-5][0-9].conf | sort -u | wc -l)" -eq 50 ]
	[ "$(find "$ETC/names" -type l | wc -l)" -eq 50 ]
	for i in {1001..1050}; do
		[ "$(wabe exec "n$i" 'ip -o -4 addr show venet0' | grep -c "$(ip4_of "$i")/")" -eq 1 ]
	done
	for i in {1001..1050}; do
		{
			wabe --quiet stop "$i" --fast && wabe --quiet destroy "$i"
		} >"$dir/out.$i" 2>&1 &
	done
	wait
	for i in {1001..1050}; do
		wait_for 5 ct_left_nothing "$i" || ct_left_nothing "$i"
	done
}

@test "one name for many at once: one gets it, the others are told whose it is" {
	local i winner

	for i in {1001..1010}; do
		{
			rc=0
			wabe --quiet create "$i" --ostemplate busybox --name same \
				>"$dir/out.$i" 2>&1 || rc=$?
			echo "$rc" >"$dir/rc.$i"
		} &
	done
	wait
	winner=$(wabe list -aHo ctid | tr -d ' ')
	[[ $winner =~ ^[0-9]+$ ]]
	[ "$(wabe status same)" = "CTID $winner exist unmounted down" ]
	for i in {1001..1010}; do
		[ "$i" -ne "$winner" ] || continue
		[ "$(<"$dir/rc.$i")" -eq 131 ]
		grep -q "the name same belongs to container $winner" "$dir/out.$i"
		wait_for 3 ct_left_nothing "$i" || ct_left_nothing "$i"
	done
}

@test "one address for many at once: one runs with it, the others are told whose it is" {
	local i winner

	for i in {1001..1010}; do
		wabe --quiet create "$i" --ostemplate busybox --ipadd 192.0.2.250
	done
	for i in {1001..1010}; do
		{
			rc=0
			wabe --quiet start "$i" >"$dir/out.$i" 2>&1 || rc=$?
			echo "$rc" >"$dir/rc.$i"
		} &
	done
	wait
	winner=$(wabe list -Ho ctid | tr -d ' ')
	[[ $winner =~ ^[0-9]+$ ]]
	ping -c1 -W1 192.0.2.250 >/dev/null
	for i in {1001..1010}; do
		[ "$i" -ne "$winner" ] || continue
		[ "$(<"$dir/rc.$i")" -eq 78 ]
		grep -q "container $winner" "$dir/out.$i"
		wait_for 3 ct_is_down "$i"
	done
}

# With a command at the same time, after a delay that sweeps over the reboot.
during_reboot() {
	local ms rc

	for ms in {0..24..2} 30 40 60; do
		create_101 2>/dev/null
		wabe --quiet start 101 2>/dev/null
		wabe exec 101 'reboot -f' </dev/null >/dev/null 2>&1 &
		sleep "0.0$((ms / 10))$((ms % 10))"
		rc=0
		"$@" >"$dir/out" 2>&1 || rc=$?
		wait
		[ "$rc" -eq 0 ] && after_reboot "$1" || {
			echo "-- $* $ms ms after a reboot began: $rc" >&2
			cat "$dir/out" >&2
			return 1
		}
		recovers stop stop
	done
}

after_reboot() {
	if [ "$1" = stop_101 ]; then
		wait_for 5 ct_is_down 101 || ct_is_down 101
	else
		# wait out a reboot that began after the command
		wait_for 5 eval '[ "$(wabe exec 101 echo in)" = in ]'
		wait_for 5 is_whole || is_whole
	fi
}

stop_101() {
	wabe --quiet stop 101 --fast
}

set_101() {
	act set
}

restart_101() {
	wabe --quiet restart 101 --fast
}

@test "a reboot from inside while stop works" {
	during_reboot stop_101
}

@test "a reboot from inside while set works" {
	during_reboot set_101
}

@test "a reboot from inside while restart works" {
	during_reboot restart_101
}
