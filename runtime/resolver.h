/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "inherit" of NAMESERVER and SEARCHDOMAIN: what the host's /etc/resolv.conf says when the
 * container starts. Servers on the host's loopback (systemd-resolved, dnsmasq) are left out:
 * no container reaches them.
 */
#ifndef RUNTIME_RESOLVER_H
#define RUNTIME_RESOLVER_H

#include "base/strv.h"

/* Replace each "inherit" in the lists by the host's. */
void resolver_inherit(struct strv *nameserver, struct strv *searchdomain);

#endif
