/* Files and sockets of recordings; see post.h. */
#include "tracer/record/post.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tracer/record/lock.h"

#define PREFIX "recording-"

static int address_of(struct sockaddr_un *address, const char *run, pid_t pid, struct tl_error *error)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (snprintf(address->sun_path, sizeof address->sun_path, "%s/p-%d", run, (int)pid) >=
	    (int)sizeof address->sun_path)
		return tl_error_set(error, TL_ELIMIT, "the path of %s is too long for a socket", run);
	return 0;
}

static int open_socket(struct tl_post *post, const char *run, struct tl_error *error)
{
	struct sockaddr_un address;
	int code = address_of(&address, run, getpid(), error);

	if (code != 0)
		return code;
	unlink(address.sun_path);
	post->socket = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (post->socket < 0 || bind(post->socket, (const struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(post->socket, 8) != 0)
		return tl_error_set(error, TL_EIO, "cannot make the socket %s: %s", address.sun_path, strerror(errno));
	snprintf(post->socket_path, sizeof post->socket_path, "%s", address.sun_path);
	return 0;
}

int tl_post_open(struct tl_post *post, const char *run, const char *session, const char *text, struct tl_error *error)
{
	char name[NAME_MAX];
	size_t n = strlen(text);

	*post = (struct tl_post){.file = -1, .socket = -1};
	if (open_socket(post, run, error) != 0)
		return error->code;
	snprintf(name, sizeof name, PREFIX "%s", session);
	post->file = tl_lock_open(run, name, error);
	if (post->file < 0)
		return post->file;
	if (snprintf(post->file_path, sizeof post->file_path, "%s/%s", run, name) >= (int)sizeof post->file_path ||
	    !tl_lock_take(post->file, true, 0) || dprintf(post->file, "%d\n", (int)getpid()) < 0 ||
	    write(post->file, text, n) != (ssize_t)n)
		return tl_error_set(error, TL_EIO, "cannot write %s/%s: %s", run, name, strerror(errno));
	return 0;
}

void tl_post_close(struct tl_post *post)
{
	if (post->file_path[0])
		unlink(post->file_path);
	if (post->socket_path[0])
		unlink(post->socket_path);
	if (post->file >= 0)
		close(post->file);
	if (post->socket >= 0)
		close(post->socket);
	*post = (struct tl_post){.file = -1, .socket = -1};
}

int tl_post_take(const struct tl_post *post, char question[TL_POST_TEXT])
{
	int asker = post->socket >= 0 ? accept4(post->socket, NULL, NULL, SOCK_CLOEXEC) : -1;
	struct pollfd wait = {.fd = asker, .events = POLLIN};
	ssize_t n;

	if (asker < 0)
		return -1;
	/* Who connects has something to ask at once; who has not must not hold us up. */
	n = poll(&wait, 1, 100) > 0 ? recv(asker, question, TL_POST_TEXT - 1, MSG_DONTWAIT) : -1;
	if (n <= 0) {
		close(asker);
		return -1;
	}
	question[n] = '\0';
	return asker;
}

void tl_post_answer(int asker, const char *answer)
{
	send(asker, answer, strnlen(answer, TL_POST_TEXT - 1), MSG_NOSIGNAL | MSG_DONTWAIT);
	close(asker);
}

/* False: nobody holds it; what the dead left is removed. */
static bool read_posted(const char *run, const char *name, struct tl_posted *posted)
{
	int file = tl_lock_open(run, name, NULL);
	char path[PATH_MAX];
	char *end;
	ssize_t n;

	if (file < 0)
		return false;
	if (tl_lock_take(file, false, 0)) {
		if (snprintf(path, sizeof path, "%s/%s", run, name) < (int)sizeof path)
			unlink(path);
		close(file);
		return false;
	}
	n = pread(file, posted->text, sizeof posted->text - 1, 0);
	close(file);
	posted->text[n > 0 ? n : 0] = '\0';
	posted->pid = (pid_t)strtol(posted->text, &end, 10);
	if (posted->pid <= 0 || *end != '\n')
		return false;
	memmove(posted->text, end + 1, strlen(end + 1) + 1);
	return true;
}

int tl_posts_list(const char *run, void (*each)(const struct tl_posted *posted, void *data), void *data)
{
	DIR *files = opendir(run);
	const struct dirent *entry;
	struct tl_posted posted;
	int n = 0;

	while (files && (entry = readdir(files)))
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0 && read_posted(run, entry->d_name, &posted)) {
			each(&posted, data);
			n++;
		}
	if (files)
		closedir(files);
	return n;
}

int tl_post_ask(const char *run, pid_t pid, const char *question, char answer[TL_POST_TEXT], int limit_ms,
		struct tl_error *error)
{
	struct sockaddr_un address;
	int code = address_of(&address, run, pid, error), asker;
	struct pollfd wait = {.events = POLLIN};
	ssize_t n = -1;

	if (code != 0)
		return code;
	asker = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	wait.fd = asker;
	if (asker >= 0 && connect(asker, (const struct sockaddr *)&address, sizeof address) == 0 &&
	    send(asker, question, strlen(question), MSG_NOSIGNAL) > 0 && poll(&wait, 1, limit_ms) > 0)
		n = recv(asker, answer, TL_POST_TEXT - 1, 0);
	if (asker >= 0)
		close(asker);
	if (n <= 0)
		return tl_error_set(error, TL_EIO, "the recording of process %d does not answer", (int)pid);
	answer[n] = '\0';
	return 0;
}
