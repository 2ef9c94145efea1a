/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/mutate.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"

enum { HANGS_S = 20, LONGEST = 1 << 17 };

/* Of libasan and libubsan, when the program is built with them. */
void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((weak));

static uint64_t state;
static unsigned tests, failed;
static const char *running;	/* the target */
static unsigned round_now;
static struct buf input = BUF_INIT;

/* xorshift64*, by Vigna. */
static uint64_t next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull;
}

unsigned fuzz_below(unsigned n)
{
	return n ? (unsigned)(next() >> 33) % n : 0;
}

static void show_input(void)
{
	printf("# %s, input %u: ", running, round_now);
	for (size_t i = 0; i < input.len && i < 8192; i++) {
		unsigned char c = (unsigned char)input.s[i];

		printf(c < ' ' || c > '~' || c == '\\' ? "\\x%02x" : "%c", c);
	}
	printf("\n");
	fflush(stdout);
}

static void died(void)
{
	if (!running)
		return;
	printf("not ok %u - %s\n", tests + 1, running);
	show_input();
	running = NULL;
}

static void on_signal(int sig)
{
	died();
	_exit(128 + sig);
}

void fuzz_begin(void)
{
	const char *seed = getenv("FUZZ_SEED");

	state = (seed ? strtoull(seed, NULL, 0) : 1) * 0x9e3779b97f4a7c15ull | 1;
	signal(SIGALRM, on_signal);
	signal(SIGABRT, on_signal);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(died);
}

/* Replace n bytes at `at` by others; with `keep` by as many. */
static void splice(struct buf *b, size_t at, size_t n, const char *with, size_t len, bool keep)
{
	struct buf out = BUF_INIT;

	if (keep) {
		if (len > b->len - at)
			len = b->len - at;
		memset(b->s + at, 0, n);
		memcpy(b->s + at, with, len);
		return;
	}
	buf_add(&out, b->s, at);
	buf_add(&out, with, len);
	buf_add(&out, b->s + at + n, b->len - at - n);
	buf_clear(b);
	*b = out;
}

static void change(struct buf *b, const struct fuzz_target *t, unsigned nwords)
{
	static const char odd[] = "\0\1\t\n\r \"#$'=\\`/.:,;-0129zZ\x7f\x80\xc3\xff";
	size_t at = fuzz_below((unsigned)b->len + 1), left = b->len - at;
	size_t some = fuzz_below(left > 40 ? 40 : (unsigned)left + 1);
	bool keep = t->keep_length && fuzz_below(8);
	_cleanup_free_ char *copy = NULL;
	const char *word;

	switch (fuzz_below(7)) {
	case 0:
		if (left)
			b->s[at] = (char)(b->s[at] ^ 1 << fuzz_below(8));
		break;
	case 1:
		if (left)
			b->s[at] = odd[fuzz_below(sizeof(odd) - 1)];
		break;
	case 2:
		splice(b, at, some, "", 0, keep);
		break;
	case 3: /* the same again, elsewhere */
		copy = xmalloc(some + 1);
		memcpy(copy, b->s + at, some);
		splice(b, fuzz_below((unsigned)b->len + 1), 0, copy, some, keep);
		break;
	case 4: /* a run of one byte, at times a long one */
		some = 1u << fuzz_below(keep ? 6 : 13);
		copy = xmalloc(some);
		memset(copy, odd[fuzz_below(sizeof(odd) - 1)], some);
		splice(b, at, 0, copy, some, keep);
		break;
	default:
		if (!nwords)
			break;
		word = t->words[fuzz_below(nwords)];
		splice(b, at, fuzz_below(2) ? some : 0, word, strlen(word), keep);
	}
}

static unsigned count_words(const struct fuzz_target *t)
{
	unsigned n = 0;

	while (t->words && t->words[n])
		n++;
	return n;
}

static void make_input(const struct fuzz_target *t, unsigned nseeds, unsigned nwords)
{
	const struct fuzz_seed *seed = &t->seeds[fuzz_below(nseeds)];

	buf_reset(&input);
	buf_add(&input, seed->s, seed->len);
	for (unsigned n = 1 + fuzz_below(6); n-- && input.len < LONGEST;)
		change(&input, t, nwords);
	if (t->repair)
		t->repair(&input);
}

void fuzz_loop(const struct fuzz_target *t, unsigned rounds)
{
	unsigned nseeds = 0, nwords = count_words(t);
	bool good = true;

	while (t->seeds[nseeds].s)
		nseeds++;
	if (getenv("WABE_SOAK"))
		rounds *= 100;
	running = t->name;
	for (round_now = 0; good && round_now < rounds; round_now++) {
		_cleanup_free_ char *exact = NULL;

		make_input(t, nseeds, nwords);
		/* so that the sanitizer sees the byte after the last */
		exact = xmalloc(input.len + 1);
		memcpy(exact, input.s, input.len);
		exact[input.len] = '\0';
		alarm(HANGS_S);
		good = t->run(exact, input.len);
	}
	alarm(0);
	printf("%sok %u - %s: %u inputs\n", good ? "" : "not ", ++tests, t->name, round_now);
	if (!good) {
		failed++;
		show_input();
	}
	fflush(stdout);
	running = NULL;
	buf_clear(&input);
}

int fuzz_done(void)
{
	printf("1..%u\n", tests);
	return failed != 0;
}
