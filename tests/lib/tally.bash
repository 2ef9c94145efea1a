# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # logs, only: of who sources this
#
# Counting and telling for ./check and ./soak: run a part that prints TAP, keep it as
# $logs/NAME.tap, add up what passed. Wants $top, $logs and the pattern $only.

passed=0
failed=0
skipped=0

finish() {
	echo
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
	exit
}

give_up() {
	echo "FAILED: $1"
	failed=$((failed + 1))
	finish
}

wanted() {
	# shellcheck disable=SC2053 # a pattern it shall be
	[[ $1 == $only ]]
}

skip_part() {
	echo "skipped: $1: $2"
	skipped=$((skipped + 1))
}

# Numbers of a TAP file: passed, failed, skipped. A run that went wrong without a "not ok",
# or told of fewer tests than it planned, has one failure more.
count() {
	awk -v status="$2" '
	/^1\.\.[0-9]+/ { plan += substr($0, 4) }
	/^1\.\.0 *# *(skip|SKIP)/ { s++ }
	/^ok / { if (tolower($0) ~ /# *skip/) s++; else p++ }
	/^not ok / { f++ }
	END {
		if (plan > p + f + s)
			f += plan - p - f - s
		else if ((status && status != 77 && !f) || !(p + f + s))
			f++
		print p + 0, f + 0, s + 0
	}' "$1"
}

# tell NAME STATUS SECONDS: add what logs/NAME.tap has, and show it in a line or more.
tell() {
	local log=$logs/$1.tap p f s

	read -r p f s < <(count "$log" "$2")
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
	printf '%-34s %4d passed' "$1" "$p"
	[ "$f" -eq 0 ] || printf ', %d FAILED' "$f"
	[ "$s" -eq 0 ] || printf ', %d skipped' "$s"
	printf ' (%d s)\n' "$3"
	sed -n 's/^ok [0-9]* *-* *\(.*\) # *\(skip\|SKIP\) *\(.*\)/  skipped: \1: \3/p' "$log"
	sed -n 's/^1\.\.0 *# *\(skip\|SKIP\) *\(.*\)/  skipped: all: \2/p' "$log"
	[ "$f" -gt 0 ] || return 0
	# Each failure with the lines that follow it; all of it when there is no TAP.
	if grep -q '^not ok ' "$log"; then
		awk '/^not ok /{ show = 1 } /^ok /{ show = 0 } show { print "  " $0 }' "$log"
	else
		tail -n 40 "$log" | sed 's/^/  /'
	fi
	echo "  all of it: ${log#"$top"/}"
}

# run NAME CMD...: a part that prints TAP.
run() {
	local name=$1 status=0 begin=$SECONDS
	shift

	wanted "$name" || return 0
	mkdir -p "$(dirname "$logs/$name")"
	"$@" >"$logs/$name.tap" 2>&1 </dev/null || status=$?
	tell "$name" "$status" $((SECONDS - begin))
}

# run_plain NAME CMD...: a part that is one test, told by its exit status.
run_plain() {
	local name=$1
	shift

	run "$name" plain "$name" "$@"
}

plain() {
	local name=$1 status=0
	shift

	"$@" >"$logs/$name.log" 2>&1 || status=$?
	if [ "$status" -eq 0 ]; then
		echo "ok 1 - $name"
	else
		echo "not ok 1 - $name"
		tail -n 40 "$logs/$name.log" | sed 's/^/# /'
	fi
	echo 1..1
	return "$status"
}
