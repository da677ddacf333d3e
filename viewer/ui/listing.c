/* Files of source code, kept in memory; see listing.h. */
#include "viewer/ui/listing.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/base/vec.h"

#define FILES 4
#define MOST_BYTES (4 << 20)

struct file {
	char *path, *text; /* text NULL: cannot be shown */
	size_t size;
	TL_VEC(size_t) lines; /* where each begins */
};

struct tl_listing {
	struct file files[FILES];
	unsigned next; /* to be replaced */
};

struct tl_listing *tl_listing_create(void)
{
	return calloc(1, sizeof(struct tl_listing));
}

static void forget(struct file *file)
{
	free(file->path);
	free(file->text);
	tl_vec_finish(&file->lines);
	memset(file, 0, sizeof *file);
}

void tl_listing_destroy(struct tl_listing *text)
{
	for (int i = 0; text && i < FILES; i++)
		forget(&text->files[i]);
	free(text);
}

/* The file's bytes, or NULL. Opening must neither wait (a pipe) nor have an effect (a terminal). */
static char *read_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char *text = NULL;
	ssize_t n;

	*size = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= MOST_BYTES)
		text = malloc((size_t)st.st_size);
	while (text && *size < (size_t)st.st_size && (n = read(fd, text + *size, (size_t)st.st_size - *size)) > 0)
		*size += (size_t)n;
	close(fd);
	return text;
}

static void load(struct file *file, const char *path)
{
	forget(file);
	file->path = strdup(path);
	file->text = file->path ? read_file(path, &file->size) : NULL;
	if (!file->text)
		return;
	for (size_t at = 0; at < file->size;) {
		const char *end = memchr(file->text + at, '\n', file->size - at);

		if (tl_vec_push(&file->lines, at) != 0)
			return;
		at = end ? (size_t)(end - file->text) + 1 : file->size;
	}
}

static const struct file *find(struct tl_listing *text, const char *path)
{
	struct file *file;

	for (int i = 0; i < FILES; i++)
		if (text->files[i].path && strcmp(text->files[i].path, path) == 0)
			return &text->files[i];
	file = &text->files[text->next++ % FILES];
	load(file, path);
	return file;
}

const char *tl_listing_line(struct tl_listing *text, const char *path, int line, char *buffer, size_t size)
{
	const struct file *file = text && line > 0 && path[0] == '/' ? find(text, path) : NULL;
	size_t begin, end, n;

	if (!file || !file->text || (size_t)line > file->lines.n)
		return NULL;
	begin = file->lines.items[line - 1];
	end = (size_t)line < file->lines.n ? file->lines.items[line] - 1 : file->size;
	while (end > begin && (file->text[end - 1] == '\n' || file->text[end - 1] == '\r'))
		end--;
	n = end - begin < size - 1 ? end - begin : size - 1;
	memcpy(buffer, file->text + begin, n);
	buffer[n] = '\0';
	return buffer;
}
