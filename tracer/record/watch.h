/*
 * Watches for what shall be told of: tasks that wait for too long, and events of the
 * user's choice. For the first, the programs are asked for their state from time to time;
 * LTTng tells of every `status` that names a wait of the wanted reasons, and since when it
 * lasts. A child listens, so that a daemon that hangs holds nobody up.
 */
#ifndef TL_RECORD_WATCH_H
#define TL_RECORD_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "viewer/base/error.h"

struct tl_watch {
	pid_t child; /* 0: none */
	int lines;   /* what it hears */
	int64_t longer_than_ns;
	char name[96]; /* of LTTng's trigger */
};

/* One wait that lasts. */
struct tl_stuck {
	pid_t process;
	uint32_t task;
	int64_t since_ns; /* CLOCK_MONOTONIC */
};

/* `reasons`: a bit for each enum tl_reason. `session`: for the trigger's name. */
int tl_watch_start(struct tl_watch *watch, const char *session, uint32_t reasons, int64_t longer_than_ns,
		   struct tl_error *error);

/*
 * The same for every event that fits `expression`: "PROVIDER:EVENT", in which stars stand
 * for anything, and behind a space a filter as LTTng's own (lttng-event-rule(7)), like
 * "shop:order amount > 1000". TL_EUSAGE: LTTng understands it not.
 */
int tl_watch_start_event(struct tl_watch *watch, const char *session, const char *expression, struct tl_error *error);

/* The next that has lasted too long, or the next event (then only its process is known); false: none has been told of since. Never waits. */
bool tl_watch_next(struct tl_watch *watch, struct tl_stuck *stuck);

void tl_watch_finish(struct tl_watch *watch);

#endif
