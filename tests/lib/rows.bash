# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For the tests that try every row of every step table: which rows there are the program says
# ("wabe help --steps"), here is how each table is brought to run. A verb that is a table of
# its own name and needs no arguments joins by existing: it is run on a running container.
# Any other gets a line in prepare() and act(); without, the loops say that nothing of it was
# reached. After each try recovers() holds the promise of "killed anywhere".

LOG=${WABE_ROOT:-}/var/log/vzctl.log

create_101() {
	wabe --quiet create 101 --ostemplate busybox --name kill --hostname kill \
		--ipadd "$(ip4_of 101)"
}

# prepare TABLE: container 101 as the table's verb finds it.
prepare() {
	case $1 in
	create) ;;
	start | init | launch | destroy) create_101 ;;
	*) create_101 && wabe --quiet start 101 ;;
	esac
}

# act TABLE: run the verb whose table it is.
act() {
	case $1 in
	create) create_101 ;;
	start | init | launch) wabe --quiet start 101 ;;
	stop | restart) wabe --quiet "$1" 101 --fast ;;
	set) act_set ;;
	*) wabe --quiet "$1" 101 ;;
	esac
}

act_set() {
	local more=()

	if [ -e "$CGROUP/101/pids.max" ]; then
		more+=(--numproc 77)
	fi
	wabe --quiet set 101 --name other --hostname other --ipdel all \
		--ipadd 192.0.2.240 --ipadd 192.0.2.241 ${more[@]+"${more[@]}"} --save
}

# rows_of run|undo: lines "TABLE ROW LAST" of the rows that have it; LAST is the table's last
# row, whose failure undoes all.
rows_of() {
	local steps

	steps=$(wabe help --steps)
	awk -v want="$1" '
		NR == FNR { last[$1] = $2; next }
		$4 == want || $5 == want { print $1, $2, last[$1] }
	' <(echo "$steps") <(echo "$steps")
}

# A row called "exec" replaces the process: there is nothing after it.
never_after() {
	wabe help --steps | grep -q "^$1 $2 exec "
}

# The table has an undo, or is the child's half of one that has.
reversible() {
	[ "$1" = init ] || wabe help --steps | grep -q "^$1 .* undo\$"
}

# killed PLACES TABLE: run the verb with WABE_KILL_AT=PLACES; the first of them must have been
# reached. FAIL is what else shall fail.
killed() {
	local place=${1%%,*} before after rc=0

	before=$(cat "$LOG" 2>/dev/null | grep -c "killed at $place\$") || :
	WABE_KILL_AT=$1 WABE_FAIL_AT=${FAIL:-} act "$2" >"$BATS_TEST_TMPDIR/out" 2>&1 ||
		rc=$?
	after=$(grep -c "killed at $place\$" "$LOG") || :
	# the container's first process has its log closed towards its end
	[ "$after" -gt "$before" ] || [[ $2 == init && $rc -ne 0 ]] || {
		echo "-- nothing was killed at $place, exit status $rc" >&2
		cat "$BATS_TEST_TMPDIR/out" >&2
		return 1
	}
}

# What status says is what the kernel says.
status_is_true() {
	local want="deleted" procs

	[ ! -e "$CONF/101.conf" ] || want="exist"
	procs=$(find "$CGROUP/101/payload" -name cgroup.procs -exec cat {} + 2>/dev/null) || :
	if [ -n "$procs" ]; then
		want+=" mounted running"
	elif grep -q "/vz/root/101 " /proc/self/mountinfo; then
		want+=" mounted down"
	else
		want+=" unmounted down"
	fi
	assert_eq "$(wabe status 101)" "CTID 101 $want"
}

# ends STATUS...: the last run_wabe ended with one of them.
ends() {
	local s

	for s; do
		# shellcheck disable=SC2154 # run_wabe sets it
		if [ "$status" -eq "$s" ]; then
			return
		fi
	done
	complain "exit status $status, wanted one of $*"
}

# The verb again: it does its work, or finds it done.
once_more() {
	status=0
	act "$1" >"$BATS_TEST_TMPDIR/out" 2>&1 || status=$?
	# shellcheck disable=SC2034 # what complain() shows
	ran="$1 once more" output=
	# shellcheck disable=SC2034
	errors=$(<"$BATS_TEST_TMPDIR/out")
	case $1 in
	create)
		ends 0 44 && [ -e "$CONF/101.conf" ] && [ -e "$VAR/private/101" ]
		;;
	start | init | launch) ends 0 32 ;;
	destroy) ends 0 14 ;;
	*) ends 0 ;;
	esac
}

# recovers TABLE NEXT: whatever happened to 101, status is true, the next command works
# (NEXT: stop, start, destroy, or "again" for the verb itself), so do stop, start and destroy,
# and nothing is left. With HALF set there may be a configuration without a private area.
recovers() {
	local there=no

	wait_for 5 status_is_true || status_is_true || return 1
	case $2 in
	stop)
		run_wabe stop 101 --fast
		ends 0 14
		;;
	start)
		run_wabe start 101
		# half destroyed, it cannot be started, and says so
		ends 0 14 32 ${HALF:+43}
		;;
	destroy)
		run_wabe destroy 101
		ends 0 14 32
		;;
	again)
		once_more "$1"
		;;
	esac || return 1
	[ ! -e "$CONF/101.conf" ] || there=yes
	if [ $there = yes ]; then
		goes_round || return 1
	fi
	run_wabe destroy 101
	ends 0 14 || return 1
	wait_for 5 ct_left_nothing 101 || ct_left_nothing 101
}

# An existing 101 stops, starts, works, stops.
goes_round() {
	run_wabe stop 101 --fast
	assert_status 0 || return 1
	if [[ $(wabe status 101) == *" mounted down" ]]; then
		run_wabe umount 101
		assert_status 0 || return 1
	fi
	wait_for 5 ct_is_down 101 || ct_is_down 101 || return 1
	assert_eq "$(wabe status 101)" "CTID 101 exist unmounted down" || return 1
	[ -e "$VAR/private/101" ] || {
		# a create or destroy that was cut short: both finish it
		return 0
	}
	run_wabe start 101
	assert_status 0 || return 1
	assert_eq "$(wabe exec 101 echo in)" in || return 1
	run_wabe stop 101 --fast
	assert_status 0
}

# All of 101 that a change which failed must not have changed.
snapshot() {
	(
		cd "${WABE_ROOT:-/}" || exit
		wabe status 101
		head -n 100 etc/vz/conf/101.conf run/vz/101/state 2>/dev/null | grep -v '^STARTED='
		find etc/vz/names -type l -printf '%p %l\n'
		find var/lib/vz/private var/lib/vz/claims var/lib/vz/lock run/vz -mindepth 1 \
			-maxdepth 2 -printf '%p\n' | grep -v 'guard$\|claims/uid$'
		find var/lib/vz/template/tree/*/used 2>/dev/null
		head -n 3 "$CGROUP"/101/{memory,memory.swap,pids,cpu}.max "$CGROUP/101/cpu.weight"
		ip route show table all proto 170
		ip -6 route show table all proto 170
		[ ! -e "$CGROUP/101/payload" ] || wabe exec 101 'hostname; ip addr show venet0'
	) 2>/dev/null | LC_ALL=C sort
}
