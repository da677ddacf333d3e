/*
 * Daemons that close every descriptor must not close LTTng's: its next write
 * would go into whatever file the program opens under the same number. close()
 * and fclose() are covered by LTTng's own liblttng-ust-fd.so; this covers
 * close_range() and closefrom(), which it leaves out, and the same by syscall(). And programs that choose a
 * number themselves (dup2, a shell's `exec 3>file`) must not meet LTTng's or libunwind's
 * there: those are moved out of the way.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <linux/close_range.h>
#include <sys/syscall.h>

#include "tracer/interpose/process.h"
#include "tracer/interpose/real.h"
#include "tracer/process.h"

#define KEPT_MAX 256
#define MOVED_MIN 200     /* LTTng's descriptors get numbers from here on, where the limit allows */
#define PROBE_LIMIT 4096u /* descriptors looked at one by one without /proc */

struct kept {
	unsigned n;
	unsigned fds[KEPT_MAX]; /* ascending */
};

/* Of liblttng-ust-common: closes unless LTTng owns the descriptor. No header declares it. */
typedef int safe_close_function(int fd, int (*close_callback)(int fd));

static safe_close_function *safe_close(void)
{
	static safe_close_function *found;

	if (!found)
		*(void **)&found = dlsym(RTLD_DEFAULT, "lttng_ust_safe_close_fd");
	return found;
}

static int leave_open(int fd)
{
	(void)fd;
	return 0;
}

static void keep(struct kept *kept, unsigned fd)
{
	unsigned at = kept->n;

	if (kept->n == KEPT_MAX || safe_close()((int)fd, leave_open) == 0)
		return;
	for (; at > 0 && kept->fds[at - 1] > fd; at--)
		kept->fds[at] = kept->fds[at - 1];
	kept->fds[at] = fd;
	kept->n++;
}

struct directory_entry { /* as getdents64(2) has it */
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* By /proc and without opendir(), which would call the program's malloc. */
static bool find_by_proc(struct kept *kept, unsigned first, unsigned last)
{
	_Alignas(struct directory_entry) char buffer[4096];
	/* By syscall: open() is a cancellation point, which close_range() is not. */
	int directory = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long got;

	if (directory < 0)
		return false;
	while ((got = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0) {
		for (long at = 0; at < got;) {
			const struct directory_entry *entry = (const void *)(buffer + at);
			char *end;
			unsigned long fd = strtoul(entry->name, &end, 10);

			if (*end == '\0' && end != entry->name && fd >= first && fd <= last && (int)fd != directory)
				keep(kept, (unsigned)fd);
			at += entry->length;
		}
	}
	tl_real()->syscall(SYS_close, directory);
	return got == 0;
}

static void find_kept(struct kept *kept, unsigned first, unsigned last)
{
	kept->n = 0;
	if (find_by_proc(kept, first, last))
		return;
	kept->n = 0;
	for (unsigned fd = first; fd <= last && fd < PROBE_LIMIT; fd++)
		keep(kept, fd);
}

/* Closes what lies between the descriptors that are kept. */
static int close_around(const struct kept *kept, unsigned first, unsigned last, int flags)
{
	int result = 0;

	for (unsigned i = 0; i <= kept->n && result == 0; i++) {
		bool is_end = i == kept->n;
		unsigned end = is_end ? last : kept->fds[i];

		if (is_end ? first <= last : first < end)
			result = tl_real()->close_range(first, is_end ? end : end - 1, flags);
		if (is_end || end == UINT_MAX)
			break;
		first = end + 1;
	}
	return result;
}

TL_WRAPPER int close_range(unsigned first, unsigned last, int flags)
{
	struct kept kept;

	/* A vfork's child has a descriptor table of its own and is about to exec. */
	if (!safe_close() || !tl_process_is_self() || first > last || (flags & CLOSE_RANGE_CLOEXEC))
		return tl_real()->close_range(first, last, flags);
	find_kept(&kept, first, last);
	return close_around(&kept, first, last, flags);
}

/* The descriptor under a high number instead, or as it was where that cannot be. */
static int move_away(int fd)
{
	int saved = errno, moved = fd < MOVED_MIN ? fcntl(fd, F_DUPFD_CLOEXEC, MOVED_MIN) : -1;

	if (moved >= 0)
		tl_real()->syscall(SYS_close, fd);
	errno = saved;
	return moved >= 0 ? moved : fd;
}

/*
 * Called by LTTng, with its lock held, for each descriptor that it begins to
 * use; it goes on with the number that is returned.
 */
extern TL_WRAPPER int lttng_ust_add_fd_to_tracker(int fd);
int lttng_ust_add_fd_to_tracker(int fd)
{
	static int (*real)(int);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "lttng_ust_add_fd_to_tracker");
	if (!real)
		return fd;
	return real(move_away(fd));
}

/*
 * libunwind's, too, which writes to a pipe whether an address may be read, and reads
 * it again: when the program has closed it, from whatever the program has there now.
 * So LTTng keeps these as it keeps its own.
 */
TL_WRAPPER int pipe2(int fds[2], int flags)
{
	const struct tl_real *real = tl_real();
	int result = real->pipe2(fds, flags);

	if (result != 0 || tl_thread.guard == 0)
		return result;
	if (!real->lttng_ust_lock_fd_tracker || !real->lttng_ust_unlock_fd_tracker)
		return result;
	real->lttng_ust_lock_fd_tracker();
	for (int i = 0; i < 2; i++)
		fds[i] = lttng_ust_add_fd_to_tracker(fds[i]);
	real->lttng_ust_unlock_fd_tracker();
	return result;
}

TL_WRAPPER void closefrom(int first)
{
	close_range(first > 0 ? (unsigned)first : 0, UINT_MAX, 0);
}

static int close_really(int fd)
{
	return (int)tl_real()->syscall(SYS_close, fd);
}

bool tl_close_by_syscall(long number, const long arguments[], long *result)
{
	if (number == SYS_close && safe_close() && tl_process_is_self())
		*result = safe_close()((int)arguments[0], close_really);
	else if (number == SYS_close_range)
		*result = close_range((unsigned)arguments[0], (unsigned)arguments[1], (int)arguments[2]);
	else
		return false;
	return true;
}
