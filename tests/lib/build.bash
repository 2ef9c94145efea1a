# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Building beside the source tree. The functions run with the source tree as working
# directory and may be called again: what is up to date costs nothing.

# The configure script, when it is missing or older than what it is made of.
make_configure() {
	local newer

	newer=$(find configure.ac Makefile.am ./*/Makemodule.am -newer configure 2>/dev/null |
		head -n 1)
	if [ ! -e configure ] || [ ! -e Makefile.in ] || [ ! -e build-aux/install-sh ] ||
		[ -n "$newer" ]; then
		autoreconf -fi || return 1
	fi
	# A build in the source tree stands in the way of one beside it.
	[ ! -e config.status ] || make -s distclean
}

# build_in DIR [CONFIGURE-OPTION...]: configured anew only when the options are others.
build_in() {
	local dir=$1
	shift

	mkdir -p "$dir" || return 1
	(
		cd "$dir" || exit 1
		if [ ! -e Makefile ] || [ "$(cat .configured 2>/dev/null)" != "$*" ] ||
			[ ../configure -nt config.status ]; then
			../configure --quiet "$@" || exit 1
			echo "$*" >.configured
		fi
		make --no-print-directory -s -j2
	)
}
