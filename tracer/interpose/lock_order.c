/*
 * The order of locks; see lock_order.h. Where a lock was taken is known at once
 * only as one address: stacks of everything that is taken would cost more than
 * the lock. So the first time, the callers are those of the frame that libunwind
 * finds around it, if they are the same still; and the place in the code is
 * marked, so that the next lock taken there keeps its whole stack, and the order
 * is told again with it.
 */
#include "tracer/interpose/lock_order.h"

#include <sys/mman.h>

#include "tracer/emit.h"
#include "tracer/interpose/chosen.h"
#include "tracer/interpose/held.h"
#include "tracer/interpose/object.h"
#include "tracer/interpose/own.h"
#include "tracer/interpose/wait.h"
#include "tracer/keys.h"
#include "tracer/stack.h"

#define ORDERS (1u << 15)
#define PAIRS (1u << 14)
#define ORDERS_PER_PAIR 64        /* told of one pair of places in the code: locks of a kind are many */
#define LOOKS_PER_PAIR (1u << 14) /* whether more of it come by other ways: each costs a stack */
#define SITES 1024u
#define STACKS_PER_SITE 64 /* taken while one of them is waited for to be used */
#define LOG_WORDS (1u << 19)
#define TURNS_PER_SITE 64u /* how often, as further orders are met there */

/* One private mapping, so that a fork's child can forget it all in one call. */
struct tables {
	_Atomic uint64_t orders[ORDERS]; /* told: hashes of the locks held and where they were taken */
	_Atomic uint64_t pairs[PAIRS];   /* places in the code where one lock was taken after another */
	_Atomic uint32_t told[PAIRS];    /* orders of each, and looks after that */
	_Atomic uint64_t sites[SITES];   /* places whose stacks are wanted, or were */
	_Atomic uint32_t wanted[SITES];  /* how many more of each, 0: none now; the turn from bit 16 on */
	_Atomic bool full;
	_Atomic uint32_t n_log;  /* words of `log` that are taken */
	uint64_t log[LOG_WORDS]; /* what was told, for state dumps: see keep */
};
static struct tables *tables;

void tl_lock_order_init(void)
{
	void *map = mmap(NULL, sizeof *tables, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	tables = map == MAP_FAILED ? NULL : map;
}

void tl_lock_order_forget(void)
{
	atomic_store(&tl_taken_wanted, 0);
	if (tables)
		madvise(tables, sizeof *tables, MADV_DONTNEED);
}

static uint64_t site_of(uint32_t at)
{
	return tl_taken.site[at] & TL_TAKEN_SITE;
}

#define LEFT(wanted) ((wanted)&0xFFFF)

/*
 * From now on, the stacks of what is taken at `site` are wanted. Again and again
 * where every new order comes by the same helper, but not for ever: a place that is
 * never seen again costs every lock a look.
 */
static void want(uint64_t site)
{
	bool is_new;
	int place = tl_keys_place(tables->sites, SITES, site, &is_new);
	uint32_t was = place < 0 ? 0 : atomic_load(&tables->wanted[place]);

	if (place < 0 || LEFT(was) != 0 || was >> 16 == TURNS_PER_SITE)
		return;
	if (atomic_compare_exchange_strong(&tables->wanted[place], &was, was + (1u << 16) + STACKS_PER_SITE))
		atomic_fetch_add(&tl_taken_wanted, 1);
}

uint32_t tl_lock_order_stack(uint64_t site, void *frame)
{
	struct tl_entry *self;
	bool is_new;
	uint32_t stack, left;
	int place;

	if (!tables || !tl_tracing() || !tl_keys_has(tables->sites, SITES, site))
		return 0;
	place = tl_keys_place(tables->sites, SITES, site, &is_new);
	left = place < 0 ? 0 : atomic_load(&tables->wanted[place]);
	do
		if (LEFT(left) == 0)
			return 0;
	while (!atomic_compare_exchange_weak(&tables->wanted[place], &left, left - 1));
	if (LEFT(left) == 1)
		atomic_fetch_sub(&tl_taken_wanted, 1);
	self = tl_task_current();
	stack = self ? tl_stack_capture(self, frame, TL_UNWIND_MAY_BEGIN) : 0;
	return stack < 1u << 16 ? stack : 0;
}

/*
 * An edge in the log: how, n_held and the task's number in a word that is written
 * last, the two stacks in one, a, b, and the locks held.
 */
enum { LOG_HEAD, LOG_STACKS, LOG_A, LOG_B, LOG_HELD };

static void keep(const struct tl_ev_lock_edge *event, uint32_t by)
{
	uint32_t n = LOG_HELD + event->n_held, from = atomic_load(&tables->n_log);
	uint64_t *at;

	do
		if (from + n > LOG_WORDS)
			return;
	while (!atomic_compare_exchange_weak(&tables->n_log, &from, from + n));
	at = &tables->log[from];
	at[LOG_STACKS] = (uint64_t)event->stack_a << 32 | event->stack_b;
	at[LOG_A] = event->a;
	at[LOG_B] = event->b;
	for (uint32_t i = 0; i < event->n_held; i++)
		at[LOG_HELD + i] = event->held[i];
	__atomic_store_n(&at[LOG_HEAD], (uint64_t)by << 32 | (uint64_t)event->n_held << 8 | event->how,
			 __ATOMIC_RELEASE);
}

void tl_lock_order_tell_all(struct tl_entry *speaker)
{
	struct tl_ev_lock_edge full = {.how = TL_EDGE_NO_MORE};

	if (!tables)
		return;
	for (uint32_t i = 0; i < atomic_load(&tables->n_log);) {
		const uint64_t *at = &tables->log[i];
		uint64_t head = __atomic_load_n(&at[LOG_HEAD], __ATOMIC_ACQUIRE);
		struct tl_ev_lock_edge event = {
			.a = at[LOG_A],
			.b = at[LOG_B],
			.stack_a = (uint32_t)(at[LOG_STACKS] >> 32),
			.stack_b = (uint32_t)at[LOG_STACKS],
			.how = (uint8_t)head,
			.by = (uint32_t)(head >> 32),
			.held = at + LOG_HELD,
			.n_held = (uint8_t)(head >> 8),
		};

		/* One that is being written now, and those behind it, are told by those who write them. */
		if (event.by == 0)
			return;
		tl_emit_lock_edge(speaker, &event);
		i += LOG_HELD + event.n_held;
	}
	if (atomic_load(&tables->full))
		tl_emit_lock_edge(speaker, &full);
}

static void tell(struct tl_entry *self, uint32_t a, uint32_t b)
{
	uint32_t stack_a = TL_TAKEN_STACK(tl_taken.site[a]);
	struct tl_ev_lock_edge event = {
		.a = tl_thread.held[a],
		.b = tl_thread.held[b],
		.stack_a = stack_a ? stack_a : tl_stack_earlier(self, tl_taken.frame[a], site_of(a)),
		.stack_b = tl_stack_capture(self, (void *)tl_taken.frame[b], TL_UNWIND_MAY_BEGIN),
		.how = stack_a ? 0 : TL_EDGE_GUESSED,
		.held = tl_thread.held,
		.n_held = (uint8_t)b,
	};

	tl_object_seen(event.a & ~TL_HELD_SHARED);
	tl_object_seen(event.b & ~TL_HELD_SHARED);
	keep(&event, self->number);
	tl_emit_lock_edge(self, &event);
	if (!stack_a)
		want(site_of(a));
}

/* No room for more: said once, so that nobody takes silence for proof. */
static void tell_full(struct tl_entry *self)
{
	struct tl_ev_lock_edge event = {.how = TL_EDGE_NO_MORE};

	if (!atomic_exchange(&tables->full, true))
		tl_emit_lock_edge(self, &event);
}

/* How many were counted under this key before, and counts one more up to `most`; `most` when there is no room. */
static uint32_t count(struct tl_entry *self, uint64_t key, uint32_t most)
{
	bool is_new;
	int place = tl_keys_place(tables->pairs, PAIRS, key ? key : 1, &is_new);

	if (place < 0)
		tell_full(self);
	if (place < 0 || atomic_load_explicit(&tables->told[place], memory_order_relaxed) >= most)
		return most;
	return atomic_fetch_add_explicit(&tables->told[place], 1, memory_order_relaxed);
}

/*
 * May one more be told of the two places where the latest two locks were taken?
 * Where all locks of a program are taken by one helper, there is one pair of places:
 * so when that has its share, the whole stack decides.
 */
static bool is_wanted(struct tl_entry *self, uint32_t at)
{
	uint64_t key = tl_key_mix(tl_key_mix(1, site_of(at - 1)), site_of(at));
	uint32_t n = count(self, key, ORDERS_PER_PAIR + LOOKS_PER_PAIR);

	if (n < ORDERS_PER_PAIR)
		return true;
	if (n >= ORDERS_PER_PAIR + LOOKS_PER_PAIR)
		return false;
	key = tl_key_mix(key + 1, tl_stack_capture(self, (void *)tl_taken.frame[at], TL_UNWIND_MAY_BEGIN));
	return count(self, key, ORDERS_PER_PAIR) < ORDERS_PER_PAIR;
}

__attribute__((noinline)) static void tell_order(uint32_t at, uint64_t key)
{
	struct tl_entry *self = tl_is_lttngs(tl_thread.held[at]) ? NULL : tl_task_current();
	bool is_new = false;

	if (!self || !is_wanted(self, at))
		return;
	if (tl_keys_place(tables->orders, ORDERS, key, &is_new) < 0)
		tell_full(self);
	/* LTTng holds locks of its own while the handlers of pthread_atfork run. */
	for (uint32_t i = 0; is_new && i < at; i++)
		if (!tl_is_lttngs(tl_thread.held[i]))
			tell(self, i, at);
}

void tl_lock_order_note(uint32_t at)
{
	const struct tl_thread *self = &tl_thread;
	uint64_t key = 1, lock = self->held[at] & ~TL_HELD_SHARED, known = 0;

	if (tl_chosen.no_lock_order || !tl_tracing() || !tables)
		return;
	for (uint32_t i = 0; i < at; i++) {
		/* Taken again by its owner: that waits for nobody. */
		if ((self->held[i] & ~TL_HELD_SHARED) == lock)
			return;
		key = tl_key_mix(key, self->held[i] ^ site_of(i) << 20);
		known = known << 1 | (TL_TAKEN_STACK(tl_taken.site[i]) != 0);
	}
	/* Which stacks are known makes another of it: told again when they are. */
	key = tl_key_mix(key + known, self->held[at] ^ site_of(at) << 20);
	if (key == 0)
		key = 1;
	if (__builtin_expect(!tl_keys_has(tables->orders, ORDERS, key), 0))
		tell_order(at, key);
}
