/*
 * Calls that wait for one descriptor: reading, writing, sending, receiving,
 * accepting, connecting. Whether one has to wait is asked with a poll() that
 * waits for nothing; a call that finds its descriptor ready is not in the trace,
 * nor is any on a descriptor that never waits (O_NONBLOCK, files).
 *
 * pread, pwrite and their relatives are not here: what has positions is a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>

#include "tracer/interpose/blocking.h"

/* What a call is about to do with its descriptor. */
struct io {
	int fd;
	short events; /* POLLIN or POLLOUT */
	int flags;    /* MSG_ bits */
	size_t size;  /* bytes it wants to have gone, where one may not do; else 0 */
	bool several; /* messages that it wants, of which one may not do */
	bool connects;
};

/* By syscall: poll() is a cancellation point. */
static bool is_ready(const struct io *io)
{
	struct pollfd one = {.fd = io->fd, .events = io->events};
	struct timespec none = {0};

	return tl_real()->syscall(SYS_ppoll, &one, 1L, &none, NULL, 0L, 0L) != 0;
}

/* Where the descriptor is no pipe and no socket, being ready is all. */
static bool has_room(int fd, size_t size)
{
	int room = tl_real()->fcntl(fd, F_GETPIPE_SZ), taken = 0;
	socklen_t length = sizeof room;

	if (room >= 0)
		return ioctl(fd, FIONREAD, &taken) != 0 || size + (size_t)taken <= (size_t)room;
	if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, &length) != 0 || ioctl(fd, SIOCOUTQ, &taken) != 0)
		return true;
	return size + (size_t)taken <= (size_t)room;
}

static bool has_bytes(int fd, size_t size)
{
	int there = 0;

	return ioctl(fd, FIONREAD, &there) != 0 || (size_t)there >= size;
}

/* Ready is not yet enough for more than the least. */
static bool is_enough(const struct io *io)
{
	if (io->several)
		return false;
	if (io->events == POLLIN)
		return (io->flags & MSG_WAITALL) == 0 || has_bytes(io->fd, io->size);
	return io->size <= PIPE_BUF || has_room(io->fd, io->size);
}

/* A new connection's socket says nothing of itself; datagrams have nothing to wait for. */
static bool has_connections(int fd)
{
	int type = 0;
	socklen_t length = sizeof type;

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 &&
	       (type == SOCK_STREAM || type == SOCK_SEQPACKET);
}

static bool has_to_wait(const struct io *io)
{
	if (io->flags & (MSG_DONTWAIT | MSG_ERRQUEUE))
		return false;
	if (io->connects ? !has_connections(io->fd) : is_ready(io) && is_enough(io))
		return false;
	return (tl_real()->fcntl(io->fd, F_GETFL) & O_NONBLOCK) == 0;
}

/* A socket may have a time limit of its own. */
static int64_t time_limit(const struct io *io)
{
	struct timeval limit = {0};
	socklen_t length = sizeof limit;

	if (getsockopt(io->fd, SOL_SOCKET, io->events == POLLIN ? SO_RCVTIMEO : SO_SNDTIMEO, &limit, &length) != 0 ||
	    (limit.tv_sec == 0 && limit.tv_usec == 0))
		return TL_NO_TIMEOUT;
	return tl_duration(&(struct timespec){limit.tv_sec, limit.tv_usec * 1000});
}

static void begin(struct tl_waiting *waiting, const struct io *io, void *frame)
{
	int saved = errno;

	if (has_to_wait(io)) {
		struct tl_wait_for what = {
			.reason = TL_REASON_IO,
			.object = TL_OBJECT_DESCRIPTOR | (uint32_t)io->fd,
			.timeout_ns = time_limit(io),
			.frame = frame,
		};

		tl_call_block(waiting, &what);
	}
	errno = saved;
}

/* FORTIFY's names, which no header declares without it. */
extern ssize_t __read_chk(int fd, void *buffer, size_t n, size_t room);
extern ssize_t __recv_chk(int fd, void *buffer, size_t n, size_t room, int flags);
extern ssize_t __recvfrom_chk(int fd, void *buffer, size_t n, size_t room, int flags, __SOCKADDR_ARG from,
			      socklen_t *length);

/* A wrapper, by result, name, parameters, arguments, and what struct io says of it. */
#define WRAP(type, name, parameters, arguments, ...) WRAP_AFTER(, type, name, parameters, arguments, __VA_ARGS__)

/* The same, after a statement that comes first. */
#define WRAP_AFTER(first, type, name, parameters, arguments, ...)                          \
	TL_WRAPPER type name parameters                                                    \
	{                                                                                  \
		type result;                                                               \
                                                                                           \
		first if (!tl_call_traced(tl_chosen.io)) return tl_real()->name arguments; \
		TL_WAITING(waiting);                                                       \
		const struct io io = {__VA_ARGS__};                                        \
		begin(&waiting, &io, TL_HERE);                                             \
		result = tl_real()->name arguments;                                        \
		tl_call_end(&waiting, result < 0 ? errno : 0);                             \
		return result;                                                             \
	}

/* clang-format off */
WRAP_AFTER(TL_UNLESS_INSIDE(SYS_read, fd, buffer, n), ssize_t, read, (int fd, void *buffer, size_t n), (fd, buffer, n), .fd = fd, .events = POLLIN)
WRAP(ssize_t, readv, (int fd, const struct iovec *parts, int n), (fd, parts, n), .fd = fd, .events = POLLIN)
WRAP(ssize_t, recv, (int fd, void *buffer, size_t n, int flags), (fd, buffer, n, flags),
     .fd = fd, .events = POLLIN, .flags = flags, .size = n)
WRAP(ssize_t, recvfrom, (int fd, void *buffer, size_t n, int flags, __SOCKADDR_ARG from, socklen_t *length),
     (fd, buffer, n, flags, from, length), .fd = fd, .events = POLLIN, .flags = flags, .size = n)
WRAP(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags),
     .fd = fd, .events = POLLIN, .flags = flags)
WRAP(int, recvmmsg, (int fd, struct mmsghdr *messages, unsigned n, int flags, struct timespec *timeout),
     (fd, messages, n, flags, timeout),
     .fd = fd, .events = POLLIN, .flags = flags, .several = n > 1 && !(flags & MSG_WAITFORONE))
WRAP(ssize_t, __read_chk, (int fd, void *buffer, size_t n, size_t room), (fd, buffer, n, room),
     .fd = fd, .events = POLLIN)
WRAP(ssize_t, __recv_chk, (int fd, void *buffer, size_t n, size_t room, int flags), (fd, buffer, n, room, flags),
     .fd = fd, .events = POLLIN, .flags = flags, .size = n)
WRAP(ssize_t, __recvfrom_chk,
     (int fd, void *buffer, size_t n, size_t room, int flags, __SOCKADDR_ARG from, socklen_t *length),
     (fd, buffer, n, room, flags, from, length), .fd = fd, .events = POLLIN, .flags = flags, .size = n)

WRAP_AFTER(TL_UNLESS_INSIDE(SYS_write, fd, buffer, n), ssize_t, write, (int fd, const void *buffer, size_t n), (fd, buffer, n), .fd = fd, .events = POLLOUT, .size = n)
WRAP(ssize_t, writev, (int fd, const struct iovec *parts, int n), (fd, parts, n), .fd = fd, .events = POLLOUT)
WRAP(ssize_t, send, (int fd, const void *buffer, size_t n, int flags), (fd, buffer, n, flags),
     .fd = fd, .events = POLLOUT, .flags = flags, .size = n)
WRAP(ssize_t, sendto, (int fd, const void *buffer, size_t n, int flags, __CONST_SOCKADDR_ARG to, socklen_t length),
     (fd, buffer, n, flags, to, length), .fd = fd, .events = POLLOUT, .flags = flags, .size = n)
WRAP(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags),
     .fd = fd, .events = POLLOUT, .flags = flags)
WRAP(int, sendmmsg, (int fd, struct mmsghdr *messages, unsigned n, int flags), (fd, messages, n, flags),
     .fd = fd, .events = POLLOUT, .flags = flags)
WRAP(ssize_t, sendfile, (int to, int from, off_t *at, size_t n), (to, from, at, n),
     .fd = to, .events = POLLOUT, .size = n)
WRAP(ssize_t, sendfile64, (int to, int from, off64_t *at, size_t n), (to, from, at, n),
     .fd = to, .events = POLLOUT, .size = n)

WRAP(int, accept, (int fd, __SOCKADDR_ARG from, socklen_t *length), (fd, from, length), .fd = fd, .events = POLLIN)
WRAP(int, accept4, (int fd, __SOCKADDR_ARG from, socklen_t *length, int flags), (fd, from, length, flags),
     .fd = fd, .events = POLLIN)
WRAP(int, connect, (int fd, __CONST_SOCKADDR_ARG to, socklen_t length), (fd, to, length),
     .fd = fd, .events = POLLOUT, .connects = true)
