/*
 * The real functions of the calls that wait for the world outside: system calls
 * that block, and sleeping. Part of the table of real.h, apart from it because
 * they are traced only on request (chosen.h).
 */
#ifndef TL_INTERPOSE_CALLS_H
#define TL_INTERPOSE_CALLS_H

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>

/* X(result, name, (parameters), version): as TL_REAL_FUNCTIONS. */
#define TL_REAL_CALLS(X)                                                                                        \
	X(ssize_t, read, (int, void *, size_t), NULL)                                                           \
	X(ssize_t, readv, (int, const struct iovec *, int), NULL)                                               \
	X(ssize_t, recv, (int, void *, size_t, int), NULL)                                                      \
	X(ssize_t, recvfrom, (int, void *, size_t, int, __SOCKADDR_ARG, socklen_t *), NULL)                     \
	X(ssize_t, recvmsg, (int, struct msghdr *, int), NULL)                                                  \
	X(int, recvmmsg, (int, struct mmsghdr *, unsigned, int, struct timespec *), NULL)                       \
	X(ssize_t, write, (int, const void *, size_t), NULL)                                                    \
	X(ssize_t, writev, (int, const struct iovec *, int), NULL)                                              \
	X(ssize_t, send, (int, const void *, size_t, int), NULL)                                                \
	X(ssize_t, sendto, (int, const void *, size_t, int, __CONST_SOCKADDR_ARG, socklen_t), NULL)             \
	X(ssize_t, sendmsg, (int, const struct msghdr *, int), NULL)                                            \
	X(int, sendmmsg, (int, struct mmsghdr *, unsigned, int), NULL)                                          \
	X(ssize_t, sendfile, (int, int, off_t *, size_t), NULL)                                                 \
	X(ssize_t, sendfile64, (int, int, off64_t *, size_t), NULL)                                             \
	X(int, accept, (int, __SOCKADDR_ARG, socklen_t *), NULL)                                                \
	X(int, accept4, (int, __SOCKADDR_ARG, socklen_t *, int), NULL)                                          \
	X(int, connect, (int, __CONST_SOCKADDR_ARG, socklen_t), NULL)                                           \
	X(ssize_t, __read_chk, (int, void *, size_t, size_t), NULL)                                             \
	X(ssize_t, __recv_chk, (int, void *, size_t, size_t, int), NULL)                                        \
	X(ssize_t, __recvfrom_chk, (int, void *, size_t, size_t, int, __SOCKADDR_ARG, socklen_t *), NULL)       \
	X(int, flock, (int, int), NULL)                                                                         \
	X(int, fcntl, (int, int, ...), NULL)                                                                    \
	X(int, fcntl64, (int, int, ...), NULL)                                                                  \
	X(int, lockf, (int, int, off_t), NULL)                                                                  \
	X(int, lockf64, (int, int, off64_t), NULL)                                                              \
	X(int, poll, (struct pollfd *, nfds_t, int), NULL)                                                      \
	X(int, ppoll, (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *), NULL)               \
	X(int, __poll_chk, (struct pollfd *, nfds_t, int, size_t), NULL)                                        \
	X(int, __ppoll_chk, (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *, size_t), NULL) \
	X(int, select, (int, fd_set *, fd_set *, fd_set *, struct timeval *), NULL)                             \
	X(int, pselect, (int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *), NULL)   \
	X(int, epoll_wait, (int, struct epoll_event *, int, int), NULL)                                         \
	X(int, epoll_pwait, (int, struct epoll_event *, int, int, const sigset_t *), NULL)                      \
	X(int, epoll_pwait2, (int, struct epoll_event *, int, const struct timespec *, const sigset_t *), NULL) \
	X(pid_t, wait, (int *), NULL)                                                                           \
	X(pid_t, waitpid, (pid_t, int *, int), NULL)                                                            \
	X(pid_t, wait3, (int *, int, struct rusage *), NULL)                                                    \
	X(pid_t, wait4, (pid_t, int *, int, struct rusage *), NULL)                                             \
	X(int, waitid, (idtype_t, id_t, siginfo_t *, int), NULL)                                                \
	X(int, pause, (void), NULL)                                                                             \
	X(int, sigsuspend, (const sigset_t *), NULL)                                                            \
	X(int, sigwait, (const sigset_t *, int *), NULL)                                                        \
	X(int, sigwaitinfo, (const sigset_t *, siginfo_t *), NULL)                                              \
	X(int, sigtimedwait, (const sigset_t *, siginfo_t *, const struct timespec *), NULL)                    \
	X(unsigned, sleep, (unsigned), NULL)                                                                    \
	X(int, usleep, (useconds_t), NULL)                                                                      \
	X(int, nanosleep, (const struct timespec *, struct timespec *), NULL)                                   \
	X(int, clock_nanosleep, (clockid_t, int, const struct timespec *, struct timespec *), "GLIBC_2.17")     \
	X(int, thrd_sleep, (const struct timespec *, struct timespec *), NULL)                                  \
	X(int, sched_yield, (void), NULL)

#endif
