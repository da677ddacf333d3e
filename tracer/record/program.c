/* Finds and judges the program to be recorded; see program.h. */
#include "tracer/record/program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SCRIPT_DEPTH 4 /* as the kernel: an interpreter may be a script itself */
#define HEADERS_MAX 512

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#else
#define OUR_MACHINE EM_NONE /* not judged */
#endif

#define OUR_CLASS (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32)

static const char *const obstacle_texts[] = {
	[TL_OBSTACLE_NONE] = "",
	[TL_OBSTACLE_STATIC] = "is statically linked, so nothing can be loaded into it",
	[TL_OBSTACLE_SETUID] = "gains privileges when it starts (setuid, setgid or capabilities), so the system "
			       "loads nothing into it",
	[TL_OBSTACLE_FOREIGN] = "is built for another architecture than Threadline",
};

const char *tl_obstacle_text(enum tl_obstacle obstacle)
{
	return obstacle_texts[obstacle];
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

/* The first executable `name` along PATH, else the first that is there at all. */
static bool search(const char *name, char *path)
{
	const char *at = getenv("PATH");
	char candidate[PATH_MAX];
	bool found = false;

	if (!at)
		at = "/bin:/usr/bin";
	for (;;) {
		size_t n = strcspn(at, ":");
		int length = n == 0 ? snprintf(candidate, sizeof candidate, "./%s", name)
				    : snprintf(candidate, sizeof candidate, "%.*s/%s", (int)n, at, name);

		if (length < (int)sizeof candidate && is_file(candidate)) {
			bool executable = access(candidate, X_OK) == 0;

			if (executable || !found)
				memcpy(path, candidate, (size_t)length + 1);
			found = true;
			if (executable)
				return true;
		}
		if (at[n] == '\0')
			return found;
		at += n + 1;
	}
}

static bool gains_privileges(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	if ((st.st_mode & S_ISUID) && st.st_uid != getuid())
		return true;
	if ((st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) && st.st_gid != getgid())
		return true;
	return getuid() != 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

/* Of our own class and machine only: has it a program header of this type? */
static bool has_header(int fd, const ElfW(Ehdr) * elf, uint32_t type)
{
	for (int i = 0; i < elf->e_phnum && i < HEADERS_MAX; i++) {
		ElfW(Phdr) header;
		off_t at = (off_t)(elf->e_phoff + (uint64_t)i * sizeof header);

		if (pread(fd, &header, sizeof header, at) != (ssize_t)sizeof header)
			return false;
		if (header.p_type == type)
			return true;
	}
	return false;
}

static enum tl_obstacle judge_elf(int fd, const ElfW(Ehdr) * elf)
{
	if (elf->e_ident[EI_CLASS] != OUR_CLASS)
		return TL_OBSTACLE_FOREIGN;
	if (OUR_MACHINE != EM_NONE && elf->e_machine != OUR_MACHINE)
		return TL_OBSTACLE_FOREIGN;
	if (gains_privileges(fd))
		return TL_OBSTACLE_SETUID;
	/* A static-pie has PT_DYNAMIC, but nobody who would read LD_PRELOAD. */
	return has_header(fd, elf, PT_INTERP) ? TL_OBSTACLE_NONE : TL_OBSTACLE_STATIC;
}

/* "#!/usr/bin/env python3" runs python3, "#!/bin/sh -e" runs /bin/sh: into `next`. */
static bool interpreter(char *line, char *next)
{
	char *end, *save = NULL, *word;

	end = strpbrk(line, "\n");
	if (!end)
		return false;
	*end = '\0';
	word = strtok_r(line + 2, " \t", &save);
	if (!word)
		return false;
	if (strcmp(word, "/usr/bin/env") == 0 || strcmp(word, "/bin/env") == 0) {
		word = strtok_r(NULL, " \t", &save);
		/* With options of env's own we judge nothing. */
		return word && *word != '-' && search(word, next);
	}
	return snprintf(next, PATH_MAX, "%s", word) < PATH_MAX;
}

/* Judges what the kernel would load for program->seen, following scripts. */
static enum tl_obstacle judge(struct tl_program *program)
{
	union {
		ElfW(Ehdr) elf;
		char text[256];
	} head;
	enum tl_obstacle obstacle = TL_OBSTACLE_NONE;

	for (int depth = 0; depth < SCRIPT_DEPTH; depth++) {
		int fd = open(program->seen, O_RDONLY | O_CLOEXEC);
		ssize_t n;
		bool script;

		if (fd < 0)
			return TL_OBSTACLE_NONE;
		memset(&head, 0, sizeof head);
		n = pread(fd, &head, sizeof head - 1, 0);
		if (n >= (ssize_t)sizeof head.elf && memcmp(head.elf.e_ident, ELFMAG, SELFMAG) == 0) {
			obstacle = judge_elf(fd, &head.elf);
			program->binary = depth == 0;
		}
		close(fd);
		script = n > 2 && memcmp(head.text, "#!", 2) == 0;
		if (!script || !interpreter(head.text, program->seen))
			return obstacle;
	}
	return TL_OBSTACLE_NONE;
}

int tl_program_find(struct tl_program *program, const char *name, struct tl_error *error)
{
	memset(program, 0, sizeof *program);
	if (strchr(name, '/')) {
		if (strlen(name) >= sizeof program->path || !is_file(name)) {
			tl_error_set(error, TL_EUSAGE, "%s: %s", name,
				     access(name, F_OK) == 0 ? "is a folder, not a program" : strerror(errno));
			return access(name, F_OK) == 0 ? TL_EXIT_NOT_EXECUTABLE : TL_EXIT_NOT_FOUND;
		}
		snprintf(program->path, sizeof program->path, "%s", name);
	} else if (!*name || !search(name, program->path)) {
		tl_error_set(error, TL_EUSAGE, "%s: command not found", name);
		return TL_EXIT_NOT_FOUND;
	}
	if (access(program->path, X_OK) != 0) {
		tl_error_set(error, TL_EUSAGE, "%s: %s", program->path, strerror(errno));
		return TL_EXIT_NOT_EXECUTABLE;
	}
	memcpy(program->seen, program->path, sizeof program->seen);
	program->obstacle = judge(program);
	return 0;
}
