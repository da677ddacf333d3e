/* Finds the latest snapshot in a folder of them; see snapshots.h. */
#include "viewer/read/snapshots.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LIST "snapshots"
#define NAME_ROOM 256 /* of a line; what is longer is none of ours */

/* A name that leads nowhere else, of a folder that is there. */
static bool is_there(const char *folder, const char *name, char path[PATH_MAX])
{
	struct stat st;

	return name[0] && name[0] != '.' && !strchr(name, '/') &&
	       snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX && stat(path, &st) == 0 &&
	       S_ISDIR(st.st_mode);
}

/* Puts it before those that came earlier; where room ends the earliest go. */
static void push(char *others, const char *name)
{
	char before[TL_SNAPSHOT_TEXT];

	memcpy(before, others, sizeof before);
	if (snprintf(others, TL_SNAPSHOT_TEXT, "%s%s%s", name, before[0] ? ", " : "", before) >= TL_SNAPSHOT_TEXT)
		memcpy(others + TL_SNAPSHOT_TEXT - 4, "...", 4);
}

bool tl_snapshots_find(struct tl_snapshots *snapshots, const char *path)
{
	char list[PATH_MAX], line[NAME_ROOM], latest[NAME_ROOM] = "", found[PATH_MAX];
	FILE *file = snprintf(list, sizeof list, "%s/" LIST, path) < (int)sizeof list ? fopen(list, "re") : NULL;
	struct stat st;

	memset(snapshots, 0, sizeof *snapshots);
	if (!file || fstat(fileno(file), &st) != 0 || !S_ISREG(st.st_mode)) {
		if (file)
			fclose(file);
		return false;
	}
	while (fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!is_there(path, line, found))
			continue;
		if (latest[0])
			push(snapshots->others, latest);
		memcpy(latest, line, sizeof latest);
		memcpy(snapshots->path, found, sizeof found);
		snapshots->n++;
	}
	fclose(file);
	return snapshots->n > 0;
}

/* Digits for 'd', anything of "+-" for 's', other characters for themselves. */
static bool begins_as(const char *text, const char *form)
{
	for (; *form; form++, text++)
		if (*form == 'd'   ? !isdigit((unsigned char)*text)
		    : *form == 's' ? *text != '+' && *text != '-'
				   : *text != *form)
			return false;
	return true;
}

bool tl_snapshot_is_cut(const char *path)
{
	char real[PATH_MAX], mark[PATH_MAX];
	struct stat st;

	if (snprintf(mark, sizeof mark, "%s/snapshot", path) < (int)sizeof mark && lstat(mark, &st) == 0 &&
	    S_ISREG(st.st_mode))
		return true;
	/* Given the folder itself, or the one of one user below it. */
	if (!realpath(path, real))
		return false;
	for (char *slash; (slash = strrchr(real, '/')); *slash = '\0')
		if (begins_as(slash + 1, "ddddddddTddddddsdddd-ddddddddTdddddd"))
			return true;
	return false;
}
