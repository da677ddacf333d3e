/* Lock files; see lock.h. */
#include "tracer/record/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

#include "tracer/record/clock.h"

#define PAUSE_MS 5

int tl_lock_open(const char *folder, const char *name, struct tl_error *error)
{
	char path[PATH_MAX];
	int lock;

	if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
		return tl_error_set(error, TL_ELIMIT, "the path of %s is too long", name);
	lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock < 0)
		return tl_error_set(error, TL_EIO, "cannot open %s: %s", path, strerror(errno));
	return lock;
}

bool tl_lock_take(int lock, bool exclusive, int limit_ms)
{
	int64_t deadline_ns = tl_clock_after_ms(limit_ms);
	int how = (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB;

	while (flock(lock, how) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		if (tl_clock_left_ms(deadline_ns) == 0)
			return false;
		tl_clock_sleep_ms(PAUSE_MS);
	}
	return true;
}

void tl_lock_release(int lock)
{
	flock(lock, LOCK_UN);
}
