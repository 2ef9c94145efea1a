/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The key table, addresses, and struct conf itself. */
#include "tests/unit/tap.h"

#include <arpa/inet.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/mem.h"
#include "config/keys.h"
#include "config/text.h"

/* What is told to count without it can be given as well. */
static bool is_default(const struct key *k)
{
	_cleanup_conf_ struct conf c = CONF_INIT;
	struct err e = { 0 };

	return key_values(k) && (!k->unset || key_parse(&c, k, k->unset, FROM_USER, &e) == 0);
}

static void table(void)
{
	bool order = true, complete = true, bounds = true, defaults = true;

	for (int i = 0; i < KEY_COUNT; i++) {
		const struct key *k = &keys[i];

		order = order && k->id == (enum key_id)i && key_by_name(k->name) == k;
		complete = complete && k->help && k->arg && !strchr(k->help, '\n') &&
			   k->help[strlen(k->help) - 1] != '.' &&
			   k->offset < sizeof(struct conf);
		bounds = bounds && k->min <= k->max;
		defaults = defaults && is_default(k);
		if (k->option)
			ok(key_by_option(k->option) == k && k->flags & (KF_CREATE | KF_SET),
			   "--%s is an option of a verb", k->option);
		else
			ok(!(k->flags & (KF_CREATE | KF_SET)), "%s has no option", k->name);
	}
	ok(order, "row i has id i and is found by its name");
	ok(complete, "each row has a help text");
	ok(defaults, "what counts without a key is a value of it");
	ok(bounds, "no row's minimum is above its maximum");
	ok(KEY_COUNT <= 64, "the given bits fit");
}

static void lookups(void)
{
	static const char *const no_option[] = {
		"", " ", "veid", "ram ", "--ram", "RAM", "ve_layout velayout", "layout ve",
		"origin_sample", "ipdel",
	};
	const struct key *const *rows;
	size_t n, forms = 0;

	ok(key_by_option("ip") == &keys[KEY_IP_ADDRESS], "--ip is --ipadd");
	ok(key_by_option("velayout") == &keys[KEY_VE_LAYOUT], "--velayout is --layout");
	ok(key_by_option("ve_layout") == &keys[KEY_VE_LAYOUT], "and so is --ve_layout");
	for (size_t i = 0; i < ARRAY_SIZE(no_option); i++)
		ok(!key_by_option(no_option[i]), "'%s' is no option", no_option[i]);
	ok(!key_by_name("hostname") && !key_by_name("") && !key_by_name("VETH"),
	   "keys of files are upper case and known");
	is_int(key_by_option("ram")->type, KT_RAM, "--ram takes bytes");
	is_int(key_by_option("ram")->id, KEY_PHYSPAGES, "for PHYSPAGES");
	is_int(key_by_option("swap")->id, KEY_SWAPPAGES, "--swap is for SWAPPAGES");
	rows = keys_options(&n);
	for (size_t i = 0; i < n; i++) {
		if (rows[i] != &keys[rows[i]->id])
			forms++;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(rows[i]->option, rows[j]->option))
				ok(false, "--%s is there twice", rows[i]->option);
	}
	is_int(forms, 2, "two options are other forms of a key");
	is_int(n, KEY_COUNT - 1 + 2, "all keys but ORIGIN_SAMPLE have an option");
}

static void good_addresses(void)
{
	static const char *const rows[][2] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "192.0.2.1/32", "192.0.2.1" },
		{ "192.0.2.1/1", "192.0.2.1/1" },
		{ "192.0.2.1/255.255.255.0", "192.0.2.1/24" },
		{ "192.0.2.1/255.255.255.255", "192.0.2.1" },
		{ "223.255.255.255", "223.255.255.255" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "2001:0DB8:0000::0001/128", "2001:db8::1" },
		{ "2001:db8::1/64", "2001:db8::1/64" },
		{ "fd00::1", "fd00::1" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL },
		{ "2001:db8:ffff:ffff:ffff:ffff:255.255.255.255/127",
		  "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/127" },
	};
	char text[IPADDR_STRLEN];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct ipaddr ip = { 0 }, again = { 0 };
		int r = ipaddr_parse(rows[i][0], &ip, NULL);

		if (!rows[i][1]) {
			is_int(r, -E_BAD_IP, "%s is multicast", rows[i][0]);
			continue;
		}
		is_int(r, 0, "%s is an address", rows[i][0]);
		is_str(ipaddr_str(&ip, text), rows[i][1], "written as %s", rows[i][1]);
		ok(!ipaddr_parse(text, &again, NULL) && !memcmp(&ip, &again, sizeof(ip)),
		   "which reads as the same");
	}
}

static void bad_addresses(void)
{
	static const char *const rows[] = {
		"", " ", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", " 1.2.3.4",
		"1.2.3.4/", "1.2.3.4/0", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/+8",
		"1.2.3.4/8x", "1.2.3.4/24/24", "1.2.3.4/0.0.0.0", "1.2.3.4/255.0.255.0",
		"1.2.3.4/255.255.255", "1.2.3.4/4294967320", "01.2.3.4", "0x1.2.3.4",
		"2001:db8::1/0", "2001:db8::1/129", "2001:db8::1/255.255.255.0", "2001:db8",
		"2001:db8:::1", "2001:db8::1%eth0", "12345::1", "1::2::3", "g::1",
		"1.2.3.4\n5.6.7.8", "1.2.3.4\t", "\x7f", "\xff\xfe", "localhost",
		"0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.254", "224.0.0.1",
		"239.255.255.255", "240.0.0.1", "255.255.255.255", "169.254.1.1",
		"::", "::1", "ff02::1", "fe80::1", "febf::1", "::ffff:192.0.2.1",
		"1111111111111111111111111111111111111111111111111111111111111111111111111111",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct ipaddr ip = { .family = 4711 };
		struct err e = { 0 };
		int r = ipaddr_parse(rows[i], &ip, &e);

		ok(r == -E_BAD_IP && e.code == E_BAD_IP && ip.family == 4711 && *e.msg &&
		   !strpbrk(e.msg, "\n\t"), "address %zu of the bad ones is refused", i);
	}
}

static void address_lists(void)
{
	struct ipaddrs l = { NULL, 0 };
	struct ipaddr a, b, c;

	ipaddr_parse("192.0.2.1", &a, NULL);
	ipaddr_parse("192.0.2.1/24", &b, NULL);
	ipaddr_parse("2001:db8::1", &c, NULL);
	ok(ipaddr_same(&a, &b) && !ipaddr_same(&a, &c), "the prefix length does not matter");
	ok(!ipaddrs_find(&l, &a) && !ipaddrs_del(&l, &a), "an empty list has no address");
	ok(ipaddrs_add(&l, &a), "an address is added");
	ok(!ipaddrs_add(&l, &b) && l.n == 1, "but not again");
	is_int(ipaddrs_find(&l, &a)->plen, 24, "its prefix length is the new one");
	ok(ipaddrs_add(&l, &c) && l.n == 2, "another one is");
	ok(ipaddrs_del(&l, &a) && l.n == 1 && ipaddrs_find(&l, &c), "the first one is removed");
	ok(ipaddrs_del(&l, &c) && l.n == 0, "and the other one");
	ipaddrs_clear(&l);
	is_int(ipaddr_bytes(&a) + ipaddr_bytes(&c), 20, "4 and 16 bytes");
	is_int(ipaddr_full(&a) + ipaddr_full(&c), 160, "32 and 128 bits");
}

/* Values that differ from zero for every key. */
static void fill(struct conf *c)
{
	static const struct {
		enum key_id id;
		const char *value;
	} rows[] = {
		{ KEY_NAME, "web1" },		   { KEY_DESCRIPTION, "a text" },
		{ KEY_OSTEMPLATE, "debian-12" },   { KEY_ORIGIN_SAMPLE, "basic" },
		{ KEY_VE_ROOT, "/r/$VEID" },	   { KEY_VE_PRIVATE, "/p/$VEID" },
		{ KEY_VE_LAYOUT, "overlay" },	   { KEY_LOCAL_UID, "65536" },
		{ KEY_LOCAL_GID, "131072" },	   { KEY_DISABLED, "yes" },
		{ KEY_STOP_TIMEOUT, "7" },	   { KEY_HOSTNAME, "web1.example" },
		{ KEY_IP_ADDRESS, "192.0.2.1/24 2001:db8::1" },
		{ KEY_NAMESERVER, "192.0.2.53" },  { KEY_SEARCHDOMAIN, "example.com" },
		{ KEY_PHYSPAGES, "0:1000" },	   { KEY_SWAPPAGES, "0:2000" },
		{ KEY_NUMPROC, "10:20" },	   { KEY_CPUUNITS, "1000" },
		{ KEY_CPULIMIT, "50" },		   { KEY_DISKSPACE, "100:200" },
		{ KEY_DISKINODES, "300:400" },	   { KEY_DISK_QUOTA, "yes" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (key_parse(c, &keys[rows[i].id], rows[i].value, FROM_USER, NULL))
			ok(false, "%s is parsed", keys[rows[i].id].name);
	is_int(c->given, (1ull << KEY_COUNT) - 1, "every key has a value");
}

static char *all_of(const struct conf *c)
{
	struct buf b = BUF_INIT;

	for (int k = 0; k < KEY_COUNT; k++) {
		buf_addf(&b, "%s=%d:", keys[k].name, conf_has(c, k));
		key_format(c, &keys[k], &b);
		buf_addc(&b, ' ');
	}
	return buf_steal(&b);
}

static void merge(void)
{
	_cleanup_conf_ struct conf a = CONF_INIT, b = CONF_INIT, part = CONF_INIT;
	_cleanup_free_ char *x = NULL, *y = NULL, *empty = NULL, *cleared = NULL, *same = NULL;

	empty = all_of(&b);
	fill(&a);
	conf_merge(&b, &a);
	x = all_of(&a);
	y = all_of(&b);
	is_str(y, x, "merging copies every key");
	conf_merge(&b, &part);
	same = all_of(&b);
	is_str(same, x, "merging nothing changes nothing");
	key_parse(&part, &keys[KEY_IP_ADDRESS], "192.0.2.9", FROM_USER, NULL);
	key_parse(&part, &keys[KEY_NAMESERVER], "", FROM_USER, NULL);
	conf_merge(&b, &part);
	is_int(b.net.ip.n, 1, "lists are replaced");
	is_int(b.net.nameserver.n, 0, "an empty list replaces too");
	is_str(b.net.hostname, "web1.example", "what was not given stays");
	conf_clear(&a);
	is_str(b.net.hostname, "web1.example", "nothing is shared");
	cleared = all_of(&a);
	is_str(cleared, empty, "clear leaves the empty one");
	conf_clear(&a);
	ok(true, "and may be called again");
}

static void expand(void)
{
	static const char *const rows[][2] = {
		{ "/vz/private/$VEID", "/vz/private/101" },
		{ "/vz/private/${VEID}", "/vz/private/101" },
		{ "/vz/$VEID/root/$VEID", "/vz/101/root/$VEID" },
		{ "/vz/$VEID/${VEID}", "/vz/101/${VEID}" },
		{ "/vz/${VEID}/$VEID", "/vz/101/$VEID" },
		{ "/vz/$X/${VEID", "/vz/$X/${VEID" },
		{ "/vz/$$VEID", "/vz/$101" },
		{ "/vz/x$VEID.d///", "/vz/x101.d" },
		{ "/vz", "/vz" },
		{ "/", "/" },
		{ "///", "/" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *s = conf_expand(rows[i][0], 101);

		is_str(s, rows[i][1], "'%s' of 101", rows[i][0]);
	}
}

static void texts(void)
{
	char long_domain[300];

	memset(long_domain, 'a', sizeof(long_domain));
	for (int i = 50; i < 254; i += 50)
		long_domain[i] = '.';
	long_domain[253] = '\0';
	ok(!text_domain(long_domain), "a domain of 253 characters");
	strcpy(long_domain + 253, ".");
	ok(!text_domain(long_domain), "with a final dot");
	strcpy(long_domain + 253, "a");
	ok(text_domain(long_domain), "254 are too many");
	ok(text_domain(""), "an empty domain is none");
	ok(!text_control("\xc3\xa4 \xff") && text_control("\x1b[2J"), "control characters");
	ok(!text_plain("") && !text_name("") && !text_hostname(""), "these may be empty");
	ok(text_word("") && text_path(""), "and these not");
}

int main(void)
{
	table();
	lookups();
	good_addresses();
	bad_addresses();
	address_lists();
	merge();
	expand();
	texts();
	return done();
}
