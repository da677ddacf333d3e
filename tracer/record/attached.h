/*
 * The part of live.h that is for --attach: finds the processes, hands them to LTTng, and
 * says which they are.
 */
#ifndef TL_RECORD_ATTACHED_H
#define TL_RECORD_ATTACHED_H

#include "tracer/record/live.h"

/* Negative with `error` set: one that was named is not there, or cannot be recorded as it was asked for. */
int tl_attached_begin(struct tl_live *live, struct tl_error *error);

/* Waits for a few seconds until all have reached the session daemon, and says who is recorded and who is not. */
void tl_attached_await(struct tl_live *live);

/* Who is new is recorded, too; that one has gone may be worth a snapshot. */
void tl_attached_look(struct tl_live *live);

/* A fresh session knows of nobody yet. */
void tl_attached_name_again(struct tl_live *live);

#endif
