/* Notes that people make at times of a trace. Kept in order of time; knows nothing of files. */
#ifndef TL_UI_NOTES_H
#define TL_UI_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "viewer/base/vec.h"

#define TL_NOTE_TEXT 160
#define TL_NOTES_MAX 10000

struct tl_note {
	int64_t time_ns; /* of the model */
	uint64_t task;   /* 0: of none */
	char text[TL_NOTE_TEXT];
};

struct tl_notes {
	TL_VEC(struct tl_note) list;
};

void tl_notes_finish(struct tl_notes *notes);
/* The note at (time, task), or NULL. */
struct tl_note *tl_notes_at(struct tl_notes *notes, int64_t time_ns, uint64_t task);
/* Writes, replaces, or (with "") removes a note. 0, TL_ENOMEM, or TL_ELIMIT when there are too many. */
int tl_notes_set(struct tl_notes *notes, int64_t time_ns, uint64_t task, const char *text);
/* The first note behind (or before) a time, or NULL. */
const struct tl_note *tl_notes_next(const struct tl_notes *notes, int64_t time_ns, bool forward);

#endif
