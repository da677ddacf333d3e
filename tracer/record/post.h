/*
 * How recordings are found and spoken to. Each keeps, in the home's run folder, a
 * locked file that says what it records, and a socket on which `threadline snapshot`
 * and `threadline stop` ask. Only the owner can enter that folder.
 */
#ifndef TL_RECORD_POST_H
#define TL_RECORD_POST_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

#include "viewer/base/error.h"

#define TL_POST_TEXT 4096 /* the longest question or answer */

/* The recording's side. */
struct tl_post {
	int file, socket;
	char file_path[PATH_MAX], socket_path[PATH_MAX];
};

/* `text`: lines "key: value" for threadline status. On failure there is no post, and the recording goes on. */
int tl_post_open(struct tl_post *post, const char *run, const char *session, const char *text, struct tl_error *error);
void tl_post_close(struct tl_post *post);

/* Somebody's question, ended; the answer goes to the descriptor. Negative: nobody asks. */
int tl_post_take(const struct tl_post *post, char question[TL_POST_TEXT]);
/* Answers and closes. */
void tl_post_answer(int asker, const char *answer);

/* The other side: one recording as its file tells it. */
struct tl_posted {
	pid_t pid;
	char text[TL_POST_TEXT];
};

/* Calls `each` for every recording that lives; how many. */
int tl_posts_list(const char *run, void (*each)(const struct tl_posted *posted, void *data), void *data);

/* Asks the recording of `pid`, and waits for its answer up to limit_ms. */
int tl_post_ask(const char *run, pid_t pid, const char *question, char answer[TL_POST_TEXT], int limit_ms,
		struct tl_error *error);

#endif
