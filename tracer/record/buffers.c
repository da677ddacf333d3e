/* Sizes of LTTng's buffers; see buffers.h. */
#include "tracer/record/buffers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SHM "/dev/shm"
#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)

/* The smallest sub-buffer that holds the largest event, and the fewest of them. */
#define SIZE_MIN (8 * KIB)
#define COUNT_MIN 2
#define SIZE_MAX_ (4 * MIB)
#define COUNT_MAX 8

/* By default: a burst of 1 M events/s on one processor is held for about a third of a second. */
#define DEFAULT_PER_CPU (18 * MIB)
/* LTTng writes every page when the first program appears, which waits for that. */
#define DEFAULT_TOTAL (256 * MIB)
#define KEEP_COUNT 32
#define KEEP_TOTAL (64 * MIB)

uint64_t tl_buffers_bytes(const struct tl_buffers *buffers)
{
	return buffers->size * (buffers->count + 1) * buffers->cpus;
}

/* The highest number in a list like "0-3,8-11", plus one. */
static unsigned possible_cpus(void)
{
	FILE *file = fopen("/sys/devices/system/cpu/possible", "re");
	unsigned first, last, n = 0;
	char separator;

	if (!file)
		return 0;
	while (fscanf(file, "%u", &first) == 1) {
		last = first;
		if (fscanf(file, "-%u", &last) < 0)
			clearerr(file);
		n = last + 1 > n ? last + 1 : n;
		if (fscanf(file, "%c", &separator) != 1 || separator != ',')
			break;
	}
	fclose(file);
	return n;
}

unsigned tl_buffers_cpus(void)
{
	long configured = sysconf(_SC_NPROCESSORS_CONF);
	unsigned possible = possible_cpus();
	unsigned n = configured > 0 ? (unsigned)configured : 1;

	return possible > n ? possible : n;
}

uint64_t tl_buffers_free(struct tl_error *error)
{
	struct statvfs fs;

	if (statvfs(SHM, &fs) != 0) {
		tl_error_set(error, TL_EIO, "cannot look at %s, where the buffers have to live: %s", SHM,
			     strerror(errno));
		return 0;
	}
	if (access(SHM, W_OK | X_OK) != 0) {
		tl_error_set(error, TL_EIO, "%s, where the buffers have to live, is not writable: %s", SHM,
			     strerror(errno));
		return 0;
	}
	if (fs.f_bavail == 0)
		tl_error_set(error, TL_ELIMIT, "%s, where the buffers have to live, is full", SHM);
	return (uint64_t)fs.f_bavail * fs.f_frsize;
}

/* The largest sub-buffer of which `count` (and the reader's) fit into `bytes`; 0: none. */
static uint64_t fitting_size(uint64_t bytes, uint64_t count)
{
	uint64_t size = SIZE_MAX_;

	while (size >= SIZE_MIN && size * (count + 1) > bytes)
		size /= 2;
	return size >= SIZE_MIN ? size : 0;
}

static int too_small(uint64_t free_bytes, unsigned cpus, uint64_t wanted, struct tl_error *error)
{
	const uint64_t least = SIZE_MIN * (COUNT_MIN + 1);

	if (wanted && wanted < least)
		return tl_error_set(error, TL_EUSAGE, "--buffer-size must be at least %" PRIu64 "K", least / KIB);
	return tl_error_set(error, TL_ELIMIT,
			    "%s is too small: %" PRIu64 " KiB are free, but %u processors need at least %" PRIu64
			    " KiB there (twice %" PRIu64 " KiB each); enlarge it (mount -o remount,size=64M %s; "
			    "for a container: --shm-size=64m)",
			    SHM, free_bytes / KIB, cpus, 2 * least * cpus / KIB, least / KIB, SHM);
}

int tl_buffers_choose(struct tl_buffers *buffers, uint64_t free_bytes, unsigned cpus, uint64_t wanted,
		      struct tl_error *error)
{
	uint64_t budget = free_bytes / 2 / cpus;
	uint64_t limit = wanted ? wanted : DEFAULT_PER_CPU;

	if (!wanted && limit > DEFAULT_TOTAL / cpus)
		limit = DEFAULT_TOTAL / cpus;
	if (wanted && wanted > budget && budget >= SIZE_MIN * (COUNT_MIN + 1))
		return tl_error_set(error, TL_ELIMIT,
				    "--buffer-size is too large: %u processors of %" PRIu64
				    " KiB each do not fit into half of the %" PRIu64 " KiB free in %s (at most %" PRIu64
				    "K each)",
				    cpus, wanted / KIB, free_bytes / KIB, SHM, budget / KIB);
	if (limit > budget)
		limit = budget;
	buffers->cpus = cpus;
	for (buffers->count = COUNT_MAX; buffers->count >= COUNT_MIN; buffers->count /= 2) {
		buffers->size = fitting_size(limit, buffers->count);
		if (buffers->size)
			return 0;
	}
	return too_small(free_bytes, cpus, wanted, error);
}

int tl_buffers_keep(struct tl_buffers *buffers, uint64_t free_bytes, unsigned cpus, uint64_t wanted,
		    struct tl_error *error)
{
	uint64_t budget = free_bytes / 2, size = SIZE_MIN;
	uint64_t total = wanted ? wanted : KEEP_TOTAL;
	const uint64_t least = SIZE_MIN * KEEP_COUNT * cpus;

	if (total < least)
		return tl_error_set(error, TL_EUSAGE, "--keep must be at least %" PRIu64 "K for %u processors",
				    least / KIB, cpus);
	/* Beside what is kept there is one for the reader, on each processor. */
	if (total + total / KEEP_COUNT > budget) {
		if (wanted || least + least / KEEP_COUNT > budget)
			return tl_error_set(error, TL_ELIMIT,
					    "--keep is too large: %" PRIu64 " KiB are free in %s, of which half may be "
					    "taken; enlarge it (mount -o remount,size=%" PRIu64
					    "M %s; for a container: "
					    "--shm-size=%" PRIu64 "m)",
					    free_bytes / KIB, SHM, 3 * total / MIB + 1, SHM, 3 * total / MIB + 1);
		total = budget - budget / KEEP_COUNT;
	}
	while (2 * size * KEEP_COUNT * cpus <= total)
		size *= 2;
	*buffers = (struct tl_buffers){.size = size, .count = KEEP_COUNT, .cpus = cpus};
	return 0;
}
