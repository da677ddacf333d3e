/* The file of notes: a line each, "note TIME TASK TEXT"; see sidecar.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/ui/out_file.h"
#include "viewer/ui/sidecar_file.h"

#define MAGIC "threadline-notes 1\n"

static bool take_note(void *data, char *line)
{
	struct tl_notes *notes = data;
	int64_t time_ns, task;

	if (strncmp(line, "note ", 5) != 0)
		return false;
	line += 5;
	if (!tl_sidecar_number(&line, &time_ns) || !tl_sidecar_number(&line, &task) || !line[0] ||
	    strlen(line) >= TL_NOTE_TEXT)
		return false;
	for (const char *c = line; *c; c++)
		if ((unsigned char)*c < ' ')
			return false;
	return tl_notes_set(notes, time_ns, (uint64_t)task, line) == 0;
}

int tl_sidecar_read_notes(struct tl_sidecar *sidecar, struct tl_notes *notes, struct tl_error *error)
{
	int result = tl_sidecar_read(sidecar, sidecar->notes_path, MAGIC, take_note, notes, error);

	if (result != 0) {
		notes->list.n = 0;
		sidecar->refused = true;
	}
	return result;
}

struct writing {
	const struct tl_sidecar *sidecar;
	const struct tl_notes *notes;
};

static int write_all(FILE *file, const void *data, struct tl_error *error)
{
	const struct writing *writing = data;

	(void)error; /* that the bytes arrive, the caller sees to */
	fprintf(file, MAGIC "trace %" PRId64 " %" PRId64 "\n", writing->sidecar->epoch_ns, writing->sidecar->end_ns);
	for (size_t i = 0; i < writing->notes->list.n; i++) {
		const struct tl_note *note = &writing->notes->list.items[i];

		fprintf(file, "note %" PRId64 " %" PRId64 " %s\n", note->time_ns, (int64_t)note->task, note->text);
	}
	return 0;
}

int tl_sidecar_write_notes(void *data, const struct tl_notes *notes, struct tl_error *error)
{
	const struct tl_sidecar *sidecar = data;
	struct writing writing = {sidecar, notes};

	if (!sidecar->notes_path)
		return tl_error_set(error, TL_EIO, "there is no place for notes");
	if (sidecar->refused)
		return tl_error_set(error, TL_EIO, "%s: is not replaced, because it could not be read",
				    sidecar->notes_path);
	return tl_out_file(sidecar->notes_path, write_all, &writing, error);
}
