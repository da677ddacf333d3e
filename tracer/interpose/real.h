/*
 * The real functions behind the wrappers: one table, symbol to pointer.
 */
#ifndef TL_INTERPOSE_REAL_H
#define TL_INTERPOSE_REAL_H

#include <pthread.h>
#include <semaphore.h>
#include <threads.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "tracer/interpose/calls.h"

/* X(result, name, (parameters), version): a version that is tried first, or NULL. */
#define TL_REAL_FUNCTIONS(X)                                                                                          \
	X(int, pthread_create, (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *), NULL)                \
	X(int, pthread_join, (pthread_t, void **), NULL)                                                              \
	X(int, pthread_tryjoin_np, (pthread_t, void **), NULL)                                                        \
	X(int, pthread_timedjoin_np, (pthread_t, void **, const struct timespec *), NULL)                             \
	X(int, pthread_clockjoin_np, (pthread_t, void **, clockid_t, const struct timespec *), NULL)                  \
	X(int, pthread_detach, (pthread_t), NULL)                                                                     \
	X(int, pthread_setname_np, (pthread_t, const char *), NULL)                                                   \
	X(int, pthread_setcanceltype, (int, int *), NULL)                                                             \
	X(int, pthread_cancel, (pthread_t), NULL)                                                                     \
	X(void, pthread_exit, (void *), NULL)                                                                         \
	X(int, pthread_mutex_lock, (pthread_mutex_t *), NULL)                                                         \
	X(int, pthread_mutex_trylock, (pthread_mutex_t *), NULL)                                                      \
	X(int, pthread_mutex_timedlock, (pthread_mutex_t *, const struct timespec *), NULL)                           \
	X(int, pthread_mutex_clocklock, (pthread_mutex_t *, clockid_t, const struct timespec *), NULL)                \
	X(int, pthread_mutex_unlock, (pthread_mutex_t *), NULL)                                                       \
	X(int, pthread_mutex_init, (pthread_mutex_t *, const pthread_mutexattr_t *), NULL)                            \
	X(int, pthread_mutex_destroy, (pthread_mutex_t *), NULL)                                                      \
	X(int, mtx_init, (mtx_t *, int), NULL)                                                                        \
	X(int, pthread_rwlock_rdlock, (pthread_rwlock_t *), NULL)                                                     \
	X(int, pthread_rwlock_wrlock, (pthread_rwlock_t *), NULL)                                                     \
	X(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t *), NULL)                                                  \
	X(int, pthread_rwlock_trywrlock, (pthread_rwlock_t *), NULL)                                                  \
	X(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t *, const struct timespec *), NULL)                       \
	X(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t *, const struct timespec *), NULL)                       \
	X(int, pthread_rwlock_clockrdlock, (pthread_rwlock_t *, clockid_t, const struct timespec *), NULL)            \
	X(int, pthread_rwlock_clockwrlock, (pthread_rwlock_t *, clockid_t, const struct timespec *), NULL)            \
	X(int, pthread_rwlock_unlock, (pthread_rwlock_t *), NULL)                                                     \
	X(int, pthread_rwlock_init, (pthread_rwlock_t *, const pthread_rwlockattr_t *), NULL)                         \
	X(int, pthread_rwlock_destroy, (pthread_rwlock_t *), NULL)                                                    \
	X(int, pthread_cond_wait, (pthread_cond_t *, pthread_mutex_t *), "GLIBC_2.3.2")                               \
	X(int, pthread_cond_timedwait, (pthread_cond_t *, pthread_mutex_t *, const struct timespec *), "GLIBC_2.3.2") \
	X(int, pthread_cond_clockwait, (pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *),     \
	  NULL)                                                                                                       \
	X(int, pthread_cond_signal, (pthread_cond_t *), "GLIBC_2.3.2")                                                \
	X(int, pthread_cond_broadcast, (pthread_cond_t *), "GLIBC_2.3.2")                                             \
	X(int, pthread_cond_init, (pthread_cond_t *, const pthread_condattr_t *), "GLIBC_2.3.2")                      \
	X(int, pthread_cond_destroy, (pthread_cond_t *), "GLIBC_2.3.2")                                               \
	X(int, pthread_barrier_wait, (pthread_barrier_t *), NULL)                                                     \
	X(int, pthread_barrier_init, (pthread_barrier_t *, const pthread_barrierattr_t *, unsigned), NULL)            \
	X(int, pthread_barrier_destroy, (pthread_barrier_t *), NULL)                                                  \
	X(int, pthread_once, (pthread_once_t *, void (*)(void)), NULL)                                                \
	X(int, pthread_spin_lock, (pthread_spinlock_t *), NULL)                                                       \
	X(int, pthread_spin_trylock, (pthread_spinlock_t *), NULL)                                                    \
	X(int, pthread_spin_unlock, (pthread_spinlock_t *), NULL)                                                     \
	X(int, pthread_spin_init, (pthread_spinlock_t *, int), NULL)                                                  \
	X(int, pthread_spin_destroy, (pthread_spinlock_t *), NULL)                                                    \
	X(int, sem_wait, (sem_t *), NULL)                                                                             \
	X(int, sem_trywait, (sem_t *), NULL)                                                                          \
	X(int, sem_timedwait, (sem_t *, const struct timespec *), NULL)                                               \
	X(int, sem_clockwait, (sem_t *, clockid_t, const struct timespec *), NULL)                                    \
	X(int, sem_post, (sem_t *), NULL)                                                                             \
	X(int, sem_init, (sem_t *, int, unsigned), NULL)                                                              \
	X(int, sem_destroy, (sem_t *), NULL)                                                                          \
	X(long, syscall, (long, ...), NULL)                                                                           \
	X(pid_t, fork, (void), NULL)                                                                                  \
	X(int, dlclose, (void *), NULL)                                                                               \
	X(pid_t, _Fork, (void), NULL)                                                                                 \
	X(int, clone, (int (*)(void *), void *, int, void *, ...), NULL)                                              \
	X(int, daemon, (int, int), NULL)                                                                              \
	X(int, execve, (const char *, char *const *, char *const *), NULL)                                            \
	X(int, execv, (const char *, char *const *), NULL)                                                            \
	X(int, execvp, (const char *, char *const *), NULL)                                                           \
	X(int, execvpe, (const char *, char *const *, char *const *), NULL)                                           \
	X(int, fexecve, (int, char *const *, char *const *), NULL)                                                    \
	X(int, execveat, (int, const char *, char *const *, char *const *, int), NULL)                                \
	X(void, longjmp, (struct __jmp_buf_tag *, int), NULL)                                                         \
	X(void, __longjmp_chk, (struct __jmp_buf_tag *, int), NULL)                                                   \
	X(void, _exit, (int), NULL)                                                                                   \
	X(int, pipe2, (int *, int), NULL)                                                                             \
	X(int, close_range, (unsigned, unsigned, int), NULL)                                                          \
	X(void, lttng_ust_lock_fd_tracker, (void), NULL)                                                              \
	X(void, lttng_ust_unlock_fd_tracker, (void), NULL)

struct tl_real {
	bool resolved;
#define TL_REAL_MEMBER_(result, name, parameters, version) result(*name) parameters;
	TL_REAL_FUNCTIONS(TL_REAL_MEMBER_)
	TL_REAL_CALLS(TL_REAL_MEMBER_)
};

extern struct tl_real tl_real_table;
void tl_real_resolve(void);

/*
 * The table, resolved. Wrappers are called before our constructor has run, by
 * constructors of other libraries: the first call resolves.
 */
static inline const struct tl_real *tl_real(void)
{
	if (__builtin_expect(!tl_real_table.resolved, 0))
		tl_real_resolve();
	return &tl_real_table;
}

/* The member at this offset, after all are resolved. */
const void *tl_real_late(size_t offset);

/* One of them: for wrappers in which every instruction counts, as it asks the pointer itself. */
#define TL_REAL(name)                                    \
	(__builtin_expect(tl_real_table.name != NULL, 1) \
		 ? tl_real_table.name                    \
		 : *(__typeof__(tl_real_table.name) *)tl_real_late(offsetof(struct tl_real, name)))

/* Marks a wrapper: visible to programs, and with a frame to take stacks from. */
#define TL_WRAPPER __attribute__((visibility("default")))

/* The same wrapper under its name of another age, __NAME, which old binaries call. */
#if __has_attribute(copy)
#define TL_OLD(name, parameters) extern TL_WRAPPER int __##name parameters __attribute__((alias(#name), copy(name)));
#else
#define TL_OLD(name, parameters) extern TL_WRAPPER int __##name parameters __attribute__((alias(#name)));
#endif

#endif
