/*
 * The flight recorder's snapshots: each a folder of its own below the recording's,
 * a whole trace. Before one is taken every process says its state again, so that who
 * has been stuck for longer than the memory reaches is in it (tracer/dump.h).
 */
#ifndef TL_RECORD_FLIGHT_H
#define TL_RECORD_FLIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/record/output.h"
#include "tracer/record/recording.h"

#define TL_SNAPSHOT_NAME 64 /* bytes, its end included */

struct tl_flight {
	const struct tl_recording *recording;
	const struct tl_output *output;
	int64_t at_most_ns; /* those that nobody asked for are at least so far apart */
	int64_t last_ns;    /* of the latest that nobody asked for; 0: none yet */
	unsigned taken, skipped, attempts;
	bool stalled; /* LTTng gave none in time, or could not: the session must be replaced */
	char latest[TL_SNAPSHOT_NAME];
};

/* May a snapshot have this name? It is a folder's. */
bool tl_snapshot_is_name(const char *name);

/*
 * Takes one: `name`, or the time and `why` where that is NULL or "". Its own name is in
 * `latest` then.
 */
int tl_flight_take(struct tl_flight *flight, const char *name, const char *why, struct tl_error *error);

/* The same for what happened by itself, no more often than it may, and says so on stderr. */
void tl_flight_happened(struct tl_flight *flight, const char *why, const char *what);

/* At the end: takes away what LTTng wrote after it had been given up. */
void tl_flight_finish(const struct tl_flight *flight);

#endif
