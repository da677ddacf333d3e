/*
 * pthread_t to task: kept from a thread's creation until it is joined, or until
 * its exit if it is detached, exactly as long as the pthread_t is valid. A while
 * longer it is remembered that it was: who uses it then does what is wrong.
 */
#ifndef TL_INTERPOSE_THREAD_TABLE_H
#define TL_INTERPOSE_THREAD_TABLE_H

#include <pthread.h>

#include "tracer/task.h"

/* What is known of a thread. */
struct tl_thread_known {
	uint32_t number;   /* of its task; 0: nothing is known */
	uint32_t index;    /* of its entry, for tl_task_find */
	uint32_t exit_seq; /* seq of its exit, once it was emitted */
	bool detached;
	bool gone; /* joined, or exited detached: the pthread_t is void */
};
struct tl_thread_known tl_thread_table_find(pthread_t thread);

/*
 * Once for each thread: by itself or by its creator, whoever comes first. The
 * creator's `thread` is read only while the new thread has not come here itself:
 * later it may have freed the memory, which is the program's.
 */
void tl_thread_table_add(struct tl_entry *entry, uint32_t number, const pthread_t *thread);

/* After a join: the pthread_t is void, the entry free. */
void tl_thread_table_joined(pthread_t thread, uint32_t number);
void tl_thread_table_detached(pthread_t thread, uint32_t number);
/* After the thread's last event: it stays for its joiner unless it is detached. */
void tl_thread_table_exited(struct tl_entry *entry, uint32_t seq);

/* In a fork's child: only the caller lives. */
void tl_thread_table_forget(void);

#endif
