/*
 * Of which trace a cache is. Every file below the trace's folders counts, whether a reader
 * uses it or not, with its name, size, inode and times (also that of its last change of
 * any kind, which no program can set), and with what it begins and ends with.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "viewer/cache/layout.h"

#define DEPTH_MOST 32
#define FILES_MOST 1000000
#define ENDS 4096                      /* bytes of a file's begin, and of its end */
#define METADATA_MOST ((off_t)4 << 20) /* of a file "metadata", all up to this */

struct walk {
	struct tl_cache_key *key;
	size_t files;
	char *buffer; /* of METADATA_MOST bytes */
};

static void add(struct tl_cache_key *key, const void *bytes, size_t size)
{
	for (int i = 0; i < 2; i++)
		key->sums[i] = tl_checksum(bytes, size, key->sums[i]);
}

static void add_number(struct tl_cache_key *key, uint64_t number)
{
	add(key, &number, sizeof number);
}

static int64_t ns_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int add_bytes(struct walk *walk, int file, off_t at, off_t size)
{
	ssize_t n = pread(file, walk->buffer, (size_t)size, at);

	if (n != size)
		return -1;
	add(walk->key, walk->buffer, (size_t)n);
	return 0;
}

static int add_content(struct walk *walk, int folder, const char *name, const struct stat *status)
{
	off_t ends = strcmp(name, "metadata") == 0 ? METADATA_MOST : ENDS, size = status->st_size;
	int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), result;

	if (file < 0)
		return -1;
	result = add_bytes(walk, file, 0, size < ends ? size : ends);
	if (result == 0 && size > ends)
		result = add_bytes(walk, file, size - ends, ends);
	close(file);
	return result;
}

static int add_file(struct walk *walk, int folder, const char *name, const struct stat *status)
{
	struct tl_cache_key *key = walk->key;
	int64_t mtime_ns = ns_of(status->st_mtim), ctime_ns = ns_of(status->st_ctim);

	if (++walk->files > FILES_MOST)
		return -1;
	add(key, name, strlen(name) + 1);
	add_number(key, (uint64_t)status->st_size);
	add_number(key, (uint64_t)status->st_ino);
	add_number(key, (uint64_t)status->st_dev);
	add_number(key, (uint64_t)mtime_ns);
	add_number(key, (uint64_t)ctime_ns);
	key->bytes += (uint64_t)status->st_size;
	key->newest_ns = mtime_ns > key->newest_ns ? mtime_ns : key->newest_ns;
	key->newest_ns = ctime_ns > key->newest_ns ? ctime_ns : key->newest_ns;
	return add_content(walk, folder, name, status);
}

/* What we, or people in the viewer, leave beside traces is no part of them. */
static int is_wanted(const struct dirent *entry)
{
	const char *ours = strstr(entry->d_name, ".threadline-");

	return entry->d_name[0] != '.' && !ours;
}

static int add_folder(struct walk *walk, int folder, const char *name, int depth);

static int add_entry(struct walk *walk, int folder, const char *name, int depth)
{
	struct stat status;

	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	if (S_ISDIR(status.st_mode))
		return add_folder(walk, folder, name, depth);
	/* Readers follow links to streams, and not links to folders. */
	if (S_ISLNK(status.st_mode) && fstatat(folder, name, &status, 0) != 0)
		return 0;
	return S_ISREG(status.st_mode) ? add_file(walk, folder, name, &status) : 0;
}

static int add_folder(struct walk *walk, int parent, const char *name, int depth)
{
	int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), result = 0;
	struct dirent **entries = NULL;
	int n = folder >= 0 && depth <= DEPTH_MOST ? scandirat(folder, ".", &entries, is_wanted, alphasort) : -1;

	if (n < 0)
		result = -1;
	add(walk->key, name, strlen(name) + 1);
	for (int i = 0; i < n; i++) {
		if (result == 0)
			result = add_entry(walk, folder, entries[i]->d_name, depth + 1);
		free(entries[i]);
	}
	free(entries);
	if (folder >= 0)
		close(folder);
	add_number(walk->key, (uint64_t)n);
	return result;
}

static int add_root(struct walk *walk, const char *path)
{
	char *whole = realpath(path, NULL);
	struct stat status;
	int result = -1;

	if (whole && stat(whole, &status) == 0)
		result = S_ISDIR(status.st_mode)   ? add_folder(walk, AT_FDCWD, whole, 0)
			 : S_ISREG(status.st_mode) ? add_file(walk, AT_FDCWD, whole, &status)
						   : -1;
	free(whole);
	return result;
}

int tl_cache_identify(struct tl_cache_key *key, const char *const *paths, size_t n)
{
	struct walk walk = {.key = key, .buffer = malloc(METADATA_MOST)};
	int result = walk.buffer ? 0 : -1;

	*key = (struct tl_cache_key){.sums = {1, 2}, .newest_ns = INT64_MIN};
	add_number(key, n);
	for (size_t i = 0; result == 0 && i < n; i++)
		result = add_root(&walk, paths[i]);
	free(walk.buffer);
	return result;
}

bool tl_cache_same(const struct tl_cache_key *a, const struct tl_cache_key *b)
{
	return a->sums[0] == b->sums[0] && a->sums[1] == b->sums[1];
}

bool tl_cache_is_fresh(const struct tl_cache_key *key)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return key->newest_ns > ns_of(now) - 1000000000;
}
