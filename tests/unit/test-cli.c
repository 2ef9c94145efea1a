/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line against a wabe.h that is faked: what is called, what is printed where,
 * with which exit status. Rows that need root are skipped without it. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/columns.h"
#include "cli/near.h"
#include "tests/unit/fake-wabe.h"
#include "tests/unit/tap.h"

static char out[65536], errs[65536];

static void read_back(int fd, char *to)
{
	ssize_t n = pread(fd, to, sizeof(out) - 1, 0);

	to[n > 0 ? n : 0] = 0;
	close(fd);
}

/* Run the program with the words of `line` ("_" stands for an empty one); fills out, errs
 * and fake.log. */
static int run_as(const char *prog, const char *line)
{
	_cleanup_strv_ struct strv words = STRV_INIT;
	_cleanup_free_ char **argv = NULL;
	int o = memfd_create("out", MFD_CLOEXEC), x = memfd_create("err", MFD_CLOEXEC);
	int keep_o, keep_x, status;

	strv_add(&words, prog);
	strv_add_words(&words, line);
	for (size_t i = 0; i < words.n; i++)
		if (!strcmp(words.v[i], "_"))
			words.v[i][0] = 0;
	/* getopt reorders argv: the strings stay owned by `words` */
	argv = xcalloc(words.n + 1, sizeof(*argv));
	memcpy(argv, words.v, words.n * sizeof(*argv));
	fake.log[0] = 0;
	fflush(stdout);
	keep_o = dup(1);
	keep_x = dup(2);
	dup2(o, 1);
	dup2(x, 2);
	status = front_main((int)words.n, argv);
	fflush(stdout);
	dup2(keep_o, 1);
	dup2(keep_x, 2);
	close(keep_o);
	close(keep_x);
	read_back(o, out);
	read_back(x, errs);
	return status;
}

static int run(const char *line)
{
	return run_as("/usr/sbin/wabe", line);
}

static int lines_of(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

static void test_frame(void)
{
	is_int(run(""), 20, "no arguments: code 20");
	ok(strstr(errs, "Usage: wabe") && !*out, "usage on stderr");
	is_int(run("--help"), 0, "--help: code 0");
	ok(!strncmp(out, "wabe version 1.2.3\n", 19), "first line is the version");
	ok(strstr(out, "  create CT ... "), "commands are listed");
	ok(strstr(out, "  stop CT|--all ... "), "cut between words, not within one");
	is_int(run_as("vzctl", "--help"), 0, "vzctl --help");
	ok(!strncmp(out, "vzctl version 1.2.3\n", 20), "vzctl says vzctl");
	is_int(run("--version"), 0, "--version");
	is_str(out, "wabe version 1.2.3\n", "the version line");
	is_int(run("strat 101"), 20, "unknown command: code 20");
	is_str(errs, "unknown command \"strat\", did you mean \"start\"?\n",
	       "near match");
	is_int(run("xyzzy 101"), 20, "unknown command without a near one");
	is_int(lines_of(errs), 1, "one line");
	is_int(run("101 start"), 20, "container before command: code 20");
	is_str(errs, "the command comes before the container: wabe start 101\n", "says so");
	is_int(run("-h"), 0, "-h is --help");
	is_int(run("--frob start 101"), 20, "unknown option before the command");
	is_int(run("start"), 21, "CT missing: code 21");
	is_int(run("start 0"), 21, "CT 0");
	is_int(run("start nobody"), 21, "no such name");
	is_int(run("start --force 101"), 21, "CT comes first");
	is_int(run("start 101 x"), 20, "one word too many");
	is_str(errs, "\"x\" is too many; usage: wabe start CT|--all [--force]\n",
	       "says which, and how");
	is_int(run("exec 101"), 20, "one word too few");
	is_str(errs, "a word is missing; usage: wabe exec CT COMMAND [ARG]... | CT -\n",
	       "says so");
	is_int(run("help nope"), 20, "help of an unknown command");
	for (size_t i = 0; cmds[i]; i++) {
		_cleanup_free_ char *line = xasprintf("%s --help", cmds[i]->name);
		_cleanup_free_ char *line2 = xasprintf("help %s", cmds[i]->name);
		_cleanup_free_ char *kept = NULL;

		ok(run(line) == 0 && strstr(out, "Usage: wabe"), "%s", line);
		kept = xstrdup(out);
		ok(run(line2) == 0 && !strcmp(out, kept), "%s", line2);
	}
}

static void test_verbs(void)
{
	is_int(run("create 101 --ostemplate debian-12 --config basic --ip=10.0.0.1 --ipa "
		   "::5"),
	       0, "create");
	is_str(fake.log, "create 101 sample=basic ostemplate=debian-12 ipadd=10.0.0.1 "
	       "ipadd=::5\n", "settings under their own names, prefixes and aliases too");
	is_str(out, "Creating\n", "info on stdout");
	is_str(errs, "a ?[31mwarning\n", "warning on stderr, made harmless; no progress");
	is_int(run("create web"), 21, "create by name");
	is_str(errs, "a new container takes a number, not \"web\"; --name gives it a name\n",
	       "says how to have one");
	is_int(run("--quiet create 101"), 0, "--quiet");
	is_str(out, "", "mutes info");
	is_int(run("--verbose create 101"), 0, "--verbose");
	is_str(out, "Creating\na detail\n", "shows details");
	fake.verbose = 1;
	run("create 101");
	is_str(out, "Creating\na detail\n", "so does VERBOSE of vz.conf");
	run("--quiet create 101");
	is_str(out, "", "but --quiet is stronger");
	fake.verbose = 0;
	fake.fail = E_LOCKED;
	is_int(run("destroy web"), 9, "the error's code is the exit status");
	is_str(errs, "it failed with code 9\n", "its text is one line");
	is_int(run("delete 101"), 0, "delete is destroy");
	is_str(fake.log, "destroy 101\n", "called");
	run("start 101 --force");
	is_str(fake.log, "start 101 force=1\n", "start --force");
	run("stop 101 --timeout 5 --fast");
	is_str(fake.log, "stop 101 fast=1 timeout=5\n", "stop with options");
	is_int(run("stop 101 --timeout -1"), 21, "a negative time");
	is_int(run("stop 101 --timeout 1x"), 21, "not a number");
	is_int(run("stop 101 --timeout 99999999999999999999"), 21, "a giant time");
	is_int(run("stop 101 --timeout"), 20, "no value");
	is_str(errs, "option --timeout needs SECONDS\n", "says so");
	run("restart 101 --fast --force");
	is_str(fake.log, "restart 101 force=1 fast=1 timeout=0\n",
	       "restart: both's options");
	run("mount 101");
	is_str(fake.log, "mount 101\n", "mount");
	run("umount 101");
	is_str(fake.log, "umount 101\n", "umount");
	run("reexec 101");
	is_str(fake.log, "reexec 101\n", "reexec");
}

static void test_set(void)
{
	is_int(run("set 101 --cpul 50 -p 300 --save -p200 --ipdel all --ipadd=10.0.0.2"),
	       0, "set: prefix, short forms, --opt=value");
	is_str(fake.log,
	       "set 101 save=1 force=0 cpulimit=50 numproc=300 numproc=200 ipdel=all "
	       "ipadd=10.0.0.2\n",
	       "in the order given");
	is_int(run("set 101"), 20, "set without a setting");
	is_int(run("set 101 --save"), 20, "set with --save alone");
	is_int(run("set 101 --numproc 5 --force"), 20, "--force needs --save");
	is_int(run("set 101 --numproc 5 --setmode maybe"), 21, "bad --setmode");
	is_int(run("set 101 --numproc 5 --setmode restart"), 20, "restart is refused");
	is_int(run("set 101 --numproc 5 --setmode ignore"), 0, "ignore is taken");
	is_int(run("set 101 --cpu 5"), 20, "an ambiguous prefix");
	is_str(errs, "option \"--cpu\" may be any of --cpuunits, --cpulimit\n",
	       "says which");
	is_int(run("set 101 --hostnmae x"), 20, "a typing error");
	is_str(errs, "unknown option \"--hostnmae\", did you mean \"--hostname\"?\n",
	       "near");
	is_int(run("set 101 --zzzzzz=4"), 20, "an unknown option");
	is_int(run("set 101 -Z"), 20, "an unknown letter");
	is_int(run("set 101 -p"), 20, "a letter without value");
	is_str(errs, "option -p needs N\n", "says so");
	is_int(run("set 101 -k 5"), 20, "a letter whose setting does not exist");
	is_int(run("set 101 --save=yes --numproc 5"), 20, "a value for a flag");
	is_str(errs, "option --save takes no value\n", "says so");
	is_int(run("set 101 --hostname bad"), 21, "a bad value");
	is_str(fake.log, "", "nothing was called");
	is_int(run("set 101 --hostname _ --save"), 0, "an empty value");
	is_str(fake.log, "set 101 save=1 force=0 hostname=\n", "is passed on");
	is_int(run("set 101 --"), 20, "-- alone");
	is_int(run("create 101 --numproc 5"), 20, "an option of set is none of create");
}

static void test_exec(void)
{
	is_int(run("exec 101 ls --help -l _ x"), 0, "exec");
	is_str(fake.log, "exec 101 {ls --help -l '' x}\n",
	       "joined, options are the command's");
	is_int(run("exec 101"), 20, "exec without a command");
	fake.status = 3 << 8;
	is_int(run("exec 101 false"), 8, "exec: a failing command is 8");
	is_str(errs, "", "without a word from us");
	is_int(run("exec2 101 false"), 3, "exec2: its own status");
	is_int(run("exec3 101 a _ b"), 3, "exec3: its own status");
	is_str(fake.log, "exec 101 [a] [] [b]\n", "exec3: as given");
	fake.status = 9;
	is_int(run("exec2 101 x"), 128 + 9, "exec2: killed by a signal");
	is_int(run("exec 101 x"), 8, "exec: killed by a signal");
	fake.status = 0;
	fake.fail = E_NOT_RUNNING;
	is_int(run("exec 101 x"), 8, "exec: not running is 8");
	fake.fail = E_NOT_RUNNING;
	is_int(run("exec2 101 x"), 31, "exec2: not running is 31");
	fake.fail = E_NO_CTCONF;
	is_int(run("exec 101 x"), 14, "exec: no such container is 14");
	run("exec 101 -");
	ok(strstr(fake.log, "exec /bin/bash -s"), "exec -: a shell on stdin");
	run("exec 101 - x");
	is_str(fake.log, "exec 101 {- x}\n", "- with more words is a command");
	is_int(run("enter 101 x"), 20, "enter takes nothing more");
}

static void test_enter(void)
{
	int keep = dup(0), null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	dup2(null, 0);
	is_int(run("enter 101"), 20, "enter without a terminal");
	is_str(fake.log, "", "does nothing");
	dup2(keep, 0);
	close(keep);
	close(null);
}

static void test_status(void)
{
	run("status web");
	is_str(out, "CTID 101 exist mounted running\n", "status of a running one");
	run("status 102");
	is_str(out, "CTID 102 exist unmounted down\n", "of a stopped one");
	run("status 103");
	is_str(out, "CTID 103 exist mounted down\n", "of a mounted one");
	is_int(run("status 999"), 0, "of an unknown one: code 0");
	is_str(out, "CTID 999 deleted unmounted down\n", "its line");
	is_int(run("status 101 --json"), 0, "status --json");
	ok(strstr(out, "\"pid\": 4711") && strstr(out, "\"swap\": null") &&
	   strstr(out, "\"state\": \"running\""), "has values and nulls");
}

static void test_config(void)
{
	is_int(run("config 101"), 0, "config");
	is_str(out, "HOSTNAME=\"a \\\"b\\\"\"\nDISKSPACE=\"2097152:2306867\" # node\n"
	       "CPUUNITS=\"1000\" # built-in\n", "lines");
	is_int(run("config 101 --json"), 0, "config --json");
	ok(strstr(out, "\"value\": \"a \\\"b\\\"\""), "values");
	fake.fail = E_NO_CTCONF;
	is_int(run("config 999 --json"), 14, "config of none: code 14");
	is_str(out, "", "prints nothing");
}

static void test_template(void)
{
	is_int(run("template build debian-12 --include vim,ssh --include less --force"),
	       0, "template build");
	is_str(fake.log, "build debian-12 force=1 +vim +ssh +less\n", "called");
	is_str(out, "Template debian-12 is ready: 300.0 MiB in 9000 files\n", "tells");
	is_int(run("template build"), 20, "without a name");
	is_int(run("template"), 20, "the noun alone");
	is_int(run("template biuld x"), 20, "unknown verb of the noun");
	is_str(errs, "unknown command \"biuld\", did you mean \"build\"?\n", "near");
	is_int(run("template build --help"), 0, "template build --help");
	ok(strstr(out, "Usage: wabe template build NAME"), "its usage");
	run("help template build");
	ok(strstr(out, "Usage: wabe template build NAME"), "help template build");
	run("template delete x");
	is_str(fake.log, "delete x\n", "template delete");
	run("template list -H");
	ok(!strncmp(out, "debian-12  ", 11) && lines_of(out) == 1, "template list -H");
	run("template list --json");
	ok(strstr(out, "\"inodes\": 9000"), "template list --json");
	fake.empty = true;
	is_int(run("template list"), 0, "no templates");
	is_str(errs, "Template(s) not found\n", "says so");
	run("template list --json");
	is_str(out, "[]\n", "[] in JSON");
	fake.empty = false;
}

static void test_list_default(void)
{
	is_int(run("list"), 0, "list");
	is_str(out,
	       "      CTID      NPROC STATUS    IP_ADDR         HOSTNAME\n"
	       "       101         26 running   10.0.0.101      ct101.example\n",
	       "as vzlist");
	run_as("vzlist", "-a");
	is_str(out, "      CTID      NPROC STATUS    IP_ADDR         HOSTNAME\n"
	       "       101         26 running   10.0.0.101      ct101.example\n"
	       "       102          - stopped   -               ct102.example\n"
	       "       103          - mounted   -               ct103.example\n",
	       "vzlist -a; one without files is hidden");
	run("list -Ho ctid");
	is_str(out, "       101\n", "-Ho ctid");
	run("list -aH -octid,disabled");
	is_str(out, "       101     no\n       102     no\n       103     no\n",
	       "-aH -octid,disabled");
	run("list -SHo ctid");
	is_str(out, "       102\n       103\n", "-SHo ctid");
	run("list -1");
	is_str(out, "       101\n", "-1");
	run("list -n");
	ok(strstr(out, " SMARTNAME      NPROC") && strstr(out, "\n       web "), "-n");
	run("list -H -o hostname 102 web");
	is_str(out, "ct101.example\nct102.example\n", "named ones in any state, sorted");
	run("list 104 -a -H -1");
	is_str(out, "       104\n", "a named one without files is shown");
}

static void test_list_values(void)
{
	run("list -Ho ctid,ip");
	is_str(out, "       101 10.0.0.101 2001:db8::65\n",
	       "the last column has all items");
	run("list -Ho ip,ctid");
	is_str(out, "10.0.0.101             101\n", "another only the first");
	run("list -tHo ip,ctid");
	is_str(out, "10.0.0.101 2001:db8::65        101\n", "-t: all");
	run("list -Ho description,pid");
	is_str(out, "k\xc3\xa4se and much more text than thi       4711\n",
	       "text is cut at characters, not bytes");
	run("list -Ho uptime");
	is_str(out, "001d02h:03m:04s\n", "uptime");
	run("list -Ho physpages,physpages.l,swappages.l");
	is_str(out, "       200     131072 9223372036854775807\n", "pages, no limit");
	run("list -Ho diskspace,diskspace.s,diskspace.h,diskinodes");
	is_str(out, "      2048    2097152    2306867          -\n", "disk");
	run("list -aHo ctid -s -hostname");
	is_str(out, "       103\n       102\n       101\n", "-s -hostname");
	run("list -aHo ctid -s name");
	is_str(out, "       102\n       103\n       101\n",
	       "-s name: those without come first");
	run("list -aHo ctid -h ct102*");
	is_str(out, "       102\n", "-h pattern");
	run("list -aHo ctid -N w?b");
	is_str(out, "       101\n", "-N pattern");
	run("list -L");
	ok(strstr(out, "numproc.l       NPROC.L\n"), "-L");
}

static void test_list_edges(void)
{
	is_int(run("list 999"), 1, "an unknown one that is named: code 1");
	is_str(errs, "there is no container 999\n", "says which");
	is_int(run("list -H1 101 999"), 1, "one of two");
	is_str(out, "       101\n", "the other is shown");
	is_int(run("list -o frob"), 20, "an unknown field");
	is_int(run_as("vzlist", "-o frob"), 1, "vzlist: code 1");
	is_int(run("list -o ctid,"), 20, "an empty field");
	is_int(run("list -s hostnme"), 20, "an unknown field to sort by");
	is_str(errs, "unknown field \"hostnme\", did you mean \"hostname\"?\n", "near");
	is_int(run("list nobody"), 21, "a name that is none");
	fake.empty = true;
	is_int(run("list"), 0, "no containers: code 0");
	is_str(errs, "Container(s) not found\n", "a note on stderr");
	is_str(out, "", "nothing on stdout");
	run("list -j");
	is_str(out, "[]\n", "[] in JSON");
	fake.empty = false;
	is_int(run("list -j -o numproc.l"), 20, "JSON has no part fields");
	run("list -ajo ctid,ip");
	ok(strstr(out, "\"ctid\": 101") && strstr(out, "\"10.0.0.101\",") &&
	   strstr(out, "\"ip\": []"), "JSON lists");
	run("list --json");
	ok(strstr(out, "\"held\": 26") && strstr(out, "\"softlimit\": 2097152") &&
		   strstr(out, "\"uptime\": 93784") && !strstr(out, "vpsid"),
	   "JSON with all fields");
	fake.fail = E_BAD_CTCONF;
	is_int(run("list"), 85, "what fails is told");
}

/* The candidates for the last word of the line, without what they are, by blanks. */
static const char *complete(const char *line)
{
	_cleanup_free_ char *question = xasprintf("help --complete -- %s", line);
	char *to = out;

	is_int(run(question), 0, "complete: %s", line);
	for (char *at = out; *at; at += strcspn(at, "\n") + 1) {
		size_t n = strcspn(at, "\t\n");

		memmove(to, at, n);
		to += n;
		*to++ = at[strcspn(at, "\n") + 1] ? ' ' : 0;
	}
	*to = 0;
	return out;
}

static void test_complete(void)
{
	is_str(complete("wabe sta"), "start status", "commands");
	is_str(complete("vzctl --quiet --verb"), "--verbose", "what stands before them");
	is_str(complete("wabe --quiet dele"), "delete", "second names, after options");
	is_str(complete("wabe xyzzy _"), "", "nothing for an unknown command");
	is_str(complete("wabe template _"), "build list delete", "commands of a noun");
	is_str(complete("wabe template delete d"), "debian-12", "templates");
	is_str(complete("wabe template build b"), "busybox", "what can be built");
	is_str(complete("wabe status 10"), "101 102 103 104", "containers");
	is_str(complete("wabe set w"), "web", "their names");
	is_str(complete("wabe stop _"), "101 web", "running ones to stop");
	is_str(complete("wabe start _"), "102 103 104", "others to start");
	is_str(complete("wabe create 10"), "", "none to create");
	is_str(complete("wabe stop 101 -"), "--fast --timeout --help", "options");
	is_str(complete("wabe stop -"), "--all", "in place of a container");
	is_str(complete("wabe set 101 --ip"), "--ipdel --ipadd --ip", "and settings");
	is_str(complete("wabe set 101 --setmode _"), "restart ignore", "their values");
	is_str(complete("wabe set 101 --setm r"), "restart", "after a unique beginning");
	is_str(complete("wabe set 101 --setmode = r"), "restart", "as bash cuts words");
	is_str(complete("wabe set 101 --setmode=r"), "--setmode=restart", "as zsh does");
	is_str(complete("wabe set 101 --hostname a"), "", "free text has none");
	is_str(complete("wabe create 101 --config _"), "basic light", "samples");
	is_str(complete("wabe list -o ctid,sta"), "ctid,status", "the last of a list");
	is_str(complete("wabe list -s -ho"), "-hostname", "fields backwards");
	is_str(complete("vzlist --no-h"), "--no-header", "vzlist is list");
	is_str(complete("wabe exec 101 l"), "", "nothing on what runs inside");
	is_str(complete("wabe help CPU"), "CPUUNITS", "settings to be told of");
	is_str(complete("wabe"), "", "no word, no answer");
}

static void test_topics(void)
{
	is_int(run("help cpuunits"), 0, "help of a setting");
	is_str(out, "CPUUNITS, a key of ctid.conf(5)\n\nWeight.\n\n"
	       "  Value     a whole number, 8 to 500000\n  Default   1000\n"
	       "  Options   --cpuunits N (set)\n"
	       "  Change    at once, while it runs too\n", "all of it");
	is_int(run("help LOGFILE"), 0, "help of a key of vz.conf");
	ok(strstr(out, "LOGFILE, a key of vz.conf(5)\n"), "says so");
	is_int(run("help cpuunit"), 20, "a near miss");
	is_str(errs, "no command or setting \"cpuunit\", did you mean \"cpuunits\"?\n",
	       "names it");
	is_int(run("help template xyzzy"), 20, "an unknown word of a noun");
	is_int(run("help set start"), 20, "a word too many");
	is_str(errs, "help tells of one at a time: \"start\" is too many\n", "says so");
}

static void test_small(void)
{
	_cleanup_buf_ struct buf b = BUF_INIT;

	is_int(near_distance("start", "strat"), 1, "a swap is one edit");
	is_int(near_distance("", "abc"), 3, "three inserts");
	say_clean("a\nb\x1b[0m\xc2\x9b" "c\xc3\xa4\x7f", &b);
	is_str(b.s, "a b?[0m?c\xc3\xa4?", "control characters");
	run("help --words");
	ok(strstr(out, "\ndelete\n") && strstr(out, "\nexec3\n"), "help --words");
	run("help --words set");
	ok(strstr(out, "--ip\n") && strstr(out, "--save\n"), "help --words set");
	run("help --words template");
	is_str(out, "build\nlist\ndelete\n", "help --words template");
	is_int(run("version --json"), 0, "version --json");
	ok(strstr(out, "\"version\": \"1.2.3\""), "its value");
}

int main(void)
{
	if (geteuid() != 0) {
		printf("1..0 # SKIP needs root\n");
		return 0;
	}
	test_frame();
	test_verbs();
	test_set();
	test_exec();
	test_enter();
	test_status();
	test_config();
	test_template();
	test_list_default();
	test_list_values();
	test_list_edges();
	test_complete();
	test_topics();
	test_small();
	return done();
}
