/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of every type, in and out, from users and from files. */
#include "tests/unit/tap.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"
#include "config/keys.h"
#include "config/number.h"

#define LONG_128                                                                   \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"       \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static uint64_t number(const char *s, uint64_t unit)
{
	uint64_t v = 4711;

	return number_parse(s, unit, &v) == NUMBER_OK ? v : 4711;
}

static void numbers(void)
{
	static const char *const not_one[] = {
		"", " ", "-1", "+1", "1 ", " 1", "0x10", "1e3", "K", ".", "1.", "1.K", "1KB",
		"1KK", "1Q", "unlimite", "unlimited ", "1:", "1,5", "\xc2\xb2",
	};
	uint64_t v = 1;

	is_int(number("0", 0), 0, "0 is a number");
	is_int(number("007", 0), 7, "leading zeros are decimal");
	is_int(number("1K", 1), 1024, "1K is 1024 bytes");
	is_int(number("1k", 1), 1024, "and so is 1k");
	is_int(number("2.2G", 1), 2362232013, "2.2G in bytes, rounded up");
	is_int(number("2.2G", 1024), 2306868, "2.2G in KiB, rounded up");
	is_int(number(".5M", 1024), 512, "a fraction may stand alone");
	is_int(number("1.5T", 1024), 1610612736, "1.5T in KiB");
	is_int(number("3P", 1024), 3 * sysconf(_SC_PAGESIZE) / 1024, "P is a page");
	is_int(number("1B", 1024), 1, "one byte takes a whole KiB");
	is_int(number("0B", 1024), 0, "no byte takes none");
	is_int(number("17", 1024), 17, "without a suffix it is in units");
	ok(number("unlimited", 0) == CONF_UNLIMITED, "unlimited");
	ok(number("UnLimited", 1) == CONF_UNLIMITED, "unlimited in any case");
	ok(number("9223372036854775807", 1) == CONF_UNLIMITED, "LONG_MAX is unlimited");
	is_int(number("9223372036854775806", 1), 9223372036854775806, "one less is not");
	is_int(number_parse("9223372036854775808", 1, &v), NUMBER_OVER, "one more is too large");
	ok(v == CONF_UNLIMITED, "and reads as unlimited");
	is_int(number_parse("18446744073709551616", 0, &v), NUMBER_OVER, "2^64 is too large");
	is_int(number_parse("99999999999999999999999999999999999999999999T", 1, &v), NUMBER_OVER,
	       "44 digits and a suffix are too large");
	is_int(number_parse("9223372036854775807T", 1024, &v), NUMBER_OVER,
	       "LONG_MAX with a suffix is too large");
	is_int(number_parse("8388608T", 1, &v), NUMBER_OVER, "2^63 bytes by a suffix too");
	is_int(number("8388607T", 1), 8388607ll << 40, "and the last T below it is not");
	is_int(number("0.0000000000000000000000000000001K", 1), 0, "a long fraction ends");
	is_int(number_parse("1K", 0, &v), NUMBER_BAD, "a count takes no suffix");
	is_int(number_parse("1.5", 1, &v), NUMBER_BAD, "half a unit is refused");
	is_int(number("1.0", 1), 1, "1.0 is whole");
	v = 4711;
	for (size_t i = 0; i < ARRAY_SIZE(not_one); i++)
		ok(number_parse(not_one[i], 1, &v) == NUMBER_BAD && v == 4711,
		   "'%s' is not a number", not_one[i]);
}

/* Parse one value for a row; the text it is written as, or "E<code>"; clipped ones end
 * with '!'. Heap string. */
static char *through(const struct key *k, const char *value, enum value_source from)
{
	_cleanup_conf_ struct conf c = CONF_INIT;
	_cleanup_buf_ struct buf out = BUF_INIT;
	struct err e = { 0 };
	int r = key_parse(&c, k, value, from, &e);

	if (r < 0) {
		if (c.given || -r != e.code || !*e.msg || strpbrk(e.msg, "\n\t\033"))
			return xstrdup("a bad refusal");
		return xasprintf("E%d", -r);
	}
	if (c.given != 1ull << k->id || (r == 1 && !*e.msg))
		return xstrdup("a bad result");
	key_format(&c, &keys[k->id], &out);
	if (r == 1)
		buf_addc(&out, '!');
	return buf_steal(&out);
}

struct row {
	const char *option, *value, *user, *file; /* file NULL: as from a user */
};

static void run(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *r = &rows[i];
		const struct key *k = key_by_option(r->option);
		_cleanup_free_ char *user = through(k, r->value, FROM_USER);
		_cleanup_free_ char *file = through(k, r->value, FROM_FILE);

		is_str(user, r->user, "--%s '%.50s'", r->option, r->value);
		is_str(file, r->file ? r->file : r->user, "%s=\"%.50s\"", k->name, r->value);
	}
}

static void ranges(void)
{
	static const struct row rows[] = {
		{ "numproc", "100", "100", NULL },
		{ "numproc", "100:200", "100:200", NULL },
		{ "numproc", "200:200", "200", NULL },
		{ "numproc", "0:200", "0:200", NULL },
		{ "numproc", "unlimited", "unlimited", NULL },
		{ "numproc", "100:unlimited", "100:unlimited", NULL },
		{ "numproc", "200:100", "E21", "100!" },
		{ "numproc", "unlimited:100", "E21", "100!" },
		{ "numproc", "0", "E21", "1!" },
		{ "numproc", "4194304", "4194304", NULL },
		{ "numproc", "4194305", "E21", "4194304!" },
		{ "numproc", "5000000:6000000", "E21", "4194304!" },
		{ "numproc", "10:6000000", "E21", "10:4194304!" },
		{ "numproc", "99999999999999999999", "E21", "unlimited!" },
		{ "numproc", "1:2:3", "E21", NULL },
		{ "numproc", ":2", "E21", NULL },
		{ "numproc", "2:", "E21", NULL },
		{ "numproc", "10K", "E21", NULL },
		{ "numproc", "-5", "E21", NULL },
		{ "numproc", "", "E21", NULL },
		{ "physpages", "131072", "131072", NULL },
		{ "physpages", "0:131072", "0:131072", NULL },
		{ "physpages", "0:2147483647", "0:unlimited", NULL },
		{ "physpages", "2147483647", "unlimited", NULL },
		{ "physpages", "9223372036854775807:9223372036854775807", "unlimited", NULL },
		{ "physpages", "2147483647:131072", "E21", "131072!" },
		{ "physpages", "0", "E21", "1!" },
		{ "swappages", "0", "0", NULL },
		{ "swappages", "0:0", "0", NULL },
		{ "diskspace", "2G:2.5G", "2097152:2621440", NULL },
		{ "diskspace", "1048576", "1048576:1048576", NULL },
		{ "diskspace", "unlimited", "unlimited:unlimited", NULL },
		{ "diskspace", "2g", "2097152:2097152", NULL },
		{ "diskspace", "3G:2G", "E21", "2097152:2097152!" },
		{ "diskspace", "9999999999999T", "E21", "unlimited:unlimited!" },
		{ "diskinodes", "131072:144179", "131072:144179", NULL },
		{ "diskinodes", "200000", "200000:200000", NULL },
	};

	run(rows, ARRAY_SIZE(rows));
}

static void plain_numbers(void)
{
	static const struct row rows[] = {
		{ "cpuunits", "1000", "1000", NULL },
		{ "cpuunits", "8", "8", NULL },
		{ "cpuunits", "7", "E21", "8!" },
		{ "cpuunits", "500000", "500000", NULL },
		{ "cpuunits", "500001", "E21", "500000!" },
		{ "cpuunits", "4294967304", "E21", "500000!" },
		{ "cpuunits", "unlimited", "E21", "500000!" },
		{ "cpuunits", "1K", "E21", NULL },
		{ "cpulimit", "0", "0", NULL },
		{ "cpulimit", "150", "150", NULL },
		{ "cpulimit", "409600", "409600", NULL },
		{ "cpulimit", "409601", "E21", "409600!" },
		{ "cpulimit", "unlimited", "0", NULL },
		{ "cpulimit", "%", "E21", NULL },
		{ "cpulimit", "", "E21", NULL },
		{ "cpulimit", "50%%", "E21", NULL },
		{ "cpulimit", "99999999999999999999", "E21", "409600!" },
		{ "stop-timeout", "0", "0", NULL },
		{ "stop-timeout", "86400", "86400", NULL },
		{ "stop-timeout", "86401", "E21", "86400!" },
		{ "local_uid", "0", "0", NULL },
		{ "local_uid", "65536", "65536", NULL },
		{ "local_uid", "100000", "E21", NULL },
		{ "local_uid", "4294836224", "4294836224", NULL },
		{ "local_uid", "4294901760", "E21", NULL },
		{ "local_uid", "4294967296", "E21", NULL },
		{ "local_gid", "131072", "131072", NULL },
		{ "local_gid", "-65536", "E21", NULL },
		{ "disabled", "yes", "yes", NULL },
		{ "disabled", "no", "no", NULL },
		{ "disabled", "YES", "E21", NULL },
		{ "disabled", "1", "E21", NULL },
		{ "disabled", "", "E21", NULL },
		{ "diskquota", "no", "no", NULL },
	};
	_cleanup_conf_ struct conf c = CONF_INIT;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	run(rows, ARRAY_SIZE(rows));
	is_int(key_parse(&c, &keys[KEY_CPULIMIT], "25%", FROM_USER, NULL), 0, "25%% is right");
	is_int(c.res.cpulimit, 25 * cpus, "a percentage is of all processors");
	is_int(key_parse(&c, &keys[KEY_CPULIMIT], "101%", FROM_USER, NULL), -E_VALUE,
	       "more than all of them is refused");
	is_int(key_parse(&c, &keys[KEY_CPULIMIT], "101%", FROM_FILE, NULL), 1, "or clipped");
	is_int(c.res.cpulimit, 100 * cpus, "to all of them");
}

static void ram(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char text[64];
	_cleanup_conf_ struct conf c = CONF_INIT;
	static const struct row rows[] = {
		{ "ram", "0", "E21", NULL },
		{ "ram", "0G", "E21", NULL },
		{ "ram", "1", "E21", NULL },
		{ "ram", "4095", "E21", NULL },
		{ "ram", "1P", "0:1", NULL },
		{ "ram", "100P", "0:100", NULL },
		{ "ram", "unlimited", "0:unlimited", NULL },
		{ "ram", "512M:1G", "E21", NULL },
		{ "ram", "-1G", "E21", NULL },
		{ "ram", "16777216T", "E21", NULL },
		{ "swap", "0", "0", NULL },
		{ "swap", "2P", "0:2", NULL },
	};

	run(rows, ARRAY_SIZE(rows));
	is_int(key_parse(&c, key_by_option("ram"), "512M", FROM_USER, NULL), 0, "--ram 512M");
	is_int(c.res.physpages.lim, (512 << 20) / page, "is so many pages");
	snprintf(text, sizeof(text), "%ld", page + 1);
	is_int(key_parse(&c, key_by_option("swap"), text, FROM_USER, NULL), 0, "page + 1 byte");
	is_int(c.res.swappages.lim, 2, "takes two pages");
	ok(conf_has(&c, KEY_PHYSPAGES) && conf_has(&c, KEY_SWAPPAGES),
	   "--ram and --swap fill PHYSPAGES and SWAPPAGES");
}

static void texts(void)
{
	char label63[65], label64[66], host64[66], host65[67], path1024[1026], text1024[1026];
	const struct row rows[] = {
		{ "description", "", "", NULL },
		{ "description", "it's \"quoted\" $HOME `x` \\ \xc3\xa9", NULL, NULL },
		{ "description", "a\nIP_ADDRESS=\"1.2.3.4\"", "E21", NULL },
		{ "description", "tab\there", "E21", NULL },
		{ "description", "\x7f", "E21", NULL },
		{ "description", text1024, "E21", NULL },
		{ "name", "web1", "web1", NULL },
		{ "name", "", "", NULL },
		{ "name", "My web server 1.0_a+b-c", NULL, NULL },
		{ "name", "101", "E131", NULL },
		{ "name", "101a", "101a", NULL },
		{ "name", "-web", "E131", NULL },
		{ "name", ".web", "E131", NULL },
		{ "name", "..", "E131", NULL },
		{ "name", " web", "E131", NULL },
		{ "name", "web ", "E131", NULL },
		{ "name", "a/b", "E131", NULL },
		{ "name", "web\n", "E131", NULL },
		{ "name", "w\xc3\xa4", "E131", NULL },
		{ "name", host65, "E131", NULL },
		{ "ostemplate", "debian-12", "debian-12", NULL },
		{ "ostemplate", "centos-6-x86_64+x@1", "centos-6-x86_64+x@1", NULL },
		{ "ostemplate", "", "E21", NULL },
		{ "ostemplate", "../../etc/passwd", "E21", NULL },
		{ "ostemplate", "a..b", "E21", NULL },
		{ "ostemplate", ".hidden", "E21", NULL },
		{ "ostemplate", "-x", "E21", NULL },
		{ "ostemplate", "a b", "E21", NULL },
		{ "ostemplate", "a/b", "E21", NULL },
		{ "ostemplate", LONG_128, NULL, NULL },
		{ "ostemplate", LONG_128 "a", "E21", NULL },
		{ "layout", "overlay", "overlay", NULL },
		{ "ve_layout", "ploop", "E21", "ploop" },
		{ "velayout", "simfs", "E21", "simfs" },
		{ "layout", "x/y", "E21", NULL },
		{ "private", "/vz/private/$VEID", "/vz/private/$VEID", NULL },
		{ "root", "/vz/root/${VEID}/", "/vz/root/${VEID}/", NULL },
		{ "private", "vz/private", "E21", NULL },
		{ "private", "", "E21", NULL },
		{ "private", "/", "E21", NULL },
		{ "private", "//", "E21", NULL },
		{ "private", "/./", "E21", NULL },
		{ "private", "/..", "E21", NULL },
		{ "private", "/vz/../etc", "E21", NULL },
		{ "private", "/vz/..", "E21", NULL },
		{ "private", "/vz//../x", "E21", NULL },
		{ "private", "/vz/..x/x../...", "/vz/..x/x../...", NULL },
		{ "private", "/vz/\n", "E21", NULL },
		{ "private", path1024, "E21", NULL },
		{ "hostname", "", "", NULL },
		{ "hostname", "web1.example.com", "web1.example.com", NULL },
		{ "hostname", "old_name", "old_name", NULL },
		{ "hostname", label63, NULL, NULL },
		{ "hostname", label64, "E70", NULL },
		{ "hostname", host64, NULL, NULL },
		{ "hostname", host65, "E70", NULL },
		{ "hostname", "-a", "E70", NULL },
		{ "hostname", "a-", "E70", NULL },
		{ "hostname", "a.-b", "E70", NULL },
		{ "hostname", "a-.b", "E70", NULL },
		{ "hostname", ".a", "E70", NULL },
		{ "hostname", "a..b", "E70", NULL },
		{ "hostname", "a.", "E70", NULL },
		{ "hostname", ".", "E70", NULL },
		{ "hostname", "a b", "E70", NULL },
		{ "hostname", "a\nb", "E70", NULL },
		{ "hostname", "$(reboot)", "E70", NULL },
		{ "hostname", text1024, "E70", NULL },
	};
	struct row same[ARRAY_SIZE(rows)];

	snprintf(label63, sizeof(label63), "%.63s", LONG_128);
	snprintf(label64, sizeof(label64), "%.64s", LONG_128);
	snprintf(host64, sizeof(host64), "%.61s.bc", LONG_128);
	snprintf(host65, sizeof(host65), "%.61s.bcd", LONG_128);
	memset(path1024, '/', sizeof(path1024));
	memset(path1024 + 1, 'x', 1023);
	path1024[1024] = '\0';
	memset(text1024, 'x', 1024);
	text1024[1024] = '\0';
	/* `user` NULL: unchanged */
	memcpy(same, rows, sizeof(same));
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		if (!same[i].user)
			same[i].user = same[i].value;
	run(same, ARRAY_SIZE(same));
}

static void lists(void)
{
	static const struct row rows[] = {
		{ "ipadd", "192.0.2.1", "192.0.2.1", NULL },
		{ "ip", "192.0.2.1/24", "192.0.2.1/24", NULL },
		{ "ipadd", "192.0.2.1/32", "192.0.2.1", NULL },
		{ "ipadd", " 192.0.2.1  2001:DB8:0::1/64 ", "192.0.2.1 2001:db8::1/64", NULL },
		{ "ipadd", "192.0.2.1 192.0.2.1/24", "192.0.2.1/24", NULL },
		{ "ipadd", "0.0.0.0", "", NULL },
		{ "ipadd", "::0 ::", "", NULL },
		{ "ipadd", "", "E71", "" },
		{ "ipadd", "192.0.2.1 nonsense", "E71", NULL },
		{ "ipadd", "192.0.2.1\n192.0.2.2", "E71", NULL },
		{ "ipadd", "127.0.0.1", "E71", NULL },
		{ "nameserver", "8.8.8.8 2001:4860:4860::8888", NULL, NULL },
		{ "nameserver", "127.0.0.53", "127.0.0.53", NULL },
		{ "nameserver", "127.evil", "E72", NULL },
		{ "nameserver", "inherit", "inherit", NULL },
		{ "nameserver", "inherit inherit", "inherit", NULL },
		{ "nameserver", "inherit 8.8.8.8", "E72", NULL },
		{ "nameserver", "8.8.8.8 8.8.8.8", "8.8.8.8", NULL },
		{ "nameserver", "8.8.8.8/24", "E72", NULL },
		{ "nameserver", "ns.example.com", "E72", NULL },
		{ "nameserver", "8.8.8.8\nsearch evil", "E72", NULL },
		{ "nameserver", "", "", NULL },
		{ "searchdomain", "example.com a.b.c.", "example.com a.b.c.", NULL },
		{ "searchdomain", "inherit", "inherit", NULL },
		{ "searchdomain", "-bad", "E73", NULL },
		{ "searchdomain", "a..b", "E73", NULL },
		{ "searchdomain", ".", "E73", NULL },
		{ "searchdomain", "x;y", "E73", NULL },
		{ "searchdomain", "a\nnameserver 6.6.6.6", "E73", NULL },
		{ "searchdomain", LONG_128 LONG_128, "E73", NULL },
	};
	struct row same[ARRAY_SIZE(rows)];

	memcpy(same, rows, sizeof(same));
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		if (!same[i].user)
			same[i].user = same[i].value;
	run(same, ARRAY_SIZE(same));
}

static void accumulate(void)
{
	_cleanup_conf_ struct conf c = CONF_INIT;
	_cleanup_buf_ struct buf out = BUF_INIT, many = BUF_INIT;
	const struct key *ip = &keys[KEY_IP_ADDRESS], *dns = &keys[KEY_NAMESERVER];

	key_parse(&c, ip, "192.0.2.1", FROM_USER, NULL);
	key_parse(&c, ip, "192.0.2.2", FROM_USER, NULL);
	key_format(&c, ip, &out);
	is_str(out.s, "192.0.2.1 192.0.2.2", "a second --ipadd adds");
	is_int(key_parse(&c, ip, "192.0.2.3 bad", FROM_FILE, NULL), -E_BAD_IP, "a bad list");
	is_int(c.net.ip.n, 2, "adds nothing");
	key_parse(&c, dns, "8.8.8.8", FROM_USER, NULL);
	key_parse(&c, dns, "1.1.1.1", FROM_USER, NULL);
	is_int(c.net.nameserver.n, 2, "a second --nameserver adds");
	is_int(key_parse(&c, dns, "inherit", FROM_USER, NULL), -E_BAD_DNS,
	       "inherit cannot join them");
	is_int(c.net.nameserver.n, 2, "and they stay");
	for (unsigned i = 0; i < 1022; i++)
		buf_addf(&many, "10.0.%u.%u ", i / 256, i % 256);
	is_int(key_parse(&c, ip, many.s, FROM_FILE, NULL), 0, "1024 addresses are right");
	is_int(key_parse(&c, ip, "10.1.0.1", FROM_FILE, NULL), -E_BAD_IP, "one more is not");
	is_int(c.net.ip.n, 1024, "and is not there");
	buf_reset(&many);
	for (unsigned i = 0; i < 200000; i++)
		buf_addf(&many, "d%u ", i);
	is_int(key_parse(&c, &keys[KEY_SEARCHDOMAIN], many.s, FROM_FILE, NULL), -E_BAD_SEARCH,
	       "200000 search domains are refused");
	buf_reset(&many);
	for (unsigned i = 0; i < 8000; i++)
		buf_addf(&many, "d%u ", i);
	is_int(key_parse(&c, &keys[KEY_SEARCHDOMAIN], many.s, FROM_FILE, NULL), -E_BAD_SEARCH,
	       "and 8000 too");
}

static void refusals(void)
{
	_cleanup_conf_ struct conf c = CONF_INIT;
	struct err e = { 0 };

	key_parse(&c, &keys[KEY_HOSTNAME], "web1", FROM_USER, &e);
	is_int(e.code, 0, "a right value leaves the error alone");
	is_int(key_parse(&c, &keys[KEY_HOSTNAME], "a b", FROM_USER, &e), -E_HOSTNAME,
	       "a wrong one is refused");
	is_str(c.net.hostname, "web1", "and the old one stays");
	is_str(e.msg, "bad --hostname: it holds a character that is not allowed",
	       "a user is told the option");
	key_parse(&c, &keys[KEY_NUMPROC], "x", FROM_FILE, &e);
	is_str(e.msg, "bad NUMPROC: 'x' is not a number", "a file's warning names the key");
	key_parse(&c, &keys[KEY_CPUUNITS], "1", FROM_USER, &e);
	is_str(e.msg, "bad --cpuunits: it is not in 8..500000", "bounds are told");
	key_parse(&c, &keys[KEY_CPUUNITS], "1", FROM_FILE, &e);
	is_str(e.msg, "CPUUNITS: it is not in 8..500000, 8 is used", "and what is used instead");
	key_parse(&c, &keys[KEY_VE_LAYOUT], "ploop", FROM_USER, &e);
	is_str(e.msg, "bad --layout: the only storage layout is overlay", "no ploop");
	key_parse(&c, &keys[KEY_NAMESERVER], "x", FROM_USER, &e);
	is_str(e.msg, "bad --nameserver: 'x' is not an IP address", "the word is shown");
	is_int(key_parse(&c, &keys[KEY_NUMPROC], "x", FROM_USER, NULL), -E_VALUE,
	       "the error may be NULL");
}

int main(void)
{
	numbers();
	ranges();
	plain_numbers();
	ram();
	texts();
	lists();
	accumulate();
	refusals();
	return done();
}
