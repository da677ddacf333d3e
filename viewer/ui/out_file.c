/* Files that are whole or not there; see out_file.h. */
#include "viewer/ui/out_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct job {
	int (*write)(FILE *file, const void *data, struct tl_error *error);
	const void *data;
};

/* Writes and closes. */
static int write_all(const struct job *job, FILE *file, const char *path, struct tl_error *error)
{
	int result = job->write(file, job->data, error);

	if (result == 0 && (fflush(file) != 0 || ferror(file)))
		result = tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
	if (fclose(file) != 0 && result == 0)
		result = tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
	return result;
}

/* mkstemp's files are for the owner only; a picture gets the usual rights. */
static void usual_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	(void)!fchmod(fd, 0666 & ~mask);
}

static int write_beside(const struct job *job, char *beside, const char *path, struct tl_error *error)
{
	int fd = mkstemp(beside), result;
	FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;

	if (!file) {
		result = tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
		if (fd >= 0) {
			close(fd);
			unlink(beside);
		}
		return result;
	}
	usual_mode(fd);
	result = write_all(job, file, path, error);
	if (result == 0 && rename(beside, path) != 0)
		result = tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
	if (result != 0)
		unlink(beside);
	return result;
}

int tl_out_file(const char *path, int (*write)(FILE *file, const void *data, struct tl_error *error), const void *data,
		struct tl_error *error)
{
	struct job job = {write, data};
	size_t size = strlen(path) + 8;
	struct stat status;
	char *beside;
	int result;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return tl_error_set(error, TL_EUSAGE, "%s is a folder: name a file to write", path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
		FILE *file = fopen(path, "wb");

		return file ? write_all(&job, file, path, error)
			    : tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
	}
	beside = malloc(size);
	if (!beside)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	snprintf(beside, size, "%s.XXXXXX", path);
	result = write_beside(&job, beside, path, error);
	free(beside);
	return result;
}
