/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/progress.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/log.h"

void say(const struct progress *p, enum say_level level, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (level != SAY_PROGRESS)
		log_info("%s", text);
	if (p && p->say)
		p->say(p->ctx, level, text);
}
