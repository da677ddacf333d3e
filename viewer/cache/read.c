/*
 * A cache file to a model: its head and small part are copied, the large arrays stay
 * where they are mapped. Small files are read instead, and so safe from whoever makes
 * them shorter meanwhile; large ones are mapped, as reading them would take longer than
 * is to be waited for. We ourselves never change a cache in place, but put a new file
 * in its place.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/cache/layout.h"

#define READ_MOST ((off_t)32 << 20) /* larger files are mapped */

static int refuse(struct tl_error *error, const char *why)
{
	return tl_error_set(error, TL_EFORMAT, "%s", why);
}

static int check_header(const struct tl_cache_header *header, const struct tl_cache_key *key, uint64_t size,
			struct tl_error *error)
{
	uint64_t build[2];

	tl_cache_build(build);
	if (memcmp(header->magic, "TLCACHE", 8) != 0)
		return refuse(error, "is no cache of Threadline's");
	if (header->order != TL_CACHE_ORDER || header->layout != TL_CACHE_LAYOUT ||
	    memcmp(header->build, build, sizeof build) != 0)
		return refuse(error, "is of another build of the program");
	if (memcmp(header->key, key->sums, sizeof header->key) != 0)
		return refuse(error, "is of what the trace was before it changed");
	if (header->sum != tl_checksum(header, offsetof(struct tl_cache_header, sum), 0) || header->file_size != size ||
	    header->small_size > size || header->n_pieces > size / sizeof(uint64_t))
		return refuse(error, "is damaged");
	return 0;
}

/* All of the file in memory that munmap gives back; NULL with `error` set. */
static char *get_bytes(int file, size_t size, struct tl_error *error)
{
	bool is_read = (off_t)size <= READ_MOST;
	char *bytes = mmap(NULL, size, is_read ? PROT_READ | PROT_WRITE : PROT_READ,
			   is_read ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_PRIVATE, is_read ? -1 : file, 0);

	if (bytes == MAP_FAILED) {
		tl_error_set(error, TL_EIO, "cannot be mapped: %s", strerror(errno));
		return NULL;
	}
	for (size_t at = 0; is_read && at < size;) {
		ssize_t n = pread(file, bytes + at, size - at, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			munmap(bytes, size);
			tl_error_set(error, TL_EIO, "cannot be read: %s",
				     n < 0 ? strerror(errno) : "it became shorter");
			return NULL;
		}
		at += (size_t)n;
	}
#ifdef MADV_HUGEPAGE
	if (!is_read)
		(void)!madvise(bytes, size, MADV_HUGEPAGE);
#endif
	return bytes;
}

/* Points the rows into the arrays, whose ends have been compared with the file's. */
static void place_rows(struct tl_model *model, char *bytes, const struct tl_cache_map *map)
{
	int64_t *begins = (int64_t *)(void *)(bytes + map->at[TL_CACHE_BEGINS]);
	uint64_t *words = (uint64_t *)(void *)(bytes + map->at[TL_CACHE_SPANS]);
	struct tl_span_more *more = (struct tl_span_more *)(void *)(bytes + map->at[TL_CACHE_MORE]);
	struct tl_edge *edges = (struct tl_edge *)(void *)(bytes + map->at[TL_CACHE_EDGES]);
	struct tl_edge_ref *outs = (struct tl_edge_ref *)(void *)(bytes + map->at[TL_CACHE_OUTS]);

	for (size_t r = 0; r < model->rows.n; r++) {
		struct tl_row *row = &model->rows.items[r];

		row->spans.words = words;
		row->spans.room = tl_span_words(row->spans.n);
		row->more.items = more;
		row->edges.items = edges;
		row->outs = outs;
		row->block_begins = tl_row_blocks(row) ? begins : NULL;
		words += row->spans.room;
		more += row->more.n;
		edges += row->edges.n;
		outs += row->n_outs;
		begins += tl_row_blocks(row);
	}
}

static int take_arrays(struct tl_model *model, const struct tl_cache_header *header, char *bytes, size_t size)
{
	struct tl_cache_map map;
	const uint64_t *sums;

	if (!tl_cache_map_make(&map, model, header->small_size, header->n_pieces) || map.at[TL_CACHE_PARTS] != size ||
	    tl_cache_count_pieces(model) != header->n_pieces)
		return -1;
	sums = (const uint64_t *)(const void *)(bytes + map.sums_at);
	if (tl_checksum(sums, header->n_pieces * sizeof *sums, 0) != header->sums_sum)
		return -1;
	place_rows(model, bytes, &map);
	return tl_cache_verify(model, sums, header->n_pieces) ? 0 : -1;
}

/* `model` and `check` from the whole file, which is the model's from here on. */
static int take_all(char *bytes, size_t size, const struct tl_cache_key *key, struct tl_model *model,
		    struct tl_check *check, struct tl_error *error)
{
	const uint8_t *small = (const uint8_t *)bytes + sizeof(struct tl_cache_header);
	struct tl_cache_header header;
	struct tl_taker taker;
	int result;

	model->kept = bytes;
	model->kept_size = size;
	memcpy(&header, bytes, sizeof header);
	result = check_header(&header, key, size, error);
	if (result != 0)
		return result;
	taker = (struct tl_taker){small, small + header.small_size, false};
	if (header.small_size > size - sizeof header || tl_checksum(small, header.small_size, 0) != header.small_sum ||
	    tl_cache_take(&taker, model, check) != 0 || take_arrays(model, &header, bytes, size) != 0)
		return refuse(error, "is damaged");
	return 0;
}

static int check_file(int file, struct stat *status, struct tl_error *error)
{
	if (fstat(file, status) != 0)
		return tl_error_set(error, TL_EIO, "%s", strerror(errno));
	if (!S_ISREG(status->st_mode) || status->st_uid != geteuid() || (status->st_mode & (S_IWGRP | S_IWOTH)))
		return refuse(error, "is not this user's own file");
	if (status->st_size < (off_t)sizeof(struct tl_cache_header))
		return refuse(error, "is damaged");
	return 0;
}

int tl_cache_read_file(int file, const struct tl_cache_key *key, struct tl_model **model, struct tl_check *check,
		       struct tl_error *error)
{
	struct stat status;
	char *bytes;
	int result = check_file(file, &status, error);

	*model = NULL;
	memset(check, 0, sizeof *check);
	if (result != 0)
		return result;
	bytes = get_bytes(file, (size_t)status.st_size, error);
	if (!bytes)
		return TL_EIO;
	*model = calloc(1, sizeof **model);
	if (!*model) {
		munmap(bytes, (size_t)status.st_size);
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	}
	result = take_all(bytes, (size_t)status.st_size, key, *model, check, error);
	if (result == 0)
		return 0;
	tl_model_destroy(*model);
	*model = NULL;
	tl_check_finish(check);
	memset(check, 0, sizeof *check);
	return result;
}

int tl_cache_read(const char *path, const struct tl_cache_key *key, struct tl_model **model, struct tl_check *check,
		  struct tl_error *error)
{
	/* A link or a pipe under this name is not what we wrote. */
	int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), result;

	if (file < 0)
		return tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
	result = tl_cache_read_file(file, key, model, check, error);
	/* When it was used last says which goes first when room is needed. */
	if (result == 0)
		(void)!futimens(file, (const struct timespec[]){{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_OMIT}});
	close(file);
	if (result != 0 && error)
		tl_error_add(error, "%s", path);
	return result;
}
