/*
 * The small operations whose price the benchmark asks for, each in a loop timed
 * from inside, so that neither the start of the program nor that of a tracer
 * counts.
 *
 *     micro OPERATION COUNT BURSTS    prints ns for each operation
 *
 * Between bursts it rests: tracers that write every call to buffers need that
 * time to empty them, and so all get it.
 */
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/programs/clock.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long count, shared, turn;
static atomic_int ready;

static int64_t run_pair(void)
{
	int64_t begin = now_ns();

	for (long i = 0; i < count; i++) {
		pthread_mutex_lock(&first);
		shared++;
		pthread_mutex_unlock(&first);
	}
	return now_ns() - begin;
}

static int64_t run_nested(void)
{
	int64_t begin = now_ns();

	for (long i = 0; i < count; i++) {
		pthread_mutex_lock(&first);
		pthread_mutex_lock(&second);
		shared++;
		pthread_mutex_unlock(&second);
		pthread_mutex_unlock(&first);
	}
	return now_ns() - begin;
}

/* Both threads are there before either begins. */
static void meet(void)
{
	atomic_fetch_add(&ready, 1);
	while (atomic_load(&ready) < 2)
		sched_yield();
}

static void *add(void *unused)
{
	meet();
	run_pair();
	return unused;
}

static void *play(void *me)
{
	long mine = me != NULL;

	meet();
	for (long i = 0; i < count; i++) {
		pthread_mutex_lock(&first);
		while (turn != mine)
			pthread_cond_wait(&changed, &first);
		turn = !mine;
		shared += mine;
		pthread_cond_signal(&changed);
		pthread_mutex_unlock(&first);
	}
	return NULL;
}

/* This thread and another one; over when both are done. */
static int64_t run_two(void *(*body)(void *))
{
	pthread_t other;
	int64_t begin;

	atomic_store(&ready, 0);
	if (pthread_create(&other, NULL, body, &turn) != 0)
		exit(2);
	while (atomic_load(&ready) < 1)
		sched_yield();
	begin = now_ns();
	body(NULL);
	pthread_join(other, NULL);
	return now_ns() - begin;
}

static int64_t run_hammer(void)
{
	return run_two(add) / 2;
}

static int64_t run_pingpong(void)
{
	return run_two(play);
}

static void *nothing(void *number)
{
	shared++;
	return number;
}

static int64_t run_create(void)
{
	int64_t begin = now_ns();

	for (long i = 0; i < count; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, nothing, NULL) != 0)
			exit(2);
		pthread_join(thread, NULL);
	}
	return now_ns() - begin;
}

static const struct operation {
	const char *name;
	int64_t (*run)(void);
	long each; /* by how much `shared` grows: nothing was left out */
} operations[] = {
	{"pair", run_pair, 1},         {"nested", run_nested, 1}, {"two", run_hammer, 2},
	{"pingpong", run_pingpong, 1}, {"create", run_create, 1},
};

int main(int argc, char **argv)
{
	const struct operation *operation = NULL;
	int64_t total = 0;
	long bursts;

	for (size_t i = 0; argc == 4 && i < sizeof operations / sizeof *operations; i++)
		if (strcmp(argv[1], operations[i].name) == 0)
			operation = &operations[i];
	if (!operation || (count = atol(argv[2])) <= 0 || (bursts = atol(argv[3])) <= 0) {
		fputs("usage: micro pair|nested|two|pingpong|create COUNT BURSTS\n", stderr);
		return 2;
	}
	for (long i = 0; i < bursts; i++) {
		rest();
		total += operation->run();
	}
	printf("%.3f\n", (double)total / ((double)count * (double)bursts));
	return shared == operation->each * count * bursts ? 0 : 1;
}
