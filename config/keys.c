/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/keys.h"

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

#define AT(field) offsetof(struct conf, field)

enum {
	CS = KF_CREATE | KF_SET,
	LIVE_LIMIT = CS | KF_LIVE | KF_CGROUP | KF_LAST_WINS,
};

const struct key keys[KEY_COUNT] = {
	{ KEY_NAME, "NAME", "name", "NAME", "name to use in place of the CTID; '' removes it",
	  KT_NAME, CS | KF_SAVE_ONLY, AT(name), 0, 0, NULL },
	{ KEY_DESCRIPTION, "DESCRIPTION", "description", "TEXT", "free text for the admin",
	  KT_TEXT, CS | KF_SAVE_ONLY, AT(description), 0, 0, NULL },
	{ KEY_OSTEMPLATE, "OSTEMPLATE", "ostemplate", "NAME",
	  "template the root file system lies over", KT_WORD, CS | KF_SAVE_ONLY,
	  AT(ostemplate), 0, 0, NULL },
	{ KEY_ORIGIN_SAMPLE, "ORIGIN_SAMPLE", NULL, "NAME", "sample it was created from",
	  KT_WORD, 0, AT(origin_sample), 0, 0, NULL },
	{ KEY_VE_ROOT, "VE_ROOT", "root", "PATH", "where `mount` mounts it; may hold $VEID",
	  KT_PATH, CS | KF_SAVE_ONLY, AT(ve_root), 0, 0, NULL },
	{ KEY_VE_PRIVATE, "VE_PRIVATE", "private", "PATH",
	  "directory of its own files; may hold $VEID", KT_PATH, CS | KF_SAVE_ONLY,
	  AT(ve_private), 0, 0, NULL },
	{ KEY_VE_LAYOUT, "VE_LAYOUT", "layout", "overlay", "storage layout", KT_WORD,
	  KF_CREATE, AT(layout), 0, 0, "ve_layout velayout" },
	{ KEY_LOCAL_UID, "LOCAL_UID", "local_uid", "UID",
	  "first host uid of its range, a multiple of 65536 (0: any)", KT_UINT, KF_CREATE,
	  AT(local_uid), 0, 4294836224u, NULL },
	{ KEY_LOCAL_GID, "LOCAL_GID", "local_gid", "GID",
	  "first host gid of its range, a multiple of 65536 (0: as the uid)", KT_UINT,
	  KF_CREATE, AT(local_gid), 0, 4294836224u, NULL },
	{ KEY_DISABLED, "DISABLED", "disabled", "yes|no", "start only with --force", KT_BOOL,
	  KF_SET | KF_SAVE_ONLY, AT(disabled), 0, 0, NULL },
	{ KEY_STOP_TIMEOUT, "STOP_TIMEOUT", "stop-timeout", "SECONDS",
	  "time a graceful stop may take (0: 120)", KT_UINT, KF_SET | KF_SAVE_ONLY,
	  AT(stop_timeout), 0, 86400, NULL },
	{ KEY_HOSTNAME, "HOSTNAME", "hostname", "NAME", "host name", KT_HOSTNAME, CS | KF_LIVE,
	  AT(net.hostname), 0, 0, NULL },
	{ KEY_IP_ADDRESS, "IP_ADDRESS", "ipadd", "ADDR[/LEN]", "add a venet address (repeatable)",
	  KT_IPS, CS | KF_LIVE | KF_ACCUMULATE, AT(net.ip), 0, 0, "ip" },
	{ KEY_NAMESERVER, "NAMESERVER", "nameserver", "ADDR", "name server (repeatable)", KT_DNS,
	  CS | KF_ACCUMULATE, AT(net.nameserver), 0, 0, NULL },
	{ KEY_SEARCHDOMAIN, "SEARCHDOMAIN", "searchdomain", "DOMAIN",
	  "DNS search domain (repeatable)", KT_DOMAINS, CS | KF_ACCUMULATE,
	  AT(net.searchdomain), 0, 0, NULL },
	{ KEY_PHYSPAGES, "PHYSPAGES", "physpages", "N[:N]", "memory in pages", KT_PAGES,
	  LIVE_LIMIT, AT(res.physpages), 1, INT64_MAX, NULL },
	{ KEY_SWAPPAGES, "SWAPPAGES", "swappages", "N[:N]", "swap in pages", KT_PAGES,
	  LIVE_LIMIT, AT(res.swappages), 0, 0, NULL },
	{ KEY_NUMPROC, "NUMPROC", "numproc", "N[:N]", "tasks (processes and threads)", KT_COUNT,
	  LIVE_LIMIT, AT(res.numproc), 1, 4194304, NULL },
	{ KEY_CPUUNITS, "CPUUNITS", "cpuunits", "N", "processor weight, 1000 is usual", KT_UINT,
	  LIVE_LIMIT, AT(res.cpuunits), 8, 500000, NULL },
	{ KEY_CPULIMIT, "CPULIMIT", "cpulimit", "N[%]",
	  "processor time in percent of one CPU, with % of all (0: no limit)", KT_CPULIMIT,
	  LIVE_LIMIT, AT(res.cpulimit), 0, 409600, NULL },
	{ KEY_DISKSPACE, "DISKSPACE", "diskspace", "N[:N]", "disk space in KiB, soft:hard",
	  KT_KIB, CS | KF_LIVE | KF_LAST_WINS, AT(disk.space), 0, 0, NULL },
	{ KEY_DISKINODES, "DISKINODES", "diskinodes", "N[:N]", "files and directories, soft:hard",
	  KT_COUNT, CS | KF_LIVE | KF_LAST_WINS, AT(disk.inodes), 1, INT64_MAX, NULL },
	{ KEY_DISK_QUOTA, "DISK_QUOTA", "diskquota", "yes|no", "apply disk limits", KT_BOOL,
	  KF_SET | KF_SAVE_ONLY, AT(disk.quota), 0, 0, NULL },
};

/* Options that fill a key in another form. */
static const struct key forms[] = {
	{ KEY_PHYSPAGES, "PHYSPAGES", "ram", "BYTES", "memory (suffixes K M G T)", KT_RAM,
	  LIVE_LIMIT, AT(res.physpages), 1, 0, NULL },
	{ KEY_SWAPPAGES, "SWAPPAGES", "swap", "BYTES", "swap (suffixes K M G T)", KT_RAM,
	  LIVE_LIMIT, AT(res.swappages), 0, 0, NULL },
};

static const struct key *const options[] = {
	&keys[KEY_NAME],       &keys[KEY_DESCRIPTION], &keys[KEY_OSTEMPLATE],
	&keys[KEY_VE_ROOT],    &keys[KEY_VE_PRIVATE],  &keys[KEY_VE_LAYOUT],
	&keys[KEY_LOCAL_UID],  &keys[KEY_LOCAL_GID],   &keys[KEY_DISABLED],
	&keys[KEY_STOP_TIMEOUT], &keys[KEY_HOSTNAME],  &keys[KEY_IP_ADDRESS],
	&keys[KEY_NAMESERVER], &keys[KEY_SEARCHDOMAIN], &forms[0],
	&forms[1],	       &keys[KEY_NUMPROC],     &keys[KEY_CPUUNITS],
	&keys[KEY_CPULIMIT],   &keys[KEY_DISKSPACE],   &keys[KEY_DISKINODES],
	&keys[KEY_DISK_QUOTA], &keys[KEY_PHYSPAGES],   &keys[KEY_SWAPPAGES],
};

const struct key *key_by_name(const char *name)
{
	for (int i = 0; i < KEY_COUNT; i++)
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static bool is_word_of(const char *list, const char *word)
{
	size_t n = strlen(word);

	if (!n || strchr(word, ' '))
		return false;
	for (const char *s = list; s && (s = strstr(s, word)); s += n)
		if ((s == list || s[-1] == ' ') && (!s[n] || s[n] == ' '))
			return true;
	return false;
}

const struct key *key_by_option(const char *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (!strcmp(options[i]->option, option) || is_word_of(options[i]->also, option))
			return options[i];
	return NULL;
}

const struct key *const *keys_options(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(options);
	return options;
}
