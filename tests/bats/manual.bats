#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual says what the tables say, and nothing else; help says the same; pages are clean.

bats_require_minimum_version 1.5.0
load ../lib/common

setup_file() {
	export PAGES=${WABE_BUILD:-}/man/pages
	[ -d "$PAGES" ] || skip "no build tree with the manual"
}

# A page as plain text, in lines of any length.
text_of() {
	MANWIDTH=1000 man -E UTF-8 -P cat -l "$PAGES/$1" | col -bx
}

# The terms of section "## $2" of page $1: what begins a paragraph at its indent.
terms_of() {
	text_of "$1" | awk -v want="$2" '
	/^[A-Z]/ { on = $0 ~ "^" want }
	on && /^       [^ ]/ { print $1 }'
}

# The page is not a link to another.
real_pages() {
	grep -L '^\.so ' "$PAGES"/* | sed 's:.*/::'
}

@test "every command has a page and its help, second names lead there" {
	for verb in $(wabe help --words); do
		[ -s "$PAGES/wabe-$verb.8" ] || complain "no page of $verb" || return
		run_wabe help "$verb"
		assert_status 0
		assert_output_has "wabe $verb" "Examples:"
	done
	assert_eq "$(<"$PAGES/wabe-delete.8")" ".so man8/wabe-destroy.8"
	assert_eq "$(<"$PAGES/vzctl.8")" ".so man8/wabe.8"
	assert_eq "$(<"$PAGES/vzlist.8")" ".so man8/wabe-list.8"
}

@test "there is no page of a command that does not exist" {
	for page in "$PAGES"/wabe-*.8; do
		verb=${page##*/wabe-}
		wabe help "${verb%.8}" >/dev/null || return
	done
}

@test "a page has the options of its command, and no others" {
	for verb in $(wabe help --words); do
		case $verb in
		delete | exec*) continue ;;
		template)
			want=$(for sub in $(wabe help --words template); do
				wabe help --words template "$sub"
			done)
			;;
		*) want=$(wabe help --words "$verb") ;;
		esac
		got=$(text_of "wabe-$verb.8" | awk '/^[A-Z]/ { on = /^(OPTIONS|COMMANDS)/ } on' |
			grep -oE -e '^       (-[a-zA-Z0-9], )?--[a-z_-]+.*' -e '\(also .*\)' |
			sed 's/ [A-Z[].*//' | grep -oE -e '--[a-z_-]+' | sort -u)
		want=$(grep -vx -e --help <<<"$want" | sort -u)
		assert_eq "$got" "$want" "$verb"
	done
}

@test "no page speaks of an option that there is not" {
	known=$(for verb in $(wabe help --words); do
		wabe help --words "$verb"
		for sub in $(wabe help --words template); do
			wabe help --words template "$sub"
		done
	done | grep -e ^-- | sort -u)
	known+=$'\n--quiet\n--verbose\n--version\n--SETTING'
	for page in $(real_pages); do
		# systemctl's own
		for option in $(text_of "$page" | sed 's/--wait//' |
			grep -oE -e '(^|[^a-z-])--[A-Za-z][a-zA-Z_-]*' | grep -oE -e '--.*'); do
			grep -qxe "$option" <<<"$known" || complain "$page: $option" || return
		done
	done
}

@test "ctid.conf(5) has every key of the table, and no other" {
	got=$(terms_of ctid.conf.5 KEYS | grep -xE '[A-Z_]{3,}')
	want=$(wabe help --complete -- wabe help '' | cut -f1 | grep -xE '[A-Z_]{3,}')
	own=$(terms_of vz.conf.5 KEYS | grep -xE '[A-Z_]{3,}')
	[ -n "$own" ]
	assert_eq "$(sort <<<"$got"$'\n'"$own")" "$(sort <<<"$want")" "keys"
}

@test "a key is told with its bounds, its default and when it changes, by help too" {
	page=$(text_of ctid.conf.5)
	for key in $(terms_of ctid.conf.5 KEYS | grep -xE '[A-Z_]{3,}'); do
		run_wabe help "$key"
		assert_status 0
		assert_output_has "$key, a key of ctid.conf(5)"
		value=$(sed -n 's/^  Value  *//p' <<<"$output" | cut -c1-40)
		grep -qF "Value: ${value%% }" <<<"$page" || complain "$key: $value" || return
		change=$(sed -n 's/^  Change  *//p' <<<"$output")
		grep -A 3 -e "^ *$key\b" <<<"$page" | grep -qF "Change: $change." ||
			complain "$key: $change" || return
	done
	run_wabe help CPUUNITS
	assert_output_has "8 to 500000" "1000" "--cpuunits"
	grep -qE 'CPUUNITS \(default: 1000\)' <<<"$page"
}

@test "every key that ctid.conf(5) names is read from a file, and every one of vz.conf(5)" {
	for key in $(terms_of ctid.conf.5 KEYS | grep -xE '[A-Z_]{3,}'); do
		: >"$CONF/331.conf"
		run_wabe config 331
		before=$output$errors
		echo "$key=\"a|b\"" >"$CONF/331.conf"
		run_wabe config 331
		[ "$output$errors" != "$before" ] || complain "$key is not read" || return
	done
	rm "$CONF/331.conf"
	cp "$ETC/vz.conf" "$ETC/vz.conf.kept"
	for key in TEMPLATE LOCKDIR CONFIGFILE DEF_OSTEMPLATE VERBOSE LOG_LEVEL LOGFILE; do
		terms_of vz.conf.5 KEYS | grep -qx "$key" || complain "no $key" || return
		echo "$key=\"../a b\"" >"$ETC/vz.conf"
		run_wabe list
		assert_output_has "bad $key" "$(wabe help "$key" | sed -n 's/^  Default  *//p')"
	done
	mv "$ETC/vz.conf.kept" "$ETC/vz.conf"
}

@test "wabe(8) has every exit code of the table, and no other" {
	got=$(terms_of wabe.8 "EXIT STATUS" | grep -xE '[0-9]+')
	want=$(sed -n 's/^\tX(E_[A-Z_]*, \([0-9]*\),.*/\1/p' "$TOP/base/err.h")
	assert_eq "$got" "$want" "exit codes"
	[ "$(wc -l <<<"$want")" -gt 30 ]
}

@test "a code that is given somewhere has a meaning" {
	for code in $(grep -rhoE --include='*.c' '\bE_[A-Z_]+' "$TOP"/{base,cgroups,cli,config} \
		"$TOP"/{container,netconf,registry,runtime,storage,templates} | sort -u); do
		grep -qE "^	$code = [0-9]+,	*/?" "$TOP/base/err.h" &&
			complain "$code is reserved only" && return 1
	done
	return 0
}

@test "wabe-list(8) has every field" {
	assert_eq "$(terms_of wabe-list.8 FIELDS | grep -vx Those)" \
		"$(wabe list -L | cut -d' ' -f1)" "fields"
}

@test "wabe(8) has one line for every command" {
	for verb in $(wabe help --words); do
		[ "$verb" != delete ] || continue
		terms_of wabe.8 COMMANDS | grep -qx "$verb" || complain "no $verb" || return
		text_of wabe.8 | grep -qF "wabe-$verb(8)" || complain "no page $verb" || return
	done
}

@test "references lead to pages" {
	for page in $(real_pages); do
		for name in $(text_of "$page" | grep -oE '\b(wabe|vzctl|vzlist|vz\.conf|ctid\.conf)(-[a-z0-9]+)?\([58]\)' |
			sort -u); do
			name=${name%)}
			[ -e "$PAGES/${name/(/.}" ] || complain "$page: $name" || return
		done
	done
}

@test "the pages are clean for man, groff and mandoc" {
	for page in $(real_pages); do
		said=$(man --warnings -E UTF-8 -P cat -l "$PAGES/$page" 2>&1 >/dev/null)
		assert_eq "$said" "" "man $page"
		said=$(groff -ww -man -Tutf8 -z "$PAGES/$page" 2>&1)
		assert_eq "$said" "" "groff $page"
		said=$(mandoc -T lint -W style "$PAGES/$page" || :)
		assert_eq "$said" "" "mandoc $page"
	done
}

@test "every prose file is in the tarball's list and becomes part of a page" {
	for file in "$TOP"/man/*.md; do
		grep -qF "man/${file##*/}" "$TOP/man/Makemodule.am"
		name=${file##*/}
		[ -e "$PAGES/${name%.md}" ] || complain "$name" || return
	done
}

@test "a prose file with an unknown word makes no page" {
	mkman=${WABE_BUILD:-}/man/mkman
	[ -x "$mkman" ] || skip "no man/mkman in the build tree"
	cp -r "$TOP/man" "$BATS_TEST_TMPDIR/from"
	mkdir "$BATS_TEST_TMPDIR/to"
	echo '@key NO_SUCH_KEY' >>"$BATS_TEST_TMPDIR/from/ctid.conf.5.md"
	run -1 "$mkman" "$BATS_TEST_TMPDIR/from" "$BATS_TEST_TMPDIR/to"
	[[ $output == *"what is @key NO_SUCH_KEY?"* ]]
	sed -i '/^@keys\|NO_SUCH_KEY/d' "$BATS_TEST_TMPDIR/from/ctid.conf.5.md"
	run -1 "$mkman" "$BATS_TEST_TMPDIR/from" "$BATS_TEST_TMPDIR/to"
	[[ $output == *"@keys"* ]]
}

@test "help of what does not exist names what is near" {
	run_wabe help cpu-units
	assert_fails 20 '"cpuunits"'
	run_wabe help strat
	assert_fails 20 '"start"'
	run_wabe help xyzzyxyzzy
	assert_fails 20 "wabe help"
}
