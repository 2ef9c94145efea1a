/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text files that Wabe reads and did not write just now: whatever is in them, a reader
 * ends, and what it has accepted is the same after it was written and read again. */
#include "tests/unit/scratch.h"

#include "base/kv.h"
#include "base/mem.h"
#include "config/ctconf.h"
#include "config/global.h"
#include "config/keys.h"
#include "container/record.h"
#include "container/state.h"
#include "templates/tmplrec.h"
#include "tests/fuzz/mutate.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *const words[] = {
	"=", "\"", "\\", "\n", "#", "$VEID", "${VEID}", "..", "/", ":", "unlimited", "yes",
	"no", "inherit", "18446744073709551615", "18446744073709551616", "-1", "0x10", "1e9",
	"4g", "10%", "192.0.2.1", "2001:db8::1", "::", "::ffff:192.0.2.1", "255.255.255.256",
	"NAME=\"", "HOSTNAME=\"", "IP_ADDRESS=\"", "NAMESERVER=\"", "PHYSPAGES=\"",
	"DISKSPACE=\"", "CPUUNITS=\"", "VE_ROOT=\"", "VE_PRIVATE=\"", "DESCRIPTION=\"",
	"LOCKDIR=", "TEMPLATE=", "LOGFILE=", "VERSION=", "IP=", "GUEST=", "INIT=", "DIGEST=",
	"SIZE=", "CTID=", "OSTEMPLATE=", DIGEST, NULL,
};

/* ---- KEY="value" -------------------------------------------------------------------------- */

static void same_pair(void *ctx, const char *key, const char *value)
{
	_cleanup_free_ char *k = NULL, *v = NULL;
	_cleanup_buf_ struct buf line = BUF_INIT;
	bool *good = ctx;

	kv_add(&line, key, value);
	line.s[line.len - 1] = '\0';
	if (kv_line(line.s, &k, &v) != KV_PAIR || strcmp(k, key) || strcmp(v, value))
		*good = false;
}

static bool run_kv(const char *input, size_t len)
{
	bool good = true;

	(void)len;
	kv_each(input, same_pair, &good);
	return good;
}

/* ---- values of keys ----------------------------------------------------------------------- */

/* What is accepted of a user is read back from the file as the same. */
static bool run_value(const char *input, size_t len)
{
	const struct key *k = &keys[fuzz_below(KEY_COUNT)];
	_cleanup_conf_ struct conf c = CONF_INIT, again = CONF_INIT;
	_cleanup_buf_ struct buf text = BUF_INIT, text2 = BUF_INIT;
	struct err e;

	(void)len;
	if (key_parse(&c, k, input, FROM_USER, &e) < 0)
		return !conf_has(&c, k->id);
	key_format(&c, k, &text);
	if (key_parse(&again, k, text.s, FROM_FILE, &e)) {
		printf("# %s: '%s' is not read back: %s\n", k->name, text.s, e.msg);
		return false;
	}
	key_format(&again, k, &text2);
	return !strcmp(text.s, text2.s);
}

/* ---- CTID.conf, vz.conf ------------------------------------------------------------------- */

static bool same_conf(const struct conf *a, const struct conf *b)
{
	for (int i = 0; i < KEY_COUNT; i++) {
		_cleanup_buf_ struct buf x = BUF_INIT, y = BUF_INIT;

		if (conf_has(a, i))
			key_format(a, &keys[i], &x);
		if (conf_has(b, i))
			key_format(b, &keys[i], &y);
		if (conf_has(a, i) != conf_has(b, i) || strcmp(x.s, y.s)) {
			printf("# %s: '%s' became '%s'\n", keys[i].name, x.s, y.s);
			return false;
		}
	}
	return true;
}

static bool run_ctconf(const char *input, size_t len)
{
	_cleanup_conf_ struct conf a = CONF_INIT, b = CONF_INIT;
	struct err e;

	put_bytes("101.conf", input, len);
	if (ctconf_read("101.conf", &a, NULL, NULL, &e) < 0)
		return true;
	/* saving waits for the disk */
	if (fuzz_below(8))
		return true;
	if (ctconf_save("101.conf", NULL, &a, a.given, &e) < 0)
		return strstr(e.msg, "larger than") != NULL;
	return ctconf_read("101.conf", &b, NULL, NULL, &e) >= 0 && same_conf(&a, &b);
}

static bool below_root(const char *path)
{
	size_t n = strlen(scratch);

	return !path || (!strncmp(path, scratch, n) && path[n] == '/' && !strstr(path, "/../"));
}

static bool run_global(const char *input, size_t len)
{
	_cleanup_global_ struct global g = { .etc = NULL };
	_cleanup_free_ char *private = NULL, *root = NULL;
	_cleanup_conf_ struct conf none = CONF_INIT;
	struct err e;

	put_bytes("etc/vz/vz.conf", input, len);
	if (global_load(&g, NULL, NULL, &e) < 0)
		return true;
	private = global_private(&g, &none, 101);
	root = global_root(&g, &none, 101);
	return below_root(g.lockdir) && below_root(g.template) && below_root(g.logfile) &&
	       below_root(private) && below_root(root);
}

/* ---- run state, records ------------------------------------------------------------------- */

static bool run_state(const char *input, size_t len)
{
	_cleanup_state_ struct state a = STATE_INIT, b = STATE_INIT;
	struct err e;

	put_bytes("run/state", input, len);
	if (state_load("run", &a))
		return true;
	return !state_save("run", &a, &e) && !state_load("run", &b) &&
	       !strcmp(a.phase, b.phase) && a.init == b.init && a.init_start == b.init_start &&
	       a.guest == b.guest && a.ip.n == b.ip.n && a.started == b.started &&
	       a.quick == b.quick;
}

static bool run_records(const char *input, size_t len)
{
	const struct template_store store = { .dir = "store" };
	struct record r = RECORD_INIT;
	struct template t = { .root = NULL };
	struct tmplrec rec;
	bool good = true;
	struct err e;

	put_bytes("private/template", input, len);
	put_bytes("store/names/debian", input, len);
	put_bytes("store/info", input, len);
	if (record_read("private", 101, &r, &e) >= 0)
		good = r.ctid == 101 && tmplrec_digest_ok(r.digest);
	if (!tmplrec_read(&store, "debian", &rec))
		good = good && tmplrec_digest_ok(rec.digest);
	if (!tmplrec_info_read("store", &t))
		good = good && tmplrec_digest_ok(t.digest) && tmplname_ok(t.name);
	record_clear(&r);
	template_clear(&t);
	return good;
}

/* ---- all ---------------------------------------------------------------------------------- */

static const struct fuzz_seed conf_seeds[] = {
	FUZZ_SEED("# one\nHOSTNAME=\"web1.example\"\nIP_ADDRESS=\"192.0.2.1 2001:db8::1\"\n"
		  "NAMESERVER=\"inherit\"\nSEARCHDOMAIN=\"example.org example.com\"\n"
		  "PHYSPAGES=\"0:65536\"\nSWAPPAGES=\"0:100\"\nNUMPROC=\"100:200\"\n"
		  "DISKSPACE=\"1048576:2097152\"\nDISKINODES=\"1:2\"\nCPUUNITS=\"1000\"\n"
		  "CPULIMIT=\"50\"\nDESCRIPTION=\"say \\\"hi\\\" \\$1\"\n"),
	FUZZ_SEED("VE_ROOT=\"/var/lib/vz/root/$VEID\"\nVE_PRIVATE=/vz/private/$VEID # here\n"
		  "OSTEMPLATE='debian-12'\nORIGIN_SAMPLE=\"basic\"\nLOCAL_UID=\"65536\"\n"
		  "NAME=\"my web\"\nDISABLED=no\nSTOP_TIMEOUT=\"60\"\nDISK_QUOTA=yes\n"),
	FUZZ_SEED("LOCKDIR=/var/lib/vz/lock\nTEMPLATE=/vz/template\nLOGFILE=/var/log/vzctl.log\n"
		  "LOGGING=yes\nLOG_LEVEL=0\nVERBOSE=0\nCONFIGFILE=\"basic\"\n"
		  "DEF_OSTEMPLATE=\"debian-12\"\nVE_ROOT=/vz/root/$VEID\n"),
	FUZZ_SEED_END,
};

static const struct fuzz_seed value_seeds[] = {
	FUZZ_SEED("192.0.2.1"), FUZZ_SEED("2001:db8::1 192.0.2.0/24"), FUZZ_SEED("0:65536"),
	FUZZ_SEED("512M:1G"),	FUZZ_SEED("web1.example"),	       FUZZ_SEED("/vz/root/$VEID"),
	FUZZ_SEED("50%"),	FUZZ_SEED("yes"),		       FUZZ_SEED("debian-12"),
	FUZZ_SEED("unlimited"), FUZZ_SEED(""),			       FUZZ_SEED_END,
};

static const struct fuzz_seed record_seeds[] = {
	FUZZ_SEED("VERSION=\"1\"\nPHASE=\"running\"\nINIT=\"4711\"\nINIT_START=\"99\"\n"
		  "GUEST=\"systemd\"\nSTARTED=\"12\"\nQUICK=\"0\"\nIP=\"192.0.2.1\"\n"
		  "IP=\"2001:db8::1\"\n"),
	FUZZ_SEED("CTID=\"101\"\nOSTEMPLATE=\"debian-12\"\nDIGEST=\"" DIGEST "\"\n"),
	FUZZ_SEED("NAME=\"debian-12\"\nDIGEST=\"" DIGEST "\"\nSIZE=\"1\"\nINODES=\"2\"\n"
		  "CREATED=\"3\"\nMTIME=\"4\"\nINODE=\"5\"\n"),
	FUZZ_SEED_END,
};

static const struct fuzz_target targets[] = {
	{ "KEY=\"value\" lines", conf_seeds, words, false, NULL, run_kv },
	{ "values of settings", value_seeds, words, false, NULL, run_value },
	{ "CTID.conf", conf_seeds, words, false, NULL, run_ctconf },
	{ "vz.conf", conf_seeds, words, false, NULL, run_global },
	{ "run state", record_seeds, words, false, NULL, run_state },
	{ "records of templates and private areas", record_seeds, words, false, NULL, run_records },
};

int main(void)
{
	static const char *const dirs[] = { "run", "private", "store/names", "etc/vz" };
	struct err e;

	if (scratch_begin() < 0)
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		mkdir_all(dirs[i], 0755, &e);
	setenv("WABE_ROOT", scratch, 1);
	fuzz_begin();
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		fuzz_loop(&targets[i], 2000);
	scratch_end();
	return fuzz_done();
}
