/*
 * The threads of this process as the kernel knows them: /proc/self/task. For
 * threadline.h's leak checks, which tests call; never on the path of an event.
 */
#ifndef TL_TRACER_THREADS_OF_H
#define TL_TRACER_THREADS_OF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TL_COMM 16 /* TASK_COMM_LEN of the kernel */

struct tl_os_thread {
	uint32_t id;
	uint64_t started; /* in ticks since boot: tells two threads with one id apart */
	char name[TL_COMM];
};

struct tl_os_threads {
	struct tl_os_thread *items; /* by rising id */
	size_t n;
};

/*
 * Fills `threads` with those that have not ended and are not LTTng's; to be freed
 * with tl_os_threads_finish. 0, or -1: no memory, or /proc cannot be read.
 */
int tl_os_threads_read(struct tl_os_threads *threads);
void tl_os_threads_finish(struct tl_os_threads *threads);

/* Is the same thread in `threads`, whatever it is called now? */
bool tl_os_threads_have(const struct tl_os_threads *threads, const struct tl_os_thread *thread);

/* The kernel's function in which the thread waits, into `where`; "" when it runs or nothing is told. */
#define TL_KERNEL_FUNCTION 64
void tl_os_thread_waits_in(uint32_t id, char where[TL_KERNEL_FUNCTION]);

#endif
