/*
 * Where a relay daemon is: "HOST", "HOST:PORT", "[::1]:PORT", with "net://" before it if
 * one likes. A name is resolved once; LTTng is told numbers, so that it never asks.
 */
#ifndef TL_RECORD_ADDRESS_H
#define TL_RECORD_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "viewer/base/error.h"

/* LTTng's own; data goes to the next port, who looks on live comes to the one after that. */
#define TL_RELAY_PORT 5342
#define TL_RELAY_DATA 1
#define TL_RELAY_LIVE 2

struct tl_address {
	char host[256];                /* as it was given */
	char number[INET6_ADDRSTRLEN]; /* "192.0.2.1", "2001:db8::1" */
	unsigned port;                 /* the first of three */
	bool is_v6;
	struct sockaddr_storage socket; /* of that port */
	socklen_t size;
};

/* Reads and resolves. TL_EUSAGE: it is none; TL_EIO: there is no such host. */
int tl_address_parse(struct tl_address *address, const char *text, struct tl_error *error);

#define TL_URL 128

/* "tcp://192.0.2.1:5343": LTTng's word for the port that is `offset` after the first. */
void tl_address_url(const struct tl_address *address, unsigned offset, char url[TL_URL]);

#endif
