/* Finds the libraries that are loaded into the command; see launch.h. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tracer/record/launch.h"
#include "tracer/record/self.h"

#define OURS "libthreadline-preload.so"

/* LTTng's own, for programs that fork and for those that close every descriptor. */
static const char *const helpers[] = {"liblttng-ust-fork.so.1", "liblttng-ust-fd.so.1"};

/* Where LTTng's library was when this was built, then where systems keep theirs. */
static const char *const system_folders[] = {
	TL_UST_LIBDIR,    "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib",
	"/usr/local/lib",
};

static bool in_folder(const char *folder, const char *file, char *path, size_t size)
{
	return snprintf(path, size, "%s/%s", folder, file) < (int)size && access(path, R_OK) == 0;
}

static bool find_ours(char *folder, size_t size)
{
	char own[PATH_MAX], path[PATH_MAX];
	/* From the program's folder: build/<preset>/bin, PREFIX/bin, PREFIX/lib/threadline. */
	static const char *const beside[] = {"../lib", "../" TL_LIBDIR, "..", "."};

	for (size_t i = 0; tl_self_folder(own, sizeof own) && i < sizeof beside / sizeof *beside; i++) {
		if (snprintf(folder, size, "%s/%s", own, beside[i]) >= (int)size)
			continue;
		if (in_folder(folder, OURS, path, sizeof path))
			return true;
	}
	return snprintf(folder, size, "%s", TL_INSTALLED_LIBDIR) < (int)size &&
	       in_folder(folder, OURS, path, sizeof path);
}

static void add(struct tl_injection *injection, const char *library)
{
	size_t n = strlen(injection->preload);

	snprintf(injection->preload + n, sizeof injection->preload - n, "%s%s", n ? ":" : "", library);
}

static void add_helpers(struct tl_injection *injection)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
		for (size_t j = 0; j < sizeof system_folders / sizeof *system_folders; j++)
			if (in_folder(system_folders[j], helpers[i], path, sizeof path)) {
				add(injection, path);
				break;
			}
}

int tl_injection_init(struct tl_injection *injection, int64_t recording, const char *chosen, struct tl_error *error)
{
	char folder[PATH_MAX], canonical[PATH_MAX], path[PATH_MAX + sizeof OURS + 1];

	memset(injection, 0, sizeof *injection);
	injection->chosen = chosen;
	snprintf(injection->recording, sizeof injection->recording, "%" PRId64, recording);
	if (!find_ours(folder, sizeof folder) || !tl_self_canonical(folder, canonical, sizeof canonical))
		return tl_error_set(error, TL_EIO, "%s was not found, neither beside this program nor in %s", OURS,
				    TL_INSTALLED_LIBDIR);
	snprintf(path, sizeof path, "%s/%s", canonical, OURS);
	/* LD_PRELOAD has no quoting: a path with a space goes through the search path instead. */
	if (strpbrk(path, " \t\n:")) {
		if (strpbrk(canonical, ":;"))
			return tl_error_set(error, TL_EIO,
					    "%s cannot be loaded from %s: the loader allows no ':' or ';' in a path",
					    OURS, canonical);
		snprintf(injection->library_path, sizeof injection->library_path, "%s", canonical);
		add(injection, OURS);
	} else {
		add(injection, path);
	}
	add_helpers(injection);
	return 0;
}
