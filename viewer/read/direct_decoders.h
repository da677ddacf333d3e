/*
 * Threads that decode streams ahead of the merge: each stream is a task, asked for when
 * its next batch can be filled and waited for when it is needed. Whoever waits for a
 * task that nobody has begun, or asked for, does it. For direct.c alone.
 */
#ifndef TL_READ_DIRECT_DECODERS_H
#define TL_READ_DIRECT_DECODERS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define TL_DECODERS_MOST 16

/* Of one stream. */
struct tl_direct_task {
	enum { TL_TASK_NONE, TL_TASK_ASKED, TL_TASK_BEGUN, TL_TASK_DONE } state;
	struct tl_direct_task *next, *prev; /* of those that are asked for */
};

struct tl_decoders {
	pthread_mutex_t mutex;
	pthread_cond_t asked, done;
	struct tl_direct_task *tasks; /* asked for, the first one first */
	bool stop;
	size_t n;
	pthread_t threads[TL_DECODERS_MOST];
};

/*
 * As many threads as there are processors (tl_threads) beside the two that merge and
 * judge, and no more than streams; none if no thread can be made.
 */
void tl_decoders_start(struct tl_decoders *decoders, size_t n_streams);
bool tl_decoders_any(const struct tl_decoders *decoders);
/* Ends what is being done, and forgets the rest. */
void tl_decoders_finish(struct tl_decoders *decoders);

void tl_decoders_ask(struct tl_decoders *decoders, struct tl_direct_task *task);
/* Afterwards the task is done, and nobody else's. */
void tl_decoders_wait(struct tl_decoders *decoders, struct tl_direct_task *task);

#endif
