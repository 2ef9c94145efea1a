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
	{ KEY_NAME, "NAME", "name", "NAME",
	  "name to use in place of the CTID; an empty one removes it", KT_NAME,
	  CS | KF_SAVE_ONLY | KF_OWN, AT(name), 0, 0, NULL, NULL, NULL },
	{ KEY_DESCRIPTION, "DESCRIPTION", "description", "TEXT", "free text", KT_TEXT,
	  CS | KF_SAVE_ONLY, AT(description), 0, 0, NULL, NULL, NULL },
	{ KEY_OSTEMPLATE, "OSTEMPLATE", "ostemplate", "TEMPLATE",
	  "template its root file system lies over", KT_WORD, CS | KF_SAVE_ONLY,
	  AT(ostemplate), 0, 0, NULL, NULL, NULL },
	{ KEY_ORIGIN_SAMPLE, "ORIGIN_SAMPLE", NULL, "SAMPLE",
	  "sample configuration it was created from", KT_WORD, KF_OWN,
	  AT(origin_sample), 0, 0, NULL, NULL, NULL },
	{ KEY_VE_ROOT, "VE_ROOT", "root", "DIR",
	  "where its files are mounted on the host", KT_PATH, CS | KF_SAVE_ONLY,
	  AT(ve_root), 0, 0, NULL, "/var/lib/vz/root/$VEID", NULL },
	{ KEY_VE_PRIVATE, "VE_PRIVATE", "private", "DIR", "where its files are stored",
	  KT_PATH, CS | KF_SAVE_ONLY, AT(ve_private), 0, 0, NULL,
	  "/var/lib/vz/private/$VEID", NULL },
	{ KEY_VE_LAYOUT, "VE_LAYOUT", "layout", "overlay", "how its files are stored",
	  KT_WORD, KF_CREATE | KF_OWN, AT(layout), 0, 0, "ve_layout velayout",
	  "overlay", NULL },
	{ KEY_LOCAL_UID, "LOCAL_UID", "local_uid", "UID",
	  "first user id of its range on the host, a multiple of 65536; 0: a free one",
	  KT_UINT, KF_CREATE | KF_OWN, AT(local_uid), 0, 4294836224u, NULL, "0", NULL },
	{ KEY_LOCAL_GID, "LOCAL_GID", "local_gid", "GID",
	  "first group id of its range on the host, a multiple of 65536; 0: as the user id",
	  KT_UINT, KF_CREATE | KF_OWN, AT(local_gid), 0, 4294836224u, NULL, "0", NULL },
	{ KEY_DISABLED, "DISABLED", "disabled", "yes|no",
	  "refuse to start it without `--force`", KT_BOOL, KF_SET | KF_SAVE_ONLY,
	  AT(disabled), 0, 0, NULL, "no", NULL },
	{ KEY_STOP_TIMEOUT, "STOP_TIMEOUT", "stop-timeout", "SECONDS",
	  "time for an orderly shutdown before it is killed; 0: the default", KT_UINT,
	  KF_SET | KF_SAVE_ONLY, AT(stop_timeout), 0, 86400, NULL, "120", "seconds" },
	{ KEY_HOSTNAME, "HOSTNAME", "hostname", "NAME", "host name", KT_HOSTNAME,
	  CS | KF_LIVE, AT(net.hostname), 0, 0, NULL, NULL, NULL },
	{ KEY_IP_ADDRESS, "IP_ADDRESS", "ipadd", "ADDR[/LEN]",
	  "address on its venet interface, IPv4 or IPv6", KT_IPS,
	  CS | KF_LIVE | KF_ACCUMULATE | KF_OWN, AT(net.ip), 0, 0, "ip", NULL, NULL },
	{ KEY_NAMESERVER, "NAMESERVER", "nameserver", "ADDR|inherit",
	  "name server; `inherit`: those of the host", KT_DNS, CS | KF_ACCUMULATE,
	  AT(net.nameserver), 0, 0, NULL, NULL, NULL },
	{ KEY_SEARCHDOMAIN, "SEARCHDOMAIN", "searchdomain", "DOMAIN|inherit",
	  "DNS search domain; `inherit`: those of the host", KT_DOMAINS,
	  CS | KF_ACCUMULATE, AT(net.searchdomain), 0, 0, NULL, NULL, NULL },
	{ KEY_PHYSPAGES, "PHYSPAGES", "physpages", "N[:N]",
	  "memory in pages; of two numbers the second counts", KT_PAGES, LIVE_LIMIT,
	  AT(res.physpages), 1, INT64_MAX, NULL, "unlimited", "pages" },
	{ KEY_SWAPPAGES, "SWAPPAGES", "swappages", "N[:N]",
	  "swap space in pages, in addition to the memory; of two numbers the second counts",
	  KT_PAGES, LIVE_LIMIT, AT(res.swappages), 0, 0, NULL, "unlimited", "pages" },
	{ KEY_NUMPROC, "NUMPROC", "numproc", "N[:N]",
	  "most processes and threads; of two numbers the second counts", KT_COUNT,
	  LIVE_LIMIT, AT(res.numproc), 1, 4194304, NULL, "unlimited", NULL },
	{ KEY_CPUUNITS, "CPUUNITS", "cpuunits", "N",
	  "weight among containers when the processors are busy", KT_UINT, LIVE_LIMIT,
	  AT(res.cpuunits), 8, 500000, NULL, "1000", NULL },
	{ KEY_CPULIMIT, "CPULIMIT", "cpulimit", "N[%]",
	  "most processor time in percent of one CPU, with `%` of all; 0: no limit",
	  KT_CPULIMIT, LIVE_LIMIT, AT(res.cpulimit), 0, 409600, NULL, "0",
	  "percent of one CPU" },
	{ KEY_DISKSPACE, "DISKSPACE", "diskspace", "SIZE[:SIZE]",
	  "disk space, soft and hard limit; a plain number is KiB", KT_KIB,
	  CS | KF_LIVE | KF_LAST_WINS, AT(disk.space), 0, 0, NULL, "unlimited", "KiB" },
	{ KEY_DISKINODES, "DISKINODES", "diskinodes", "N[:N]",
	  "files and directories, soft and hard limit", KT_COUNT,
	  CS | KF_LIVE | KF_LAST_WINS, AT(disk.inodes), 1, INT64_MAX, NULL, "unlimited",
	  NULL },
	{ KEY_DISK_QUOTA, "DISK_QUOTA", "diskquota", "yes|no", "apply the disk limits",
	  KT_BOOL, KF_SET | KF_SAVE_ONLY, AT(disk.quota), 0, 0, NULL, "yes", NULL },
};

/* Options that fill a key in another form. */
static const struct key forms[] = {
	{ KEY_PHYSPAGES, "PHYSPAGES", "ram", "SIZE",
	  "memory, in bytes or with a suffix K M G T", KT_RAM, LIVE_LIMIT,
	  AT(res.physpages), 1, 0, NULL, "unlimited", NULL },
	{ KEY_SWAPPAGES, "SWAPPAGES", "swap", "SIZE",
	  "swap space, in bytes or with a suffix K M G T", KT_RAM, LIVE_LIMIT,
	  AT(res.swappages), 0, 0, NULL, "unlimited", NULL },
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

const char *key_values(const struct key *k)
{
	static const char *const values[] = {
		[KT_TEXT] = "text of at most 1023 bytes",
		[KT_NAME] = "letters, digits, blanks and `-` `+` `_` `.`, at most 64, not "
			    "a number, and not beginning with `-` or a dot",
		[KT_WORD] = "letters, digits and `.` `_` `+` `@` `-`, at most 128",
		[KT_PATH] = "an absolute path; `$VEID` in it stands for the CTID",
		[KT_HOSTNAME] = "letters, digits, `-` and `_` with dots between them, at "
				"most 64 characters",
		[KT_BOOL] = "`yes` or `no`",
		[KT_UINT] = "a whole number",
		[KT_COUNT] = "a number, or barrier`:`limit, or `unlimited`",
		[KT_PAGES] = "a number, or barrier`:`limit, or `unlimited`",
		[KT_RAM] = "a size, or `unlimited`",
		[KT_KIB] = "a number, or soft`:`hard, or `unlimited`",
		[KT_CPULIMIT] = "a whole number",
		[KT_IPS] = "addresses with or without `/`LEN, at most 1024, separated by "
			   "blanks",
		[KT_DNS] = "addresses, at most 64, separated by blanks, or `inherit`",
		[KT_DOMAINS] = "domain names, at most 64, separated by blanks, or `inherit`",
	};

	return k->id == KEY_VE_LAYOUT ? "`overlay`" : values[k->type];
}
