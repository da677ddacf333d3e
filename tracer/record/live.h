/*
 * What a recording does while it runs beside writing: finds the processes it is
 * attached to, takes snapshots, watches for tasks that are stuck, answers those who
 * ask. All of it in the recorder's one thread, between its waits.
 */
#ifndef TL_RECORD_LIVE_H
#define TL_RECORD_LIVE_H

#include "tracer/record/bounds.h"
#include "tracer/record/flight.h"
#include "tracer/record/meanwhile.h"
#include "tracer/record/options.h"
#include "tracer/record/post.h"
#include "tracer/record/recording.h"
#include "tracer/record/relayed.h"
#include "tracer/record/targets.h"
#include "tracer/record/watch.h"

#define TL_STUCK_REMEMBERED 64

struct tl_live {
	const struct tl_record_options *options;
	struct tl_recording *recording;
	struct tl_targets targets; /* with --attach */
	struct tl_flight flight;   /* with --flight */
	struct tl_watch watch;     /* with --on-block */
	struct tl_watch events;    /* with --on-event */
	struct tl_post post;
	struct tl_bounds bounds;
	struct tl_stuck told[TL_STUCK_REMEMBERED]; /* a ring: each wait is told of once */
	unsigned n_told;
	int64_t look_ns, ask_ns, until_ns; /* when next, and when it is over; 0: never */
	bool ended;                        /* somebody asked to end it */
	bool stopped;                      /* and it was, while the command goes on */
	struct tl_relayed *relayed;        /* the way to another host; its is_wanted says whether there is one */
};

/* Once the recording is started. Negative with `error` set when what was asked for cannot be done. */
int tl_live_begin(struct tl_live *live, const struct tl_record_options *options, struct tl_recording *recording,
		  const struct tl_output *output, struct tl_relayed *relayed, struct tl_error *error);

/* For as long as a command runs. */
struct tl_meanwhile tl_live_meanwhile(struct tl_live *live);

/* For as long as nobody ends it, its time is not over, and there is anything to record. */
void tl_live_attend(struct tl_live *live);

/* The command has ended with this status (128 + n: by a signal). */
void tl_live_command_ended(struct tl_live *live, int status);

/* Before the recording is stopped. */
void tl_live_finish(struct tl_live *live);

#endif
