/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vz.conf, and the samples and the vz.conf that come with Wabe. */
#include "tests/unit/scratch.h"

#include "base/mem.h"
#include "config/ctconf.h"
#include "config/global.h"
#include "config/keys.h"

#define BIT(key) (1ull << (key))

static char *at(const char *path)
{
	return xasprintf("%s%s", scratch, path);
}

static void is_path(char *got, const char *want, const char *what)
{
	_cleanup_free_ char *full = at(want);

	is_str(got, full, "%s", what);
}

static void node_defaults(void)
{
	_cleanup_global_ struct global g = { 0 };
	_cleanup_conf_ struct conf c = CONF_INIT;
	_cleanup_free_ char *conf = NULL, *sample = NULL, *run = NULL;
	_cleanup_free_ char *priv = NULL, *root = NULL;
	struct err e = { 0 };

	is_int(global_load(&g, NULL, NULL, &e), 0, "without vz.conf there are defaults");
	is_path(g.confdir, "/etc/vz/conf", "confdir");
	is_path(g.names, "/etc/vz/names", "names");
	is_path(g.lockdir, "/var/lib/vz/lock", "LOCKDIR");
	is_path(g.template, "/var/lib/vz/template", "TEMPLATE");
	is_path(g.logfile, "/var/log/vzctl.log", "LOGFILE");
	is_path(g.run, "/run/vz", "run");
	is_str(g.configfile, "vswap-512m", "CONFIGFILE");
	is_str(g.def_ostemplate, "debian-12", "DEF_OSTEMPLATE");
	is_int(g.defaults.stop_timeout, 120, "STOP_TIMEOUT");
	is_int(g.defaults.given, BIT(KEY_VE_ROOT) | BIT(KEY_VE_PRIVATE) | BIT(KEY_STOP_TIMEOUT),
	       "nothing else is given");
	is_int(g.in_file, 0, "and none of it by a file");
	conf = global_ctconf(&g, 101);
	is_path(conf, "/etc/vz/conf/101.conf", "CTID.conf");
	sample = global_sample(&g, "basic");
	is_path(sample, "/etc/vz/conf/ve-basic.conf-sample", "a sample");
	run = global_run(&g, 101);
	is_path(run, "/run/vz/101", "a container's run directory");
	priv = global_private(&g, &c, 101);
	is_path(priv, "/var/lib/vz/private/101", "VE_PRIVATE");
	root = global_root(&g, &c, 101);
	is_path(root, "/var/lib/vz/root/101", "VE_ROOT");
	is_int(global_read_ct(&g, 101, &c, NULL, NULL, &e), -E_NO_CTCONF, "no such container");
}

static const char stock[] =
	"VIRTUOZZO=yes\n"
	"LOCKDIR=/vz/lock\n"
	"DUMPDIR=/vz/dump\n"
	"VE0CPUUNITS=1000\n"
	"LOGGING=yes\n"
	"LOGFILE=/var/log/other.log\n"
	"LOG_LEVEL=3\n"
	"VERBOSE=1\n"
	"TEMPLATE=/vz/template\n"
	"VE_ROOT=/vz/root/$VEID\n"
	"VE_PRIVATE=/vz/private/$VEID\n"
	"CONFIGFILE=\"vswap-256m\"\n"
	"DEF_OSTEMPLATE=\"centos-6-x86\"\n"
	"VE_LAYOUT=ploop\n"
	"NAMESERVER=inherit # or addresses\n"
	"LOCAL_UID=100000\n"
	"LOCAL_GID=100000\n"
	"STOP_TIMEOUT=30\n"
	"IPTABLES_MODULES=\"ipt_REJECT ipt_tos\"\n";

static void stock_node(const char *vzconf)
{
	_cleanup_global_ struct global g = { 0 };
	_cleanup_conf_ struct conf c = CONF_INIT;
	_cleanup_buf_ struct buf said = BUF_INIT;
	_cleanup_free_ char *priv = NULL, *root = NULL, *ct = at("/etc/vz/conf/101.conf");

	put(vzconf, stock);
	is_int(global_load(&g, keep_warning, &said, NULL), 0, "an old node's vz.conf");
	is_str(said.s, "", "is taken without a word");
	is_path(g.lockdir, "/var/lib/vz/lock", "/vz is /var/lib/vz there");
	is_path(g.template, "/var/lib/vz/template", "also for templates");
	is_path(g.logfile, "/var/log/other.log", "LOGFILE");
	is_int(g.log_level * 10 + g.verbose, 31, "LOG_LEVEL and VERBOSE");
	is_str(g.configfile, "vswap-256m", "CONFIGFILE");
	is_str(g.def_ostemplate, "centos-6-x86", "DEF_OSTEMPLATE");
	is_int(g.defaults.stop_timeout, 30, "STOP_TIMEOUT");
	ok(!conf_has(&g.defaults, KEY_VE_LAYOUT) && !conf_has(&g.defaults, KEY_LOCAL_UID),
	   "the old layout and the one range of ids are not for all");
	is_int(g.in_file, BIT(KEY_VE_ROOT) | BIT(KEY_VE_PRIVATE) | BIT(KEY_NAMESERVER) |
	       BIT(KEY_STOP_TIMEOUT), "which keys the file has is known");
	put(ct, "HOSTNAME=\"web1\"\nSTOP_TIMEOUT=\"5\"\nVE_ROOT=\"/mnt/$VEID\"\n");
	is_int(global_read_ct(&g, 101, &c, keep_warning, &said, NULL), 0, "a container of it");
	ok(c.net.nameserver.n == 1 && !strcmp(c.net.nameserver.v[0], "inherit"),
	   "has the node's defaults");
	is_int(c.stop_timeout, 5, "and its own values before them");
	priv = global_private(&g, &c, 101);
	is_path(priv, "/var/lib/vz/private/101", "the node's VE_PRIVATE");
	root = global_root(&g, &c, 101);
	is_path(root, "/mnt/101", "its own VE_ROOT, below WABE_ROOT too");
}

static void bad_nodes(const char *vzconf)
{
	_cleanup_global_ struct global g = { 0 };
	_cleanup_buf_ struct buf said = BUF_INIT;
	struct err e = { 0 };

	put(vzconf, "LOCKDIR=\"lock\"\nTEMPLATE=\"/vz/../../etc\"\nCONFIGFILE=\"../x\"\n"
		    "VERBOSE=\"-1\"\nLOG_LEVEL=\"256\"\nLOGGING=\"no\"\nSTOP_TIMEOUT=\"0\"\n"
		    "VE_PRIVATE=\"/\"\nDEF_OSTEMPLATE=\"\"\n");
	is_int(global_load(&g, keep_warning, &said, NULL), 0, "bad values");
	is_path(g.lockdir, "/var/lib/vz/lock", "a relative path is not taken");
	is_path(g.template, "/var/lib/vz/template", "nor one that climbs");
	is_str(g.configfile, "vswap-512m", "nor a path for a sample");
	is_str(g.def_ostemplate, "debian-12", "nor an empty template");
	is_int(g.verbose + g.log_level, 0, "nor numbers out of range");
	is_str(g.defaults.ve_private, "/var/lib/vz/private/$VEID", "nor / for VE_PRIVATE");
	ok(!g.logfile, "LOGGING=no: there is no log file");
	is_int(g.defaults.stop_timeout, 120, "STOP_TIMEOUT=0 is the built-in one");
	ok(strstr(said.s, "LOCKDIR") && strstr(said.s, "TEMPLATE") &&
	   strstr(said.s, "VE_PRIVATE") && strstr(said.s, "VERBOSE") &&
	   strstr(said.s, "DEF_OSTEMPLATE"), "all of it is told");
	unlink(vzconf);
	mkdir(vzconf, 0755);
	global_clear(&g);
	is_int(global_load(&g, NULL, NULL, &e), -E_NO_VZCONF, "a directory for vz.conf");
	is_int(global_load(&g, NULL, NULL, NULL), -E_NO_VZCONF, "without an error to fill");
	rmdir(vzconf);
	mkfifo(vzconf, 0600);
	is_int(global_load(&g, NULL, NULL, &e), -E_NO_VZCONF, "a FIFO for vz.conf: %s", e.msg);
	unlink(vzconf);
	setenv("WABE_ROOT", "relative", 1);
	is_int(global_load(&g, NULL, NULL, &e), -E_NO_VZCONF, "a relative WABE_ROOT");
	setenv("WABE_ROOT", "/tmp/../etc", 1);
	is_int(global_load(&g, NULL, NULL, &e), -E_NO_VZCONF, "one that climbs: %s", e.msg);
	ok(!g.etc && !g.defaults.given, "nothing was filled in");
}

static void node(void)
{
	_cleanup_free_ char *vzconf = at("/etc/vz/vz.conf"), *confdir = at("/etc/vz/conf");
	_cleanup_free_ char *with_slash = at("//");

	setenv("WABE_ROOT", with_slash, 1);
	node_defaults();
	setenv("WABE_ROOT", scratch, 1);
	mkdir_all(confdir, 0755, NULL);
	stock_node(vzconf);
	bad_nodes(vzconf);
}

/* What comes with Wabe has to be readable without a warning. */
static void shipped(void)
{
	static const char *const samples[] = { "basic", "light", "vswap-256m", "vswap-512m",
		"vswap-1024m", "vswap-1g", "vswap-2g", "vswap-4g" };
	const char *top = getenv("top_srcdir");
	const uint64_t need = BIT(KEY_PHYSPAGES) | BIT(KEY_SWAPPAGES) | BIT(KEY_NUMPROC) |
			      BIT(KEY_CPUUNITS) | BIT(KEY_DISKSPACE) | BIT(KEY_DISKINODES);

	for (size_t i = 0; top && i < ARRAY_SIZE(samples); i++) {
		_cleanup_free_ char *path = xasprintf(
			"%s/config/samples/ve-%s.conf-sample", top, samples[i]);
		_cleanup_conf_ struct conf c = CONF_INIT;
		_cleanup_buf_ struct buf said = BUF_INIT;

		is_int(ctconf_read(path, &c, keep_warning, &said, NULL), 0, "sample %s",
		       samples[i]);
		is_str(said.s, "", "has no bad line");
		ok((c.given & need) == need && c.res.numproc.lim < 100000,
		   "and limits all there is to limit");
	}
	if (top) {
		_cleanup_free_ char *path = xasprintf("%s/packaging/vz.conf", top);
		_cleanup_conf_ struct conf c = CONF_INIT;
		_cleanup_buf_ struct buf said = BUF_INIT;

		is_int(ctconf_read(path, &c, keep_warning, &said, NULL), 0, "packaging/vz.conf");
		is_str(said.s, "", "has no bad line");
	}
}

int main(void)
{
	if (scratch_begin() < 0)
		return 99;
	node();
	shipped();
	scratch_end();
	return done();
}
