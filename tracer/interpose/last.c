/* Ends a process that only LTTng's threads would keep alive; see last.h. */
#include "tracer/interpose/last.h"

#include <ctype.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "tracer/interpose/real.h"
#include "tracer/task.h"

#define NAME "threadline-ust" /* named like LTTng's threads, and like them not traced */
#define PAUSE_NS 5000000

/* Does a thread of the program's live? When that cannot be told, one does. */
static bool program_lives(void)
{
	DIR *threads = opendir("/proc/self/task");
	const struct dirent *entry;
	bool lives = !threads;

	while (!lives && (entry = readdir(threads))) {
		char path[sizeof entry->d_name + sizeof "/proc/self/task//comm"], name[32] = "";
		FILE *file;

		/* The main thread has ended, but stays in the list. */
		if (!isdigit((unsigned char)entry->d_name[0]) || atoi(entry->d_name) == getpid())
			continue;
		snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue; /* it has just ended */
		/* A line, be it empty: a program may take a thread's name away. */
		lives = fgets(name, sizeof name, file) != NULL;
		fclose(file);
		name[strcspn(name, "\n")] = '\0';
		lives = lives && !tl_task_is_lttng_name(name);
	}
	if (threads)
		closedir(threads);
	return lives;
}

static void *wait_for_the_last(void *unused)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};

	tl_thread.ignored = true;
	prctl(PR_SET_NAME, NAME);
	while (program_lives())
		nanosleep(&pause, NULL);
	exit(0); /* as glibc does when the last thread ends */
	return unused;
}

void tl_last_thread_ends(void)
{
	sigset_t all, before;
	pthread_attr_t detached;
	pthread_t thread;

	/* Only the main thread's end leaves the process to the others. */
	if (tl_task_carrier() != (uint32_t)getpid() || pthread_attr_init(&detached) != 0)
		return;
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	tl_real()->pthread_create(&thread, &detached, wait_for_the_last, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&detached);
}
