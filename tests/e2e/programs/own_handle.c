/*
 * Detached threads that give back the memory in which their own pthread_t was
 * stored, before their creator looks again. Status 0; it crashes if anybody
 * reads the handle after pthread_create.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#define THREADS 2000
#define SIZE 4096

static sem_t ended;
static pthread_t *handle;

static void *work(void *unused)
{
	(void)unused;
	munmap(handle, SIZE);
	sem_post(&ended);
	return NULL;
}

int main(void)
{
	pthread_attr_t detached;

	sem_init(&ended, 0, 0);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < THREADS; i++) {
		handle = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (handle == MAP_FAILED || pthread_create(handle, &detached, work, NULL) != 0)
			return 1;
		while (sem_wait(&ended) != 0)
			;
	}
	return 0;
}
