/*
 * Mapped parts of files, and what happens when there is nothing behind them any more; see
 * mapped.h. The handler runs in the thread that touched the page, which is the one that uses
 * the part, so that only finding the part in the table has to do with other threads.
 */
#include "viewer/base/mapped.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A part's pages as one number, so that no thread ever sees half of them: the first one's number, and how many. */
#define COUNT_BITS 28
#define COUNT_MAX (((uint64_t)1 << COUNT_BITS) - 1)
#define FIRST_MAX (((uint64_t)1 << (64 - COUNT_BITS)) - 1)
#define NO_PAGES ((uint64_t)1 << COUNT_BITS) /* it is taken, and has none yet */

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && ATOMIC_BOOL_LOCK_FREE == 2, "a signal handler may use them");

struct range {
	_Atomic uint64_t pages; /* 0: it is free */
	atomic_bool is_torn;
};

/* A signal handler is the whole program's, and can be told nothing. */
static struct range ranges[TL_MAPPED_MOST];
static struct sigaction before;
static uintptr_t page_size; /* 0: there is no handler, so nothing can be mapped */

/* ---- the handler ------------------------------------------------------------------ */

/* Zeroes from this page on to the end of the part that it is in. False: it is in none. */
static bool put_zeroes(uintptr_t address)
{
	uintptr_t page = address / page_size;

	for (size_t i = 0; i < TL_MAPPED_MOST; i++) {
		uint64_t pages = atomic_load_explicit(&ranges[i].pages, memory_order_relaxed);
		uint64_t first = pages >> COUNT_BITS, n = pages & COUNT_MAX;

		if (page - first >= n)
			continue;
		atomic_store_explicit(&ranges[i].is_torn, true, memory_order_relaxed);
		return mmap((void *)(page * page_size), (first + n - page) * page_size, PROT_READ,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
	}
	return false;
}

/* To whom it would have gone; who has none dies of it, on return. */
static void pass_on(int number, siginfo_t *info, void *context)
{
	if (before.sa_flags & SA_SIGINFO) {
		before.sa_sigaction(number, info, context);
	} else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
		before.sa_handler(number);
	} else if (before.sa_handler == SIG_DFL || info->si_code > 0) {
		sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
		raise(number);
	}
}

static void on_bus(int number, siginfo_t *info, void *context)
{
	int kept = errno;

	/* Where it happened is told by the kernel's own only, not by those that processes send. */
	if (info->si_code <= 0 || !put_zeroes((uintptr_t)info->si_addr))
		pass_on(number, info, context);
	errno = kept;
}

static void install(void)
{
	struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);

	sigemptyset(&action.sa_mask);
	/* It may be needed from the moment on at which it is there. */
	if (sigaction(SIGBUS, NULL, &before) == 0) {
		page_size = size;
		if (sigaction(SIGBUS, &action, NULL) != 0)
			page_size = 0;
	}
}

/* ---- parts --------------------------------------------------------------------------- */

/* A free range; NULL: there are too many parts. */
static struct range *take_range(void)
{
	for (size_t i = 0; i < TL_MAPPED_MOST; i++) {
		uint64_t none = 0;

		if (atomic_load_explicit(&ranges[i].pages, memory_order_relaxed) == 0 &&
		    atomic_compare_exchange_strong(&ranges[i].pages, &none, NO_PAGES))
			return &ranges[i];
	}
	return NULL;
}

/* Maps so many bytes, and tells the handler of them. NULL: it cannot be done. */
static void *map_pages(struct range *range, int descriptor, uint64_t at, size_t n)
{
	void *pages = mmap(NULL, n, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, (off_t)at);

	if (pages == MAP_FAILED)
		return NULL;
	if ((uintptr_t)pages / page_size > FIRST_MAX || n / page_size > COUNT_MAX) {
		munmap(pages, n);
		return NULL;
	}
	atomic_store_explicit(&range->pages, (uintptr_t)pages / page_size << COUNT_BITS | n / page_size,
			      memory_order_relaxed);
	return pages;
}

bool tl_mapped_init(struct tl_mapped *mapped, int descriptor, uint64_t at, size_t n)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct range *range;
	size_t head, room;

	*mapped = (struct tl_mapped){0};
	pthread_once(&once, install);
	if (page_size == 0 || at > INT64_MAX || n > INT64_MAX - at)
		return false;
	range = take_range();
	if (!range)
		return false;
	head = (size_t)(at % page_size);
	room = (head + n + page_size - 1) / page_size * page_size;
	mapped->pages = map_pages(range, descriptor, at - head, room);
	if (!mapped->pages) {
		atomic_store(&range->pages, 0);
		return false;
	}
	*mapped = (struct tl_mapped){
		.bytes = (const uint8_t *)mapped->pages + head,
		.at = at,
		.n = n,
		.pages = mapped->pages,
		.room = room,
		.range = (size_t)(range - ranges),
	};
	return true;
}

void tl_mapped_finish(struct tl_mapped *mapped)
{
	struct range *range = &ranges[mapped->range];

	if (!mapped->bytes)
		return;
	/* Forgotten first: as soon as the pages are given back they may be another part's. */
	atomic_store_explicit(&range->is_torn, false, memory_order_relaxed);
	atomic_store_explicit(&range->pages, 0, memory_order_release);
	munmap(mapped->pages, mapped->room);
	*mapped = (struct tl_mapped){0};
}

/*
 * A file is cut from behind: its size is set first, then whole pages are taken away, then what is
 * left of its new last page becomes zeroes. So if the last page is still there, no page before it
 * has changed until now. Only for that page itself the size must be asked for.
 */
bool tl_mapped_is_whole(const struct tl_mapped *mapped, int descriptor, uint64_t until, uint64_t end)
{
	const volatile uint8_t *last = mapped->bytes + (end - 1 - mapped->at);
	struct stat status;

	/* What was read before is not to be read after this. */
	atomic_thread_fence(memory_order_seq_cst);
	(void)*last;
	if (atomic_load_explicit(&ranges[mapped->range].is_torn, memory_order_relaxed))
		return false;
	if (until <= (end - 1) / page_size * page_size)
		return true;
	return fstat(descriptor, &status) == 0 && (uint64_t)status.st_size >= end;
}
