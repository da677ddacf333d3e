/* Room reserved in /dev/shm; see reserve.h. */
#include "tracer/record/reserve.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tracer/record/lock.h"

#define PREFIX "buffers-"

/* What a file says; one that nobody holds says 0 and is removed. */
static uint64_t read_one(const char *folder, const char *name)
{
	int file = tl_lock_open(folder, name, NULL);
	char text[32] = "", path[PATH_MAX];
	uint64_t bytes = 0;

	if (file < 0)
		return 0;
	if (tl_lock_take(file, false, 0)) {
		if (snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path)
			unlink(path);
	} else if (pread(file, text, sizeof text - 1, 0) > 0) {
		sscanf(text, "%" SCNu64, &bytes);
	}
	close(file);
	return bytes;
}

uint64_t tl_reserve_sum(const char *folder)
{
	DIR *files = opendir(folder);
	const struct dirent *entry;
	uint64_t sum = 0;

	while (files && (entry = readdir(files)))
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0)
			sum += read_one(folder, entry->d_name);
	if (files)
		closedir(files);
	return sum;
}

int tl_reserve_take(const char *folder, const char *session, uint64_t bytes, struct tl_error *error)
{
	char name[NAME_MAX], text[32];
	int file, n;

	snprintf(name, sizeof name, PREFIX "%s", session);
	file = tl_lock_open(folder, name, error);
	if (file < 0)
		return file;
	n = snprintf(text, sizeof text, "%" PRIu64 "\n", bytes);
	if (!tl_lock_take(file, true, 0) || pwrite(file, text, (size_t)n, 0) != n) {
		tl_error_set(error, TL_EIO, "cannot write %s/%s: %s", folder, name, strerror(errno));
		close(file);
		return TL_EIO;
	}
	return file;
}

void tl_reserve_release(const char *folder, const char *session, int reserve)
{
	char path[PATH_MAX];

	if (reserve < 0)
		return;
	if (snprintf(path, sizeof path, "%s/" PREFIX "%s", folder, session) < (int)sizeof path)
		unlink(path);
	close(reserve);
}
