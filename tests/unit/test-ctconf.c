/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CTID.conf: read, written, and what hostile ones do. */
#include "tests/unit/scratch.h"

#include "base/mem.h"
#include "config/ctconf.h"
#include "config/keys.h"

#define BIT(key) (1ull << (key))

/* ---- reading ---------------------------------------------------------------------------- */

static void reading(void)
{
	_cleanup_conf_ struct conf c = CONF_INIT;
	_cleanup_buf_ struct buf said = BUF_INIT;
	struct err e = { 0 };

	put("101.conf",
	    "# a comment\n"
	    "\n"
	    "  # another\n"
	    "HOSTNAME=\"web1\"\n"
	    "UNKNOWN=\"x\"\n"
	    "this is nothing\n"
	    "HOSTNAME=\"web2\"\n"
	    "PHYSPAGES=\"0:100\"\n"
	    "PHYSPAGES=\"0:200\"\n"
	    "IP_ADDRESS=\"192.0.2.1\"\n"
	    "IP_ADDRESS=\"2001:db8::1 192.0.2.2\"\n"
	    "CPUUNITS=\"4\"\n"
	    "NUMPROC=\"many\"\n"
	    "NUMPROC=\"5\"\n"
	    "hostname=\"lower\"\n"
	    "NAMESERVER=8.8.8.8 # a comment\n"
	    "DESCRIPTION=\"say \\\"hi\\\" \\$1\"\r\n"
	    "DISABLED = yes\n"
	    "=\"x\"\n"
	    "SEARCHDOMAIN=\"unterminated\n"
	    "VE_LAYOUT=\"ploop\"");
	is_int(ctconf_read("101.conf", &c, keep_warning, &said, &e), 0, "a file is read");
	is_str(c.net.hostname, "web1", "of texts the first counts");
	is_int(c.res.physpages.lim, 200, "of limits the last");
	is_int(c.net.ip.n, 3, "lists are joined");
	is_int(c.res.cpuunits, 8, "numbers are clipped");
	is_int(c.res.numproc.lim, 5, "a bad line is skipped, a later good one counts");
	is_str(c.net.nameserver.n ? c.net.nameserver.v[0] : NULL, "8.8.8.8",
	       "a comment ends a value without quotes");
	is_str(c.description, "say \"hi\" $1", "backslashes and a CR are taken off");
	ok(!conf_has(&c, KEY_DISABLED), "blanks round = are not right");
	ok(!conf_has(&c, KEY_SEARCHDOMAIN), "a quote must end");
	is_str(c.layout, "ploop", "an unknown layout is kept; the last line needs no newline");
	is_str(said.s,
	       "101.conf:6: this is not KEY=\"value\", the line is skipped\n"
	       "101.conf:7: HOSTNAME was given before: the first one counts\n"
	       "101.conf:12: CPUUNITS: it is not in 8..500000, 8 is used\n"
	       "101.conf:13: bad NUMPROC: 'many' is not a number\n"
	       "101.conf:18: this is not KEY=\"value\", the line is skipped\n"
	       "101.conf:19: this is not KEY=\"value\", the line is skipped\n"
	       "101.conf:20: this is not KEY=\"value\", the line is skipped\n",
	       "each bad line is told");
}

static void reading_over(void)
{
	_cleanup_conf_ struct conf c = CONF_INIT;

	put("node", "IP_ADDRESS=\"10.0.0.1\"\nNAMESERVER=\"10.0.0.53\"\nCPULIMIT=\"50\"\n");
	put("ct", "IP_ADDRESS=\"10.0.0.2\"\nNAMESERVER=\"bad\"\nHOSTNAME=\"x\"\n");
	ctconf_read("node", &c, NULL, NULL, NULL);
	ctconf_read("ct", &c, NULL, NULL, NULL);
	ok(c.net.ip.n == 1 && c.net.ip.v[0].a[3] == 2, "a list replaces the one before");
	ok(c.net.nameserver.n == 1 && !strcmp(c.net.nameserver.v[0], "10.0.0.53"),
	   "a bad one does not");
	is_int(c.res.cpulimit, 50, "what the file does not have stays");
}

static void not_files(void)
{
	static const struct {
		const char *path;
		int code;
	} rows[] = {
		{ "missing", E_NO_CTCONF },	{ "nodir/missing", E_NO_CTCONF },
		{ "fifo", E_BAD_CTCONF },	{ "directory", E_BAD_CTCONF },
		{ "nul", E_BAD_CTCONF },	{ "large", E_BAD_CTCONF },
		{ "/dev/zero", E_BAD_CTCONF },	{ "dangling", E_NO_CTCONF },
		{ "loop", E_BAD_CTCONF },	{ "ct/x", E_BAD_CTCONF },
	};
	_cleanup_free_ char *large = xmalloc((1 << 20) + 1);

	memset(large, '#', (1 << 20) + 1);
	put_bytes("large", large, (1 << 20) + 1);
	put_bytes("million", large, 1 << 20);
	put_bytes("nul", "HOSTNAME=\"a\"\nNAME=\"b\0c\"\n", 24);
	ok(!mkfifo("fifo", 0600) && !mkdir("directory", 0700) &&
	   !symlink("nothing", "dangling") && !symlink("loop", "loop"), "odd files are made");
	alarm(20);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_conf_ struct conf c = CONF_INIT;
		struct err e = { 0 };
		int r = ctconf_read(rows[i].path, &c, NULL, NULL, &e);

		is_int(r, -rows[i].code, "%s is refused", rows[i].path);
		ok(e.code == rows[i].code && strstr(e.msg, rows[i].path) && !c.given,
		   "%s: with a sentence: %s", rows[i].path, e.msg);
		r = ctconf_save(rows[i].path, NULL, &c, 0, &e);
		if (rows[i].code == E_BAD_CTCONF)
			is_int(r, -E_SAVE, "%s is not written over", rows[i].path);
	}
	alarm(0);
	is_int(ctconf_read("million", &(struct conf)CONF_INIT, NULL, NULL, NULL), 0,
	       "1 MiB is read");
}

/* Bytes of a fixed pseudo-random sequence: nothing may break, whatever comes. */
static void noise(void)
{
	static const char *const bits[] = {
		"IP_ADDRESS", "=", "\"", "\\", "\n", "NAME", "unlimited", "$VEID", ":", "'", "#",
		" ", "1.2.3.4", "\r", "\xff", "\x01", "PHYSPAGES=", "99999999999999999999T",
		"DESCRIPTION=\"", "NAMESERVER=", "%", "-",
	};
	_cleanup_buf_ struct buf text = BUF_INIT;
	uint32_t x = 1;
	int done_rounds = 0;

	for (int round = 0; round < 300; round++) {
		_cleanup_conf_ struct conf c = CONF_INIT, again = CONF_INIT;
		const struct ctconf_ear deaf = { NULL, NULL };
		struct err e;

		buf_reset(&text);
		for (int i = 0; i < 200; i++) {
			x = x * 1664525 + 1013904223;
			buf_adds(&text, bits[(x >> 16) % ARRAY_SIZE(bits)]);
		}
		ctconf_parse(text.s, "noise", 0, &c, &deaf);
		put("noise", text.s);
		if (ctconf_save("noise", NULL, &c, c.given, &e) < 0 ||
		    ctconf_read("noise", &again, NULL, NULL, &e) < 0 || again.given != c.given)
			break;
		done_rounds++;
	}
	is_int(done_rounds, 300, "noise is read, saved and read again");
}

/* ---- writing ---------------------------------------------------------------------------- */

static void set(struct conf *c, enum key_id id, const char *value)
{
	if (key_parse(c, &keys[id], value, FROM_USER, NULL) < 0)
		ok(false, "%s=%s", keys[id].name, value);
}

static void saving(void)
{
	_cleanup_conf_ struct conf c = CONF_INIT, none = CONF_INIT;
	static const char old[] = "#UUID: 12345\n"
				  "ONBOOT=\"yes\"\n"
				  "  HOSTNAME=old   \n"
				  "\n"
				  "nonsense here\r\n"
				  "NETIF='ifname=eth0;x'\n"
				  "HOSTNAME=\"older\"\n"
				  "\xff\xfe\x01 bytes\n"
				  "NUMPROC=\"bad\"\n"
				  "CPUUNITS=\"1000\" # tail";
	struct stat st;

	put("s.conf", old);
	chmod("s.conf", 0640);
	is_int(ctconf_save("s.conf", NULL, &none, 0, NULL), 0, "a save of nothing");
	is_file("s.conf", old, "leaves each byte");
	set(&c, KEY_HOSTNAME, "new");
	set(&c, KEY_IP_ADDRESS, "192.0.2.1 2001:db8::1/64");
	set(&c, KEY_NUMPROC, "7");
	set(&c, KEY_DISKSPACE, "1G");
	is_int(ctconf_save("s.conf", NULL, &c, c.given, NULL), 0, "a save of four keys");
	is_file("s.conf",
		"#UUID: 12345\n"
		"ONBOOT=\"yes\"\n"
		"HOSTNAME=\"new\"\n"
		"\n"
		"nonsense here\r\n"
		"NETIF='ifname=eth0;x'\n"
		"\xff\xfe\x01 bytes\n"
		"NUMPROC=\"7\"\n"
		"CPUUNITS=\"1000\" # tail\n"
		"IP_ADDRESS=\"192.0.2.1 2001:db8::1/64\"\n"
		"DISKSPACE=\"1048576:1048576\"\n",
		"replaces in place, drops doubles, appends, keeps the rest");
	ok(!stat("s.conf", &st) && (st.st_mode & 07777) == 0640, "the mode stays");
	is_int(ctconf_save("s.conf", NULL, &none, BIT(KEY_HOSTNAME) | BIT(KEY_DISKSPACE) |
			   BIT(KEY_NAME), NULL), 0, "a save of keys that are not given");
	is_file("s.conf",
		"#UUID: 12345\n"
		"ONBOOT=\"yes\"\n"
		"\n"
		"nonsense here\r\n"
		"NETIF='ifname=eth0;x'\n"
		"\xff\xfe\x01 bytes\n"
		"NUMPROC=\"7\"\n"
		"CPUUNITS=\"1000\" # tail\n"
		"IP_ADDRESS=\"192.0.2.1 2001:db8::1/64\"\n",
		"removes them");
}

static void saving_new(void)
{
	_cleanup_conf_ struct conf c = CONF_INIT;
	struct err e = { 0 };
	struct stat st;

	set(&c, KEY_HOSTNAME, "new");
	set(&c, KEY_NUMPROC, "9");
	put("sample", "# from a sample\nNUMPROC=\"1\"\nNETFILTER=\"stateless\"\n");
	umask(077);
	is_int(ctconf_save("n.conf", "sample", &c, c.given, NULL), 0, "a new file");
	umask(022);
	is_file("n.conf",
		"# from a sample\nNUMPROC=\"9\"\nNETFILTER=\"stateless\"\nHOSTNAME=\"new\"\n",
		"starts from the sample");
	ok(!stat("n.conf", &st) && (st.st_mode & 07777) == 0644, "with mode 0644");
	put("sample", "# changed\n");
	is_int(ctconf_save("n.conf", "sample", &c, BIT(KEY_HOSTNAME), NULL), 0, "an old one");
	is_file("n.conf",
		"# from a sample\nNUMPROC=\"9\"\nNETFILTER=\"stateless\"\nHOSTNAME=\"new\"\n",
		"does not");
	is_int(ctconf_save("e.conf", NULL, &c, BIT(KEY_HOSTNAME), NULL), 0, "no sample");
	is_file("e.conf", "HOSTNAME=\"new\"\n", "there is nothing else in it");
	is_int(ctconf_save("m.conf", "nosample", &c, c.given, &e), -E_SAVE, "a missing one");
	ok(access("m.conf", F_OK) < 0, "makes no file");
	is_int(ctconf_save("nodir/m.conf", NULL, &c, c.given, &e), -E_SAVE, "no directory");
	ok(strstr(e.msg, "nodir/m.conf") && e.code == E_SAVE, "is told: %s", e.msg);
}

static void saving_links(void)
{
	_cleanup_conf_ struct conf c = CONF_INIT;
	struct err e = { 0 };
	struct stat st;

	set(&c, KEY_HOSTNAME, "new");
	mkdir("elsewhere", 0755);
	put("elsewhere/real.conf", "HOSTNAME=\"old\"\n");
	ok(!symlink("elsewhere/real.conf", "l1.conf") &&
	   !symlink("l1.conf", "l2.conf"), "links");
	is_int(ctconf_save("l2.conf", NULL, &c, c.given, NULL), 0, "a save through two links");
	is_file("elsewhere/real.conf", "HOSTNAME=\"new\"\n", "changes the file");
	ok(!lstat("l2.conf", &st) && S_ISLNK(st.st_mode) && !lstat("l1.conf", &st) &&
	   S_ISLNK(st.st_mode), "and the links survive");
	is_int(ctconf_save("dangling", NULL, &c, c.given, &e), -E_SAVE, "a link to nothing");
	ok(!lstat("dangling", &st) && S_ISLNK(st.st_mode), "is left: %s", e.msg);
}

/* Every value comes back, shells see what was meant. */
static void round_trip(void)
{
	static const char *const texts[] = {
		"", " ", "a b", "\"", "\\", "a\\", "a\"b\"c\"", "'", "$HOME", "$(reboot)", "`x`",
		"\\\"", "\\\\", "#", "a # b", "a=b", "\xc3\xa9", "!", "$VEID", "${VEID}x",
	};
	_cleanup_conf_ struct conf big = CONF_INIT;
	_cleanup_buf_ struct buf large = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_conf_ struct conf c = CONF_INIT, back = CONF_INIT;

		set(&c, KEY_DESCRIPTION, texts[i]);
		set(&c, KEY_NUMPROC, "unlimited");
		set(&c, KEY_VE_PRIVATE, "/vz/private/$VEID");
		unlink("r.conf");
		ctconf_save("r.conf", NULL, &c, c.given, NULL);
		ctconf_read("r.conf", &back, NULL, NULL, NULL);
		is_str(back.description, texts[i], "text %zu comes back", i);
		ok(back.given == c.given && back.res.numproc.lim == CONF_UNLIMITED &&
		   !strcmp(back.ve_private, c.ve_private), "and what is beside it");
	}
	is_file("r.conf",
		"DESCRIPTION=\"${VEID}x\"\nVE_PRIVATE=\"/vz/private/$VEID\"\n"
		"NUMPROC=\"unlimited\"\n", "$VEID stays as it is");
	while (large.len < (1 << 20) - 8)
		buf_adds(&large, "#\n");
	put("big.conf", large.s);
	set(&big, KEY_HOSTNAME, "web1");
	is_int(ctconf_save("big.conf", NULL, &big, big.given, NULL), -E_SAVE,
	       "a file that would be too large to read is not written");
	is_file("big.conf", large.s, "and stays as it was");
}

int main(void)
{
	if (scratch_begin() < 0)
		return 99;
	reading();
	reading_over();
	not_files();
	noise();
	saving();
	saving_new();
	saving_links();
	round_trip();
	scratch_end();
	return done();
}
