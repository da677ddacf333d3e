/* The connection that tells whether the others work; see line.h. */
#include "tracer/record/line.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define PROBES 3 /* one a second, after a second of silence */

/* Silence is asked about by the kernel: a cable that was pulled sends no word. */
static void watch_silence(int line)
{
	static const struct {
		int level, option, value;
	} options[] = {{SOL_SOCKET, SO_KEEPALIVE, 1},
		       {IPPROTO_TCP, TCP_KEEPIDLE, 1},
		       {IPPROTO_TCP, TCP_KEEPINTVL, 1},
		       {IPPROTO_TCP, TCP_KEEPCNT, PROBES},
		       {IPPROTO_TCP, TCP_USER_TIMEOUT, TL_LINE_CUT_MS}};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		setsockopt(line, options[i].level, options[i].option, &options[i].value, sizeof options[i].value);
}

/* 0, or an errno. */
static int await_connection(int line, int limit_ms)
{
	struct pollfd wait = {.fd = line, .events = POLLOUT};
	socklen_t size = sizeof(int);
	int code = 0;

	if (poll(&wait, 1, limit_ms) <= 0)
		return ETIMEDOUT;
	return getsockopt(line, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno;
}

int tl_line_open(const struct tl_address *address, int limit_ms, struct tl_error *error)
{
	int line = socket(address->socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), code = 0;

	if (line < 0)
		code = errno;
	else if (connect(line, (const struct sockaddr *)&address->socket, address->size) != 0)
		code = errno == EINPROGRESS ? await_connection(line, limit_ms) : errno;
	if (code == 0) {
		watch_silence(line);
		return line;
	}
	if (line >= 0)
		close(line);
	return tl_error_set(error, TL_EIO, "no relay daemon answers at %s, port %u: %s", address->host, address->port,
			    strerror(code));
}

bool tl_line_is_cut(int line)
{
	char nothing;
	ssize_t n = recv(line, &nothing, 1, MSG_DONTWAIT | MSG_PEEK);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}
