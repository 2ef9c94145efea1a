#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A failure after any row of any step table leaves all as it was, where the table has an undo,
# and what the next command finishes, where it has none; so it is when an undo is left out
# (tests/lib/rows.bash). What comes next takes turns; WABE_SOAK=1 tries all of it at each row.

bats_require_minimum_version 1.5.0
load ../lib/common
load ../lib/rows

setup() {
	busybox_template
	out=$BATS_TEST_TMPDIR/out
	nexts=(stop start destroy again)
}

# nexts_of N: what is tried after the Nth.
nexts_of() {
	if [ -n "${WABE_SOAK:-}" ]; then
		echo "${nexts[@]}"
	else
		echo "${nexts[$1 % 4]}"
	fi
}

teardown() {
	drop_ct 101
}

# fails_at PLACES TABLE: the verb fails by it.
fails_at() {
	local rc=0

	WABE_FAIL_AT=$1 act "$2" >"$out" 2>&1 || rc=$?
	[ "$rc" -ne 0 ] && grep -q "injected failure after step" "$out"
}

unchanged() {
	snapshot >"$BATS_TEST_TMPDIR/now"
	diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/now"
}

fail_row() {
	local table=$1 row=$2 next=$3

	prepare "$table" >"$out" 2>&1 || return 1
	snapshot >"$BATS_TEST_TMPDIR/before"
	fails_at "$table:$row" "$table" || return 1
	if reversible "$table"; then
		wait_for 3 unchanged || unchanged || return 1
	fi
	HALF=${table#"${table#destroy}"} recovers "$table" "$next"
}

@test "a failure after any row" {
	local table row next n=0

	while read -r table row _ <&3; do
		n=$((n + 1))
		! never_after "$table" "$row" || continue
		for next in $(nexts_of $n); do
			fail_row "$table" "$row" "$next" || {
				echo "-- at $table:$row, next: $next" >&2
				cat "$out" >&2
				return 1
			}
		done
	done 3< <(rows_of run)
	[ "$n" -gt 30 ]
}

undo_left_out() {
	local table=$1 row=$2 last=$3 next=$4

	prepare "$table" >"$out" 2>&1 || return 1
	fails_at "$table:$last,$table:u$row" "$table" || return 1
	HALF=${table#"${table#create}"} recovers "$table" "$next"
}

@test "an undo left out: the next command finds and removes what it would have" {
	local table row last next n=0

	while read -r table row last <&3; do
		n=$((n + 1))
		for next in $(nexts_of $n); do
			undo_left_out "$table" "$row" "$last" "$next" || {
				echo "-- undo of $table:$row left out, next: $next" >&2
				cat "$out" >&2
				return 1
			}
		done
	done 3< <(rows_of undo)
	[ "$n" -gt 15 ]
}

@test "an undo left out in the teardown of a stop" {
	local table row next

	while read -r table row _ <&3; do
		[ "$table" = start ] || continue
		for next in $(nexts_of "$row"); do
			create_101
			WABE_FAIL_AT=start:u$row wabe --quiet start 101 2>"$out"
			run_wabe stop 101 --fast
			[[ $(wabe status 101) == *" down" ]]
			recovers start "$next" || {
				echo "-- undo of start:$row left out, next: $next" >&2
				return 1
			}
		done
	done 3< <(rows_of undo)
}

@test "create over a kept configuration: a failure gives the file back as it was" {
	local row table text

	printf '# mine\nNUMPROC="77"\nODD_KEY="x"\n' >"$BATS_TEST_TMPDIR/mine"
	# behind a link, as an admin may have it, who alone may read it
	chmod 600 "$BATS_TEST_TMPDIR/mine"
	ln -s "$BATS_TEST_TMPDIR/mine" "$CONF/101.conf"
	text=$(<"$CONF/101.conf")
	while read -r table row _ <&3; do
		[ "$table" = create ] || continue
		WABE_FAIL_AT=create:$row run_wabe --quiet create 101 --ostemplate busybox
		[ "$status" -ne 0 ]
		assert_eq "$(<"$CONF/101.conf")" "$text" "configuration after step $row"
		[ -L "$CONF/101.conf" ]
		[ "$(stat -c %a "$BATS_TEST_TMPDIR/mine")" = 600 ]
		[ ! -e "$VAR/private/101" ]
	done 3< <(rows_of run)
	wabe --quiet create 101 --ostemplate busybox
	grep -q '^# mine' "$CONF/101.conf"
	grep -q '^ODD_KEY="x"' "$CONF/101.conf"
	grep -q '^NUMPROC="77"' "$CONF/101.conf"
}
