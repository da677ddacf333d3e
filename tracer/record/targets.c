/* Looks for processes in /proc; see targets.h. The files there: proc(5). */
#include "tracer/record/targets.h"

#include <ctype.h>
#include <dirent.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIBRARY "/libthreadline.so"

static FILE *open_of(pid_t pid, const char *file)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	return fopen(path, "re");
}

bool tl_target_exists(pid_t pid)
{
	FILE *file = pid > 0 ? open_of(pid, "stat") : NULL;

	if (file)
		fclose(file);
	return file != NULL;
}

bool tl_target_carries_library(pid_t pid)
{
	FILE *file = open_of(pid, "maps");
	bool found = false;
	char *line = NULL;
	size_t room = 0;

	while (file && !found && getline(&line, &room, file) > 0)
		found = strstr(line, LIBRARY) != NULL;
	free(line);
	if (file)
		fclose(file);
	return found;
}

bool tl_target_has_variable(pid_t pid, const char *variable)
{
	FILE *file = open_of(pid, "environ");
	size_t room = 0, n = strlen(variable);
	char *text = NULL;
	bool found = false;

	while (file && !found && getdelim(&text, &room, '\0', file) > 0)
		found = strcmp(text, variable) == 0 || (variable[n - 1] == '=' && strncmp(text, variable, n) == 0);
	free(text);
	if (file)
		fclose(file);
	return found;
}

/* The name, the parent and the innermost namespace's number, from /proc/PID/status. */
static bool read_status(struct tl_target *target, pid_t *parent)
{
	FILE *file = open_of(target->pid, "status");
	char line[512], *last;

	*parent = 0;
	target->vpid = target->pid;
	while (file && fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "Name:\t", 6) == 0)
			snprintf(target->name, sizeof target->name, "%.*s", TL_TARGET_NAME - 1, line + 6);
		else if (strncmp(line, "PPid:\t", 6) == 0)
			*parent = (pid_t)strtol(line + 6, NULL, 10);
		else if (strncmp(line, "NSpid:\t", 7) == 0 && (last = strrchr(line, '\t')))
			target->vpid = (pid_t)strtol(last + 1, NULL, 10);
	}
	if (file)
		fclose(file);
	return file != NULL;
}

/* The file name of the program, which may be longer than the process's name. */
static void read_program(pid_t pid, char *name, size_t size)
{
	char path[64], target[PATH_MAX];
	const char *slash;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
	n = readlink(path, target, sizeof target - 1);
	target[n > 0 ? n : 0] = '\0';
	slash = strrchr(target, '/');
	snprintf(name, size, "%.*s", (int)size - 1, slash ? slash + 1 : target);
}

static const struct tl_target *find(const struct tl_targets *targets, pid_t pid)
{
	for (size_t i = 0; i < targets->n; i++)
		if (targets->items[i].pid == pid && !targets->items[i].is_gone)
			return &targets->items[i];
	return NULL;
}

static bool is_meant(const struct tl_targets *targets, const struct tl_target_choice *choice,
		     const struct tl_target *target, pid_t parent)
{
	char program[NAME_MAX + 1];

	if (tl_targets_everything(choice) || find(targets, parent))
		return true;
	for (size_t i = 0; i < choice->n_pids; i++)
		if (choice->pids[i] == target->pid)
			return true;
	read_program(target->pid, program, sizeof program);
	for (size_t i = 0; i < choice->n_names; i++)
		if (fnmatch(choice->names[i], target->name, 0) == 0 || fnmatch(choice->names[i], program, 0) == 0)
			return true;
	return false;
}

size_t tl_targets_look(struct tl_targets *targets, const struct tl_target_choice *choice)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	size_t before = targets->n;

	for (size_t i = 0; i < targets->n; i++)
		targets->items[i].is_gone |= !tl_target_exists(targets->items[i].pid);
	while (processes && targets->n < TL_TARGETS && (entry = readdir(processes))) {
		struct tl_target target = {.pid = (pid_t)atoi(entry->d_name)};
		pid_t parent;

		if (!isdigit((unsigned char)entry->d_name[0]) || find(targets, target.pid) ||
		    !read_status(&target, &parent) || !is_meant(targets, choice, &target, parent) ||
		    !tl_target_carries_library(target.pid))
			continue;
		targets->items[targets->n++] = target;
	}
	if (processes)
		closedir(processes);
	return targets->n - before;
}

size_t tl_targets_living(const struct tl_targets *targets)
{
	size_t n = 0;

	for (size_t i = 0; i < targets->n; i++)
		n += !targets->items[i].is_gone;
	return n;
}
