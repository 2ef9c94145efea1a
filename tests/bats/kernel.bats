#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel that lacks something: named with its CONFIG option or limit, and nothing is left.

bats_require_minimum_version 1.5.0
load ../lib/common

setup() {
	command -v strace >/dev/null || skip "strace is not installed"
	busybox_template
	wabe --quiet create 101 --ostemplate busybox
}

teardown() {
	drop_ct 101
}

# lacks CALL:ERROR CODE TEXT: start with every such call refused.
lacks() {
	status=0
	errors=$(strace -f -qq -o /dev/null -e trace="${1%%:*}" \
		-e inject="${1%%:*}:error=${1##*:}" wabe --quiet start 101 2>&1) || status=$?
	output=
	ran="start with $1"
	assert_status "$2"
	assert_output_has "$3"
	wait_for 3 ct_is_down 101 || ct_is_down 101
}

@test "no file system of a kind" {
	# refused to the supervisor (overlay) and to the child (proc): who is first is told
	lacks fsopen:ENODEV 5 " file system"
	assert_output_has "the kernel has no "
}

@test "a file system that cannot be idmapped" {
	lacks mount_setattr:EINVAL 5 "cannot be idmapped"
}

@test "no seccomp filters" {
	lacks seccomp:EINVAL 5 CONFIG_SECCOMP_FILTER
}
