/*
 * Every call that --io and --sleep trace, once so that it has to wait and once
 * so that it need not, with its result and errno checked; tracer_io.sh counts
 * the waits. Whoever ends a wait does so by bare system calls, unseen. Status 0,
 * or the line that failed on stderr.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition)                 \
	do {                             \
		if (!(condition))        \
			return __LINE__; \
	} while (0)

/* Time enough for the other side to be waiting, even on a busy machine. */
#define SHORT_MS 120
static const struct timespec short_time = {.tv_nsec = SHORT_MS * 1000000L};
static volatile size_t one = 1; /* a size that FORTIFY cannot know */

/* ---- somebody who acts after a while, unseen: its own sleep is by syscall ------ */

struct later {
	pthread_t thread;
	void (*act)(int fd);
	int fd;
};

static void *act_later(void *argument)
{
	struct later *later = argument;

	syscall(SYS_nanosleep, &short_time, NULL);
	later->act(later->fd);
	return NULL;
}

static struct later *soon(void (*act)(int), int fd)
{
	static struct later later;

	later.act = act;
	later.fd = fd;
	return pthread_create(&later.thread, NULL, act_later, &later) == 0 ? &later : NULL;
}

/* Without pthread_join, which would be a wait in the trace. */
static int done(struct later *later)
{
	while (pthread_tryjoin_np(later->thread, NULL) == EBUSY)
		syscall(SYS_nanosleep, &(struct timespec){.tv_nsec = 1000000}, NULL);
	return 0;
}

static void put_byte(int fd)
{
	syscall(SYS_write, fd, "x", 1L);
}

static void take_all(int fd)
{
	static char buffer[1 << 16];
	int flags = fcntl(fd, F_GETFL);

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while (syscall(SYS_read, fd, buffer, sizeof buffer) > 0)
		;
	fcntl(fd, F_SETFL, flags);
}

static atomic_int signals;
static void on_signal(int signal)
{
	(void)signal;
	atomic_fetch_add(&signals, 1);
}

static pthread_t main_thread;
static void send_signal(int signal)
{
	pthread_kill(main_thread, signal);
}

/* ---- reading: each form on a socket that gets a byte later ----------------------- */

static int pair[2];
static char byte;

static ssize_t do_read(void)
{
	return read(pair[0], &byte, one);
}
static ssize_t do_readv(void)
{
	return readv(pair[0], &(struct iovec){&byte, 1}, 1);
}
static ssize_t do_recv(void)
{
	return recv(pair[0], &byte, one, 0);
}
static ssize_t do_recv_all(void)
{
	return recv(pair[0], &byte, one, MSG_WAITALL);
}
static ssize_t do_recvfrom(void)
{
	return recvfrom(pair[0], &byte, one, 0, NULL, NULL);
}
static ssize_t do_recvmsg(void)
{
	struct iovec part = {&byte, 1};

	return recvmsg(pair[0], &(struct msghdr){.msg_iov = &part, .msg_iovlen = 1}, 0);
}
static ssize_t do_recvmmsg(void)
{
	struct iovec part = {&byte, 1};
	struct mmsghdr message = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};

	return recvmmsg(pair[0], &message, 1, 0, NULL);
}

static int reading(void)
{
	static ssize_t (*const forms[])(void) = {do_read,     do_readv,   do_recv,    do_recv_all,
						 do_recvfrom, do_recvmsg, do_recvmmsg};

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct later *later = soon(put_byte, pair[1]);

		/* Waits; then not, there is a byte; then not, it never waits. */
		byte = 0;
		errno = 77;
		CHECK(forms[i]() == 1 && byte == 'x' && errno == 77);
		done(later);
		put_byte(pair[1]);
		CHECK(forms[i]() == 1 && errno == 77);
		CHECK(fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0);
		CHECK(forms[i]() == -1 && errno == EAGAIN);
		CHECK(fcntl(pair[0], F_SETFL, 0) == 0);
	}
	errno = 0;
	CHECK(recv(pair[0], &byte, one, MSG_DONTWAIT) == -1 && errno == EAGAIN);
	close(pair[1]);
	CHECK(read(pair[0], &byte, one) == 0);
	close(pair[0]);
	CHECK(read(pair[0], &byte, one) == -1 && errno == EBADF);
	return 0;
}

/* ---- writing: into a pipe or socket that is full until somebody takes it -------- */

static char block[1 << 17];

static ssize_t do_write(void)
{
	return write(pair[1], block, 1);
}
static ssize_t do_writev(void)
{
	return writev(pair[1], &(struct iovec){block, 1}, 1);
}
static ssize_t do_send(void)
{
	return send(pair[1], block, 1, 0);
}
static ssize_t do_sendto(void)
{
	return sendto(pair[1], block, 1, 0, NULL, 0);
}
static ssize_t do_sendmsg(void)
{
	struct iovec part = {block, 1};

	return sendmsg(pair[1], &(struct msghdr){.msg_iov = &part, .msg_iovlen = 1}, 0);
}
static ssize_t do_sendmmsg(void)
{
	struct iovec part = {block, 1};
	struct mmsghdr message = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};

	return sendmmsg(pair[1], &message, 1, 0);
}
static ssize_t do_sendfile(void)
{
	static FILE *file;
	off_t at = 0;

	if (!file) {
		file = tmpfile();
		fputc('x', file);
		fflush(file);
	}
	return sendfile(pair[1], fileno(file), &at, one);
}

static void fill(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while (syscall(SYS_write, fd, block, sizeof block) > 0 || syscall(SYS_write, fd, block, 1L) > 0)
		;
	fcntl(fd, F_SETFL, flags);
}

static int writing(void)
{
	static ssize_t (*const forms[])(void) = {do_write,   do_writev,   do_send,    do_sendto,
						 do_sendmsg, do_sendmmsg, do_sendfile};
	struct later *later;
	int pipes[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		fill(pair[1]);
		later = soon(take_all, pair[0]);
		errno = 77;
		CHECK(forms[i]() == 1 && errno == 77);
		done(later);
		take_all(pair[0]);
		CHECK(forms[i]() == 1);
	}
	close(pair[0]);
	close(pair[1]);
	/* More than there is room for, of a pipe that would take a little. */
	CHECK(pipe(pipes) == 0);
	CHECK(write(pipes[1], block, 40000) == 40000);
	later = soon(take_all, pipes[0]);
	CHECK(write(pipes[1], block, 60000) == 60000);
	done(later);
	close(pipes[0]);
	signal(SIGPIPE, SIG_IGN);
	CHECK(write(pipes[1], block, 1) == -1 && errno == EPIPE);
	close(pipes[1]);
	return 0;
}

/* ---- connections ------------------------------------------------------------------- */

static struct sockaddr_un address = {.sun_family = AF_UNIX};

static void connect_unseen(int fd)
{
	syscall(SYS_connect, fd, &address, (long)sizeof address);
}

static int connections(void)
{
	int listening = socket(AF_UNIX, SOCK_STREAM, 0), client, server, datagrams;
	struct later *later;

	snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "threadline-%d", (int)getpid());
	CHECK(bind(listening, (void *)&address, sizeof address) == 0 && listen(listening, 4) == 0);
	for (int i = 0; i < 2; i++) {
		client = socket(AF_UNIX, SOCK_STREAM, 0);
		later = soon(connect_unseen, client);
		server = i == 0 ? accept(listening, NULL, NULL) : accept4(listening, NULL, NULL, SOCK_CLOEXEC);
		CHECK(server >= 0);
		done(later);
		close(server);
		close(client);
	}
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK(connect(client, (void *)&address, sizeof address) == 0); /* may wait, and cannot be asked */
	server = accept(listening, NULL, NULL);
	CHECK(server >= 0);
	CHECK(connect(-1, (void *)&address, sizeof address) == -1 && errno == EBADF);
	datagrams = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK(connect(datagrams, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr)) == 0);
	close(datagrams);
	close(server);
	close(client);
	close(listening);
	return 0;
}

/* ---- limits of time of a socket's own ------------------------------------------------ */

static int time_limits(void)
{
	const struct timeval limit = {.tv_usec = SHORT_MS * 1000};

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	CHECK(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
	CHECK(read(pair[0], &byte, one) == -1 && errno == EAGAIN);
	close(pair[0]);
	close(pair[1]);
	return 0;
}

/* ---- waiting for several descriptors -------------------------------------------------- */

static int events_fd, epoll_fd;
static volatile int n_fds = 1; /* not known to FORTIFY */
static struct pollfd *volatile nowhere = (struct pollfd *)(uintptr_t)16;

static int do_poll(int ms)
{
	struct pollfd fds[2] = {{.fd = events_fd, .events = POLLIN}, {.fd = -1}};

	return poll(fds, (nfds_t)n_fds, ms);
}
static struct timespec *in_time(int ms)
{
	static struct timespec time;

	time = (struct timespec){ms / 1000, ms % 1000 * 1000000L};
	return ms < 0 ? NULL : &time;
}
static int do_ppoll(int ms)
{
	struct pollfd fds[2] = {{.fd = events_fd, .events = POLLIN}, {.fd = -1}};

	return ppoll(fds, (nfds_t)n_fds, in_time(ms), NULL);
}
static int do_select(int ms)
{
	struct timeval time = {ms / 1000, ms % 1000 * 1000};
	fd_set set;
	int result;

	FD_ZERO(&set);
	FD_SET(events_fd, &set);
	result = select(events_fd + 1, &set, NULL, NULL, ms < 0 ? NULL : &time);
	return (result > 0) == (FD_ISSET(events_fd, &set) != 0) ? result : -2;
}
static int do_pselect(int ms)
{
	fd_set set;
	int result;

	FD_ZERO(&set);
	FD_SET(events_fd, &set);
	result = pselect(events_fd + 1, &set, NULL, NULL, in_time(ms), NULL);
	return (result > 0) == (FD_ISSET(events_fd, &set) != 0) ? result : -2;
}
static struct epoll_event event;
static int do_epoll_wait(int ms)
{
	return epoll_wait(epoll_fd, &event, 1, ms);
}
static int do_epoll_pwait(int ms)
{
	return epoll_pwait(epoll_fd, &event, 1, ms, NULL);
}
static int do_epoll_pwait2(int ms)
{
	return epoll_pwait2(epoll_fd, &event, 1, in_time(ms), NULL);
}

static void raise_event(int fd)
{
	const uint64_t n = 1;

	syscall(SYS_write, fd, &n, (long)sizeof n);
}

static void clear_event(int fd)
{
	uint64_t n;

	syscall(SYS_read, fd, &n, (long)sizeof n);
}

static int several(void)
{
	static int (*const forms[])(int) = {do_poll,       do_ppoll,       do_select,      do_pselect,
					    do_epoll_wait, do_epoll_pwait, do_epoll_pwait2};

	events_fd = eventfd(0, 0);
	epoll_fd = epoll_create1(0);
	/* Edge-triggered: an event that the look beforehand has taken must be the result. */
	event = (struct epoll_event){.events = EPOLLIN | EPOLLET};
	CHECK(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, events_fd, &event) == 0);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct later *later = soon(raise_event, events_fd);

		errno = 77;
		CHECK(forms[i](-1) == 1); /* waits */
		done(later);
		clear_event(events_fd);
		raise_event(events_fd);
		CHECK(forms[i](10000) == 1); /* is ready */
		clear_event(events_fd);
		CHECK(forms[i](0) == 0);        /* does not want to wait */
		CHECK(forms[i](SHORT_MS) == 0); /* waits as long as it was to */
		CHECK(errno == 77);
	}
	CHECK(poll(nowhere, (nfds_t)n_fds, -1) == -1 && errno == EFAULT);
	CHECK(epoll_wait(-1, &event, 1, -1) == -1 && errno == EBADF);
	CHECK(select(-n_fds, NULL, NULL, NULL, NULL) == -1 && errno == EINVAL);
	/* A time that is none is refused although the descriptor is ready. */
	raise_event(events_fd);
	CHECK(ppoll(&(struct pollfd){.fd = events_fd, .events = POLLIN}, (nfds_t)n_fds,
		    &(struct timespec){.tv_nsec = -1}, NULL) == -1 &&
	      errno == EINVAL);
	close(events_fd);
	close(epoll_fd);
	return 0;
}

/* A signal that only the call itself lets in interrupts it, and is not lost before. */
static int masks(void)
{
	struct pollfd none = {.fd = -1};
	sigset_t blocked, before;

	signal(SIGUSR1, on_signal);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	CHECK(pthread_sigmask(SIG_BLOCK, &blocked, &before) == 0);
	for (int i = 0; i < 3; i++) {
		atomic_store(&signals, 0);
		raise(SIGUSR1);
		CHECK(atomic_load(&signals) == 0);
		errno = 0;
		if (i == 0)
			CHECK(ppoll(&none, (nfds_t)n_fds, NULL, &before) == -1);
		else if (i == 1)
			CHECK(pselect(n_fds, NULL, NULL, NULL, NULL, &before) == -1);
		else
			CHECK(sigsuspend(&before) == -1);
		CHECK(errno == EINTR && atomic_load(&signals) == 1);
	}
	CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
	return 0;
}

/* ---- files' locks ---------------------------------------------------------------------- */

/* Another process holds it for a while; it says so through a pipe. */
static pid_t hold(int fd, int how)
{
	int says[2];
	pid_t child;

	if (pipe(says) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		if (how == LOCK_EX)
			flock(open("lock", O_RDWR), LOCK_EX | LOCK_NB);
		else
			lockf(fd, F_TLOCK, 0);
		put_byte(says[1]);
		syscall(SYS_nanosleep, &short_time, NULL);
		syscall(SYS_exit_group, 0L);
	}
	syscall(SYS_read, says[0], &byte, 1L);
	close(says[0]);
	close(says[1]);
	return child;
}

static void reap(pid_t child)
{
	syscall(SYS_wait4, (long)child, NULL, 0L, NULL);
}

static int file_locks(void)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open("lock", O_RDWR | O_CREAT | O_TRUNC, 0600);
	pid_t child;

	CHECK(fd >= 0);
	for (int i = 0; i < 4; i++) {
		child = hold(fd, i == 0 ? LOCK_EX : LOCK_SH);
		for (int again = 0; again < 2; again++) {
			errno = 77;
			if (i == 0)
				CHECK(flock(fd, LOCK_EX) == 0);
			else if (i == 1)
				CHECK(fcntl(fd, F_SETLKW, &whole) == 0);
			else if (i == 2)
				CHECK(fcntl(fd, F_OFD_SETLKW, &whole) == 0);
			else
				CHECK(lockf(fd, F_LOCK, 0) == 0);
			CHECK(errno == 77);
		}
		if (i == 2) {
			whole.l_type = F_UNLCK;
			CHECK(fcntl(fd, F_OFD_SETLK, &whole) == 0);
		} else {
			CHECK(i == 0 ? flock(fd, LOCK_UN) == 0 : lockf(fd, F_ULOCK, 0) == 0);
		}
		reap(child);
	}
	CHECK(flock(-1, LOCK_EX) == -1 && errno == EBADF);
	CHECK(fcntl(-1, F_SETLKW, &whole) == -1 && errno == EBADF);
	close(fd);
	return 0;
}

/* ---- children --------------------------------------------------------------------------- */

static pid_t child_that_ends(int ms)
{
	pid_t child = fork();

	if (child == 0) {
		if (ms)
			syscall(SYS_nanosleep, &short_time, NULL);
		syscall(SYS_exit_group, 7L);
	}
	return child;
}

static int children(void)
{
	siginfo_t info;

	for (int i = 0; i < 10; i++) {
		bool waits = i < 5;
		pid_t child = child_that_ends(waits), got = -1;
		int status = 0;

		if (!waits) /* it has ended: left to be waited for */
			syscall(SYS_waitid, (long)P_PID, (long)child, &info, (long)(WEXITED | WNOWAIT), NULL);
		switch (i % 5) {
		case 0: got = wait(&status); break;
		case 1: got = waitpid(child, &status, 0); break;
		case 2: got = wait3(&status, 0, NULL); break;
		case 3: got = wait4(0, &status, 0, NULL); break;
		case 4:
			CHECK(waitid(P_PID, (id_t)child, &info, WEXITED) == 0);
			got = info.si_pid;
			status = info.si_status << 8;
			break;
		}
		CHECK(got == child && WEXITSTATUS(status) == 7);
	}
	CHECK(wait(NULL) == -1 && errno == ECHILD);
	CHECK(waitpid(1, NULL, WNOHANG) == -1 && errno == ECHILD);
	return 0;
}

/* ---- signals ----------------------------------------------------------------------------- */

static int waiting_for_signals(void)
{
	sigset_t set, before;
	siginfo_t info;
	struct later *later;
	int got;

	signal(SIGUSR1, on_signal);
	later = soon(send_signal, SIGUSR1);
	CHECK(pause() == -1 && errno == EINTR);
	done(later);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK(pthread_sigmask(SIG_BLOCK, &set, &before) == 0);
	later = soon(send_signal, SIGUSR1);
	CHECK(sigsuspend(&before) == -1 && errno == EINTR);
	done(later);
	for (int i = 0; i < 6; i++) {
		bool waits = i < 3;

		if (waits)
			later = soon(send_signal, SIGUSR1);
		else
			raise(SIGUSR1);
		if (i % 3 == 0)
			CHECK(sigwait(&set, &got) == 0 && got == SIGUSR1);
		else if (i % 3 == 1)
			CHECK(sigwaitinfo(&set, &info) == SIGUSR1);
		else
			CHECK(sigtimedwait(&set, &info, &(struct timespec){.tv_sec = 100}) == SIGUSR1);
		if (waits)
			done(later);
	}
	CHECK(sigtimedwait(&set, &info, &(struct timespec){0}) == -1 && errno == EAGAIN);
	CHECK(sigtimedwait(&set, &info, &short_time) == -1 && errno == EAGAIN);
	CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
	return 0;
}

/* ---- sleeping ------------------------------------------------------------------------------ */

static int sleeping(void)
{
	struct timespec until, nothing = {0}, bad = {.tv_nsec = -1};

	CHECK(sleep(1) == 0);
	CHECK(usleep(SHORT_MS * 1000) == 0);
	CHECK(nanosleep(&short_time, NULL) == 0);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &short_time, NULL) == 0);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == 0);
	CHECK(thrd_sleep(&short_time, NULL) == 0);
	CHECK(poll(NULL, 0, SHORT_MS) == 0);
	CHECK(select(0, NULL, NULL, NULL, &(struct timeval){.tv_usec = SHORT_MS * 1000}) == 0);
	/* Nothing of this sleeps. */
	CHECK(sleep(0) == 0 && usleep(0) == 0 && nanosleep(&nothing, NULL) == 0 && thrd_sleep(&nothing, NULL) == 0);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == 0);
	CHECK(nanosleep(&bad, NULL) == -1 && errno == EINVAL);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &bad, NULL) == EINVAL);
	return 0;
}

static int yields(void)
{
	CHECK(sched_yield() == 0);
	thrd_yield();
	return 0;
}

/* ---- interrupted and cancelled ---------------------------------------------------------------- */

static int interrupted(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct timespec left = {0};
	struct later *later;
	int pipes[2];

	CHECK(sigaction(SIGUSR2, &action, NULL) == 0 && pipe(pipes) == 0);
	later = soon(send_signal, SIGUSR2);
	CHECK(read(pipes[0], &byte, one) == -1 && errno == EINTR);
	done(later);
	later = soon(send_signal, SIGUSR2);
	CHECK(poll(&(struct pollfd){.fd = pipes[0], .events = POLLIN}, (nfds_t)n_fds, -1) == -1 && errno == EINTR);
	done(later);
	later = soon(send_signal, SIGUSR2);
	CHECK(nanosleep(&(struct timespec){.tv_sec = 100}, &left) == -1 && errno == EINTR && left.tv_sec >= 90);
	done(later);
	later = soon(send_signal, SIGUSR2);
	CHECK(sleep(100) >= 90);
	done(later);
	close(pipes[0]);
	close(pipes[1]);
	return 0;
}

/* A wait inside of a wait: the handler sleeps, and what it interrupted goes on. */
static void sleep_in_handler(int signal)
{
	(void)signal;
	nanosleep(&short_time, NULL);
}

static void signal_and_put(int fd)
{
	send_signal(SIGUSR2);
	syscall(SYS_nanosleep, &(struct timespec){.tv_nsec = 3 * short_time.tv_nsec}, NULL);
	put_byte(fd);
}

static int nested(void)
{
	struct sigaction action = {.sa_handler = sleep_in_handler, .sa_flags = SA_RESTART};
	struct later *later;
	int pipes[2];

	CHECK(sigaction(SIGUSR2, &action, NULL) == 0 && pipe(pipes) == 0);
	later = soon(signal_and_put, pipes[1]);
	CHECK(read(pipes[0], &byte, one) == 1);
	done(later);
	close(pipes[0]);
	close(pipes[1]);
	return 0;
}

/* More often than waits can nest, a handler leaves a read by a jump: the next call's wait is no part of it. */
static sigjmp_buf way_out;

static void jump_out(int signal)
{
	(void)signal;
	siglongjmp(way_out, 1);
}

static int left(void)
{
	struct later *later;
	int pipes[2];

	signal(SIGUSR2, jump_out);
	CHECK(pipe(pipes) == 0);
	for (volatile int i = 0; i < 10; i++) {
		later = soon(send_signal, SIGUSR2);
		if (sigsetjmp(way_out, 1) == 0)
			CHECK(read(pipes[0], &byte, one) == 0);
		done(later);
	}
	close(pipes[0]);
	close(pipes[1]);
	CHECK(nanosleep(&short_time, NULL) == 0);
	return 0;
}

static int quiet[2], lock_fd;
static atomic_int cleaned;

static void clean(void *unused)
{
	(void)unused;
	atomic_fetch_add(&cleaned, 1);
}

static void *read_for_ever(void *unused)
{
	pthread_cleanup_push(clean, NULL);
	read(quiet[0], &byte, one);
	pthread_cleanup_pop(0);
	return unused;
}

static void *sleep_for_ever(void *unused)
{
	pthread_cleanup_push(clean, NULL);
	for (;;)
		nanosleep(&(struct timespec){.tv_sec = 1000}, NULL);
	pthread_cleanup_pop(0);
	return unused;
}

static void *poll_for_ever(void *unused)
{
	pthread_cleanup_push(clean, NULL);
	poll(&(struct pollfd){.fd = quiet[0], .events = POLLIN}, (nfds_t)n_fds, -1);
	pthread_cleanup_pop(0);
	return unused;
}

/* Cancelled before it calls what need not wait: these are cancellation points all the same. */
static void *calls_cancelled(void *call)
{
	struct pollfd none = {.fd = -1};
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	pthread_cancel(pthread_self());
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
	pthread_cleanup_push(clean, NULL);
	switch ((int)(intptr_t)call) {
	case 0: write(quiet[1], "x", 1); break;
	case 1: read(quiet[0], &byte, one); break;
	case 2: poll(&none, 0, 0); break;
	case 3: poll(&(struct pollfd){.fd = quiet[0], .events = POLLIN}, (nfds_t)n_fds, 1000); break;
	case 4: nanosleep(&(struct timespec){0}, NULL); break;
	case 5: waitpid(-1, NULL, WNOHANG); break;
	case 6: lockf(lock_fd, F_LOCK, 0); break;
	case 7: fcntl(lock_fd, F_SETLKW, &(struct flock){.l_type = F_WRLCK}); break;
	}
	pthread_cleanup_pop(0);
	return NULL;
}

static int cancelled(void)
{
	void *(*const functions[])(void *) = {read_for_ever, sleep_for_ever, poll_for_ever};
	struct later cancelled = {0};
	void *result;

	CHECK(pipe(quiet) == 0 && (lock_fd = open("lock", O_RDWR)) >= 0);
	for (int i = 0; i < 3; i++) {
		CHECK(pthread_create(&cancelled.thread, NULL, functions[i], NULL) == 0);
		syscall(SYS_nanosleep, &short_time, NULL);
		CHECK(pthread_cancel(cancelled.thread) == 0);
		done(&cancelled);
		CHECK(atomic_load(&cleaned) == i + 1);
	}
	put_byte(quiet[1]);
	for (int i = 0; i < 8; i++) {
		CHECK(pthread_create(&cancelled.thread, NULL, calls_cancelled, (void *)(intptr_t)i) == 0);
		while (pthread_tryjoin_np(cancelled.thread, &result) == EBUSY)
			syscall(SYS_nanosleep, &(struct timespec){.tv_nsec = 1000000}, NULL);
		CHECK(result == PTHREAD_CANCELED && atomic_load(&cleaned) == 4 + i);
	}
	/* None of them has taken or put anything: the byte is there, and only it. */
	CHECK(read(quiet[0], block, sizeof block) == 1);
	return 0;
}

int main(void)
{
	static int (*const parts[])(void) = {reading,     writing,  connections,
					     time_limits, several,  masks,
					     file_locks,  children, waiting_for_signals,
					     sleeping,    yields,   interrupted,
					     nested,      left,     cancelled};

	main_thread = pthread_self();
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		int line = parts[i]();

		if (line) {
			fprintf(stderr, "line %d: errno %d\n", line, errno);
			return 1;
		}
	}
	return 0;
}
