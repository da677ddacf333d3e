/* The folder a recording is written to; see output.h. */
#include "tracer/record/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define NAMES_MAX 1000
#define OPEN_MAX_ 16

/* LTTng makes folders of its own below: "/ust/uid/4294967295/64-bit/index/threadline_1023.idx" and room to spare. */
#define PATH_BELOW 160

static bool is_empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	bool empty = folder != NULL;

	while (folder && empty && (entry = readdir(folder)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	if (folder)
		closedir(folder);
	return empty;
}

static int make_wanted(struct tl_output *output, const char *wanted, struct tl_error *error)
{
	if (!*wanted)
		return tl_error_set(error, TL_EUSAGE, "the path to record to is empty");
	if (snprintf(output->name, sizeof output->name, "%s", wanted) >= (int)sizeof output->name)
		return tl_error_set(error, TL_EUSAGE, "the path to record to is too long");
	output->made = mkdir(wanted, 0700) == 0;
	if (output->made)
		return 0;
	if (errno != EEXIST)
		return tl_error_set(error, TL_EIO, "cannot make the folder %s: %s", wanted, strerror(errno));
	if (!is_empty_folder(wanted))
		return tl_error_set(error, TL_EUSAGE,
				    "%s exists already and is not overwritten; give another path with -o", wanted);
	/* LTTng's files below may be read by the group: the folder keeps everybody out. */
	if (access(wanted, W_OK | X_OK) != 0 || chmod(wanted, 0700) != 0)
		return tl_error_set(error, TL_EIO, "cannot write to %s: %s", wanted, strerror(errno));
	return 0;
}

static int make_default(struct tl_output *output, const char *program, struct tl_error *error)
{
	const char *slash = strrchr(program, '/');
	const char *base = slash ? slash + 1 : program;
	time_t now = time(NULL);
	char stamp[32], number[16] = "";
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &tm);
	for (int i = 2; i < NAMES_MAX; i++) {
		snprintf(output->name, sizeof output->name, "threadline-%.100s-%s%s", base, stamp, number);
		output->made = mkdir(output->name, 0700) == 0;
		if (output->made)
			return 0;
		if (errno != EEXIST)
			return tl_error_set(error, TL_EIO,
					    "cannot make the folder %s here: %s; give another path with -o",
					    output->name, strerror(errno));
		snprintf(number, sizeof number, "-%d", i);
	}
	return tl_error_set(error, TL_ELIMIT, "every name like %s is taken", output->name);
}

static int resolve(struct tl_output *output, struct tl_error *error)
{
	if (!realpath(output->name, output->path))
		return tl_error_set(error, TL_EIO, "cannot resolve %s: %s", output->name, strerror(errno));
	if (strlen(output->path) + PATH_BELOW >= PATH_MAX)
		return tl_error_set(error, TL_EUSAGE, "the path to record to is too long: %zu bytes, LTTng allows %d",
				    strlen(output->path), PATH_MAX - PATH_BELOW);
	return 0;
}

int tl_output_create(struct tl_output *output, const char *wanted, const char *program, struct tl_error *error)
{
	int code;

	memset(output, 0, sizeof *output);
	code = wanted ? make_wanted(output, wanted, error) : make_default(output, program, error);
	if (code != 0)
		return code;
	code = resolve(output, error);
	if (code != 0)
		tl_output_remove(output);
	return code;
}

int tl_output_create_temporary(struct tl_output *output, struct tl_error *error)
{
	const char *folder = getenv("TMPDIR");
	int code;

	memset(output, 0, sizeof *output);
	if (!folder || !*folder)
		folder = "/tmp";
	if (snprintf(output->name, sizeof output->name, "%s/threadline-XXXXXX", folder) >= (int)sizeof output->name)
		return tl_error_set(error, TL_EUSAGE, "TMPDIR is too long");
	output->made = mkdtemp(output->name) != NULL;
	if (!output->made)
		return tl_error_set(error, TL_EIO, "cannot make a folder in %s: %s; give one with -o", folder,
				    strerror(errno));
	code = resolve(output, error);
	if (code != 0)
		tl_output_remove(output);
	return code;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	if (ftw->level > 0)
		remove(path);
	return 0;
}

void tl_output_remove_folder(const char *path)
{
	nftw(path, remove_entry, OPEN_MAX_, FTW_DEPTH | FTW_PHYS);
	rmdir(path);
}

uint64_t tl_output_room(const struct tl_output *output)
{
	struct statvfs fs;

	return statvfs(output->path, &fs) == 0 ? (uint64_t)fs.f_bavail * fs.f_frsize : UINT64_MAX;
}

void tl_output_remove(struct tl_output *output)
{
	if (output->path[0])
		nftw(output->path, remove_entry, OPEN_MAX_, FTW_DEPTH | FTW_PHYS);
	if (output->made)
		rmdir(output->path[0] ? output->path : output->name);
	output->made = false;
}

/* nftw passes nothing through; the recorder has one thread and one output. */
static uint64_t bytes_seen;

static int add_bytes(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path;
	(void)ftw;
	if (type == FTW_F)
		bytes_seen += (uint64_t)st->st_size;
	return 0;
}

uint64_t tl_output_bytes(const struct tl_output *output)
{
	bytes_seen = 0;
	nftw(output->path, add_bytes, OPEN_MAX_, FTW_PHYS);
	return bytes_seen;
}
