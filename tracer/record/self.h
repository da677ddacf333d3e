/* Where this very program is, so that its libraries and siblings are found beside it. */
#ifndef TL_RECORD_SELF_H
#define TL_RECORD_SELF_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder of the running program, from /proc/self/exe; false when it cannot be told. */
static inline bool tl_self_folder(char *folder, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", folder, size - 1);
	char *slash;

	if (n <= 0 || (size_t)n >= size - 1)
		return false;
	folder[n] = '\0';
	slash = strrchr(folder, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

/* The same path without links and dots; `size` is at least PATH_MAX. */
static inline bool tl_self_canonical(const char *path, char *canonical, size_t size)
{
	return size >= PATH_MAX && realpath(path, canonical) != NULL;
}

/* The path of the program `threadline` that belongs to this one: beside it, or where it was installed. */
bool tl_self_threadline(char *path, size_t size);

#endif
