/* A queue of streams to be decoded, and who takes from it; see direct_decoders.h. */
#include <utlist.h>

#include "viewer/base/threads.h"
#include "viewer/read/direct_internal.h"

#define OTHERS 2 /* threads that merge and order, and that judge */

static void do_task(struct tl_direct_task *task)
{
	tl_direct_fill((struct tl_direct_stream *)((char *)task - offsetof(struct tl_direct_stream, task)));
}

static void *decode(void *argument)
{
	struct tl_decoders *decoders = argument;

	pthread_mutex_lock(&decoders->mutex);
	while (!decoders->stop) {
		struct tl_direct_task *task = decoders->tasks;

		if (!task) {
			pthread_cond_wait(&decoders->asked, &decoders->mutex);
			continue;
		}
		DL_DELETE(decoders->tasks, task);
		task->state = TL_TASK_BEGUN;
		pthread_mutex_unlock(&decoders->mutex);
		do_task(task);
		pthread_mutex_lock(&decoders->mutex);
		task->state = TL_TASK_DONE;
		pthread_cond_signal(&decoders->done);
	}
	pthread_mutex_unlock(&decoders->mutex);
	return NULL;
}

void tl_decoders_start(struct tl_decoders *decoders, size_t n_streams)
{
	size_t n = tl_threads();

	n = n > OTHERS ? n - OTHERS : 0;
	n = n < n_streams ? n : n_streams;
	n = n < TL_DECODERS_MOST ? n : TL_DECODERS_MOST;
	if (n == 0)
		return;
	pthread_mutex_init(&decoders->mutex, NULL);
	pthread_cond_init(&decoders->asked, NULL);
	pthread_cond_init(&decoders->done, NULL);
	while (decoders->n < n && pthread_create(&decoders->threads[decoders->n], NULL, decode, decoders) == 0)
		decoders->n++;
}

bool tl_decoders_any(const struct tl_decoders *decoders)
{
	return decoders->n > 0;
}

void tl_decoders_finish(struct tl_decoders *decoders)
{
	if (decoders->n == 0)
		return;
	pthread_mutex_lock(&decoders->mutex);
	decoders->stop = true;
	pthread_cond_broadcast(&decoders->asked);
	pthread_mutex_unlock(&decoders->mutex);
	while (decoders->n)
		pthread_join(decoders->threads[--decoders->n], NULL);
	pthread_cond_destroy(&decoders->asked);
	pthread_cond_destroy(&decoders->done);
	pthread_mutex_destroy(&decoders->mutex);
}

void tl_decoders_ask(struct tl_decoders *decoders, struct tl_direct_task *task)
{
	pthread_mutex_lock(&decoders->mutex);
	task->state = TL_TASK_ASKED;
	DL_APPEND(decoders->tasks, task);
	pthread_cond_signal(&decoders->asked);
	pthread_mutex_unlock(&decoders->mutex);
}

void tl_decoders_wait(struct tl_decoders *decoders, struct tl_direct_task *task)
{
	pthread_mutex_lock(&decoders->mutex);
	while (task->state == TL_TASK_BEGUN)
		pthread_cond_wait(&decoders->done, &decoders->mutex);
	if (task->state == TL_TASK_ASKED)
		DL_DELETE(decoders->tasks, task);
	pthread_mutex_unlock(&decoders->mutex);
	if (task->state != TL_TASK_DONE)
		do_task(task);
	task->state = TL_TASK_NONE;
}
