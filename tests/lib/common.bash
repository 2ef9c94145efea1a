# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What every bats file loads ("load ../lib/common"): paths, a busybox template, asserts that
# show what they saw. It runs inside a test host (tests/run-bats), whose WABE_ROOT is ours.

[ -n "${WABE_TESTHOST:-}${WABE_VM:-}" ] || {
	echo "common.bash: only inside a test host (tests/run-bats FILE)" >&2
	exit 1
}

TOP=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
ETC=${WABE_ROOT:-}/etc/vz
VAR=${WABE_ROOT:-}/var/lib/vz
RUN=${WABE_ROOT:-}/run/vz
CONF=$ETC/conf
CGROUP=/sys/fs/cgroup/vz
export TOP ETC VAR RUN CONF CGROUP

# The address of test container ID, IPv4 and IPv6 (documentation ranges).
ip4_of() {
	echo "192.0.2.$(($1 % 250 + 1))"
}

ip6_of() {
	echo "2001:db8::$1"
}

# Built once per test host.
busybox_template() {
	[ -e "$VAR/template/cache/busybox.tar" ] ||
		compgen -G "$VAR/template/cache/busybox.tar.*" >/dev/null ||
		wabe --quiet template build busybox
}

# The Debian template, from the machine's cache of archives (see tests/lib/debian-template);
# skips the test where there is none.
debian_template() {
	local cache=${WABE_CACHE:-/var/cache/wabe}/root/var/lib/vz/template/cache archive

	for archive in "$cache"/debian-12.tar*; do
		if [ -e "$archive" ]; then
			mkdir -p "$VAR/template/cache"
			cp -n "$archive" "$VAR/template/cache/"
			return
		fi
	done
	skip "no debian-12 template on this machine (wabe template build debian-12)"
}

# run_wabe ARG...: sets $status, $output (stdout), $errors (stderr), $lines.
run_wabe() {
	local err

	err=$(mktemp)
	status=0
	output=$(wabe "$@" 2>"$err" </dev/null) || status=$?
	errors=$(<"$err")
	rm -f "$err"
	# shellcheck disable=SC2034 # for the tests
	mapfile -t lines <<<"$output"
	ran="wabe $*"
}

# Show the failure with all there is to know of the last run_wabe, and fail.
complain() {
	{
		echo "-- $*"
		echo "-- command: ${ran:-?}"
		echo "-- status:  ${status:-?}"
		echo "-- stdout:"
		printf '%s\n' "${output-}" | sed 's/^/   /'
		echo "-- stderr:"
		printf '%s\n' "${errors-}" | sed 's/^/   /'
	} >&2
	return 1
}

assert_status() {
	[ "$status" -eq "$1" ] || complain "exit status $status, wanted $1"
}

assert_output_is() {
	[ "$output" = "$1" ] || complain "stdout is not: $1"
}

# Fixed strings, in stdout or stderr.
assert_output_has() {
	local want

	for want; do
		[[ "$output"$'\n'"$errors" == *"$want"* ]] || complain "does not say: $want" ||
			return 1
	done
}

assert_output_lacks() {
	local bad

	for bad; do
		[[ "$output"$'\n'"$errors" != *"$bad"* ]] || complain "should not say: $bad" ||
			return 1
	done
}

# One sentence on stderr; with arguments, each of them is in it.
assert_one_line_error() {
	local want

	[ -n "$errors" ] || complain "nothing on stderr" || return 1
	[[ "$errors" != *$'\n'* ]] || complain "more than one line on stderr" || return 1
	for want; do
		[[ "$errors" == *"$want"* ]] || complain "the error does not say: $want" ||
			return 1
	done
}

# assert_fails CODE [TEXT...]: that exit status and one sentence that has TEXT.
assert_fails() {
	local code=$1
	shift

	assert_status "$code" && assert_one_line_error "$@"
}

# assert_eq GOT WANT [WHAT]
assert_eq() {
	[ "$1" = "$2" ] || {
		printf -- '-- %s\n   got  %s\n   want %s\n' "${3:-not equal}" "$1" "$2" >&2
		return 1
	}
}

# wait_for SECONDS CMD...: until the command succeeds.
wait_for() {
	local until=$((SECONDS + $1))
	shift

	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until" ] || {
			echo "-- not in time: $*" >&2
			return 1
		}
		sleep 0.05
	done
}

# A busybox container with the settings given, started.
running_ct() {
	local id=$1
	shift

	busybox_template
	wabe --quiet create "$id" --ostemplate busybox "$@" &&
		wabe --quiet start "$id"
}

# Best effort for teardown(): whatever state the test left it in.
drop_ct() {
	local id

	for id; do
		wabe --quiet stop "$id" --fast >/dev/null 2>&1 || :
		wabe --quiet umount "$id" >/dev/null 2>&1 || :
		wabe --quiet destroy "$id" >/dev/null 2>&1 || :
	done
}

left() {
	echo "-- left of CT $1: $2" >&2
	left=1
}

# Nothing that runs: processes, cgroup, link, routes, mounts, run state, lock. What a
# stopped container may have.
ct_is_down() {
	local id=$1 left=0 found

	found=$(find "$CGROUP/$id" -name cgroup.procs -exec cat {} + 2>/dev/null | tr '\n' ' ')
	[ -z "$found" ] || left "$id" "processes $found"
	[ ! -e "$CGROUP/$id" ] || left "$id" "cgroup $CGROUP/$id"
	found=$(grep -E "/vz/(root|private)/$id(/| )|wabe[:-]${id}[ /]|/run/vz/$id/" \
		/proc/self/mountinfo) || :
	[ -z "$found" ] || left "$id" "mount $found"
	[ ! -e "/sys/class/net/v$id.0" ] || left "$id" "link v$id.0"
	found=$(ip route show table all proto 170 | grep -F " v$id.0" || :)
	found+=$(ip -6 route show table all proto 170 | grep -F " v$id.0" || :)
	found+=$(ip route show table all "$(ip4_of "$id")" proto 170)
	found+=$(ip -6 route show table all "$(ip6_of "$id")" proto 170)
	[ -z "$found" ] || left "$id" "route $found"
	[ ! -e "$RUN/$id" ] || left "$id" "$RUN/$id"
	[ ! -e "$VAR/lock/$id.lck" ] || left "$id" "lock $VAR/lock/$id.lck"
	[ "$left" -eq 0 ]
}

# Nothing at all, as after destroy.
ct_left_nothing() {
	local id=$1 left=0 found f

	ct_is_down "$id" || left=1
	for f in "$VAR/private/$id"* "$VAR"/private/.wabe-*"$id"* "$VAR/root/$id" "$VAR/dump/Dump.$id" \
		"$VAR"/template/tree/*/used/"$id" "$CONF/$id.conf"; do
		[ ! -e "$f" ] || left "$id" "$f"
	done
	found=$(grep -lrx -- "$id" "$VAR/claims" 2>/dev/null) || :
	[ -z "$found" ] || left "$id" "claim $found"
	found=$(find "$ETC/names" -lname "*/$id.conf" 2>/dev/null) || :
	[ -z "$found" ] || left "$id" "name $found"
	[ "$left" -eq 0 ]
}
