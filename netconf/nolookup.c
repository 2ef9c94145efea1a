/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libnl's printing helpers, which nothing here calls, name the C library's resolver; in a
 * static program that would bring name service modules along, loaded at run time. These
 * stand in its place: no name is ever looked up.
 */
#include <netdb.h>
#include <stddef.h>

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **ret)
{
	return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *a)
{
}

const char *gai_strerror(int code)
{
	return "";
}

struct protoent *getprotobyname(const char *name)
{
	return NULL;
}

struct protoent *getprotobynumber(int number)
{
	return NULL;
}
