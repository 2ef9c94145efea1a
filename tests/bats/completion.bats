#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion in bash and zsh, typed on a terminal: the same in both, and all the tables have.

bats_require_minimum_version 1.5.0
load ../lib/common

setup_file() {
	[ -f "$TOP/completion/_wabe" ] || skip "no completion beside the tests"
	busybox_template
	wabe --quiet create 321 --ostemplate busybox --name 'two words' \
		--hostname a.example
}

teardown_file() {
	drop_ct 321
}

# What SHELL makes of a line and a tab; --list: what it offers.
tab() {
	printf '%s\n' "$2" | timeout 60 "$TOP/tests/lib/type-tab" "$1" "${@:3}"
}

# In both shells LINE and a tab becomes WANT; the shells add a blank after what is whole.
becomes() {
	local shell got

	for shell in bash zsh; do
		got=$(tab "$shell" "$1") || return
		assert_eq "${got% }" "$2" "$shell: $1"
	done
}

offers() {
	local shell

	for shell in bash zsh; do
		assert_eq "$(tab "$shell" "$1" --list)" "$2" "$shell: $1" || return
	done
}

@test "commands, and options before them" {
	becomes "wabe resta" "wabe restart"
	becomes "vzctl --verb" "vzctl --verbose"
	becomes "wabe --quiet dele" "wabe --quiet delete"
	becomes "wabe template bu" "wabe template build"
	becomes "wabe xyzzy a" "wabe xyzzy a"
	offers "wabe sta" "start status"
}

@test "values: literal ones, templates, samples, fields" {
	becomes "wabe set 321 --setmode rest" "wabe set 321 --setmode restart"
	becomes "wabe set 321 --setm=ig" "wabe set 321 --setm=ignore"
	offers "wabe set 321 --disabled " "yes no"
	becomes "wabe create 322 --ostemplate busy" "wabe create 322 --ostemplate busybox"
	becomes "wabe template delete busy" "wabe template delete busybox"
	becomes "wabe create 322 --config vswap-25" "wabe create 322 --config vswap-256m"
	becomes "vzlist -o ctid,superv" "vzlist -o ctid,supervisor"
	becomes "wabe list --sort -uid" "wabe list --sort -uid_base"
	becomes "wabe list --sort=uid" "wabe list --sort=uid_base"
	becomes "wabe list --sort=-uid" "wabe list --sort=-uid_base"
	becomes "vzlist --output=ctid,superv" "vzlist --output=ctid,supervisor"
	becomes "wabe help PHYS" "wabe help PHYSPAGES"
	becomes "wabe help cpul" "wabe help cpulimit"
}

@test "containers by number and name, where the command can use them" {
	becomes "wabe start 32" "wabe start 321"
	becomes "wabe status two" 'wabe status two\ words'
	becomes 'wabe config two\ w' 'wabe config two\ words'
	becomes "wabe stop 32" "wabe stop 32"
	becomes "wabe create 32" "wabe create 32"
	becomes "vzlist two" 'vzlist two\ words'
}

@test "names of files where a directory is wanted" {
	mkdir -p "$BATS_TEST_TMPDIR/somewhere"
	becomes "wabe set 321 --root $BATS_TEST_TMPDIR/some" \
		"wabe set 321 --root $BATS_TEST_TMPDIR/somewhere/"
}

# A line to complete for each command, and the options it has.
lines_of_options() {
	local verb sub

	for verb in $(wabe help --words); do
		case $verb in
		exec*) continue ;;
		template)
			for sub in $(wabe help --words template); do
				printf 'wabe template %s --\t' "$sub"
				wabe help --words template "$sub" | paste -sd ' '
			done
			continue
			;;
		help | version | list) printf 'wabe %s --\t' "$verb" ;;
		*)
			# --all is in place of the container
			printf 'wabe %s 321 --\t' "$verb"
			wabe help --words "$verb" | grep -vx -e --all | paste -sd ' '
			continue
			;;
		esac
		wabe help --words "$verb" | paste -sd ' '
	done
}

@test "each option of each command is offered, and nothing else" {
	for shell in bash zsh; do
		while IFS=$'\t' read -r line want; do
			got=$(tab "$shell" "$line" --list | tr ' ' '\n' | grep -e ^-- | paste -sd ' ')
			assert_eq "$got" "$want" "$shell: $line"
		done < <(lines_of_options)
	done
	[ "$(lines_of_options | wc -l)" -gt 15 ]
}

@test "every command is offered" {
	offers "wabe " "$(wabe help --words | tr '\n' ' ' | sed 's/ $//')"
}

@test "without root the words are there, and no complaint" {
	nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	"${nobody[@]}" wabe version || skip "the program is not readable for others"
	run --separate-stderr -0 "${nobody[@]}" wabe help --complete -- wabe set 321 --setmo
	[[ $output == --setmode* ]]
	[ -z "$stderr" ]
	run --separate-stderr -0 "${nobody[@]}" wabe help --complete -- wabe start 3
	[ -z "$stderr" ]
}

@test "a node that is broken offers nothing, and no complaint" {
	mv "$ETC/vz.conf" "$ETC/vz.conf.away"
	mkdir "$ETC/vz.conf"
	run --separate-stderr -0 wabe help --complete -- wabe start ''
	rmdir "$ETC/vz.conf"
	mv "$ETC/vz.conf.away" "$ETC/vz.conf"
	[ -z "$output$stderr" ]
}
