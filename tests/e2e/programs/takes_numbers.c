/*
 * Puts a file under descriptor numbers of its own choice, as `exec 5>file` of a
 * shell does, and works with threads until LTTng's buffers have been full many
 * times: nobody else may write into the file. argv[1]: the file. Status 0, or
 * what failed.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

#include "threadline/threadline.h"

#define FIRST 3
#define LAST 60

static void *work(void *unused)
{
	for (int i = 0; i < 60000; i++)
		threadline_mark("a remark long enough to fill the buffers of the tracer in a reasonable time ........");
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];
	int file = argc == 2 ? open(argv[1], O_RDWR | O_CREAT | O_APPEND, 0600) : -1;

	if (file < 0)
		return 1;
	for (int fd = FIRST; fd <= LAST; fd++)
		if (fd != file && dup2(file, fd) != fd)
			return 2;
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			return 3;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (int fd = FIRST; fd <= LAST; fd++)
		if (lseek(fd, 0, SEEK_END) != 0)
			return 4;
	return 0;
}
