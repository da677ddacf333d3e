/*
 * Emission: one function for each kind of event, derived from the contract. An
 * event that nobody records costs one load; an event that is recorded gets the
 * task's next sequence number and goes to LTTng.
 *
 * Called on slow paths and by the program's own calls, by the thread on which
 * the task runs. Keeps errno. Never allocates.
 */
#ifndef TL_TRACER_EMIT_H
#define TL_TRACER_EMIT_H

#include "tracer/task.h"

/* Emits the event if it is being recorded; its seq, or 0 when it is not. */
#define TL_EMIT_DECLARE_(name, NAME, text) \
	TL_SHARED uint32_t tl_emit_##name(struct tl_entry *task, const struct tl_ev_##name *event);
TL_EVENTS(TL_EMIT_DECLARE_)

/*
 * Where LTTng keeps whether threadline:block is being recorded: not 0 while it
 * is. The interposer reads it before it does anything at all.
 */
TL_SHARED const int *tl_emit_recording_flag(void);

#endif
