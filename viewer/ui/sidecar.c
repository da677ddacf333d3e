/* Where the files of a trace are, and how one is read; see sidecar.h. */
#include "viewer/ui/sidecar.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/ui/sidecar_file.h"

#define MOST_BYTES (4 << 20)

/* ---- paths ---------------------------------------------------------------------- */

static char *print_path(const char *format, const char *a, const char *b)
{
	char *path = NULL;

	return asprintf(&path, format, a, b) < 0 ? NULL : path;
}

/* The folder for what programs remember, made if it is not there; NULL: there is none. */
static char *state_folder(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *folder, *slash;

	/* The standard says: a path that is not absolute is to be ignored. */
	if (state && state[0] == '/')
		folder = print_path("%s%s", state, "/threadline");
	else if (home && home[0] == '/')
		folder = print_path("%s%s", home, "/.local/state/threadline");
	else
		return NULL;
	for (slash = folder; slash && (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		(void)!mkdir(folder, 0700);
		*slash = '/';
	}
	if (folder)
		(void)!mkdir(folder, 0700);
	return folder;
}

/* FNV-1a of the path, or of several: many traces have the same name. */
static uint64_t hash_of(const char *path)
{
	uint64_t hash = 14695981039346656037u;

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * 1099511628211u;
	return hash;
}

/* Can a file be made in the folder in which `path` is, or the one that is there be replaced? */
static bool can_write(const char *path)
{
	char *folder = strdup(path), *slash = folder ? strrchr(folder, '/') : NULL;
	bool can;

	if (slash)
		slash[slash == folder] = '\0';
	can = folder && access(slash ? folder : ".", W_OK) == 0;
	free(folder);
	return can;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The whole paths of all traces, in an order of their own, each once, as one text; NULL: one is not there, or no memory. */
static char *whole_paths(const char *const *traces, size_t n, size_t *distinct)
{
	char **paths = calloc(n + 1, sizeof *paths), *all = NULL;
	size_t size = 0, known = 0;
	FILE *out = paths ? open_memstream(&all, &size) : NULL;

	while (out && known < n && (paths[known] = realpath(traces[known], NULL)))
		known++;
	if (out)
		qsort(paths, known, sizeof *paths, compare_paths);
	for (size_t i = 0; out && i < known; i++)
		if (i == 0 || strcmp(paths[i], paths[i - 1]) != 0)
			fprintf(out, "%s%s", (*distinct)++ ? "\n" : "", paths[i]);
	if (out && (fclose(out) != 0 || known < n)) {
		free(all);
		all = NULL;
	}
	while (known > 0)
		free(paths[--known]);
	free(paths);
	return all;
}

int tl_sidecar_init(struct tl_sidecar *sidecar, const char *const *traces, size_t n, const struct tl_model *model)
{
	size_t distinct = 0;
	char *whole = whole_paths(traces, n, &distinct), *folder = state_folder();
	char *beside = whole && distinct == 1 ? print_path("%s%s", whole, ".threadline-notes") : NULL;
	char name[64];

	*sidecar = (struct tl_sidecar){.epoch_ns = model->epoch_ns, .end_ns = model->end_ns};
	if (whole && folder) {
		snprintf(name, sizeof name, "/%016" PRIx64 ".view", hash_of(whole));
		sidecar->view_path = print_path("%s%s", folder, name);
		snprintf(name, sizeof name, "/%016" PRIx64 ".notes", hash_of(whole));
	}
	/* Notes that are there are read there, even if they cannot be written. */
	if (beside && (can_write(beside) || access(beside, F_OK) == 0)) {
		sidecar->notes_path = beside;
		beside = NULL;
	} else if (whole && folder) {
		sidecar->notes_path = print_path("%s%s", folder, name);
	}
	free(beside);
	free(folder);
	free(whole);
	return whole && !sidecar->notes_path && folder ? TL_ENOMEM : 0;
}

void tl_sidecar_finish(struct tl_sidecar *sidecar)
{
	free(sidecar->notes_path);
	free(sidecar->view_path);
	sidecar->notes_path = sidecar->view_path = NULL;
}

/* ---- reading --------------------------------------------------------------------- */

/* All of a regular file; NULL with `error` set, or without when there is none. */
static char *read_all(const char *path, size_t *size, struct tl_error *error)
{
	/* A link or a pipe under this name is not what we wrote. */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	char *text = NULL;
	size_t at = 0;

	if (fd < 0) {
		if (errno != ENOENT)
			tl_error_set(error, TL_EIO, "%s: %s", path, errno == ELOOP ? "is a link" : strerror(errno));
		return NULL;
	}
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		tl_error_set(error, TL_EFORMAT, "%s: is not a regular file", path);
	else if (status.st_size > MOST_BYTES)
		tl_error_set(error, TL_EFORMAT, "%s: is larger than %d MiB", path, MOST_BYTES >> 20);
	else if (!(text = malloc((size_t)status.st_size + 1)))
		tl_error_set(error, TL_ENOMEM, "out of memory for %s", path);
	while (text && at < (size_t)status.st_size) {
		ssize_t n = read(fd, text + at, (size_t)status.st_size - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		at += (size_t)n;
	}
	close(fd);
	if (text)
		text[at] = '\0';
	*size = at;
	return text;
}

/* The first two lines say what the file is, and of which trace. Returns the rest, or NULL with `error` set. */
static char *check_head(const struct tl_sidecar *sidecar, char *text, const char *magic, const char *path,
			struct tl_error *error)
{
	char want[128];
	size_t n = strlen(magic);

	if (strncmp(text, magic, n) != 0) {
		tl_error_set(error, TL_EFORMAT, "%s: does not begin with \"%.*s\"", path, (int)n - 1, magic);
		return NULL;
	}
	snprintf(want, sizeof want, "trace %" PRId64 " %" PRId64 "\n", sidecar->epoch_ns, sidecar->end_ns);
	if (strncmp(text + n, want, strlen(want)) != 0) {
		tl_error_set(error, TL_EFORMAT, "%s: is of another trace", path);
		return NULL;
	}
	return text + n + strlen(want);
}

int tl_sidecar_read(const struct tl_sidecar *sidecar, const char *path, const char *magic,
		    bool (*take)(void *data, char *line), void *data, struct tl_error *error)
{
	struct tl_error own;
	size_t size, number = 3;
	char *text, *line;

	tl_error_init(&own);
	text = path ? read_all(path, &size, &own) : NULL;
	if (text && strlen(text) != size)
		tl_error_set(&own, TL_EFORMAT, "%s: has a byte 0 in it", path);
	line = text && own.n == 0 ? check_head(sidecar, text, magic, path, &own) : NULL;
	for (char *end; line && *line; line = end + 1, number++) {
		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		if (!end || !take(data, line)) {
			tl_error_set(&own, TL_EFORMAT, "%s: line %zu is not understood", path, number);
			break;
		}
	}
	free(text);
	if (own.n > 0 && error)
		*error = own;
	return own.n > 0 ? own.code : 0;
}

bool tl_sidecar_number(char **text, int64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoll(*text, &end, 10);
	if (errno != 0 || end == *text || (*end != ' ' && *end != '\0') || **text == ' ')
		return false;
	*text = *end ? end + 1 : end;
	return true;
}
