/* What a reader was given; see roots.h. */
#include "viewer/read/roots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char *join(char *const *paths, size_t n)
{
	size_t size = 1;
	char *text;

	for (size_t i = 0; i < n; i++)
		size += strlen(paths[i]) + 2;
	text = calloc(size, 1);
	for (size_t i = 0; text && i < n; i++)
		snprintf(text + strlen(text), size - strlen(text), "%s%s", i ? ", " : "", paths[i]);
	return text;
}

int tl_roots_init(struct tl_roots *roots, const char *const *paths, size_t n)
{
	*roots = (struct tl_roots){.paths = calloc(n, sizeof *roots->paths)};
	for (size_t i = 0; roots->paths && i < n; i++) {
		size_t length = strlen(paths[i]);

		roots->paths[i] = strdup(paths[i]);
		if (!roots->paths[i])
			return -1;
		roots->n++;
		while (length > 1 && roots->paths[i][length - 1] == '/')
			roots->paths[i][--length] = '\0';
	}
	roots->text = roots->paths ? join(roots->paths, n) : NULL;
	return roots->text ? 0 : -1;
}

void tl_roots_finish(struct tl_roots *roots)
{
	for (size_t i = 0; i < roots->n; i++)
		free(roots->paths[i]);
	free(roots->paths);
	free(roots->text);
	*roots = (struct tl_roots){0};
}

/* Is it a folder that stands in the list already, given twice or by two names? */
static bool is_again(const struct tl_trace_folders *folders, size_t at)
{
	struct stat one, other;

	if (stat(folders->list.items[at].path, &one) != 0)
		return false;
	for (size_t i = 0; i < at; i++)
		if (stat(folders->list.items[i].path, &other) == 0 && one.st_dev == other.st_dev &&
		    one.st_ino == other.st_ino)
			return true;
	return false;
}

int tl_roots_find(const struct tl_roots *roots, struct tl_trace_folders *folders, struct tl_error *error)
{
	int result = 0;
	size_t n = 0;

	for (size_t i = 0; result == 0 && i < roots->n; i++)
		result = tl_trace_folders_find(folders, roots->paths[i], error);
	if (roots->n < 2)
		return result;
	for (size_t i = 0; i < folders->list.n; i++) {
		struct tl_trace_folder folder = folders->list.items[i];

		/* Those that stay are looked at in front of it. */
		folders->list.items[n] = folder;
		if (is_again(folders, n))
			free(folder.path);
		else
			n++;
	}
	folders->list.n = n;
	return result;
}
