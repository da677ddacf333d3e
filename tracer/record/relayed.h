/*
 * A recording that is sent to another host: watches over the way there. When it is cut,
 * LTTng drops what it cannot send, for good; so the session is given up, and a fresh one
 * begins when the relay daemon answers again. The traced programs never notice.
 */
#ifndef TL_RECORD_RELAYED_H
#define TL_RECORD_RELAYED_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/record/address.h"
#include "tracer/record/recording.h"

#define TL_RELAY_NAME 64

struct tl_relayed {
	bool is_wanted;
	struct tl_address address;
	char name[TL_RELAY_NAME]; /* of the trace there */
	bool ends;                /* a cut ends the recording (--if-cut end) */
	struct tl_recording *recording;
	int line;        /* negative: cut, or not wanted */
	int64_t cut_ns;  /* since when; 0: it is not */
	int64_t next_ns; /* when to try next */
	int64_t away_ns; /* in all, of the cuts that are over */
	unsigned n_cuts;
};

/* Reads the address and reaches who is there; `what` is recorded, `wanted` its name there or NULL. */
int tl_relayed_init(struct tl_relayed *relayed, const char *address, const char *what, const char *wanted,
		    struct tl_error *error);

enum tl_relayed_news {
	TL_RELAYED_SAME,
	TL_RELAYED_ENDS, /* the way is cut, and that was to be the end */
	TL_RELAYED_BACK, /* a fresh session has begun: who tracks processes names them again */
};

/* To be called every TL_MEANWHILE_MS. Says on stderr what happens; waits for less than a second. */
enum tl_relayed_news tl_relayed_look(struct tl_relayed *relayed);

/* How long nothing was sent, up to now. */
int64_t tl_relayed_away_ns(const struct tl_relayed *relayed);

void tl_relayed_finish(struct tl_relayed *relayed);

#endif
