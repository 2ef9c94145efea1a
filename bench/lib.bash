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
	make -s -C "$1" bench-programs >/dev/null ||
		die "the programs of bench/ cannot be built in $1"
}

have() {
	command -v "$1" >/dev/null 2>&1
}

# The tree of every container at $1: stamp as init, cost, busybox, nothing else.
make_tree() {
	local to=$1 d app

	for d in bin dev etc mnt proc root run sbin sys tmp usr var; do
		mkdir -p "$to/$d"
	done
	cp "$bin/stamp" "$to/sbin/init"
	cp "$bin/cost" "$to/bin/cost"
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

# An OCI bundle $1 over tree $2 for crun and runc: what they need and no more. Without
# linux.resources, since crun 1.8 raises RLIMIT_MEMLOCK for a device filter.
make_bundle() {
	local flags='"nosuid", "noexec", "nodev"' map

	map="[{\"containerID\": 0, \"hostID\": $base, \"size\": 65536}]"
	mkdir -p "$1"
	cat >"$1/config.json" <<EOT
{
 "ociVersion": "1.0.2",
 "root": {"path": "$2"},
 "hostname": "bench",
 "process": {
  "user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["/sbin/init"],
  "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
  "capabilities": {"bounding": ["CAP_CHOWN"], "effective": ["CAP_CHOWN"],
   "permitted": ["CAP_CHOWN"]}
 },
 "mounts": [
  {"destination": "/proc", "type": "proc", "source": "proc", "options": [$flags]},
  {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
  {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
   "options": ["newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
  {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": [$flags]},
  {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": [$flags]},
  {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": [$flags]},
  {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
   "options": [$flags]}
 ],
 "linux": {
  "cgroupsPath": "/${1##*/}",
  "uidMappings": $map, "gidMappings": $map,
  "namespaces": [{"type": "user"}, {"type": "pid"}, {"type": "mount"}, {"type": "network"},
   {"type": "uts"}, {"type": "ipc"}, {"type": "cgroup"}]
 }
}
EOT
}

# Below $work: one tree for Wabe with plain owners, one for the peers with shifted ones.
make_trees() {
	mkdir -p "$work"
	make_tree "$work/tree"
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

# Is the peer's program $1 of the package $2 here?
peer_is_there() {
	have "$1" || {
		note "$1 is not installed (apt-get install $2): left out"
		return 1
	}
}

need_wabe() {
	have wabe || die "wabe is not built"
}

# For people, now and beside the numbers.
note() {
	echo "# $*" >>"$series"
}

# Medians of a busy machine say more of the machine.
note_load() {
	local load

	read -r load _ </proc/loadavg
	[ "${load%.*}" -lt "$(nproc)" ] ||
		note "$part: the machine was busy before it began (load $load, $(nproc) cores)"
}

# The candidates of file $1 as series $2 (default: the part's name), further options of
# bench/measure behind them.
run_list() {
	local list=$1 prefix=${2:-$part}

	shift $(($# > 1 ? 2 : 1))
	[ -s "$list" ] || die "there is nothing to measure"
	"$bin/measure" -n "$runs" -p "$prefix" -o "$series" "$@" "$list"
}

# What the numbers belong to, as -k options of bench/judge in the array `facts`.
gather_facts() {
	local model mem p

	model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
	mem=$(sed -n 's/^MemTotal: *//p' /proc/meminfo)
	# shellcheck source=/dev/null
	facts=(
		-k "date=$(date -u +%Y-%m-%dT%H:%M:%SZ)"
		-k "cpu=${model:-$(uname -m)}, $(nproc) cores"
		-k "memory=$mem"
		-k "kernel=$(uname -r)"
		-k "load=$(cut -d ' ' -f 1-3 /proc/loadavg)"
		-k "system=$(. /etc/os-release && echo "$PRETTY_NAME")"
		-k "wabe=$("$build/wabe" version 2>/dev/null | head -n 1 || :)"
	)
	for p in lxc-start crun runc systemd-nspawn; do
		facts+=(-k "$p=$({ "$p" --version || :; } 2>/dev/null | head -n 1)")
	done
}

# Hold the series of files $2... against the targets and save all of it as $1.
tell() {
	local -a facts
	local to=$1

	shift
	gather_facts
	echo
	"$bin/judge" -j "$to" "${facts[@]}" "${judge_options[@]}" "$here/targets" "$@"
	echo "saved: $to"
}

# The options of every script; then `inside` in a test host, and what it comes to.
# shellcheck disable=SC2034 # idle is for the parts
bench_main() {
	local args=("$@")

	part=${0##*/} runs=30 idle=500 json='' build='' only='' told=yes judge_options=()
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
		--untold)
			told=no
			shift
			;;
		*)
			usage >&2
			exit 20
			;;
		esac
	done
	build=$(find_build "$build") || die "no build tree (./configure && make first)"
	bin=$build/bench
	series=$bin/results/$part.series
	if [ -n "${WABE_TESTHOST:-}" ]; then
		work=$WABE_ROOT/bench
		peer=$work/peer
		inside
		return
	fi
	build_programs "$build"
	mkdir -p "$bin/results"
	: >"$series"
	note_load
	"$top/tests/lib/testhost" --build "$build" ${size:+--size "$size"} -- \
		"$here/$part" "${args[@]}"
	[ "$told" = no ] || tell "${json:-$bin/results/$part.json}" "$series"
}
