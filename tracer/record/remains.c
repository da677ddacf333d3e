/* The note of where a recording's buffers lie; see remains.h. */
#include "tracer/record/remains.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTE "buffers-in"
#define SHM "/dev/shm/threadline-"

static bool path_of(const char *trace, char path[PATH_MAX])
{
	return snprintf(path, PATH_MAX, "%s/" NOTE, trace) < PATH_MAX;
}

int tl_remains_note(const char *trace, const char *shm, struct tl_error *error)
{
	char path[PATH_MAX];
	int file = path_of(trace, path) ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
	bool written = file >= 0 && dprintf(file, "%s\n", shm) > 0 && fsync(file) == 0;

	if (file >= 0)
		close(file);
	return written ? 0 : tl_error_set(error, TL_EIO, "cannot write %s/" NOTE ": %s", trace, strerror(errno));
}

void tl_remains_forget(const char *trace)
{
	char path[PATH_MAX];

	if (path_of(trace, path))
		unlink(path);
}

/* A trace may come from anywhere: only a folder of this user's, where ours are, is touched. */
bool tl_remains_find(const char *trace, char shm[PATH_MAX])
{
	char path[PATH_MAX];
	struct stat st;
	FILE *file = path_of(trace, path) ? fopen(path, "re") : NULL;
	bool found = file && fgets(shm, PATH_MAX, file) != NULL;

	if (file)
		fclose(file);
	if (!found)
		return false;
	shm[strcspn(shm, "\n")] = '\0';
	return strncmp(shm, SHM, strlen(SHM)) == 0 && !strchr(shm + strlen(SHM), '/') && lstat(shm, &st) == 0 &&
	       S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}
