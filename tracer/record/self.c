/* Finds the programs beside this one; see self.h. */
#include "tracer/record/self.h"

#define PROGRAM "threadline"

bool tl_self_threadline(char *path, size_t size)
{
	static const char *const beside[] = {".", "../bin", "../../bin"};
	char own[PATH_MAX];

	for (size_t i = 0; tl_self_folder(own, sizeof own) && i < sizeof beside / sizeof *beside; i++)
		if (snprintf(path, size, "%s/%s/%s", own, beside[i], PROGRAM) < (int)size && access(path, X_OK) == 0)
			return true;
	return snprintf(path, size, "%s/%s", TL_INSTALLED_BINDIR, PROGRAM) < (int)size && access(path, X_OK) == 0;
}
