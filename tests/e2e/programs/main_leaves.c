/*
 * The main thread leaves by pthread_exit; the process ends with its last thread,
 * which is detached, and with status 0. argv[1] "joined": a thread joins the main
 * thread; "alone": there is no other thread.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_t main_thread;

static void *work(void *how)
{
	usleep(30000);
	if (strcmp(how, "joined") == 0 && pthread_join(main_thread, NULL) != 0)
		_exit(3);
	usleep(30000);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc != 2)
		return 2;
	main_thread = pthread_self();
	if (strcmp(argv[1], "alone") != 0) {
		if (pthread_create(&thread, NULL, work, argv[1]) != 0)
			return 1;
		pthread_detach(thread);
	}
	pthread_exit(NULL);
}
