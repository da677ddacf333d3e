/* Bounds of what a recording writes; see bounds.h. */
#include "tracer/record/bounds.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tracer/record/clock.h"
#include "tracer/record/control.h"
#include "tracer/record/meanwhile.h"

#define PREFIX "threadline: "
#define LOOK_NS INT64_C(500000000)
#define ROOM_LEAST (UINT64_C(4) << 20)

int tl_bounds_init(struct tl_bounds *bounds, const struct tl_record_options *options,
		   const struct tl_recording *recording, const struct tl_output *output, struct tl_error *error)
{
	*bounds = (struct tl_bounds){.options = options, .recording = recording, .output = output};
	if (options->rotate_ns)
		bounds->rotate_ns = tl_clock_ns() + options->rotate_ns;
	if (options->keep_files) {
		bounds->parts = calloc(options->keep_files, sizeof *bounds->parts);
		if (!bounds->parts)
			return tl_error_set(error, TL_ENOMEM, "out of memory");
	}
	return 0;
}

void tl_bounds_finish(struct tl_bounds *bounds)
{
	free(bounds->parts);
	bounds->parts = NULL;
}

/* A part is complete: it takes the place of the oldest. The present one counts, too. */
static void keep(struct tl_bounds *bounds, const char *part)
{
	unsigned room = bounds->options->keep_files - 1;
	char *slot = room ? bounds->parts[bounds->n_parts % room] : NULL;

	if (!part[0])
		return;
	if (!slot) {
		tl_output_remove_folder(part);
		return;
	}
	if (slot[0])
		tl_output_remove_folder(slot);
	snprintf(slot, PATH_MAX, "%s", part);
	bounds->n_parts++;
}

static void begin_part(struct tl_bounds *bounds)
{
	char part[PATH_MAX];
	struct tl_error error;

	tl_error_init(&error);
	if (tl_control_rotate(bounds->recording->session, part, sizeof part, &error) != 0) {
		if (!bounds->failed)
			tl_error_print(&error, PREFIX "warning: ", stderr);
		bounds->failed = true;
		return;
	}
	bounds->failed = false;
	/* The new one is judged alone: all is told again in it. */
	if (tl_control_regenerate(bounds->recording->session, &error) != 0)
		tl_error_print(&error, PREFIX "warning: ", stderr);
	if (bounds->parts)
		keep(bounds, part);
	bounds->before = tl_output_bytes(bounds->output);
	if (bounds->options->rotate_ns)
		bounds->rotate_ns = tl_clock_ns() + bounds->options->rotate_ns;
}

/*
 * What the buffers hold must still find room after the end, and what comes until then:
 * as much as in the last second at the pace since the last look.
 */
static bool is_full(struct tl_bounds *bounds)
{
	uint64_t room = tl_output_room(bounds->output), needed;

	needed = tl_buffers_bytes(&bounds->recording->buffers) + ROOM_LEAST;
	if (bounds->room > room)
		needed += (bounds->room - room) * (1000 / TL_MEANWHILE_MS);
	bounds->room = room;
	if (room >= needed)
		return false;
	fprintf(stderr,
		PREFIX "the disk is almost full (%" PRIu64 " MiB free, %" PRIu64
		       " MiB may be needed for what is in memory): "
		       "the recording ends here\n",
		room >> 20, needed >> 20);
	return true;
}

bool tl_bounds_look(struct tl_bounds *bounds)
{
	const struct tl_record_options *options = bounds->options;
	uint64_t bytes = 0;

	/* Nothing is written here but snapshots, or nothing at all. */
	if (options->flight || options->to)
		return false;
	if (is_full(bounds))
		return true;
	if (tl_clock_ns() < bounds->look_ns)
		return false;
	bounds->look_ns = tl_clock_ns() + LOOK_NS;
	if (options->max_bytes || options->rotate_bytes)
		bytes = tl_output_bytes(bounds->output);
	if (options->max_bytes && bytes >= options->max_bytes) {
		fputs(PREFIX "the trace has the size of --max-size: the recording ends here\n", stderr);
		return true;
	}
	if ((options->rotate_bytes && bytes >= bounds->before + options->rotate_bytes) ||
	    (options->rotate_ns && tl_clock_ns() >= bounds->rotate_ns))
		begin_part(bounds);
	return false;
}
