/* The table of threads by pthread_t; see thread_table.h. */
#include "tracer/interpose/thread_table.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tracer/interpose/real.h"

#define GONE 1024u /* remembered, by pthread_t: the latest of those that fall together */

#define BUCKETS 4096u
#define YIELDS 20

/*
 * Chains of entries by pthread_t; index + 1, 0 ends. The spin lock is held for
 * a few instructions of ours and never across a call out; creating and joining
 * threads is not allowed in signal handlers, so nobody can interrupt itself.
 */
static uint32_t buckets[BUCKETS];
static atomic_flag table_lock = ATOMIC_FLAG_INIT;

static void lock_table(void)
{
	const struct timespec pause = {.tv_nsec = 20000};
	int saved = errno;

	/*
	 * Really asleep, so that a holder of lower priority gets on; by syscall,
	 * because nanosleep() would be a cancellation point.
	 */
	for (int tries = 0; atomic_flag_test_and_set_explicit(&table_lock, memory_order_acquire); tries++)
		if (tries < YIELDS)
			tl_real()->sched_yield();
		else
			syscall(SYS_nanosleep, &pause, NULL);
	errno = saved;
}

static void unlock_table(void)
{
	atomic_flag_clear_explicit(&table_lock, memory_order_release);
}

static uint32_t *bucket_of(uintptr_t thread)
{
	return &buckets[(uint64_t)thread * 0x9E3779B97F4A7C15u >> 52];
}

/*
 * The link that leads to the thread's entry, under the lock; NULL: not there.
 * `number` 0: the latest thread that has this pthread_t. A joined one stays in
 * the chain for a moment, when a new one may have got its pthread_t.
 */
static uint32_t *link_to(uintptr_t thread, uint32_t number)
{
	for (uint32_t *link = bucket_of(thread); *link;) {
		struct tl_entry *entry = tl_task_at(*link - 1);

		if (entry->thread == thread && (number == 0 || entry->number == number))
			return link;
		link = &entry->next_thread;
	}
	return NULL;
}

static struct gone {
	uintptr_t thread;
	uint32_t number;
	bool detached;
} gone[GONE];

static struct gone *gone_of(uintptr_t thread)
{
	return &gone[(uint64_t)thread * 0x9E3779B97F4A7C15u >> 54];
}

static struct tl_entry *unlink_entry(uint32_t *link)
{
	struct tl_entry *entry = tl_task_at(*link - 1);

	*link = entry->next_thread;
	*gone_of(entry->thread) = (struct gone){entry->thread, entry->number, entry->detached};
	return entry;
}

void tl_thread_table_add(struct tl_entry *entry, uint32_t number, const pthread_t *thread)
{
	lock_table();
	if (entry->number == number && !entry->registered) {
		entry->thread = (uintptr_t)*thread;
		entry->registered = true;
		entry->next_thread = *bucket_of(entry->thread);
		*bucket_of(entry->thread) = entry->index + 1;
		if (gone_of(entry->thread)->thread == entry->thread)
			gone_of(entry->thread)->number = 0;
	}
	unlock_table();
}

struct tl_thread_known tl_thread_table_find(pthread_t thread)
{
	struct tl_thread_known known = {0};
	const struct gone *was;
	uint32_t *link;

	lock_table();
	link = link_to((uintptr_t)thread, 0);
	was = gone_of((uintptr_t)thread);
	if (link) {
		const struct tl_entry *entry = tl_task_at(*link - 1);

		known = (struct tl_thread_known){
			.number = entry->number,
			.index = entry->index,
			.exit_seq = entry->exit_seq,
			.detached = entry->detached,
		};
	} else if (was->thread == (uintptr_t)thread && was->number != 0) {
		known = (struct tl_thread_known){.number = was->number, .detached = was->detached, .gone = true};
	}
	unlock_table();
	return known;
}

void tl_thread_table_joined(pthread_t thread, uint32_t number)
{
	struct tl_entry *entry = NULL;
	uint32_t *link;

	lock_table();
	link = link_to((uintptr_t)thread, number);
	if (link)
		entry = unlink_entry(link);
	unlock_table();
	if (entry)
		tl_task_release(entry);
}

void tl_thread_table_detached(pthread_t thread, uint32_t number)
{
	struct tl_entry *entry = NULL;
	uint32_t *link;

	lock_table();
	link = link_to((uintptr_t)thread, number);
	if (link) {
		tl_task_at(*link - 1)->detached = true;
		if (tl_task_at(*link - 1)->exited)
			entry = unlink_entry(link);
	}
	unlock_table();
	if (entry)
		tl_task_release(entry);
}

void tl_thread_table_exited(struct tl_entry *entry, uint32_t seq)
{
	bool over = !entry->registered;

	lock_table();
	entry->exit_seq = seq;
	entry->exited = true;
	if (entry->detached) {
		uint32_t *link = link_to(entry->thread, entry->number);

		if (link)
			unlink_entry(link);
		over = true;
	}
	unlock_table();
	if (over)
		tl_task_release(entry);
}

void tl_thread_table_forget(void)
{
	memset(buckets, 0, sizeof buckets);
	memset(gone, 0, sizeof gone);
	atomic_flag_clear(&table_lock);
	if (tl_thread.own)
		tl_thread.own->registered = false;
}
