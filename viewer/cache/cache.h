/*
 * The finished model of a trace in a file, so that the second opening need not read
 * the trace again: everything that the viewer shows, as it lies in memory. Mapped, and
 * verified as a whole before anything is shown; never trusted over the trace.
 *
 * A cache is taken if it is this user's own file, of this very build of the program,
 * and of a trace whose files are what they were (struct tl_cache_key). Everything in
 * it has a checksum, and every number that is used as a place or a length is compared
 * with its bounds: bytes of whatever kind make a cache that is refused, never a crash.
 *
 * Knows nothing of windows. Written by one thread while others look at the model.
 */
#ifndef TL_CACHE_CACHE_H
#define TL_CACHE_CACHE_H

#include "viewer/model/model.h"
#include "viewer/rules/check.h"

/* ---- of which trace ------------------------------------------------------------- */

/* What the files of a trace are: names, sizes, times, inodes, and what they begin and end with. */
struct tl_cache_key {
	uint64_t sums[2];
	uint64_t bytes;    /* of all files */
	int64_t newest_ns; /* when the latest of them changed, since the epoch */
};

/*
 * Fills `key` for the traces at `paths`, opened together. 0, or -1: there is something
 * that could not be looked at, and nothing must be cached.
 */
int tl_cache_identify(struct tl_cache_key *key, const char *const *paths, size_t n);
bool tl_cache_same(const struct tl_cache_key *a, const struct tl_cache_key *b);
/*
 * May a change after the key was taken go unseen, because the files have changed within the
 * last second, and the clocks of file systems are coarse?
 */
bool tl_cache_is_fresh(const struct tl_cache_key *key);

/* ---- where ------------------------------------------------------------------------ */

#define TL_CACHE_SUFFIX ".threadline-cache"
#define TL_CACHE_HOME_MOST ((uint64_t)16 << 30) /* bytes of all caches in the user's folder */

/*
 * The paths of a cache: beside the trace, and in $XDG_CACHE_HOME/threadline. Of several
 * traces together only the latter. NULL where there is none; freed by the caller.
 */
struct tl_cache_place {
	char *beside, *home;
	uint64_t home_most; /* bytes of all caches in the user's folder: TL_CACHE_HOME_MOST */
};

int tl_cache_find_place(struct tl_cache_place *place, const char *const *paths, size_t n);
void tl_cache_place_finish(struct tl_cache_place *place);

/* ---- reading ------------------------------------------------------------------------ */

/*
 * Opens the cache at `path`. 0: `model`, which is sealed, and `check` are filled, owned by
 * the caller, to be destroyed and finished as ever. Else negative, with the reason in
 * `error`: TL_EIO, also if there is none; TL_EFORMAT: it is of another trace or build, or damaged.
 */
int tl_cache_read(const char *path, const struct tl_cache_key *key, struct tl_model **model, struct tl_check *check,
		  struct tl_error *error);
/* The same of an open file; for tests, whose caches have no name. */
int tl_cache_read_file(int file, const struct tl_cache_key *key, struct tl_model **model, struct tl_check *check,
		       struct tl_error *error);

/* ---- writing ------------------------------------------------------------------------ */

struct tl_cache_job;

/*
 * Takes what is needed of `check`, which may be used on meanwhile; `model`, sealed, must
 * outlive the job. NULL: out of memory, or more than a cache holds.
 */
struct tl_cache_job *tl_cache_job_create(const struct tl_model *model, const struct tl_check *check,
					 const struct tl_cache_key *key);
void tl_cache_job_destroy(struct tl_cache_job *job);
/* Bytes of the file. */
uint64_t tl_cache_job_size(const struct tl_cache_job *job);

/*
 * Writes beside `path` and renames, if `is_same` (which may be NULL) still says then that the
 * trace is what it was. Replaces a cache; on failure, also when `stop` became true, nothing
 * is left behind. By any thread. 0 or TL_EIO, also when somebody else is writing it.
 */
int tl_cache_job_write(struct tl_cache_job *job, const char *path, bool (*is_same)(void *data), void *data,
		       const _Atomic bool *stop, struct tl_error *error);
/* Writes to an open file, from its begin. */
int tl_cache_job_write_file(struct tl_cache_job *job, int file, const _Atomic bool *stop, struct tl_error *error);

/*
 * The same, where the place has room: beside the trace, or in the user's folder, from which
 * the caches that were not used for longest are removed until all together take no more
 * than home_most. Half of what is free on the disk is left free.
 */
int tl_cache_store(struct tl_cache_job *job, const struct tl_cache_place *place, bool (*is_same)(void *data),
		   void *data, const _Atomic bool *stop, struct tl_error *error);

#endif
