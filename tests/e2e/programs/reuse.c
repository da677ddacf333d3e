/*
 * Threads one after another, so that each gets the pthread_t of the one before, joined in
 * several ways or detached; each returns a number of its own, which its joiner must get.
 * Where the kernel lets it (root in a namespace of processes), the kernel's thread ids are used
 * again as well. Status 0, or what failed; prints how many pthread_t and thread ids were.
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 300

static sem_t done;
static atomic_int ids_reused;
static pid_t latest_id;

static void *give_back(void *number)
{
	char name[16];

	if (gettid() == latest_id)
		atomic_fetch_add(&ids_reused, 1);
	latest_id = gettid();
	snprintf(name, sizeof name, "t%ld", (long)number);
	pthread_setname_np(pthread_self(), name);
	return number;
}

static void *wake(void *number)
{
	sem_post(&done);
	return number;
}

/* The next thread gets the id after this one, if that is free. */
static void turn_ids_back(void)
{
	FILE *file = latest_id ? fopen("/proc/sys/kernel/ns_last_pid", "w") : NULL;

	if (!file)
		return;
	fprintf(file, "%d", (int)latest_id - 1);
	fclose(file);
}

static void wait_done(void)
{
	while (sem_wait(&done) != 0)
		;
}

static int was_seen(pthread_t thread, long n)
{
	static pthread_t seen[ROUNDS];

	seen[n] = thread;
	for (long i = 0; i < n; i++)
		if (seen[i] == thread)
			return 1;
	return 0;
}

static int join(pthread_t thread, int how, void **result)
{
	struct timespec late;

	clock_gettime(CLOCK_REALTIME, &late);
	late.tv_sec += 60;
	switch (how) {
	case 0: return pthread_join(thread, result);
	case 1: return pthread_timedjoin_np(thread, result, &late);
	default:
		while (pthread_tryjoin_np(thread, result) != 0)
			sched_yield();
		return 0;
	}
}

int main(void)
{
	pthread_t thread;
	pthread_attr_t detached;
	void *result;
	int reused = 0;

	sem_init(&done, 0, 0);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	for (long i = 0; i < ROUNDS; i++) {
		turn_ids_back();
		if (pthread_create(&thread, NULL, give_back, (void *)i) != 0)
			return 1;
		reused += was_seen(thread, i);
		if (join(thread, (int)(i % 3), &result) != 0 || result != (void *)i)
			return 2;
		if (pthread_create(&thread, i % 2 ? &detached : NULL, wake, (void *)i) != 0)
			return 3;
		if (i % 2 == 0 && pthread_detach(thread) != 0)
			return 4;
		wait_done();
	}
	printf("%d %d\n", reused, atomic_load(&ids_reused));
	return 0;
}
