/* Looks for folders with a `metadata` file; see discover.h. */
#include "viewer/read/discover.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 32
#define HEAD_BYTES 65536 /* of a metadata file, to look for the UUID in */

/* First word of each packet of packetized metadata (CTF 1.8.3, section 7.1), then the UUID. */
static const unsigned char magic_little[] = {0x57, 0x1d, 0xd1, 0x75};
static const unsigned char magic_big[] = {0x75, 0xd1, 0x1d, 0x57};

void tl_trace_folders_finish(struct tl_trace_folders *folders)
{
	for (size_t i = 0; i < folders->list.n; i++)
		free(folders->list.items[i].path);
	tl_vec_finish(&folders->list);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool tl_uuid_parse(const char *text, const char *end, uint8_t uuid[16])
{
	for (int i = 0; i < 16; i++) {
		if (text < end && *text == '-')
			text++;
		if (end - text < 2 || hex(text[0]) < 0 || hex(text[1]) < 0)
			return false;
		uuid[i] = (uint8_t)(hex(text[0]) << 4 | hex(text[1]));
		text += 2;
	}
	return true;
}

/* The UUID of plain text: in the trace block, `uuid = "..."`. */
static bool find_uuid(const char *text, uint8_t uuid[16])
{
	const char *block = text, *end, *at;

	do {
		block = strstr(block, "trace");
		if (!block)
			return false;
		block += strlen("trace");
	} while (block[strspn(block, " \t\r\n")] != '{');
	at = strstr(block, "uuid");
	end = strstr(block, "};");
	if (!at || (end && end < at))
		return false;
	at += strlen("uuid");
	at += strspn(at, " \t\r\n=");
	return *at == '"' && tl_uuid_parse(at + 1, at + strlen(at), uuid);
}

static void read_uuid(const char *metadata, struct tl_trace_folder *folder)
{
	static const size_t at = sizeof magic_little;
	char *head = calloc(1, HEAD_BYTES + 1);
	FILE *file = fopen(metadata, "rb");
	size_t n = head && file ? fread(head, 1, HEAD_BYTES, file) : 0;

	if (n >= at + 16 && (memcmp(head, magic_little, at) == 0 || memcmp(head, magic_big, at) == 0)) {
		memcpy(folder->uuid, head + at, 16);
		folder->has_uuid = true;
	} else if (n) {
		folder->has_uuid = find_uuid(head, folder->uuid);
	}
	if (file)
		fclose(file);
	free(head);
}

static int add(struct tl_trace_folders *folders, const char *path, const char *metadata, struct tl_error *error)
{
	struct tl_trace_folder folder = {.path = strdup(path)};

	if (folder.path && tl_vec_push(&folders->list, folder) == 0) {
		read_uuid(metadata, &folders->list.items[folders->list.n - 1]);
		return 0;
	}
	free(folder.path);
	return tl_error_set(error, TL_ENOMEM, "out of memory");
}

/* Files with anything in them, beside the metadata? */
static bool has_streams(const char *path)
{
	const struct dirent *entry;
	char child[PATH_MAX];
	bool found = false;
	struct stat st;
	DIR *dir = opendir(path);

	while (dir && !found && (entry = readdir(dir)))
		found = entry->d_name[0] != '.' &&
			snprintf(child, sizeof child, "%s/%s", path, entry->d_name) < (int)sizeof child &&
			stat(child, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
	if (dir)
		closedir(dir);
	return found;
}

/* One level; `depth` levels above it. A folder that cannot be listed below the first is an error too: silence would hide streams. */
static int search(struct tl_trace_folders *folders, const char *path, int depth, struct tl_error *error)
{
	char child[PATH_MAX];
	struct dirent *entry;
	bool is_trace = false;
	struct stat st;
	int result = 0;
	DIR *dir;

	if (depth > DEPTH_MAX)
		return tl_error_set(error, TL_ELIMIT, "%s: folders nested more than %d deep", path, DEPTH_MAX);
	dir = opendir(path);
	if (!dir)
		return tl_error_set(error, TL_EIO, "%s: cannot be listed: %s", path, strerror(errno));
	if (snprintf(child, sizeof child, "%s/metadata", path) < (int)sizeof child && stat(child, &st) == 0 &&
	    S_ISREG(st.st_mode)) {
		is_trace = true;
		/* Cut off before anything arrived: it keeps nobody from reading the others. */
		if (st.st_size > 0 || has_streams(path))
			result = add(folders, path, child, error);
		else
			folders->n_empty++;
	}
	while (result == 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || (is_trace && strcmp(entry->d_name, "index") == 0))
			continue;
		if (snprintf(child, sizeof child, "%s/%s", path, entry->d_name) >= (int)sizeof child)
			result = tl_error_set(error, TL_ELIMIT, "%s: path too long", path);
		else if (lstat(child, &st) == 0 && S_ISDIR(st.st_mode))
			result = search(folders, child, depth + 1, error);
	}
	closedir(dir);
	return result;
}

static int compare(const void *a, const void *b)
{
	const struct tl_trace_folder *x = a, *y = b;
	int order = x->has_uuid && y->has_uuid ? memcmp(x->uuid, y->uuid, sizeof x->uuid)
					       : (int)x->has_uuid - (int)y->has_uuid;

	return order ? order : strcmp(x->path, y->path);
}

int tl_trace_folders_find(struct tl_trace_folders *folders, const char *path, struct tl_error *error)
{
	size_t n = strlen(path), before = folders->list.n;
	char *root = strdup(path);
	int result;

	if (!root)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	while (n > 1 && root[n - 1] == '/')
		root[--n] = '\0';
	result = search(folders, root, 0, error);
	free(root);
	if (result == 0 && folders->list.n == before && folders->n_empty)
		result = tl_error_set(error, TL_EFORMAT, "%s: the trace is empty: nothing has been written to it",
				      path);
	else if (result == 0 && folders->list.n == before)
		result = tl_error_set(error, TL_EFORMAT,
				      "%s: no trace in this folder: none at or below it holds a file \"metadata\"",
				      path);
	if (folders->list.n)
		qsort(folders->list.items, folders->list.n, sizeof *folders->list.items, compare);
	return result;
}
