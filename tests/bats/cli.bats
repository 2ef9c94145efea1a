#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The command line keeps vzctl's promises: usage, exit codes, one sentence per error.

bats_require_minimum_version 1.5.0
load ../lib/common

# fails CODE TEXT -- ARG...: wabe ARG... ends with that code and one sentence with TEXT,
# and prints nothing on stdout.
fails() {
	local code=$1 text=$2
	shift 3

	run_wabe "$@"
	assert_fails "$code" "$text" && assert_output_is ""
}

# The program under another name.
called() {
	ln -sf "$(command -v wabe)" "$BATS_TEST_TMPDIR/$1"
	"$BATS_TEST_TMPDIR/$1" "${@:2}"
}

@test "no arguments: usage on stderr, code 20" {
	run_wabe
	assert_status 20
	assert_output_is ""
	assert_output_has "Usage: wabe"
}

@test "--help starts with the version and names every command" {
	run_wabe --help
	assert_status 0
	[[ ${lines[0]} =~ ^wabe\ version\ [0-9]+\.[0-9]+\.[0-9]+ ]]
	for verb in create start stop restart status list exec exec2 exec3 enter set \
		destroy mount umount template config version reexec help; do
		grep -q "^  $verb" <<<"$output" || complain "no $verb"
	done
}

@test "called as vzctl it is vzctl, called as vzlist it is list" {
	run -0 called vzctl --help
	[[ ${lines[0]} == "vzctl version "* ]]
	run -0 called vzctl --version
	[[ $output =~ ^vzctl\ version\ [0-9.]+$ ]]
	run -0 called vzlist -L
	[[ ${lines[0]} =~ ^ctid\ +CTID$ ]]
	run -0 called vzlist -a --json
	assert_output_is "[]"
	run -1 --separate-stderr called vzlist -o nonsense
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "every command has --help, and help VERB is the same" {
	verbs=$(wabe help --words)
	for verb in $verbs; do
		run_wabe "$verb" --help
		assert_status 0
		assert_output_has "Usage: wabe "
		kept=$output
		run_wabe help "$verb"
		assert_output_is "$kept"
	done
	verbs=$(wabe help --words template)
	for verb in $verbs; do
		run_wabe template "$verb" --help
		assert_status 0
		assert_output_has "Usage: wabe template $verb"
	done
}

@test "unknown command: code 20, the near one is named" {
	fails 20 '"start"' -- strat 101
	fails 20 'xyzzy' -- xyzzy 101
	fails 20 '"build"' -- template buidl x
	fails 20 'xyzzy' -- template xyzzy
}

@test "unknown option: code 20, the near one is named" {
	fails 20 --hostname -- set 101 --hostnmae x --save
	fails 20 --frobnicate -- stop 101 --frobnicate
	fails 20 --frobnicate -- --frobnicate stop 101
	fails 20 "--cpuunits, --cpulimit" -- set 101 --cpu 5
}

@test "missing and bad CT: code 21" {
	fails 21 "missing" -- start
	for bad in "" 0 -5 2147483645 99999999999999999999 no-such-name ../../etc/passwd \
		$'10\n1' "$(printf '%300s' '' | tr ' ' x)" --force; do
		fails 21 "" -- start "$bad"
	done
}

@test "a CT without configuration: code 14" {
	for verb in start stop restart mount umount reexec config destroy; do
		fails 14 "4711" -- "$verb" 4711
	done
	for verb in exec exec2 exec3; do
		fails 14 "4711" -- "$verb" 4711 true
	done
	fails 14 "4711" -- set 4711 --numproc 10 --save
}

@test "status of a number that is no container is 0" {
	run_wabe status 4711
	assert_status 0
	assert_output_is "CTID 4711 deleted unmounted down"
	run_wabe status 4711 --json
	assert_status 0
	assert_output_has '"exists": false'
}

@test "wrong usage: code 20" {
	for line in "set 101" "set 101 --save" "set 101 --numproc 10 --force" \
		"start 101 102" "exec 101" "template" "template build" \
		"list -o nonsense" "list -s nonsense" "stop 101 --timeout" "enter 101" \
		"set 101 --setmode restart --numproc 10" "list -jo numproc.l"; do
		# shellcheck disable=SC2086
		fails 20 "" -- $line
	done
}

@test "bad values: the documented code" {
	for value in -1 x 1x 99999999999999999999; do
		fails 21 "" -- stop 101 --timeout "$value"
		fails 21 "" -- set 101 --cpuunits "$value" --save
	done
	fails 21 "" -- set 101 --ram 12Q --save
	fails 70 "" -- set 101 --hostname $'a\nb' --save
	fails 70 "" -- set 101 --hostname "$(printf '%300s' '' | tr ' ' x)" --save
	fails 21 "" -- set 101 --setmode maybe --numproc 10 --save
}

@test "no containers: list is 0 with a note, JSON is []" {
	run_wabe list -a
	assert_fails 0 "not found"
	run_wabe list -a --json
	assert_status 0
	assert_output_is "[]"
	assert_eq "$errors" ""
	fails 1 4711 -- list 4711
}

@test "not root: code 12, list 1" {
	nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	"${nobody[@]}" wabe version || skip "the program is not readable for others"
	run -12 --separate-stderr "${nobody[@]}" wabe start 101
	[ "${#stderr_lines[@]}" -eq 1 ]
	run -1 --separate-stderr "${nobody[@]}" wabe list
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "output that cannot be written: code 3; a reader that goes away: no error" {
	run -3 --separate-stderr bash -c 'wabe --help >/dev/full'
	[ "${#stderr_lines[@]}" -eq 1 ]
	run -3 --separate-stderr bash -c 'wabe --help >&-'
	[ "${#stderr_lines[@]}" -eq 1 ]
	run -0 --separate-stderr bash -c 'set -o pipefail; wabe --help | true'
	[ -z "$stderr" ]
}

@test "version" {
	run_wabe version
	assert_output_is "$(wabe --version)"
	run_wabe version --json
	assert_output_has '"version": "'
}

@test "list of a container in columns, in JSON, by name, and its files gone" {
	busybox_template
	wabe --quiet create 301 --ostemplate busybox --name 'cli test' \
		--hostname a.example --ipadd "$(ip4_of 301)" --ipadd "$(ip6_of 301)"
	run_wabe list
	assert_output_is ""
	run_wabe list -a
	assert_eq "${lines[0]}" \
		"      CTID      NPROC STATUS    IP_ADDR         HOSTNAME"
	printf -v want '       301          - stopped   %-15s a.example' "$(ip4_of 301)"
	assert_eq "${lines[1]}" "$want"
	run_wabe list -Ho ip 'cli test'
	assert_output_is "$(ip4_of 301) $(ip6_of 301)"
	run_wabe list -aHo ctid,pid,supervisor
	assert_output_is "       301          -          -"
	run_wabe list -ajo ctid,ip,hostname
	assert_output_has '"ctid": 301' "\"$(ip6_of 301)\"" '"a.example"'
	run_wabe config 301
	assert_output_has 'HOSTNAME="a.example"' 'STOP_TIMEOUT="120" # node'
	sed -i /STOP_TIMEOUT/d "$ETC/vz.conf"
	run_wabe config 301
	assert_output_has 'STOP_TIMEOUT="120" # built-in'
	run_wabe status 'cli test'
	assert_output_is "CTID 301 exist unmounted down"
	mv "$VAR/private/301" "$VAR/private/301.away"
	run_wabe list -a1
	assert_output_is ""
	mv "$VAR/private/301.away" "$VAR/private/301"
	drop_ct 301
}
