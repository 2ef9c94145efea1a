# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What ./check and ./soak have in common. Both go to the top of the tree, source this, and
# call suite_options "$@", suite_begin, one function after the other for the parts, finish. A
# part prints TAP; its tests are counted and told here.

top=$PWD
build=$top/build
asan=$top/build-asan
suite=$(basename "$0")
logs=$build/$suite-logs
quick=
vm=yes
only='*'

# shellcheck source=tests/lib/packages.bash
. "$top/tests/lib/packages.bash"
# shellcheck source=tests/lib/build.bash
. "$top/tests/lib/build.bash"
# shellcheck source=tests/lib/tally.bash
. "$top/tests/lib/tally.bash"

build_all() {
	make_configure && build_in build --enable-werror &&
		build_in build-asan --enable-werror --enable-sanitizers &&
		make -s -C build-asan -j2 check TESTS=
}

# unit_tests SECONDS: those of tests/unit and tests/fuzz, with sanitizers, so long each.
unit_tests() {
	local limit=$1 test name

	for test in tests/unit/test-*.c tests/fuzz/fuzz-*.c; do
		name=${test#tests/}
		name=${name%.c}
		if [ ! -x "$asan/tests/$name" ]; then
			wanted "$name" && skip_part "$name" "not in tests/Makemodule.am"
			continue
		fi
		run "$name" env ASAN_OPTIONS=detect_leaks=1 \
			UBSAN_OPTIONS=print_stacktrace=1 top_srcdir="$top" top_builddir="$asan" \
			WABE_ARCHIVE="$asan/wabe-archive" \
			tests/lib/testhost --build "$asan" --size 512M -- \
			timeout "$limit" "$asan/tests/$name"
	done
}

# bats_files FOLDER JOBS SECONDS: the files of tests/FOLDER, so many at a time, each in a test
# host of its own and at most so long; told in the order of the alphabet.
bats_files() {
	local folder=$1 jobs=$2 limit=$3 file name status seconds
	local -a names=()

	mkdir -p "$logs/$folder"
	for file in "tests/$folder"/*.bats; do
		name=$folder/$(basename "$file" .bats)
		if [ -e "$file" ] && wanted "$name"; then
			names+=("$name")
		fi
	done
	[ ${#names[@]} -gt 0 ] || return 0
	# shellcheck disable=SC2016 # for the inner shell
	printf '%s\n' "${names[@]}" | xargs -P "$jobs" -I '{}' bash -c '
		SECONDS=0 status=0
		timeout "$5" "$1/tests/run-bats" --build "$2" "$1/tests/$4.bats" \
			>"$3/$4.tap" 2>&1 </dev/null || status=$?
		echo "$status $SECONDS" >"$3/$4.status"' \
		one "$top" "$build" "$logs" '{}' "$limit"
	for name in "${names[@]}"; do
		read -r status seconds <"$logs/$name.status"
		tell "$name" "$status" "$seconds"
	done
}

template_archive() {
	local begin=$SECONDS

	if tests/lib/debian-template "$build" >"$logs/template.path" \
		2>"$logs/template.log" </dev/null; then
		echo "Debian template ready ($((SECONDS - begin)) s)"
		return
	fi
	echo "no Debian template: $(tail -n 1 "$logs/template.log")"
	: >"$logs/template.path"
}

no_template() {
	echo "the booted host needs a Debian template, and it could not be built:"
	cat "$logs/template.log"
	return 1
}

booted_host() {
	wanted vm || return 0
	if [ -n "$quick" ]; then
		skip_part vm "left out by --quick"
	elif [ "$vm" = no ]; then
		skip_part vm "left out by --no-vm"
	elif [ ! -s "$logs/template.path" ]; then
		run_plain vm no_template
	else
		run vm tests/vm/run --build "$build" --logs "$logs" ${WABE_SOAK:+--timeout 1800} \
			--template "$(<"$logs/template.path")"
	fi
}

distcheck() {
	wanted distcheck || return 0
	if [ -n "$quick" ]; then
		skip_part distcheck "left out by --quick"
	else
		run_plain distcheck tests/lib/testhost --fs none -- \
			make -C "$build" -j2 distcheck DISTCHECK_CONFIGURE_FLAGS=--enable-werror
	fi
}

suite_options() {
	while [ $# -gt 0 ]; do
		case $1 in
		--help)
			usage
			exit 0
			;;
		--quick) quick=yes ;;
		--no-vm) vm=no ;;
		--only)
			[ $# -ge 2 ] || {
				echo "$suite: --only needs a pattern" >&2
				exit 2
			}
			only=$2
			shift
			;;
		*)
			echo "$suite: unknown option $1 (see --help)" >&2
			exit 2
			;;
		esac
		shift
	done
}

# Root, the packages, both builds: without them nothing can be said.
suite_begin() {
	local begin=$SECONDS

	[ "$(id -u)" -eq 0 ] || {
		echo "$suite: it makes network namespaces and mounts: run it as root" >&2
		exit 1
	}
	rm -rf "$logs"
	mkdir -p "$logs"
	# shellcheck disable=SC2086 # words
	need_packages $packages_build $packages_run $packages_test ||
		give_up "the packages could not be installed"
	if build_all >"$logs/build.log" 2>&1 </dev/null; then
		echo "built with warnings as errors, plain and with sanitizers ($((SECONDS - begin)) s)"
	else
		tail -n 40 "$logs/build.log"
		give_up "the build (all of it: ${logs#"$top"/}/build.log)"
	fi
}
