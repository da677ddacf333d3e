/*
 * Repair of traces with torn streams; see tail.h.
 *
 * Each stream file is walked from packet to packet (layout.h). If that does not
 * lead to its end, or if the library does not open it even so, alone with the
 * metadata, it is cut after the last packet up to which the library opens it.
 *
 *   TMP/threadline-XXXXXX/       one per repaired trace folder
 *     metadata -> original       what is opened in the end
 *     stream   -> original, or -> /proc/self/fd/N of a cut copy without a name
 *     try/                       a folder of the same form for one stream alone
 */
#include "viewer/read/tail.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/read/layout.h"

struct repair {
	struct tl_tails *tails;
	const struct tl_trace_folder *folder;
	char root[PATH_MAX]; /* absolute path of the trace folder */
	char shadow[PATH_MAX];
	char attempt[PATH_MAX];
	tl_tails_probe probe;
	void *data;
	struct tl_error *error;
	struct tl_layout layout;
};

/* A stream file that does not open as it is. */
struct torn {
	int original, copy;
	uint64_t size;   /* of the original */
	uint64_t copied; /* bytes of the copy */
	char path[PATH_MAX];
	char link[PATH_MAX];        /* in the attempt's folder */
	struct tl_layout_ends ends; /* of its packets */
};

/* Joins two parts of a path; -1 when it gets too long. */
static int join(char *to, const char *folder, const char *name)
{
	int n = snprintf(to, PATH_MAX, "%s/%s", folder, name);

	return n > 0 && n < PATH_MAX ? 0 : -1;
}

/* ---- temporary folders ------------------------------------------------------ */

static void remove_folder(const char *path)
{
	char child[PATH_MAX];
	struct dirent *entry;
	DIR *dir = opendir(path);

	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    join(child, path, entry->d_name) < 0)
			continue;
		if (unlink(child) < 0 && (errno == EISDIR || errno == EPERM))
			remove_folder(child);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

void tl_tails_finish(struct tl_tails *tails)
{
	for (size_t i = 0; i < tails->list.n; i++) {
		free(tails->list.items[i].path);
		free(tails->list.items[i].original);
	}
	for (size_t i = 0; i < tails->shadows.n; i++) {
		remove_folder(tails->shadows.items[i].path);
		free(tails->shadows.items[i].path);
		free(tails->shadows.items[i].original);
	}
	for (size_t i = 0; i < tails->files.n; i++)
		close(tails->files.items[i]);
	tl_vec_finish(&tails->list);
	tl_vec_finish(&tails->shadows);
	tl_vec_finish(&tails->files);
}

const char *tl_tails_original(const struct tl_tails *tails, const char *path, char *buffer, size_t size)
{
	for (size_t i = 0; i < tails->shadows.n; i++) {
		const struct tl_shadow *shadow = &tails->shadows.items[i];
		size_t n = strlen(shadow->path);

		if (strncmp(path, shadow->path, n) == 0 && path[n] == '/') {
			snprintf(buffer, size, "%s%s", shadow->original, path + n);
			return buffer;
		}
	}
	return path;
}

/* Makes the temporary folder; from here on finish() removes it. */
static int make_shadow(struct repair *r)
{
	const char *temporary = getenv("TMPDIR");
	struct tl_shadow shadow = {0};

	if (!realpath(r->folder->path, r->root))
		return tl_error_set(r->error, TL_EIO, "%s: %s", r->folder->path, strerror(errno));
	if (join(r->shadow, temporary && *temporary ? temporary : "/tmp", "threadline-XXXXXX") < 0 ||
	    !mkdtemp(r->shadow))
		return tl_error_set(r->error, TL_EIO,
				    "no temporary folder can be made in %s (set TMPDIR to a place with room): %s",
				    temporary && *temporary ? temporary : "/tmp", strerror(errno));
	shadow.path = strdup(r->shadow);
	shadow.original = strdup(r->folder->path);
	if (!shadow.path || !shadow.original || tl_vec_push(&r->tails->shadows, shadow) < 0) {
		free(shadow.path);
		free(shadow.original);
		rmdir(r->shadow);
		return tl_error_set(r->error, TL_ENOMEM, "out of memory");
	}
	if (join(r->attempt, r->shadow, "try") < 0 || mkdir(r->attempt, 0700) < 0)
		return tl_error_set(r->error, TL_EIO, "%s: %s", r->attempt, strerror(errno));
	return 0;
}

/* Makes `folder`/`name` point to `target`. */
static int link_file(struct repair *r, const char *target, const char *folder, const char *name)
{
	char path[PATH_MAX];

	if (join(path, folder, name) == 0 && symlink(target, path) == 0)
		return 0;
	return tl_error_set(r->error, TL_EIO, "%s/%s: no link can be made: %s", folder, name, strerror(errno));
}

/* ---- cutting ---------------------------------------------------------------- */

/* Appends up to `n` bytes of the original to the copy, in the kernel if it can; how many, or -1. */
static ssize_t append(struct torn *torn, uint64_t n)
{
	off_t from = (off_t)torn->copied, to = from;
	char block[16384];
	ssize_t done = copy_file_range(torn->original, &from, torn->copy, &to, n, 0);

	if (done > 0)
		return done;
	done = pread(torn->original, block, n < sizeof block ? n : sizeof block, from);
	return done > 0 ? pwrite(torn->copy, block, (size_t)done, from) : -1;
}

/* Makes the copy the first `size` bytes of the original. */
static int set_size(struct repair *r, struct torn *torn, uint64_t size)
{
	ssize_t n = 0;

	while (torn->copied < size && (n = append(torn, size - torn->copied)) > 0)
		torn->copied += (uint64_t)n;
	if (torn->copied >= size && ftruncate(torn->copy, (off_t)size) == 0) {
		torn->copied = size;
		return 0;
	}
	return tl_error_set(
		r->error, TL_EIO,
		"%s: the part of it that is whole cannot be copied to %s (set TMPDIR to a place with room): %s",
		torn->path, r->shadow, n < 0 || errno ? strerror(errno) : "it shrank");
}

/* Whether the first `size` bytes open. 1: yes, 0: no, else a code. */
static int opens(struct repair *r, struct torn *torn, uint64_t size)
{
	int result = set_size(r, torn, size);

	return result < 0 ? result : r->probe(r->data, r->attempt, NULL) == 0;
}

/*
 * Finds the last packet up to whose end the file opens, by halving: it opens up
 * to each before the damage, and to none after it. The last one is tried first,
 * being the answer for a file that was only cut short.
 */
static int find_cut(struct repair *r, struct torn *torn, uint64_t *cut)
{
	size_t low = 0, high = torn->ends.list.n; /* low packets open, high + 1 do not */
	size_t middle = high ? high - 1 : 0;
	int result;

	while (low < high) {
		result = opens(r, torn, torn->ends.list.items[middle]);
		if (result < 0)
			return result;
		if (result)
			low = middle + 1;
		else
			high = middle;
		middle = low + (high - low) / 2;
	}
	*cut = low ? torn->ends.list.items[low - 1] : 0;
	return set_size(r, torn, *cut);
}

/* A file without a name in the temporary folder. */
static int open_copy(const char *folder)
{
	char path[PATH_MAX];
	int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (file < 0 && join(path, folder, "copy-XXXXXX") == 0) {
		file = mkostemp(path, O_CLOEXEC);
		if (file >= 0)
			unlink(path);
	}
	return file;
}

/* Notes what was left out, and gives the repaired trace what is whole. */
static int keep(struct repair *r, const struct torn *torn, const char *name, uint64_t cut)
{
	struct tl_tail tail = {.bytes = torn->size - cut, .original = strdup(torn->path)};
	char target[64], path[PATH_MAX] = "";

	if (cut && join(path, r->shadow, name) < 0)
		path[0] = '\0';
	tail.path = strdup(path);
	if (!tail.path || !tail.original || tl_vec_push(&r->tails->list, tail) < 0) {
		free(tail.path);
		free(tail.original);
		return tl_error_set(r->error, TL_ENOMEM, "out of memory");
	}
	if (!cut)
		return 0;
	snprintf(target, sizeof target, "/proc/self/fd/%d", torn->copy);
	return link_file(r, target, r->shadow, name);
}

/* Cuts one torn stream; `whole` is counted up when something of it is left. */
static int cut_stream(struct repair *r, struct torn *torn, const char *name, size_t *whole)
{
	char target[64];
	uint64_t cut = 0;
	int result;

	torn->copy = open_copy(r->shadow);
	if (torn->copy < 0)
		return tl_error_set(r->error, TL_EIO, "%s: no file can be made there: %s", r->shadow, strerror(errno));
	if (tl_vec_push(&r->tails->files, torn->copy) < 0) {
		close(torn->copy);
		return tl_error_set(r->error, TL_ENOMEM, "out of memory");
	}
	snprintf(target, sizeof target, "/proc/self/fd/%d", torn->copy);
	result = link_file(r, target, r->attempt, name);
	if (result == 0)
		result = find_cut(r, torn, &cut);
	*whole += cut > 0;
	return result == 0 ? keep(r, torn, name, cut) : result;
}

/* Whether the library opens the whole file, linked into the attempt's folder. 1: yes, 0: no, else a code. */
static int opens_whole(struct repair *r, const struct torn *torn, const char *name)
{
	int result = link_file(r, torn->path, r->attempt, name);

	if (result < 0)
		return result;
	result = r->probe(r->data, r->attempt, NULL) == 0;
	unlink(torn->link);
	return result;
}

/* Takes one stream file as it is, or cut. */
static int take_stream(struct repair *r, const char *name, size_t *whole)
{
	struct torn torn = {.copy = -1};
	struct stat st;
	int result = 0;

	if (join(torn.path, r->root, name) < 0 || join(torn.link, r->attempt, name) < 0)
		return tl_error_set(r->error, TL_ELIMIT, "%s/%s: path too long", r->root, name);
	torn.original = open(torn.path, O_RDONLY | O_CLOEXEC);
	if (torn.original < 0)
		return tl_error_set(r->error, TL_EIO, "%s: cannot be read: %s", torn.path, strerror(errno));
	torn.size = fstat(torn.original, &st) == 0 ? (uint64_t)st.st_size : 0;
	if (tl_layout_walk(&r->layout, torn.original, torn.size, &torn.ends) == torn.size)
		result = opens_whole(r, &torn, name);
	if (result > 0) {
		++*whole;
		result = link_file(r, torn.path, r->shadow, name);
	} else if (result == 0) {
		result = cut_stream(r, &torn, name, whole);
	}
	close(torn.original);
	tl_vec_finish(&torn.ends.list);
	unlink(torn.link);
	return result;
}

/* ---- repair ----------------------------------------------------------------- */

/* Whether the library would take this file for a stream. */
static bool is_stream(const struct repair *r, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	return name[0] != '.' && strcmp(name, "metadata") != 0 && join(path, r->root, name) == 0 &&
	       stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

/* Links the metadata into both folders, and asks whether it can be read at all. */
static int take_metadata(struct repair *r)
{
	char metadata[PATH_MAX];
	int result;

	if (join(metadata, r->root, "metadata") < 0)
		return tl_error_set(r->error, TL_ELIMIT, "%s: path too long", r->root);
	result = link_file(r, metadata, r->shadow, "metadata");
	if (result == 0)
		result = link_file(r, metadata, r->attempt, "metadata");
	tl_layout_init(&r->layout, metadata);
	if (result < 0)
		return result;
	if (r->layout.known && r->probe(r->data, r->attempt, NULL) == 0)
		return 0;
	return tl_error_set(
		r->error, TL_EFORMAT,
		"%s/metadata: not valid metadata of CTF 1.8, damaged, or with packets of a form that cannot be "
		"checked (\"babeltrace2 %s\" may tell the line)",
		r->folder->path, r->folder->path);
}

static int take_streams(struct repair *r)
{
	size_t whole = 0, streams = 0;
	DIR *dir = opendir(r->root);
	struct dirent *entry;
	int result = 0;

	if (!dir)
		return tl_error_set(r->error, TL_EIO, "%s: cannot be listed: %s", r->root, strerror(errno));
	while (result == 0 && (entry = readdir(dir))) {
		if (!is_stream(r, entry->d_name))
			continue;
		streams++;
		result = take_stream(r, entry->d_name, &whole);
	}
	closedir(dir);
	if (result == 0 && streams && !whole)
		result = tl_error_set(r->error, TL_EFORMAT,
				      "%s: none of its %zu stream files holds one whole packet that fits the metadata",
				      r->folder->path, streams);
	return result;
}

int tl_tails_repair(struct tl_tails *tails, const struct tl_trace_folder *folder, tl_tails_probe probe, void *data,
		    const char **repaired, struct tl_error *error)
{
	struct repair r = {.tails = tails, .folder = folder, .probe = probe, .data = data, .error = error};
	int result = make_shadow(&r);

	if (result == 0)
		result = take_metadata(&r);
	if (result == 0)
		result = take_streams(&r);
	tl_layout_finish(&r.layout);
	if (result < 0)
		return result;
	remove_folder(r.attempt);
	*repaired = tails->shadows.items[tails->shadows.n - 1].path;
	return 0;
}

/* ---- index files ------------------------------------------------------------ */

/* LTTng's index, version 1.x (lttng-tools, src/common/index/ctf-index.h): big-endian. */
#define INDEX_MAGIC 0xC1F1DCC1u

struct index_header {
	uint32_t magic, major, minor, entry_size;
};

struct index_entry {
	uint64_t offset, packet_bits; /* what we look at of an entry */
};

/* Bytes of an entry: seven numbers, from version 1.1 on nine. */
static size_t least_entry(uint32_t minor)
{
	return minor == 0 ? 7 * sizeof(uint64_t) : 9 * sizeof(uint64_t);
}

/* The packets must follow each other and fill the stream; what the library refuses by itself is sane here. */
static bool is_sane(FILE *index, uint64_t stream_size)
{
	struct index_header header;
	struct index_entry entry;
	uint64_t at = 0;
	size_t size;

	if (fread(&header, sizeof header, 1, index) != 1 || be32toh(header.magic) != INDEX_MAGIC ||
	    be32toh(header.major) != 1)
		return true;
	size = be32toh(header.entry_size);
	if (size < least_entry(be32toh(header.minor)) || size > 4096)
		return false;
	while (fread(&entry, sizeof entry, 1, index) == 1) {
		uint64_t bytes = be64toh(entry.packet_bits) / 8;

		if (be64toh(entry.offset) != at || bytes == 0 || bytes > stream_size - at)
			return false;
		at += bytes;
		if (fseek(index, (long)(size - sizeof entry), SEEK_CUR) < 0)
			return true;
	}
	return true;
}

/* Whether a stream's index file, if there is one, may be trusted. */
static bool index_is_sane(const char *folder, const char *name, uint64_t stream_size)
{
	char path[PATH_MAX];
	bool sane = true;
	FILE *index;
	int n = snprintf(path, sizeof path, "%s/index/%s.idx", folder, name);

	index = n > 0 && n < (int)sizeof path ? fopen(path, "rb") : NULL;
	if (index) {
		sane = is_sane(index, stream_size);
		fclose(index);
	}
	return sane;
}

/* Whether the packets of a stream lead on to its end. */
static bool stream_is_sane(const struct tl_layout *layout, const char *path, uint64_t size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool sane = file >= 0 && tl_layout_walk(layout, file, size, NULL) == size;

	if (file >= 0)
		close(file);
	return sane;
}

bool tl_tails_is_safe(const char *folder)
{
	struct repair r = {0};
	struct dirent *entry;
	struct tl_layout layout;
	char path[PATH_MAX];
	struct stat st;
	bool safe;
	DIR *dir;

	if (join(path, folder, "metadata") < 0 || snprintf(r.root, sizeof r.root, "%s", folder) >= PATH_MAX)
		return false;
	tl_layout_init(&layout, path);
	safe = layout.known;
	dir = opendir(folder);
	while (safe && dir && (entry = readdir(dir))) {
		if (!is_stream(&r, entry->d_name) || join(path, folder, entry->d_name) < 0 || stat(path, &st) < 0)
			continue;
		safe = index_is_sane(folder, entry->d_name, (uint64_t)st.st_size) &&
		       stream_is_sane(&layout, path, (uint64_t)st.st_size);
	}
	if (dir)
		closedir(dir);
	tl_layout_finish(&layout);
	return safe;
}
