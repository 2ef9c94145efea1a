/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "man/roff.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/mem.h"

enum { MAX_PROSE = 1 << 20, ROFF_WIDTH = 78 };

/* A hyphen that is typed must stay one that can be copied from the page. */
static void put_char(FILE *f, char c, bool literal)
{
	static const struct {
		char c;
		const char *roff;
	} special[] = {
		{ '\\', "\\e" }, { '\'', "\\(aq" }, { '"', "\\(dq" }, { '~', "\\(ti" },
		{ '^', "\\(ha" }, { '`', "\\(ga" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(special); i++) {
		if (special[i].c == c) {
			fputs(special[i].roff, f);
			return;
		}
	}
	if (c == '-' && literal)
		fputc('\\', f);
	fputc(c, f);
}

static void put_in(FILE *f, const char *font, const char *s, size_t n)
{
	fprintf(f, "\\f%s", font);
	for (size_t i = 0; i < n; i++)
		put_char(f, s[i], true);
	fputs("\\fR", f);
}

/* How much of s is the name of a page, as "vz.conf" of "vz.conf(5)"; 0: it is none. */
static size_t page_name(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || (n && strchr("._-", s[n])))
		if (!s[n++])
			return 0;
	return n && s[n] == '(' && isdigit((unsigned char)s[n + 1]) && s[n + 2] == ')' ? n :
											 0;
}

static void put_text(FILE *f, const char *text)
{
	bool word = false;

	while (*text) {
		const char mark = *text, *end = NULL;
		size_t name = word ? 0 : page_name(text);

		if (mark == '`' || (mark == '*' && !isspace((unsigned char)text[1])))
			end = strchr(text + 1, mark);
		if (end) {
			put_in(f, mark == '`' ? "B" : "I", text + 1, (size_t)(end - text) - 1);
			text = end + 1;
		} else if (!strncmp(text, " - ", 3)) {
			fputs(" \\- ", f);
			text += 3;
		} else if (name) {
			put_in(f, "B", text, name);
			text += name;
		} else {
			put_char(f, *text++, false);
		}
		word = isalnum((unsigned char)text[-1]);
	}
}

/* A sentence begins a line, as roff likes it, and no line is long. */
static void put_wrapped(FILE *f, const char *s)
{
	size_t at = 0;

	while (*s) {
		size_t n = strcspn(s, " ");
		bool stop = n && strchr(".?!", s[n - 1]) && s[n];

		at += (size_t)fprintf(f, "%s%.*s", at == 0 && (*s == '.' || *s == '\'') ?
				      "\\&" : "", (int)n, s);
		s += n + strspn(s + n, " ");
		n = strcspn(s, " ");
		if (*s && (stop || at + 1 + n > ROFF_WIDTH)) {
			fputc('\n', f);
			at = 0;
		} else if (*s) {
			at += (size_t)fprintf(f, " ");
		}
	}
	fputc('\n', f);
}

void roff_text(FILE *f, const char *text)
{
	char *s = NULL;
	size_t n;
	FILE *m = open_memstream(&s, &n);

	put_text(m, text);
	fclose(m);
	put_wrapped(f, s);
	free(s);
}

static void put_title(FILE *f, const char *macro, const char *title)
{
	fprintf(f, ".%s ", macro);
	put_text(f, title);
	fputc('\n', f);
}

void roff_head(FILE *f, const char *title)
{
	put_title(f, "SH", title);
}

void roff_subhead(FILE *f, const char *title)
{
	put_title(f, "SS", title);
}

void roff_term(FILE *f, const char *term)
{
	fputs(".TP\n", f);
	roff_text(f, term);
}

void roff_paragraphs(FILE *f, const char *text)
{
	for (const char *end; text; text = end) {
		_cleanup_free_ char *one = NULL;

		end = strstr(text, "\n\n");
		one = end ? xstrndup(text, (size_t)(end - text)) : xstrdup(text);
		roff_text(f, one);
		if (end) {
			fputs(".PP\n", f);
			end += 2;
		}
	}
}

void roff_example(FILE *f, const char *lines)
{
	fputs(".RS 4\n.nf\n", f);
	for (const char *at = lines; *at; at++) {
		if ((at == lines || at[-1] == '\n') && (*at == '.' || *at == '\''))
			fputs("\\&", f);
		if (*at == '\n')
			fputc('\n', f);
		else
			put_char(f, *at, true);
	}
	fputs("\n.fi\n.RE\n", f);
}

/* What is in capitals is to be replaced, also in --SETTING; other words are meant. */
static void put_usage_word(FILE *f, const char *word, size_t n)
{
	size_t dashes = strspn(word, "-"), lower = 0;

	for (size_t i = 0; i < n; i++)
		lower += islower((unsigned char)word[i]) != 0;
	if (n == strlen("options") && !strncmp(word, "options", n)) {
		fprintf(f, "%.*s", (int)n, word);
	} else if (n && (lower || dashes == n || isdigit((unsigned char)word[dashes]))) {
		put_in(f, "B", word, n);
	} else if (n) {
		if (dashes)
			put_in(f, "B", word, dashes);
		put_in(f, "I", word + dashes, n - dashes);
	}
}

void roff_usage(FILE *f, const char *usage)
{
	while (*usage) {
		size_t n = strcspn(usage, " []|,.:=");

		put_usage_word(f, usage, n);
		usage += n;
		if (*usage)
			put_char(f, *usage++, false);
	}
}

/* ---- prose --- */

struct prose {
	FILE *f;
	const char *path;
	const struct roff_at *at;
	struct buf para;	/* lines of a paragraph that is not out yet */
	struct buf example;
	bool fresh;		/* nothing stands below the last heading yet */
	bool bad;
};

static void flush_para(struct prose *p)
{
	if (!p->para.len)
		return;
	if (!p->fresh)
		fputs(".PP\n", p->f);
	roff_text(p->f, p->para.s);
	p->fresh = false;
	buf_reset(&p->para);
}

static void flush_example(struct prose *p)
{
	while (p->example.len && p->example.s[p->example.len - 1] == '\n')
		p->example.s[--p->example.len] = '\0';
	if (!p->example.len)
		return;
	if (!p->fresh)
		fputs(".PP\n", p->f);
	roff_example(p->f, p->example.s);
	p->fresh = false;
	buf_reset(&p->example);
}

static void flush(struct prose *p)
{
	flush_para(p);
	flush_example(p);
}

/* "term" before ": explanation" was taken for a paragraph; without a term it goes on with
 * what a directive has begun. */
static void explain(struct prose *p, const char *text)
{
	if (p->para.len)
		roff_term(p->f, p->para.s);
	else
		fputs(".br\n", p->f);
	buf_reset(&p->para);
	buf_adds(&p->para, text);
	p->fresh = true;
}

static void add_line(struct prose *p, const char *line)
{
	size_t n = strlen(line);

	flush_example(p);
	if (p->para.len && p->para.s[p->para.len - 1] != '\n')
		buf_addc(&p->para, ' ');
	if (n && line[n - 1] == '\\') {
		buf_add(&p->para, line, n - 1);
		roff_text(p->f, p->para.s);
		fputs(".br\n", p->f);
		buf_reset(&p->para);
		p->fresh = true;
	} else {
		buf_adds(&p->para, line);
	}
}

static void directive(struct prose *p, const char *line)
{
	size_t n = strcspn(line, " ");
	_cleanup_free_ char *word = xstrndup(line, n);

	flush(p);
	if (!p->at->fn(p->at->ctx, word, line[n] ? line + n + 1 : "")) {
		fprintf(stderr, "%s: what is @%s?\n", p->path, line);
		p->bad = true;
	}
	p->fresh = false;
}

static void take_line(struct prose *p, const char *line)
{
	if (!strncmp(line, "<!--", 4))
		return;
	if (!strncmp(line, "    ", 4) && !p->para.len) {
		buf_addf(&p->example, "%s\n", line + 4);
	} else if (!*line) {
		flush_para(p);
		if (p->example.len)
			buf_addc(&p->example, '\n');
	} else if (!strncmp(line, "# ", 2) || !strncmp(line, "## ", 3)) {
		flush(p);
		put_title(p->f, line[1] == '#' ? "SS" : "SH", strchr(line, ' ') + 1);
		p->fresh = true;
	} else if (!strncmp(line, ": ", 2)) {
		explain(p, line + 2);
	} else if (*line == '@') {
		directive(p, line + 1);
	} else {
		add_line(p, line);
	}
}

bool roff_prose(FILE *f, const char *path, const struct roff_at *at)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct prose p = { .f = f, .path = path, .at = at, .para = BUF_INIT,
			   .example = BUF_INIT, .fresh = true };
	int r = file_read(AT_FDCWD, path, MAX_PROSE, &text);

	if (r < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(-r));
		return false;
	}
	for (char *line = text.s, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		take_line(&p, line);
	}
	flush(&p);
	buf_clear(&p.para);
	buf_clear(&p.example);
	return !p.bad;
}
