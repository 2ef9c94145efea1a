# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts of bench/: what all of them set up, inside a test host (tests/lib/testhost).
# Nothing here is timed.

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
top=$(cd "$here/.." && pwd)
base=100000 # first host id of the peers' containers

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# The build tree: $1, $WABE_BUILD, build/ or the source tree.
find_build() {
	local d

	for d in "${1:-${WABE_BUILD:-}}" "$top/build" "$top"; do
		if [ -n "$d" ] && [ -e "$d/Makefile" ]; then
			(cd "$d" && pwd)
			return
		fi
	done
	return 1
}

# Plain make leaves the programs of bench/ out: build them.
build_programs() {
	make -s -C "$1" bench/floor bench/stamp bench/measure >/dev/null ||
		die "the programs of bench/ cannot be built in $1"
}

have() {
	command -v "$1" >/dev/null 2>&1
}

# The tree of every container at $1: the stamp program as init, busybox, nothing else.
make_tree() {
	local to=$1 stamp=$2 d app

	for d in bin dev etc mnt proc root run sbin sys tmp var; do
		mkdir -p "$to/$d"
	done
	cp "$stamp" "$to/sbin/init"
	ln -s ../sbin/init "$to/bin/stamp"
	cp "$(command -v busybox)" "$to/bin/busybox"
	for app in sh true cat ls mount; do
		ln -s busybox "$to/bin/$app"
	done
	echo 'root:x:0:0:root:/root:/bin/sh' >"$to/etc/passwd"
	echo 'root:x:0:' >"$to/etc/group"
}

# One candidate for bench/measure on stdout: KEY=VALUE...
candidate() {
	local pair

	for pair; do
		printf '%s="%s"\n' "${pair%%=*}" "${pair#*=}"
	done
	echo
}

# An LXC container $2 below directory $1 over tree $3, as Debian's package configures one
# with an id range: common.conf and userns.conf; further lines on stdin.
make_lxc() {
	mkdir -p "$1/$2"
	{
		cat <<EOT
lxc.include = /usr/share/lxc/config/common.conf
lxc.include = /usr/share/lxc/config/userns.conf
lxc.uts.name = $2
lxc.rootfs.path = dir:$3
lxc.idmap = u 0 $base 65536
lxc.idmap = g 0 $base 65536
lxc.apparmor.profile = unconfined
lxc.mount.entry = tmpfs dev/shm tmpfs rw,nosuid,nodev,create=dir 0 0
lxc.mount.entry = mqueue dev/mqueue mqueue rw,nosuid,nodev,noexec,create=dir 0 0
EOT
		cat
	} >"$1/$2/config"
}

# Below $work: one tree for Wabe with plain owners, one for the peers with shifted ones.
make_trees() {
	work=$WABE_ROOT/bench
	peer=$work/peer
	mkdir -p "$work"
	make_tree "$work/tree" "$bin/stamp"
	cp -a "$work/tree" "$peer"
	chown -Rh "$base:$base" "$peer"
}

# The template "bench" for `wabe create`.
make_template() {
	local cache=$WABE_ROOT/var/lib/vz/template/cache

	mkdir -p "$cache"
	tar -C "$work/tree" --numeric-owner --owner=0 --group=0 -cf "$cache/bench.tar" .
}

wanted() {
	[ -z "$only" ] || [[ ,$only, == *,$1,* ]]
}

# What the numbers belong to, as -k options of bench/measure in the array `facts`.
gather_facts() {
	local model mem

	model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
	mem=$(sed -n 's/^MemTotal: *//p' /proc/meminfo)
	# shellcheck source=/dev/null
	facts=(
		-k "date=$(date -u +%Y-%m-%dT%H:%M:%SZ)"
		-k "cpu=${model:-$(uname -m)}, $(nproc) cores"
		-k "memory=$mem"
		-k "kernel=$(uname -r)"
		-k "system=$(. /etc/os-release && echo "$PRETTY_NAME")"
		-k "wabe=$(wabe version 2>/dev/null | head -n 1 || :)"
		-k "lxc=$(lxc-start --version 2>/dev/null || :)"
	)
}

# Measure the candidates of file $1.
run_list() {
	local -a facts
	local idles=0

	[ -s "$1" ] || die "there is nothing to measure"
	[ "$idle" = 0 ] || idles=0,$idle
	gather_facts
	mkdir -p "$(dirname "$json")"
	"$bin/measure" -n "$runs" -i "$idles" -j "$json" "${facts[@]}" "$1"
	echo "saved: $json"
}

# The options of every script, then `inside` in a test host.
bench_main() {
	local args=("$@")

	runs=30 idle=500 json='' build='' only=''
	while [ $# -gt 0 ]; do
		case $1 in
		--help)
			usage
			exit 0
			;;
		-n | --idle | --json | --build | --only)
			[ $# -ge 2 ] || die "$1 needs a value"
			case $1 in
			-n) runs=$2 ;;
			--idle) idle=$2 ;;
			--json) json=$(realpath -m "$2") ;;
			--build) build=$2 ;;
			--only) only=$2 ;;
			esac
			shift 2
			;;
		*)
			usage >&2
			exit 20
			;;
		esac
	done
	build=$(find_build "$build") || die "no build tree (./configure && make first)"
	bin=$build/bench
	json=${json:-$bin/results/${0##*/}.json}
	if [ -z "${WABE_TESTHOST:-}" ]; then
		build_programs "$build"
		exec "$top/tests/lib/testhost" --build "$build" -- "$here/${0##*/}" "${args[@]}"
	fi
	inside
}
