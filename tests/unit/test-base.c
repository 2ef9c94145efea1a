/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/fdio.h"
#include "base/file.h"
#include "base/json.h"
#include "base/kv.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/run.h"
#include "base/steps.h"
#include "base/strv.h"
#include "base/tree.h"
#include "tests/unit/tap.h"

static void test_err(void)
{
	struct err e = { 0 };
	int r;

	errno = ENOENT;
	r = fail(&e, E_VALUE, "cannot open %s: %m", "x");
	is_int(r, -E_VALUE, "fail returns the negative code");
	is_str(e.msg, "cannot open x: No such file or directory", "%%m is errno's text");
	r = fail_in(&e, "start %d", 7);
	is_int(r, -E_VALUE, "fail_in keeps the code");
	is_str(e.msg, "start 7: cannot open x: No such file or directory",
	       "fail_in prepends context");
	is_int(fail(NULL, E_LOCKED, "x"), -E_LOCKED, "no object is fine");
	errno = ENOSPC;
	is_int(fail_write(&e, "x"), -E_NO_SPACE, "a full disk has a code of its own");
}

static void test_meanings(void)
{
	struct err_meaning m = { 0 };
	bool order = true, text = true;
	int last = 0;

	for (size_t i = 0; err_meaning(i, &m); i++) {
		order = order && m.code > last && m.code < 256;
		text = text && *m.text && m.text[strlen(m.text) - 1] != '.';
		last = m.code;
	}
	ok(order, "codes are told in their order, and are exit statuses");
	ok(text, "each has its meaning");
	is_int(last, E_SAVE, "up to the last");
}

static void test_strings(void)
{
	struct strv v = STRV_INIT, w = STRV_INIT;
	struct buf b = BUF_INIT;
	char *s;

	strv_add_words(&v, "  a\tbc \n d");
	is_int(v.n, 3, "words are split at white space");
	ok(!v.v[3], "the list ends with NULL");
	s = strv_join(&v, "+");
	is_str(s, "a+bc+d", "join");
	free(s);
	strv_copy(&w, &v);
	ok(strv_has(&w, "bc") && !strv_has(&w, "b"), "copy has whole words");
	strv_clear(&v);
	strv_clear(&w);
	for (int i = 0; i < 1000; i++)
		buf_addf(&b, "%d,", i);
	is_int(b.len, 3890, "a buffer grows");
	buf_reset(&b);
	is_str(b.s, "", "reset empties it");
	buf_clear(&b);
}

static void check_line(const char *line, enum kv_kind kind, const char *key, const char *value)
{
	char *k = NULL, *v = NULL;
	enum kv_kind got = kv_line(line, &k, &v);

	ok(got == kind && (kind != KV_PAIR || (!strcmp(k, key) && !strcmp(v, value))),
	   "line [%s] -> %d [%s] [%s]", line, got, k ? k : "", v ? v : "");
	free(k);
	free(v);
}

static void collect(void *ctx, const char *key, const char *value)
{
	buf_addf(ctx, "%s=%s;", key, value);
}

static void test_kv(void)
{
	struct buf b = BUF_INIT, got = BUF_INIT;

	check_line("A=\"b\"", KV_PAIR, "A", "b");
	check_line("  A_1=b  # comment", KV_PAIR, "A_1", "b");
	check_line("A='x \"y\" z'", KV_PAIR, "A", "x \"y\" z");
	check_line("A=\"say \\\"hi\\\"\"", KV_PAIR, "A", "say \"hi\"");
	check_line("A=\"b\" trailing", KV_PAIR, "A", "b");
	check_line("A=", KV_PAIR, "A", "");
	check_line("# A=b", KV_BLANK, NULL, NULL);
	check_line("   ", KV_BLANK, NULL, NULL);
	check_line("A b", KV_BAD, NULL, NULL);
	check_line("=b", KV_BAD, NULL, NULL);
	check_line("A-B=c", KV_BAD, NULL, NULL);
	check_line("A=\"unended", KV_BAD, NULL, NULL);
	check_line("A=\"x\001y\"", KV_BAD, NULL, NULL);
	kv_add(&b, "D", "a\"b\\c`d$(e) $VEID ${VEID}");
	is_str(b.s, "D=\"a\\\"b\\\\c\\`d\\$(e) $VEID ${VEID}\"\n", "what shells expand is escaped");
	kv_addf(&b, "N", "%d", 5);
	buf_adds(&b, "bad line\n");
	is_int(kv_each(b.s, collect, &got), 1, "bad lines are counted");
	is_str(got.s, "D=a\"b\\c`d$(e) $VEID ${VEID};N=5;", "what was written is read");
	buf_clear(&b);
	buf_clear(&got);
}

static void test_files(const char *dir)
{
	char *path = xasprintf("%s/a/b/c", dir), *file = xasprintf("%s/f", path);
	struct buf b = BUF_INIT;
	struct err e;
	struct stat st;

	is_int(mkdir_all(path, 0755, &e), 0, "parents are made");
	is_int(mkdir_all(path, 0755, &e), 0, "and may be there");
	is_int(file_replace(AT_FDCWD, file, "x\ny", 3, 0640, true, &e), 0, "replace makes");
	is_int(file_replace(AT_FDCWD, file, "hello\n", 6, 0640, false, &e), 0, "replace replaces");
	ok(!stat(file, &st) && (st.st_mode & 0777) == 0640, "mode is as given");
	is_int(file_read(AT_FDCWD, file, 100, &b), 0, "read");
	is_str(b.s, "hello\n", "whole");
	is_int(file_read(AT_FDCWD, file, 3, &b), -EFBIG, "a bound is a bound");
	is_int(file_replace(AT_FDCWD, file, "a\0b", 3, 0640, false, &e), 0, "bytes are bytes");
	is_int(file_read(AT_FDCWD, file, 100, &b), -EINVAL, "NUL is refused in text");
	is_int(file_replace(AT_FDCWD, "/proc/x", "a", 1, 0640, false, &e), -E_SYSTEM,
	       "what cannot be written fails");
	unlink(file);
	ok(!mkfifo(file, 0600), "a FIFO in the way");
	is_int(file_read(AT_FDCWD, file, 100, &b), 0, "does not make a reader wait");
	buf_clear(&b);
	free(path);
	free(file);
}

static void test_in_root(const char *dir)
{
	char *link = xasprintf("%s/link", dir), *up = xasprintf("%s/up", dir);
	int root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat in, top;
	int fd;

	ok(!symlink("/", link) && !symlink("../../../../..", up), "links out of the root");
	fd = in_root_open(root, "link", O_PATH, 0);
	ok(fd >= 0 && !fstat(fd, &in) && !fstat(root, &top) && in.st_ino == top.st_ino,
	   "an absolute link ends at the root");
	close(fd);
	fd = in_root_open(root, "up/../..", O_PATH, 0);
	ok(fd >= 0 && !fstat(fd, &in) && in.st_ino == top.st_ino && in.st_dev == top.st_dev,
	   "so does one with ..");
	close(fd);
	close(root);
	free(link);
	free(up);
}

static void test_tree(const char *dir)
{
	char *top = xasprintf("%s/tree", dir), *canary = xasprintf("%s/canary", dir);
	char *link = xasprintf("%s/out", top);
	struct err e = { 0 };
	int at;

	mkdir(top, 0755);
	mkdir(canary, 0755);
	ok(!symlink(canary, link), "a link out of the tree");
	at = open(top, O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 700 && at >= 0; i++) {
		int next;

		mkdirat(at, "deep", 0755);
		next = openat(at, "deep", O_RDONLY | O_DIRECTORY);
		close(at);
		at = next;
	}
	close(at);
	is_int(tree_remove(AT_FDCWD, top, &e), 0, "700 levels and a link are removed %s", e.msg);
	ok(access(top, F_OK) < 0, "nothing is left");
	ok(!access(canary, F_OK), "what the link led to is");
	is_int(tree_remove(AT_FDCWD, top, &e), 0, "not there is success");
	free(top);
	free(canary);
	free(link);
}

static void test_lock(const char *dir)
{
	char *locks = xasprintf("%s/lock", dir), *path = xasprintf("%s/7.lck", locks);
	struct lock a = LOCK_INIT, b = LOCK_INIT;
	struct err e = { 0 };
	char doing[32], *text;
	int status;
	pid_t pid;

	is_int(lock_take(&a, locks, 7, "testing", &e), 0, "a lock is taken");
	ok(lock_held(locks, 7, doing) && !strcmp(doing, "testing"), "and seen");
	is_int(lock_take(&b, locks, 7, "again", &e), -E_LOCKED, "not twice");
	ok(strstr(e.msg, "testing") != NULL, "the holder is named: %s", e.msg);
	is_int(lock_take(&b, locks, 8, "other", &e), 0, "another container's is free");
	lock_drop(&b);
	lock_drop(&a);
	ok(!lock_held(locks, 7, NULL), "dropped");
	pid = fork();
	if (!pid) {
		_exit(lock_take(&a, locks, 7, "dying", NULL) ? 1 : 0);
	}
	waitpid(pid, &status, 0);
	is_int(lock_take(&a, locks, 7, "after", &e), 0, "a dead holder's lock is replaced");
	lock_drop(&a);
	/* this process's number with another start time: the number was reused */
	text = xasprintf("%d\nold\n12345\n", (int)getpid());
	file_replace(AT_FDCWD, path, text, strlen(text), 0644, false, NULL);
	ok(!lock_held(locks, 7, NULL), "a reused pid is not the holder");
	free(text);
	text = xasprintf("%d\nold tool\n", (int)getpid());
	file_replace(AT_FDCWD, path, text, strlen(text), 0644, false, NULL);
	is_int(lock_take(&a, locks, 7, "x", &e), -E_LOCKED, "a lock of an old tool counts");
	free(text);
	lock_sweep(locks);
	ok(!access(path, F_OK), "a sweep leaves the living's");
	text = xasprintf("%d\nold\n12345\n", (int)getpid());
	file_replace(AT_FDCWD, path, text, strlen(text), 0644, false, NULL);
	free(text);
	lock_sweep(locks);
	ok(access(path, F_OK) < 0, "and takes the dead's");
	file_replace(AT_FDCWD, path, "garbage", 7, 0644, false, NULL);
	is_int(lock_take(&a, locks, 7, "x", &e), 0, "garbage does not");
	lock_drop(&a);
	free(locks);
	free(path);
}

static char trace[64];

static int run_a(void *op, struct err *e)
{
	strcat(trace, "a");
	return 0;
}

static int run_b(void *op, struct err *e)
{
	strcat(trace, "b");
	return *(int *)op ? fail(e, E_STOP, "b fails") : 0;
}

static void undo_a(void *op)
{
	strcat(trace, "A");
}

static void undo_b(void *op)
{
	strcat(trace, "B");
}

static void count_rows(void *ctx, const struct steps *t)
{
	size_t *rows = ctx;

	*rows += !strcmp(t->name, "test") ? t->n : 1000;
}

static void test_steps(void)
{
	static const struct step rows[] = {
		{ "a", run_a, undo_a },
		{ "b", run_b, undo_b },
		{ "none", NULL, NULL },
		{ "c", run_a, undo_a },
	};
	static STEPS(t, "test", rows);
	struct err e = { 0 };
	int bad = 0, status;
	size_t listed = 0;
	pid_t pid;

	steps_each(count_rows, &listed);
	is_int((int)listed, 4, "a table is listed by being defined");
	is_int(steps_run(&t, &bad, &e), 0, "a table runs");
	is_str(trace, "aba", "in order");
	trace[0] = '\0';
	steps_undo(&t, &bad);
	is_str(trace, "ABA", "and is undone backwards");
	trace[0] = '\0';
	bad = 1;
	is_int(steps_run(&t, &bad, &e), -E_STOP, "a failing row fails the table");
	is_str(trace, "abBA", "it and those before are undone");
	trace[0] = '\0';
	bad = 0;
	setenv("WABE_FAIL_AT", "test:4", 1);
	is_int(steps_run(&t, &bad, &e), -E_SYSTEM, "a failure can be injected");
	is_str(trace, "abaABA", "after the row did its work");
	trace[0] = '\0';
	setenv("WABE_FAIL_AT", "test:4,test:u2,test:44", 1);
	steps_run(&t, &bad, &e);
	is_str(trace, "abaAA", "and an undo be left out");
	unsetenv("WABE_FAIL_AT");
	trace[0] = '\0';
	is_int(steps_run_from(&t, 1, &bad, &e), 0, "a part runs");
	steps_undo_to(&t, 1, &bad);
	is_str(trace, "baAB", "and is undone alone");
	fflush(stdout);
	pid = fork();
	if (!pid) {
		setenv("WABE_KILL_AT", "test:-2", 1);
		steps_run(&t, &bad, &e);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == 9, "a kill can be injected");
	pid = fork();
	if (!pid) {
		setenv("WABE_HOLD_AT", "test:u-2", 1);
		steps_undo(&t, &bad);
		_exit(0);
	}
	waitpid(pid, &status, WUNTRACED);
	ok(WIFSTOPPED(status), "a halt can be injected");
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && !WEXITSTATUS(status), "and it goes on from there");
}

static void test_fdio(void)
{
	int s[2], fds[2] = { -1, -1 }, one = open("/dev/null", O_RDONLY | O_CLOEXEC);
	size_t n = 2;
	char data[8] = "";

	ok(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s), "a pair");
	is_int(fd_wait(s[1], 1), 0, "nothing is there yet");
	is_int(fd_send(s[0], "hey", 3, &one, 1), 0, "send with a descriptor");
	is_int(fd_recv(s[1], data, sizeof(data), fds, &n), 3, "receive");
	ok(n == 1 && fds[0] >= 0 && fds[1] == -1, "one descriptor came");
	ok(fcntl(fds[0], F_GETFD) == FD_CLOEXEC, "it is close-on-exec");
	close(fds[0]);
	fd_send(s[0], "hey", 3, &one, 1);
	n = 0;
	is_int(fd_recv(s[1], data, sizeof(data), NULL, NULL), 3, "who wants none gets none");
	fd_send(s[0], "0123456789", 10, NULL, 0);
	is_int(fd_recv(s[1], data, sizeof(data), NULL, NULL), -EMSGSIZE, "cut off is an error");
	close(s[0]);
	is_int(fd_recv(s[1], data, sizeof(data), NULL, NULL), 0, "end of file");
	is_int(fd_send(s[1], "x", 1, NULL, 0), -EPIPE, "no SIGPIPE");
	close(s[1]);
	/* last words of a peer that closed without reading what we sent */
	ok(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s), "another pair");
	fd_send(s[0], "unread", 6, NULL, 0);
	fd_send(s[1], "why", 3, NULL, 0);
	close(s[1]);
	is_int(fd_recv(s[0], data, sizeof(data), NULL, NULL), 3, "its last words are heard");
	is_int(fd_recv(s[0], data, sizeof(data), NULL, NULL), 0, "then end of file");
	close(s[0]);
	close(one);
}

static void test_run(void)
{
	const char *echo[] = { "sh", "-c", "echo out; echo err >&2", NULL };
	const char *bad[] = { "sh", "-c", "echo why >&2; exit 3", NULL };
	const char *slow[] = { "sleep", "20", NULL };
	const char *none[] = { "no-such-program-here", NULL };
	struct buf out = BUF_INIT;
	struct err e = { 0 };

	is_int(run_wait(&(struct run){ .argv = echo, .out = &out }, &e), 0, "a helper runs");
	is_str(out.s, "out\n", "its output is kept");
	ok(run_wait(&(struct run){ .argv = bad }, &e) < 0 && strstr(e.msg, "3: why"),
	   "its failure is told: %s", e.msg);
	ok(run_wait(&(struct run){ .argv = slow, .timeout_ms = 50 }, &e) < 0, "late is failed");
	ok(run_wait(&(struct run){ .argv = none }, &e) < 0 && strstr(e.msg, "installed"),
	   "not there: %s", e.msg);
	buf_clear(&out);
}

static void test_proc(void)
{
	char state = 0, name[16];
	uint64_t start = proc_start_time(getpid(), &state);
	int fd;

	ok(start && state == 'R', "own start time");
	fd = proc_open(getpid(), start);
	ok(fd >= 0, "a pidfd by pid and start time");
	close(fd);
	ok(proc_open(getpid(), start + 1) < 0 && errno == ESRCH, "not with another start time");
	proc_name(getpid(), name);
	ok(!strncmp(name, "test-base", 9), "name %s", name);
	ok(proc_ns_pid(getpid()) > 0, "pid in its own namespace");
}

static void test_json(void)
{
	struct json *j = json_new(false);

	json_object(j, NULL);
	json_str(j, "s", "a\"b/\xff\xc3\xa4\xed\xa0\x80");
	json_str(j, "n", NULL);
	json_uint(j, "u", UINT64_MAX);
	json_array(j, "l");
	json_int(j, NULL, -1);
	json_bool(j, NULL, true);
	json_end(j);
	json_end(j);
	is_str(json_text(j),
	       "{\"s\":\"a\\\"b/\xef\xbf\xbd\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\","
	       "\"n\":null,\"u\":18446744073709551615,\"l\":[-1,true]}\n",
	       "strings are escaped, bad bytes replaced");
	json_free(j);
}

int main(void)
{
	char dir[] = "/tmp/test-base.XXXXXX";

	if (!mkdtemp(dir))
		return 99;
	test_err();
	test_meanings();
	test_strings();
	test_kv();
	test_files(dir);
	test_in_root(dir);
	test_tree(dir);
	test_lock(dir);
	test_steps();
	test_fdio();
	test_run();
	test_proc();
	test_json();
	ok(!tree_remove(AT_FDCWD, dir, NULL), "the scratch directory goes");
	return done();
}
