/*
 * A malloc of the program's own with two locks, the inner one often waited for
 * while the outer one is held: a tracer that allocates there locks the outer one
 * again. Without frame pointers, so that stacks are taken by unwind tables.
 * Status 0; it hangs when somebody allocates while it waits.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define THREADS 4
#define ROUNDS 20000
#define CLASSES (THREADS + 1)

static pthread_mutex_t outer[CLASSES];
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
static char *at, *end;

/* Each thread allocates from a class of its own; most calls carve from one region. */
static _Thread_local unsigned own_class __attribute__((tls_model("initial-exec")));

static char *carve(size_t size)
{
	char *found;

	/* As code without frame pointers leaves it: anything. */
#if defined(__x86_64__)
	__asm__ volatile("xor %%ebp, %%ebp" ::: "rbp");
#endif
	pthread_mutex_lock(&inner);
	if (!at || (size_t)(end - at) < size) {
		size_t region = size > (1u << 20) ? size : 1u << 20;

		at = mmap(NULL, region, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		end = at + region;
	}
	found = at;
	at += size;
	for (volatile int i = 0; i < 200; i++)
		;
	pthread_mutex_unlock(&inner);
	return found;
}

/* Exported: the dynamic loader's own allocations come here, too. */
#pragma GCC visibility push(default)

void *malloc(size_t size)
{
	size_t whole = ((size + 15) & ~(size_t)15) + 16;
	char *block;

	pthread_mutex_lock(&outer[own_class]);
	block = carve(whole);
	pthread_mutex_unlock(&outer[own_class]);
	*(size_t *)(void *)block = size;
	return block + 16;
}

void free(void *block)
{
	(void)block;
}

void *calloc(size_t n, size_t size)
{
	return malloc(n * size);
}

void *realloc(void *old, size_t size)
{
	void *block = malloc(size);
	size_t had = old ? *(size_t *)(void *)((char *)old - 16) : 0;

	return old ? memcpy(block, old, had < size ? had : size) : block;
}

#pragma GCC visibility pop

static void *work(void *number)
{
	own_class = (unsigned)(uintptr_t)number + 1;
	for (int i = 0; i < ROUNDS; i++)
		if (!malloc(32))
			return number;
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];

	for (uintptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, (void *)i) != 0)
			return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
