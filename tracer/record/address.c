/* Addresses of relay daemons; see address.h. */
#include "tracer/record/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORT_MOST (65535 - TL_RELAY_LIVE)

static int parse_port(struct tl_address *address, const char *text, struct tl_error *error)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end || port == 0 || port > PORT_MOST)
		return tl_error_set(error, TL_EUSAGE,
				    "'%s' is not a port from 1 to %d (a relay daemon has three, one after the other)",
				    text, PORT_MOST);
	address->port = (unsigned)port;
	return 0;
}

/* Into the host and, if there is one, the port. */
static int split(struct tl_address *address, const char *text, struct tl_error *error)
{
	static const char scheme[] = "net://";
	const char *port = NULL;
	size_t n;

	if (strncmp(text, scheme, strlen(scheme)) == 0)
		text += strlen(scheme);
	if (*text == '[') {
		n = strcspn(++text, "]");
		port = text[n] == ']' && text[n + 1] == ':' ? text + n + 2 : NULL;
		if (text[n] != ']' || (!port && text[n + 1]))
			return tl_error_set(error, TL_EUSAGE, "'[%s' is not an address like [::1]:5342", text);
	} else {
		n = strcspn(text, ":/");
		port = text[n] == ':' ? text + n + 1 : NULL;
		if (text[n] == '/')
			return tl_error_set(error, TL_EUSAGE, "'%s' is not an address like HOST or HOST:PORT", text);
	}
	if (n == 0 || n >= sizeof address->host)
		return tl_error_set(error, TL_EUSAGE, "no host is given, or its name is too long");
	memcpy(address->host, text, n);
	return port ? parse_port(address, port, error) : 0;
}

int tl_address_parse(struct tl_address *address, const char *text, struct tl_error *error)
{
	const struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
	struct addrinfo *found = NULL;
	char port[16];
	int code;

	*address = (struct tl_address){.port = TL_RELAY_PORT};
	code = split(address, text, error);
	if (code != 0)
		return code;
	snprintf(port, sizeof port, "%u", address->port);
	code = getaddrinfo(address->host, port, &wanted, &found);
	/* What is a number already needs no configured interface. */
	if (code != 0)
		code = getaddrinfo(address->host, port, &(struct addrinfo){.ai_socktype = SOCK_STREAM}, &found);
	if (code != 0)
		return tl_error_set(error, TL_EIO, "the host '%s' is not known: %s", address->host, gai_strerror(code));
	memcpy(&address->socket, found->ai_addr, found->ai_addrlen);
	address->size = found->ai_addrlen;
	address->is_v6 = found->ai_family == AF_INET6;
	code = getnameinfo(found->ai_addr, found->ai_addrlen, address->number, sizeof address->number, NULL, 0,
			   NI_NUMERICHOST);
	freeaddrinfo(found);
	return code == 0 ? 0
			 : tl_error_set(error, TL_EIO, "the host '%s' has an address that is not understood",
					address->host);
}

void tl_address_url(const struct tl_address *address, unsigned offset, char url[TL_URL])
{
	snprintf(url, TL_URL, address->is_v6 ? "tcp6://[%s]:%u" : "tcp://%s:%u", address->number,
		 address->port + offset);
}
