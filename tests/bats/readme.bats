#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The README is true: its session can be had again, its commands and files are there.

bats_require_minimum_version 1.5.0
load ../lib/common

setup_file() {
	[ -f "$TOP/README.md" ] && [ -x "$TOP/doc/session" ] || skip "no README beside the tests"
}

# Times, counts and what hangs on them: all numbers but those of the commands themselves.
shape() {
	sed "s|$WABE_ROOT||g" | sed -E '/^# /!s/[0-9]+(\.[0-9]+)?/N/g; s/ +/ /g; s/ +$//'
}

@test "the recorded session is what a session looks like now" {
	debian_template
	want=$(sed -n '/^<!-- session/,/^<!-- end of session/s/^    //p
		/^<!-- session/,/^<!-- end of session/s/^$//p' "$TOP/README.md" |
		sed -e '1{/^$/d}' -e '${/^$/d}' | shape)
	got=$("$TOP/doc/session" --play </dev/null | shape)
	drop_ct 101
	[ "$(grep -c '^# ' <<<"$want")" -gt 10 ]
	diff <(echo "$want" | sed '/^$/d') <(echo "$got" | sed '/^$/d') >&2
}

@test "every command and option that the README shows exists" {
	local n=0 line verb option

	while read -r line; do
		verb=${line%% *}
		# what the session shows as an error
		[[ $line != *hostnmae* ]] || continue
		wabe help "$verb" >/dev/null || complain "$line" || return
		[[ $verb != exec* ]] || continue
		[ "$verb" != template ] || verb="template $(cut -d' ' -f2 <<<"$line")"
		for option in $(grep -oE -e ' --[a-z_-]+' <<<"$line"); do
			# shellcheck disable=SC2086
			wabe help --words $verb | grep -qxe "$option" ||
				complain "$verb $option" || return
		done
		n=$((n + 1))
	done < <(sed -nE 's/^    (# |until )*(time )?wabe (.*)/\3/p' "$TOP/README.md" |
		sed 's/ *;.*//; s/   *#.*//')
	[ "$n" -gt 15 ]
}

@test "every file that the README and the pages in doc/ link to is there" {
	for page in README.md CONTRIBUTING.md doc/architecture.md doc/dependencies.md; do
		for file in $(grep -oE '\]\([^):#]+\)' "$TOP/$page" | tr -d '()]'); do
			[ -e "$TOP/$(dirname "$page")/$file" ] || complain "$page: $file" || return
		done
	done
}

@test "the picture and the plan have the rows of a start, in their order" {
	local rows

	rows=$(wabe help --steps | awk '$1 == "start" { print $3 }' | paste -sd ' ')
	assert_eq "$(sed -nE '/Start: a table/,$s/^<text x="[0-9.]+" y="3[56][0-9]">([a-z]+)<.*/\1/p' \
		"$TOP/doc/architecture.svg" | paste -sd ' ')" "$rows" picture
	assert_eq "$(sed -nE '/^\| row \|/,/^$/s/^\| ([a-z]+) \|.*/\1/p' \
		"$TOP/doc/architecture.md" | tail -n +2 | paste -sd ' ')" "$rows" plan
}

@test "the picture knows every folder of the ranks, and needs nothing from elsewhere" {
	eval "$(sed -n "/^ranked=/,/'$/p" "$TOP/tests/check-layers")"
	for folder in $ranked; do
		[ -d "$TOP/$folder" ] || continue
		grep -qE "\b$folder\b" "$TOP/doc/architecture.svg" ||
			complain "no $folder" || return
	done
	run ! grep -E '(href|url\([^#]|@import|https?://)' \
		<(grep -v 'xmlns=' "$TOP/doc/architecture.svg")
}
