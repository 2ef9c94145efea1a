/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/say.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void say_init(struct say *s)
{
	const char *term = getenv("TERM");

	*s = (struct say){ .tty = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") };
}

void say_clean(const char *text, struct buf *out)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c == '\n' || *c == '\t')
			buf_addc(out, ' ');
		else if (*c < ' ' || *c == 0x7f)
			buf_addc(out, '?');
		else if (*c == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f) {
			buf_addc(out, '?');
			c++;
		} else
			buf_addc(out, (char)*c);
	}
}

void say_end(struct say *s)
{
	if (s->passing)
		fputs("\r\033[K", stderr);
	s->passing = false;
}

/* Cut to the terminal's width: a line that wraps cannot be overwritten. */
static void say_passing(struct say *s, struct buf *line)
{
	struct winsize ws = { 0 };
	size_t width = 79, bytes = 0;

	if (!s->tty || s->quiet)
		return;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 1)
		width = ws.ws_col - 1u;
	for (size_t column = 0; bytes < line->len; bytes++) {
		column += ((unsigned char)line->s[bytes] & 0xc0) != 0x80;
		if (column > width)
			break;
	}
	fprintf(stderr, "\r\033[K%.*s", (int)bytes, line->s);
	fflush(stderr);
	s->passing = true;
}

/* A configuration that is read twice is complained about once. */
static bool say_again(struct say *s, const char *text)
{
	bool again = !strncmp(s->last, text, sizeof(s->last) - 1);

	snprintf(s->last, sizeof(s->last), "%s", text);
	return again;
}

static bool say_shown(struct say *s, enum say_level level, const char *text)
{
	if (level == SAY_WARN)
		return !say_again(s, text);
	if (level == SAY_ERROR)
		return true;
	if (s->quiet || s->mute)
		return false;
	return level == SAY_INFO || s->verbose >= (unsigned)level;
}

void say_line(void *ctx, enum say_level level, const char *text)
{
	struct say *s = ctx;
	struct buf line = BUF_INIT;

	say_clean(text, &line);
	if (level == SAY_PROGRESS)
		say_passing(s, &line);
	else if (say_shown(s, level, line.s)) {
		FILE *f = level == SAY_INFO || level == SAY_DETAIL ? stdout : stderr;

		say_end(s);
		fprintf(f, "%s%s\n", s->prefix, line.s);
		/* at once: in order with what the container writes itself. A reader that
		 * went away has heard enough; the work goes on and is no failure. */
		if (fflush(f) && errno == EPIPE)
			clearerr(f);
	}
	buf_clear(&line);
}
