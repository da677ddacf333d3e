/*
 * A daemon's way to start: closes every descriptor it did not open (how: argv[1]:
 * loop, closefrom, range, or by_syscall), opens a file of its own, works with threads, and looks
 * whether anybody else wrote into its file. Prints nothing: status 0, or what failed.
 */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "threadline/threadline.h"

#define FILES 300 /* more than the numbers that are free below those of the tracer */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *unused)
{
	(void)unused;
	/* Many times a sub-buffer: LTTng writes to its descriptors whenever one is full. */
	for (int i = 0; i < 60000; i++) {
		pthread_mutex_lock(&mutex);
		threadline_mark("a remark long enough to fill the buffers of the tracer in a reasonable time ........");
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void close_all(const char *how)
{
	if (strcmp(how, "closefrom") == 0)
		closefrom(3);
	else if (strcmp(how, "range") == 0)
		close_range(3, UINT_MAX, 0);
	else if (strcmp(how, "range_by_syscall") == 0)
		syscall(SYS_close_range, 3, UINT_MAX, 0);
	else if (strcmp(how, "by_syscall") == 0)
		for (int fd = 3; fd < 1024; fd++)
			syscall(SYS_close, fd);
	else
		for (int fd = 3; fd < 1024; fd++)
			close(fd);
}

int main(int argc, char **argv)
{
	pthread_t threads[2];
	int files[FILES];

	if (argc != 3)
		return 2;
	close_all(argv[1]);
	/* Several, so that one of them would get each number that LTTng had. */
	for (int i = 0; i < FILES; i++) {
		files[i] = open(argv[2], O_RDWR | O_CREAT | O_APPEND, 0600);
		if (files[i] < 0)
			return 3;
	}
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			return 4;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < FILES; i++)
		if (lseek(files[i], 0, SEEK_END) != 0)
			return 5;
	return 0;
}
