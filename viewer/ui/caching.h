/*
 * The cache of the traces that are opened: asked before they are read, and written
 * behind the back of whoever looks at them, when they took long to read.
 */
#ifndef TL_UI_CACHING_H
#define TL_UI_CACHING_H

#include <pthread.h>
#include <stdatomic.h>

#include "viewer/cache/cache.h"
#include "viewer/ui/load.h"

enum tl_cache_use {
	TL_CACHE_AUTO,   /* read; written by a window, of traces that took TL_CACHE_LEAST_MS to read */
	TL_CACHE_ALWAYS, /* written of every trace, by pictures too */
	TL_CACHE_NEVER,
};

#define TL_CACHE_LEAST_MS 1000

struct tl_caching {
	enum tl_cache_use use;
	const char *const *paths;
	size_t n;
	struct tl_cache_place place;
	struct tl_cache_key key; /* of the trace before it was read */
	bool has_key;
	bool is_fresh; /* its files had changed within the second before: they may change unseen */
	int64_t begun_ms;
	struct tl_cache_job *job;
	pthread_t thread;
	bool is_writing;
	_Atomic bool stop;
	struct tl_error error; /* the thread's; why nothing was written */
};

/* Looks at the traces' files. Never fails: without a place or a key nothing is cached. `paths` are borrowed. */
void tl_caching_init(struct tl_caching *caching, enum tl_cache_use use, const char *const *paths, size_t n);
/* Fills `loaded` as tl_load does, if there is a cache. */
bool tl_caching_read(struct tl_caching *caching, struct tl_loaded *loaded);
/* Begins to write what tl_load has filled, if that is wanted. It must stay until finish. */
void tl_caching_begin_write(struct tl_caching *caching, const struct tl_loaded *loaded, bool is_window);
/* Waits for the end of the writing, which it cuts short unless `wait`; what did not work is said if it was asked for. */
void tl_caching_finish(struct tl_caching *caching, bool wait);

/*
 * A cache that is mapped can still be lost, by another program that cuts it or by its disk:
 * from here on that ends this program with a word of why.
 */
void tl_caching_guard(void);

#endif
