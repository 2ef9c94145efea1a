/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/text.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

enum { MAX_TEXT = 1023, MAX_NAME = 64, MAX_WORD = 128, MAX_DOMAIN = 253, MAX_LABEL = 63 };

static const char not_allowed[] = "it holds a character that is not allowed";

const char *text_control(const char *s)
{
	for (; *s; s++)
		if (iscntrl((unsigned char)*s))
			return "it holds a control character";
	return NULL;
}

const char *text_plain(const char *s)
{
	return strlen(s) > MAX_TEXT ? "it is longer than 1023 bytes" : text_control(s);
}

static const char *only(const char *s, const char *more)
{
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr(more, *s))
			return not_allowed;
	return NULL;
}

const char *text_name(const char *s)
{
	size_t n = strlen(s);

	if (n > MAX_NAME)
		return "it is longer than 64 characters";
	if (*s == '-' || *s == '.')
		return "it starts with '-' or '.'";
	if (n && (*s == ' ' || s[n - 1] == ' '))
		return "it starts or ends with a blank";
	if (n && strspn(s, "0123456789") == n)
		return "it is a number, which would be a CTID";
	return only(s, " -+_.");
}

const char *text_word(const char *s)
{
	if (strlen(s) > MAX_WORD)
		return "it is longer than 128 characters";
	if (!isalnum((unsigned char)*s))
		return "it does not start with a letter or digit";
	return strstr(s, "..") ? "it holds '..'" : only(s, "._+@-");
}

const char *text_path(const char *s)
{
	if (*s != '/')
		return "it is not an absolute path";
	for (const char *p = s; *p; p += strcspn(p, "/")) {
		p += strspn(p, "/");
		if (!strncmp(p, "..", 2) && (!p[2] || p[2] == '/'))
			return "it holds '..'";
	}
	if (strspn(s, "/.") == strlen(s))
		return "it is the root directory";
	return text_plain(s);
}

/* Names in use have underscores, which RFC 1123 does not know. */
static const char *labels(const char *s)
{
	for (;;) {
		size_t n = strcspn(s, ".");

		if (!n)
			return "a part between dots is empty";
		if (n > MAX_LABEL)
			return "a part between dots is longer than 63 characters";
		if (*s == '-' || s[n - 1] == '-')
			return "a part between dots starts or ends with '-'";
		if (!s[n])
			return NULL;
		s += n + 1;
	}
}

const char *text_hostname(const char *s)
{
	const char *why = *s ? only(s, ".-_") : NULL;

	if (strlen(s) > HOST_NAME_MAX)
		return "it is longer than 64 characters";
	return why || !*s ? why : labels(s);
}

const char *text_domain(const char *s)
{
	char name[MAX_DOMAIN + 1];
	size_t n = strlen(s);

	if (n && s[n - 1] == '.')
		n--;
	if (n > MAX_DOMAIN)
		return "it is longer than 253 characters";
	memcpy(name, s, n);
	name[n] = '\0';
	return only(name, ".-_") ? not_allowed : labels(name);
}
