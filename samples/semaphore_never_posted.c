/*
 * A semaphore that nobody ever posts: the thread that waits, and main, which joins
 * it, hang for good. An alarm ends the program, which counts as a crash.
 *
 * semaphore_never_posted --fixed posts it.
 *
 * threadline record -o T -- semaphore_never_posted; threadline check T
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static sem_t answer;

static void *ask(void *unused)
{
	sem_wait(&answer); /* nobody answers */
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	alarm(2);
	sem_init(&answer, 0, 0);
	pthread_create(&thread, NULL, ask, NULL);
	pthread_setname_np(thread, "asker");
	if (argc > 1 && strcmp(argv[1], "--fixed") == 0)
		sem_post(&answer);
	pthread_join(thread, NULL);
	sem_destroy(&answer);
	puts("answered");
	return 0;
}
