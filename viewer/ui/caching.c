/* See caching.h. */
#include "viewer/ui/caching.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void tl_caching_init(struct tl_caching *caching, enum tl_cache_use use, const char *const *paths, size_t n)
{
	*caching = (struct tl_caching){.use = use, .paths = paths, .n = n, .begun_ms = now_ms()};
	tl_error_init(&caching->error);
	if (use == TL_CACHE_NEVER || tl_cache_find_place(&caching->place, paths, n) != 0)
		return;
	caching->has_key = tl_cache_identify(&caching->key, paths, n) == 0;
	caching->is_fresh = caching->has_key && tl_cache_is_fresh(&caching->key);
}

/* That there is none, or one that is out of date, is as it should be. */
static bool try_read(struct tl_caching *caching, const char *path, struct tl_loaded *loaded)
{
	struct tl_error error;

	tl_error_init(&error);
	if (path && tl_cache_read(path, &caching->key, &loaded->model, &loaded->check, &error) == 0)
		return true;
	if (path && caching->use == TL_CACHE_ALWAYS && error.code != TL_EIO)
		tl_error_print(&error, "threadline-view: the cache is not used: ", stderr);
	return false;
}

bool tl_caching_read(struct tl_caching *caching, struct tl_loaded *loaded)
{
	if (!caching->has_key)
		return false;
	memset(loaded, 0, sizeof *loaded);
	if (!try_read(caching, caching->place.beside, loaded) && !try_read(caching, caching->place.home, loaded))
		return false;
	loaded->checked = true;
	loaded->is_cached = true;
	loaded->symbols = tl_symbols_create(loaded->check.state);
	return true;
}

static bool is_same(void *data)
{
	struct tl_caching *caching = data;
	struct tl_cache_key now;

	return tl_cache_identify(&now, caching->paths, caching->n) == 0 && tl_cache_same(&now, &caching->key);
}

static void *write_it(void *data)
{
	struct tl_caching *caching = data;

	tl_cache_store(caching->job, &caching->place, is_same, caching, &caching->stop, &caching->error);
	return NULL;
}

/* What is broken, or may still be written to, is read again each time. */
static bool is_fit(const struct tl_caching *caching, const struct tl_loaded *loaded)
{
	return caching->has_key && !caching->is_fresh && !loaded->is_cached && !loaded->broken[0] &&
	       !loaded->check.stopped && loaded->model && loaded->model->sealed;
}

void tl_caching_begin_write(struct tl_caching *caching, const struct tl_loaded *loaded, bool is_window)
{
	bool is_slow = is_window && now_ms() - caching->begun_ms >= TL_CACHE_LEAST_MS;

	if (!is_fit(caching, loaded) || !(is_slow || caching->use == TL_CACHE_ALWAYS))
		return;
	caching->job = tl_cache_job_create(loaded->model, &loaded->check, &caching->key);
	caching->is_writing = caching->job && pthread_create(&caching->thread, NULL, write_it, caching) == 0;
}

void tl_caching_finish(struct tl_caching *caching, bool wait)
{
	if (caching->is_writing) {
		if (!wait)
			atomic_store(&caching->stop, true);
		pthread_join(caching->thread, NULL);
		if (wait && caching->use == TL_CACHE_ALWAYS && caching->error.code != 0)
			tl_error_print(&caching->error, "threadline-view: no cache was written: ", stderr);
	}
	tl_cache_job_destroy(caching->job);
	tl_cache_place_finish(&caching->place);
	caching->job = NULL;
	caching->is_writing = false;
}

static void on_lost(int number)
{
	static const char text[] =
		"threadline-view: a file that is looked at became shorter or cannot be read any more "
		"(the trace's cache, PATH.threadline-cache?); open the trace again, with --no-cache if "
		"this happens again\n";

	(void)number;
	(void)!write(STDERR_FILENO, text, sizeof text - 1);
	_exit(2);
}

void tl_caching_guard(void)
{
	sigaction(SIGBUS, &(struct sigaction){.sa_handler = on_lost}, NULL);
}
