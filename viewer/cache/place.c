/* Where caches are, and that they do not fill the disk; see cache.h. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "viewer/cache/layout.h"

static char *joined(const char *a, const char *b)
{
	size_t size = strlen(a) + strlen(b) + 1;
	char *path = malloc(size);

	if (path)
		snprintf(path, size, "%s%s", a, b);
	return path;
}

/* $XDG_CACHE_HOME/threadline; NULL: there is no home. Made only when something is stored. */
static char *find_home(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	/* The standard says: a path that is not absolute is to be ignored. */
	if (cache && cache[0] == '/')
		return joined(cache, "/threadline");
	return home && home[0] == '/' ? joined(home, "/.cache/threadline") : NULL;
}

static void make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)!mkdir(path, 0700);
		*slash = '/';
	}
}

int tl_cache_find_place(struct tl_cache_place *place, const char *const *paths, size_t n)
{
	char *home = find_home(), name[64];
	uint64_t sums[2] = {1, 2};
	int result = 0;

	*place = (struct tl_cache_place){.home_most = TL_CACHE_HOME_MOST};
	for (size_t i = 0; i < n; i++) {
		char *whole = realpath(paths[i], NULL);

		for (int s = 0; whole && s < 2; s++)
			sums[s] = tl_checksum(whole, strlen(whole) + 1, sums[s]);
		result |= !whole;
		if (whole && n == 1 && whole[1])
			place->beside = joined(whole, TL_CACHE_SUFFIX);
		free(whole);
	}
	snprintf(name, sizeof name, "/%016" PRIx64 "%016" PRIx64 TL_CACHE_SUFFIX, sums[0], sums[1]);
	if (home && result == 0)
		place->home = joined(home, name);
	free(home);
	return place->beside || place->home ? 0 : -1;
}

void tl_cache_place_finish(struct tl_cache_place *place)
{
	free(place->beside);
	free(place->home);
	*place = (struct tl_cache_place){0};
}

/* ---- room ------------------------------------------------------------------------------ */

/* The folder of `path` is left in it; what comes behind is returned. */
static char *split(char *path)
{
	char *slash = strrchr(path, '/');

	*slash = '\0';
	return slash + 1;
}

static bool has_room(const char *folder, uint64_t size)
{
	struct statvfs disk;

	return statvfs(folder, &disk) == 0 && size <= (uint64_t)disk.f_bavail * disk.f_frsize / 2;
}

struct old {
	struct timespec used;
	uint64_t size;
	char name[NAME_MAX + 1];
};

static int compare_old(const void *a, const void *b)
{
	const struct old *x = a, *y = b;

	if (x->used.tv_sec != y->used.tv_sec)
		return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
	return x->used.tv_nsec < y->used.tv_nsec ? -1 : x->used.tv_nsec > y->used.tv_nsec;
}

/* Only what we have named is looked at, and ever removed. */
static bool is_ours(const char *name)
{
	size_t n = strlen(name), suffix = sizeof TL_CACHE_SUFFIX - 1;

	return n == 32 + suffix && strspn(name, "0123456789abcdef") == 32 && strcmp(name + 32, TL_CACHE_SUFFIX) == 0;
}

/* Removes those not used for longest, until with `size` more there are at most `most` bytes. */
static void make_room(const char *folder, const char *own, uint64_t size, uint64_t most)
{
	TL_VEC(struct old) all = {0};
	DIR *dir = opendir(folder);
	uint64_t sum = size;

	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		struct old old = {.size = 0};
		struct stat status;

		if (!is_ours(entry->d_name) || strcmp(entry->d_name, own) == 0 ||
		    fstatat(dirfd(dir), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
			continue;
		old.used = compare_old(&(struct old){.used = status.st_atim}, &(struct old){.used = status.st_mtim}) < 0
				   ? status.st_mtim
				   : status.st_atim;
		old.size = (uint64_t)status.st_blocks * 512;
		snprintf(old.name, sizeof old.name, "%s", entry->d_name);
		if (tl_vec_push(&all, old) == 0)
			sum += old.size;
	}
	if (all.n > 1)
		qsort(all.items, all.n, sizeof *all.items, compare_old);
	for (size_t i = 0; i < all.n && sum > most; i++)
		if (unlinkat(dirfd(dir), all.items[i].name, 0) == 0)
			sum -= all.items[i].size;
	tl_vec_finish(&all);
	if (dir)
		closedir(dir);
}

static int store_beside(struct tl_cache_job *job, const char *path, bool (*is_same)(void *data), void *data,
			const _Atomic bool *stop, struct tl_error *error)
{
	char *folder = strdup(path);
	bool can = folder && (split(folder), access(folder[0] ? folder : "/", W_OK) == 0);
	bool fits = can && has_room(folder[0] ? folder : "/", tl_cache_job_size(job));

	free(folder);
	if (!can)
		return tl_error_set(error, TL_EIO, "%s: its folder cannot be written to", path);
	if (!fits)
		return tl_error_set(error, TL_ELIMIT, "%s: the disk is too full", path);
	return tl_cache_job_write(job, path, is_same, data, stop, error);
}

static int store_home(struct tl_cache_job *job, const struct tl_cache_place *place, bool (*is_same)(void *data),
		      void *data, const _Atomic bool *stop, struct tl_error *error)
{
	char *folder = strdup(place->home), *name;
	bool fits = false;

	if (folder) {
		make_folders(folder);
		name = split(folder);
		fits = tl_cache_job_size(job) <= place->home_most;
		if (fits)
			make_room(folder, name, tl_cache_job_size(job), place->home_most);
		fits = fits && has_room(folder, tl_cache_job_size(job));
	}
	free(folder);
	if (!fits)
		return tl_error_set(error, TL_ELIMIT, "%s: there is no room for it", place->home);
	return tl_cache_job_write(job, place->home, is_same, data, stop, error);
}

int tl_cache_store(struct tl_cache_job *job, const struct tl_cache_place *place, bool (*is_same)(void *data),
		   void *data, const _Atomic bool *stop, struct tl_error *error)
{
	int result = TL_EIO;

	if (place->beside)
		result = store_beside(job, place->beside, is_same, data, stop, error);
	if (result != 0 && place->home && !(stop && *stop))
		result = store_home(job, place, is_same, data, stop, error);
	if (result == 0 && error)
		tl_error_init(error);
	return result;
}
