/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static struct {
	int fd;
	const char *program;
	uint32_t ctid;
	bool debug;
} log_out = { .fd = -1 };

void log_to(int fd, const char *program, bool debug)
{
	log_out.fd = fd;
	log_out.program = program;
	log_out.debug = debug;
}

void log_ct(uint32_t ctid)
{
	log_out.ctid = ctid;
}

static void put(int error, const char *fmt, va_list ap)
{
	char line[1024], when[32] = "";
	struct tm tm;
	time_t now = time(NULL);
	int n;

	if (gmtime_r(&now, &tm))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S+0000", &tm);
	n = snprintf(line, sizeof(line), "%s %s : ", when, log_out.program);
	if (log_out.ctid)
		n += snprintf(line + n, sizeof(line) - (size_t)n, "CT %u : ", log_out.ctid);
	errno = error; /* for %m */
	n += vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, ap);
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	/* A log that cannot be written changes nothing for the caller. */
	if (write(log_out.fd, line, (size_t)n) < 0)
		log_out.fd = -1;
	errno = error;
}

void log_info(const char *fmt, ...)
{
	va_list ap;

	if (log_out.fd < 0)
		return;
	va_start(ap, fmt);
	put(errno, fmt, ap);
	va_end(ap);
}

void log_debug(const char *fmt, ...)
{
	va_list ap;

	if (log_out.fd < 0 || !log_out.debug)
		return;
	va_start(ap, fmt);
	put(errno, fmt, ap);
	va_end(ap);
}
