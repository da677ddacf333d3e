/*
 * A model to a cache file. The small part is made at once, so that what it is made of
 * may be used on; the large arrays, which nobody changes any more, are written from where
 * they are. In large pieces: so does the system keep the file in large pages, which makes mapping it
 * twice as fast.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/cache/layout.h"

#define BUFFER ((size_t)4 << 20)

struct tl_cache_job {
	const struct tl_model *model;
	struct tl_bytes small;
	struct tl_cache_piece *pieces;
	uint64_t *sums;
	struct tl_cache_map map;
	struct tl_cache_header header;
};

struct tl_cache_job *tl_cache_job_create(const struct tl_model *model, const struct tl_check *check,
					 const struct tl_cache_key *key)
{
	struct tl_cache_job *job = calloc(1, sizeof *job);
	size_t n = tl_cache_count_pieces(model);

	if (!job)
		return NULL;
	job->model = model;
	job->pieces = tl_cache_list_pieces(model, n);
	job->sums = calloc(n + 1, sizeof *job->sums);
	tl_cache_keep(&job->small, model, check);
	if (!job->pieces || !job->sums || job->small.failed ||
	    !tl_cache_map_make(&job->map, model, job->small.all.n, n)) {
		tl_cache_job_destroy(job);
		return NULL;
	}
	job->header = (struct tl_cache_header){.magic = "TLCACHE",
					       .order = TL_CACHE_ORDER,
					       .layout = TL_CACHE_LAYOUT,
					       .key = {key->sums[0], key->sums[1]},
					       .small_size = job->small.all.n,
					       .small_sum = tl_checksum(job->small.all.items, job->small.all.n, 0),
					       .n_pieces = n,
					       .file_size = job->map.at[TL_CACHE_PARTS]};
	tl_cache_build(job->header.build);
	return job;
}

void tl_cache_job_destroy(struct tl_cache_job *job)
{
	if (!job)
		return;
	tl_bytes_finish(&job->small);
	free(job->pieces);
	free(job->sums);
	free(job);
}

uint64_t tl_cache_job_size(const struct tl_cache_job *job)
{
	return job->header.file_size;
}

/* A file that is written from front to back through a buffer. */
struct stream {
	int file;
	const _Atomic bool *stop;
	char *buffer;
	size_t n;
	uint64_t at; /* of the buffer's begin */
	int failed;  /* errno */
};

static void write_all(struct stream *stream, const char *bytes, size_t size, uint64_t at)
{
	while (size > 0 && !stream->failed) {
		ssize_t n = pwrite(stream->file, bytes, size, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			stream->failed = n < 0 ? errno : ENOSPC;
			break;
		}
		bytes += n;
		size -= (size_t)n;
		at += (uint64_t)n;
	}
}

static void flush(struct stream *stream)
{
	if (stream->stop && atomic_load(stream->stop))
		stream->failed = ECANCELED;
	write_all(stream, stream->buffer, stream->n, stream->at);
	stream->at += stream->n;
	stream->n = 0;
}

/* NULL: zeros. */
static void put(struct stream *stream, const void *bytes, size_t size)
{
	const char *from = bytes;

	while (size > 0 && !stream->failed) {
		size_t n = size < BUFFER - stream->n ? size : BUFFER - stream->n;

		if (from)
			memcpy(stream->buffer + stream->n, from, n);
		else
			memset(stream->buffer + stream->n, 0, n);
		stream->n += n;
		from = from ? from + n : NULL;
		size -= n;
		if (stream->n == BUFFER)
			flush(stream);
	}
}

/* Zeros up to this place. */
static void pad(struct stream *stream, uint64_t to)
{
	put(stream, NULL, (size_t)(to - stream->at - stream->n));
}

static void put_begins(struct tl_cache_job *job, struct stream *stream)
{
	const struct tl_model *model = job->model;

	pad(stream, job->map.at[TL_CACHE_BEGINS]);
	for (size_t r = 0; r < model->rows.n; r++) {
		const struct tl_row *row = &model->rows.items[r];

		put(stream, row->block_begins, tl_row_blocks(row) * sizeof *row->block_begins);
	}
}

static void put_pieces(struct tl_cache_job *job, struct stream *stream)
{
	enum tl_cache_part part = TL_CACHE_BEGINS;

	for (size_t i = 0; i < job->header.n_pieces && !stream->failed; i++) {
		size_t size;
		const void *bytes = tl_cache_piece_bytes(job->model, &job->pieces[i], &size);

		if (job->pieces[i].part != part)
			pad(stream, job->map.at[part = job->pieces[i].part]);
		job->sums[i] = tl_checksum(bytes, size, i);
		put(stream, bytes, size);
	}
	pad(stream, job->map.at[TL_CACHE_PARTS]);
	flush(stream);
}

/* What is at the front is known last: until it is there, the file is none. */
static void put_front(struct tl_cache_job *job, struct stream *stream)
{
	size_t size = job->header.n_pieces * sizeof *job->sums;

	job->header.sums_sum = tl_checksum(job->sums, size, 0);
	job->header.sum = tl_checksum(&job->header, offsetof(struct tl_cache_header, sum), 0);
	write_all(stream, (const char *)job->sums, size, job->map.sums_at);
	write_all(stream, (const char *)&job->header, sizeof job->header, 0);
}

int tl_cache_job_write_file(struct tl_cache_job *job, int file, const _Atomic bool *stop, struct tl_error *error)
{
	struct stream stream = {.file = file, .stop = stop, .buffer = malloc(BUFFER)};

	if (!stream.buffer)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	put(&stream, NULL, sizeof job->header);
	put(&stream, job->small.all.items, job->small.all.n);
	pad(&stream, job->map.sums_at + job->header.n_pieces * sizeof *job->sums);
	put_begins(job, &stream);
	put_pieces(job, &stream);
	put_front(job, &stream);
	free(stream.buffer);
	if (stream.failed)
		return tl_error_set(error, TL_EIO, "%s",
				    stream.failed == ECANCELED ? "it was not waited for" : strerror(stream.failed));
	return 0;
}

char *tl_cache_new_name(const char *path)
{
	size_t size = strlen(path) + 5;
	char *name = malloc(size);

	if (name)
		snprintf(name, size, "%s.new", path);
	return name;
}

/*
 * Whoever holds the lock of PATH.new writes it; one that was left by a crash is free to be
 * taken. The file may have got its last name between our open and our lock: then somebody
 * else has just done what we were to do.
 */
static int open_new(const char *name, struct tl_error *error)
{
	int file = open(name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	struct stat ours, there;

	if (file < 0)
		return tl_error_set(error, TL_EIO, "%s", strerror(errno));
	if (flock(file, LOCK_EX | LOCK_NB) != 0 || fstat(file, &ours) != 0 || lstat(name, &there) != 0 ||
	    ours.st_ino != there.st_ino || ours.st_dev != there.st_dev) {
		close(file);
		return tl_error_set(error, TL_EIO, "somebody else is writing it");
	}
	if (!S_ISREG(ours.st_mode) || ours.st_uid != geteuid() || ours.st_nlink != 1 || fchmod(file, 0600) != 0 ||
	    ftruncate(file, 0) != 0) {
		close(file);
		return tl_error_set(error, TL_EIO, "is not this user's own file");
	}
	return file;
}

int tl_cache_job_write(struct tl_cache_job *job, const char *path, bool (*is_same)(void *data), void *data,
		       const _Atomic bool *stop, struct tl_error *error)
{
	char *name = tl_cache_new_name(path);
	int file = name ? open_new(name, error) : tl_error_set(error, TL_ENOMEM, "out of memory"), result = file;

	if (file >= 0) {
		result = tl_cache_job_write_file(job, file, stop, error);
		if (result == 0 && is_same && !is_same(data))
			result = tl_error_set(error, TL_EIO, "the trace has changed meanwhile");
		if (result == 0 && rename(name, path) != 0)
			result = tl_error_set(error, TL_EIO, "%s", strerror(errno));
		/* While the lock is held: nobody else's. */
		if (result != 0)
			unlink(name);
		/* Not synchronized with the disk: what a loss of power leaves of it has the wrong checksums. */
		close(file);
	}
	free(name);
	if (result < 0 && error)
		tl_error_add(error, "%s", path);
	return result < 0 ? result : 0;
}
