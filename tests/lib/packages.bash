# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034 # the lists are for who sources this
#
# Which Debian packages building, running and testing want, and how they get here.

packages_build='gcc binutils make autoconf automake pkg-config libc6-dev libcap-dev libseccomp-dev
libnl-3-dev libyajl-dev libarchive-dev nettle-dev'

packages_run='iproute2 iputils-ping busybox-static mmdebstrap gpg zstd e2fsprogs'

packages_test='bats shellcheck jq strace nftables openssh-client btrfs-progs xfsprogs
qemu-system-x86 xz-utils procps zsh mandoc man-db groff-base'

# need_packages NAME...: install those that dpkg does not have; says so only then.
need_packages() {
	local name
	local -a missing=()

	for name; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] ||
			missing+=("$name")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	echo "installing ${missing[*]}"
	DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
		DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
			--no-install-recommends install "${missing[@]}" </dev/null >/dev/null
}
