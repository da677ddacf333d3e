/* The list of notes; see notes.h. */
#include "viewer/ui/notes.h"

#include <stdio.h>
#include <string.h>

#include "viewer/base/error.h"

void tl_notes_finish(struct tl_notes *notes)
{
	tl_vec_finish(&notes->list);
}

struct tl_note *tl_notes_at(struct tl_notes *notes, int64_t time_ns, uint64_t task)
{
	for (size_t i = 0; i < notes->list.n; i++)
		if (notes->list.items[i].time_ns == time_ns && notes->list.items[i].task == task)
			return &notes->list.items[i];
	return NULL;
}

static void drop(struct tl_notes *notes, struct tl_note *note)
{
	size_t at = (size_t)(note - notes->list.items);

	memmove(note, note + 1, (notes->list.n - at - 1) * sizeof *note);
	notes->list.n--;
}

int tl_notes_set(struct tl_notes *notes, int64_t time_ns, uint64_t task, const char *text)
{
	struct tl_note *note = tl_notes_at(notes, time_ns, task), fresh = {.time_ns = time_ns, .task = task};
	size_t at;

	if (!text[0]) {
		if (note)
			drop(notes, note);
		return 0;
	}
	if (!note) {
		if (notes->list.n >= TL_NOTES_MAX)
			return TL_ELIMIT;
		if (tl_vec_push(&notes->list, fresh) != 0)
			return TL_ENOMEM;
		for (at = notes->list.n - 1; at > 0 && notes->list.items[at - 1].time_ns > time_ns; at--)
			notes->list.items[at] = notes->list.items[at - 1];
		note = &notes->list.items[at];
		*note = fresh;
	}
	snprintf(note->text, sizeof note->text, "%s", text);
	return 0;
}

const struct tl_note *tl_notes_next(const struct tl_notes *notes, int64_t time_ns, bool forward)
{
	const struct tl_note *best = NULL;

	for (size_t i = 0; i < notes->list.n; i++) {
		const struct tl_note *note = &notes->list.items[i];

		if (forward && note->time_ns > time_ns)
			return note;
		if (!forward && note->time_ns < time_ns)
			best = note;
	}
	return best;
}
