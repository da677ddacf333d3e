/* A line of progress; see progress.h. */
#include "viewer/cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define EVERY_NS 200000000

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool show(void *data, uint64_t events)
{
	struct tl_progress *progress = data;
	const struct tl_source_info *info = &progress->check->info;
	int64_t ns = now_ns();

	if (ns - progress->last_ns < EVERY_NS)
		return true;
	progress->last_ns = ns;
	progress->is_shown = true;
	fprintf(stderr, "\r\x1b[K%.1f million events", (double)events / 1e6);
	if (info->all_bytes)
		fprintf(stderr, ", %.0f %%", 100.0 * (double)info->read_bytes / (double)info->all_bytes);
	return true;
}

void tl_progress_init(struct tl_progress *progress, const struct tl_check *check, struct tl_check_options *options)
{
	*progress = (struct tl_progress){.check = check, .is_wanted = isatty(STDERR_FILENO) == 1, .last_ns = now_ns()};
	if (!progress->is_wanted)
		return;
	options->progress = show;
	options->progress_data = progress;
}

void tl_progress_end(struct tl_progress *progress)
{
	if (progress->is_shown)
		fputs("\r\x1b[K", stderr);
	progress->is_shown = false;
}
