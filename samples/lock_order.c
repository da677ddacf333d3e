/*
 * A deadlock that did not happen: two threads take two locks in contrary orders,
 * luckily not at the same time. One run in a thousand hangs; this one did not.
 *
 * lock_order --fixed takes them in one order; lock_order --gate under a third lock,
 * which keeps the two apart: both are correct.
 *
 * threadline record -o T -- lock_order && threadline check T
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t index_lock = PTHREAD_MUTEX_INITIALIZER, data_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static const char *how = "";

/* Readers are done when the writer begins: the two live at the same time, but do not meet. */
static pthread_barrier_t turn;

static void nest(pthread_mutex_t *first, pthread_mutex_t *second)
{
	if (strcmp(how, "--gate") == 0)
		pthread_mutex_lock(&gate);
	pthread_mutex_lock(first);  /* the outer lock */
	pthread_mutex_lock(second); /* the inner lock */
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
	if (strcmp(how, "--gate") == 0)
		pthread_mutex_unlock(&gate);
}

static void *look_up(void *unused)
{
	nest(&index_lock, &data_lock); /* index, then data */
	pthread_barrier_wait(&turn);
	return unused;
}

static void *store(void *unused)
{
	pthread_barrier_wait(&turn);
	if (strcmp(how, "--fixed") == 0)
		nest(&index_lock, &data_lock);
	else
		nest(&data_lock, &index_lock); /* data, then index: the bug */
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t reader, writer;

	if (argc > 1)
		how = argv[1];
	pthread_barrier_init(&turn, NULL, 2);
	pthread_create(&reader, NULL, look_up, NULL);
	pthread_setname_np(reader, "reader");
	pthread_create(&writer, NULL, store, NULL);
	pthread_setname_np(writer, "writer");
	pthread_join(reader, NULL);
	pthread_join(writer, NULL);
	pthread_barrier_destroy(&turn);
	puts("all went well");
	return 0;
}
