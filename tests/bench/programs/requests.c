/*
 * A local load for memcached: each connection has a thread and sets and gets
 * keys in turn, one request at a time.
 *
 *     requests PORT CONNECTIONS COUNT    COUNT requests on each; prints seconds
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/programs/clock.h"

#define CONNECTIONS_MAX 64
#define VALUE 100

static uint16_t port;
static long count;

static int connected(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
	int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		exit(1);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

/* Sends one request and reads until the line that ends its answer. */
static bool ask(int fd, const char *request, int length, const char *end)
{
	char answer[512];
	size_t have = 0, n = strlen(end);

	if (write(fd, request, (size_t)length) != length)
		return false;
	while (have < n || memcmp(answer + have - n, end, n) != 0) {
		ssize_t got = read(fd, answer + have, sizeof answer - have);

		if (got <= 0)
			return false;
		have += (size_t)got;
	}
	return true;
}

static void *load(void *me)
{
	char request[256], value[VALUE + 1];
	long first = 1000 * (long)(intptr_t)me;
	int fd = connected();

	memset(value, 'v', VALUE);
	value[VALUE] = '\0';
	for (long i = 0; i < count; i++) {
		long key = first + i / 2 % 1000;
		bool set = i % 2 == 0;
		int n = set ? snprintf(request, sizeof request, "set k%ld 0 0 %d\r\n%s\r\n", key, VALUE, value)
			    : snprintf(request, sizeof request, "get k%ld\r\n", key);

		if (!ask(fd, request, n, set ? "STORED\r\n" : "END\r\n"))
			exit(1);
	}
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[CONNECTIONS_MAX];
	int connections = argc == 4 ? atoi(argv[2]) : 0;
	int64_t begin = now_ns();

	if (connections <= 0 || connections > CONNECTIONS_MAX) {
		fputs("usage: requests PORT CONNECTIONS COUNT\n", stderr);
		return 2;
	}
	port = (uint16_t)atoi(argv[1]);
	count = atol(argv[3]);
	for (intptr_t i = 0; i < connections; i++)
		if (pthread_create(&threads[i], NULL, load, (void *)i) != 0)
			return 1;
	for (int i = 0; i < connections; i++)
		pthread_join(threads[i], NULL);
	printf("%.6f\n", (double)(now_ns() - begin) / 1e9);
	return 0;
}
