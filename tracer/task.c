/* The table of live tasks and the calling thread's place in it; see task.h. */
#include "tracer/task.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tracer/emit.h"

#define CHUNK_BITS 10
#define CHUNK_ENTRIES (1u << CHUNK_BITS)
#define MAX_CHUNKS 4096u /* 4 million live tasks */

_Thread_local struct tl_thread tl_thread __attribute__((tls_model("initial-exec")));
_Atomic uint32_t tl_task_nonce;
void (*tl_task_adopted)(void);
bool tl_task_uncancelled;
bool tl_task_silenced;

static _Atomic(struct tl_entry *) chunks[MAX_CHUNKS];
static _Atomic uint32_t n_entries; /* ever handed out from chunks */
static _Atomic uint32_t last_number;
/* Free list of entries: index + 1 in the low half, a counter against ABA in the high. */
static _Atomic uint64_t free_list;

struct tl_entry *tl_task_at(uint32_t index)
{
	struct tl_entry *chunk;

	if (index >> CHUNK_BITS >= MAX_CHUNKS)
		return NULL;
	chunk = atomic_load_explicit(&chunks[index >> CHUNK_BITS], memory_order_acquire);
	return chunk ? &chunk[index & (CHUNK_ENTRIES - 1)] : NULL;
}

static struct tl_entry *make_chunk(uint32_t at)
{
	size_t size = CHUNK_ENTRIES * sizeof(struct tl_entry);
	struct tl_entry *made = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct tl_entry *expected = NULL;

	if (made == MAP_FAILED)
		return NULL;
	if (!atomic_compare_exchange_strong(&chunks[at], &expected, made)) {
		munmap(made, size);
		return expected;
	}
	return made;
}

static struct tl_entry *take_free(void)
{
	uint64_t head = atomic_load(&free_list);

	while ((uint32_t)head != 0) {
		struct tl_entry *entry = tl_task_at((uint32_t)head - 1);
		uint64_t next = ((head >> 32) + 1) << 32 | entry->next_free;

		if (atomic_compare_exchange_weak(&free_list, &head, next))
			return entry;
	}
	return NULL;
}

static struct tl_entry *take_new(void)
{
	uint32_t index = atomic_load(&n_entries);
	struct tl_entry *entry;

	/* Counted only once its memory is there: an index given back could be another's by then. */
	do {
		uint32_t at = index >> CHUNK_BITS;

		if (at >= MAX_CHUNKS || (!atomic_load(&chunks[at]) && !make_chunk(at)))
			return NULL;
	} while (!atomic_compare_exchange_weak(&n_entries, &index, index + 1));
	entry = tl_task_at(index);
	entry->index = index;
	return entry;
}

struct tl_entry *tl_task_create(void)
{
	int saved = errno;
	struct tl_entry *entry = take_free();
	uint32_t index, number;

	if (!entry)
		entry = take_new();
	errno = saved;
	if (!entry)
		return NULL;
	index = entry->index;
	memset(entry, 0, sizeof *entry);
	entry->index = index;
	do
		number = atomic_fetch_add(&last_number, 1) + 1;
	while (number == 0);
	atomic_store_explicit(&entry->number, number, memory_order_release);
	return entry;
}

void tl_task_release(struct tl_entry *entry)
{
	uint64_t head = atomic_load(&free_list), next;

	atomic_store(&entry->number, 0);
	do {
		entry->next_free = (uint32_t)head;
		next = ((head >> 32) + 1) << 32 | (entry->index + 1);
	} while (!atomic_compare_exchange_weak(&free_list, &head, next));
}

struct tl_entry *tl_task_find(uint32_t index, uint32_t number)
{
	struct tl_entry *entry = number ? tl_task_at(index) : NULL;

	return entry && atomic_load_explicit(&entry->number, memory_order_acquire) == number ? entry : NULL;
}

uint32_t tl_task_entries(void)
{
	return atomic_load(&n_entries);
}

uint32_t tl_task_last_number(void)
{
	return atomic_load(&last_number);
}

void tl_task_bind(struct tl_entry *entry)
{
	atomic_store_explicit(&entry->carrier, tl_task_carrier(), memory_order_relaxed);
	tl_thread.own = tl_thread.current = entry;
}

uint32_t tl_task_carrier(void)
{
	if (tl_thread.carrier == 0)
		tl_thread.carrier = (uint32_t)syscall(SYS_gettid);
	return tl_thread.carrier;
}

void tl_task_cancellable(void)
{
	int type;

	pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	if (type == PTHREAD_CANCEL_ASYNCHRONOUS)
		pthread_setcanceltype(type, NULL);
}

bool tl_task_is_lttng_name(const char *name)
{
	size_t length = strlen(name);

	return length >= 4 && strcmp(name + length - 4, "-ust") == 0;
}

static bool is_lttng_thread(void)
{
	char name[17] = "";

	prctl(PR_GET_NAME, name);
	return tl_task_is_lttng_name(name);
}

/* Entered as a whole: a signal handler that interrupts it must not adopt the thread too. */
static struct tl_entry *adopt(void)
{
	struct tl_inside inside = tl_enter();
	struct tl_entry *entry = NULL;

	tl_thread.ignored = is_lttng_thread();
	if (!tl_thread.ignored)
		entry = tl_task_create();
	if (entry) {
		struct tl_ev_start start = {.carrier = tl_task_carrier(), .cause = TL_CAUSE_UNKNOWN};

		tl_task_bind(entry);
		tl_emit_start(entry, &start);
		if (tl_task_adopted)
			tl_task_adopted();
	}
	tl_leave(inside);
	return entry;
}

struct tl_entry *tl_task_adopt(void)
{
	const struct tl_thread *self = &tl_thread;

	if (self->ignored || self->exited || tl_task_silenced)
		return NULL;
	return adopt();
}

/*
 * A signal handler that waits may come between any two steps of these: the number
 * is taken at once, the place before it is written, and read before it is given back.
 */
uint32_t tl_task_wait_begin(struct tl_entry *entry)
{
	uint32_t wait = atomic_fetch_add_explicit(&entry->waits, 1, memory_order_relaxed) + 1;
	uint32_t at = entry->depth++;

	atomic_signal_fence(memory_order_seq_cst);
	if (at < TL_WAIT_DEPTH)
		entry->open_waits[at] = wait;
	atomic_store_explicit(&entry->waiting, wait, memory_order_release);
	return wait;
}

uint32_t tl_task_wait_end(struct tl_entry *entry)
{
	uint32_t depth = entry->depth, wait = 0, outer = 0;

	if (depth == 0)
		return 0;
	if (depth <= TL_WAIT_DEPTH)
		wait = entry->open_waits[depth - 1];
	if (depth > 1 && depth <= TL_WAIT_DEPTH + 1)
		outer = entry->open_waits[depth - 2];
	atomic_store_explicit(&entry->waiting, outer, memory_order_release);
	atomic_signal_fence(memory_order_seq_cst);
	entry->depth = depth - 1;
	return wait;
}

void tl_task_standing_begin(struct tl_entry *entry, const struct tl_ev_block *event, uint64_t site)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	entry->standing.wait = event->wait;
	entry->standing.stack = event->stack;
	entry->standing.reason = event->reason;
	entry->standing.object = event->object;
	entry->standing.site = site;
	entry->standing.since_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void tl_task_new_process(void)
{
	uint32_t nonce = 0;

	if (getrandom(&nonce, sizeof nonce, GRND_NONBLOCK) != sizeof nonce) {
		struct timespec now = {0};

		clock_gettime(CLOCK_MONOTONIC, &now);
		nonce = (uint32_t)now.tv_nsec * 2654435761u ^ (uint32_t)getpid() << 8;
	}
	atomic_store(&tl_task_nonce, nonce ? nonce : 1);
}

/* A new life under a new nonce: its first event has seq 1 again. */
static void begin_anew(struct tl_entry *entry)
{
	atomic_store(&entry->standing.saying, 0);
	atomic_store(&entry->seq, 0);
	atomic_store(&entry->waits, 0);
	atomic_store(&entry->waiting, 0);
	atomic_store(&entry->waker, 0);
	entry->depth = 0;
}

void tl_task_after_fork(void)
{
	uint32_t n = atomic_load(&n_entries);

	for (uint32_t i = 0; i < n; i++) {
		struct tl_entry *entry = tl_task_at(i);

		if (entry && entry != tl_thread.own && entry != tl_thread.current && atomic_load(&entry->number))
			tl_task_release(entry);
	}
	tl_thread.carrier = 0;
	if (tl_thread.own) {
		begin_anew(tl_thread.own);
		atomic_store_explicit(&tl_thread.own->carrier, tl_task_carrier(), memory_order_relaxed);
	}
	/* A fiber may fork, too. */
	if (tl_thread.current && tl_thread.current != tl_thread.own)
		begin_anew(tl_thread.current);
}
