/*
 * Several sources as one: merges their items by time. Each source's present item
 * is kept until it has been used, for its texts point into the source. A source
 * that fails in the middle ends all: what came before it has been given.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "viewer/read/domain.h"
#include "viewer/read/merge.h"
#include "viewer/read/source.h"

#define UNNAMED 1      /* the process of events in a list that name none: see docs/event-lists.md */
#define SUM_EVERY 4096 /* items after which what is known of all is brought up to date */

struct part {
	struct tl_source *source;
	bool is_list;
	struct tl_item item; /* the next one, if its type is not END */
};

struct several {
	struct tl_source base;
	struct part *parts;
	size_t n;
	struct tl_merge merge;
	uint64_t given;
	bool begun, used; /* the first part's item has been given: fetch another before anything else */
};

/* A loss of unknown time is told at once. */
static int64_t time_of(const struct tl_item *item)
{
	return item->type == TL_ITEM_EVENT ? item->event.time_ns : item->loss.begin_ns;
}

static uint64_t add(uint64_t a, uint64_t b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

/* What all of them know together. */
static void sum_up(struct several *several)
{
	struct tl_source_info sum = {0};
	bool any = false;

	for (size_t i = 0; i < several->n; i++) {
		const struct tl_source_info *info = &several->parts[i].source->info;

		sum.events = add(sum.events, info->events);
		sum.kernel_events = add(sum.kernel_events, info->kernel_events);
		sum.foreign_events = add(sum.foreign_events, info->foreign_events);
		sum.malformed = add(sum.malformed, info->malformed);
		sum.lost_events = add(sum.lost_events, info->lost_events);
		sum.lost_packets = add(sum.lost_packets, info->lost_packets);
		sum.tail_bytes = add(sum.tail_bytes, info->tail_bytes);
		sum.read_bytes = add(sum.read_bytes, info->read_bytes);
		sum.all_bytes = add(sum.all_bytes, info->all_bytes);
		if (info->host[0])
			tl_domain_see_host(&sum, info->host);
		if (info->start_ns == 0 && info->end_ns == 0 && info->events == 0)
			continue;
		sum.start_ns = !any || info->start_ns < sum.start_ns ? info->start_ns : sum.start_ns;
		sum.end_ns = !any || info->end_ns > sum.end_ns ? info->end_ns : sum.end_ns;
		any = true;
	}
	several->base.info = sum;
}

/*
 * The next item of a part. Sources that count hosts from 0 each must not seem to be of one;
 * nor lists that name no process, and so are all of process 1, to be of the same one.
 */
static int fetch(struct several *several, size_t i, struct tl_error *error)
{
	struct part *part = &several->parts[i];
	int type = tl_source_next(part->source, &part->item, error);

	if (type != TL_ITEM_EVENT)
		return type;
	part->item.event.domain = (uint16_t)(part->item.event.domain + i * 1024);
	if (part->is_list && i > 0 && part->item.event.task >> 32 == UNNAMED)
		part->item.event.task += (uint64_t)i << 52;
	return type;
}

static int begin(struct several *several, struct tl_error *error)
{
	for (size_t i = 0; i < several->n; i++) {
		int type = fetch(several, i, error);

		if (type < 0)
			return type;
		if (type != TL_ITEM_END)
			tl_merge_add(&several->merge, (uint32_t)i, time_of(&several->parts[i].item));
	}
	several->begun = true;
	return 0;
}

static int several_next(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	struct several *several = (struct several *)base;
	int type = several->begun ? 0 : begin(several, error);

	if (type == 0 && several->used) {
		size_t first = several->merge.entries[0].index;

		several->used = false;
		type = fetch(several, first, error);
		if (type > 0)
			tl_merge_move_first(&several->merge, time_of(&several->parts[first].item));
		else if (type == TL_ITEM_END)
			tl_merge_remove_first(&several->merge);
	}
	if (type < 0 || several->merge.n == 0 || several->given++ % SUM_EVERY == 0)
		sum_up(several);
	if (type < 0)
		return type;
	item->type = TL_ITEM_END;
	if (several->merge.n == 0)
		return TL_ITEM_END;
	*item = several->parts[several->merge.entries[0].index].item;
	several->used = true;
	return item->type;
}

static void several_destroy(struct tl_source *base)
{
	struct several *several = (struct several *)base;

	for (size_t i = 0; i < several->n; i++)
		tl_source_destroy(several->parts[i].source);
	free(several->parts);
	tl_merge_finish(&several->merge);
	free(several);
}

static const struct tl_source_ops ops = {"several", several_next, NULL, several_destroy};

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_again(const char *const *paths, size_t at)
{
	struct stat one, other;

	for (size_t i = 0; i < at; i++)
		if (stat(paths[at], &one) == 0 && stat(paths[i], &other) == 0 && one.st_dev == other.st_dev &&
		    one.st_ino == other.st_ino)
			return true;
	return false;
}

/* All folders are one part, each file is another. */
static int open_parts(struct several *several, const char *const *paths, size_t n, struct tl_offsets *offsets,
		      struct tl_error *error)
{
	const char **folders = calloc(n, sizeof *folders);
	size_t n_folders = 0;
	int result = 0;

	if (!folders)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	for (size_t i = 0; result == 0 && i < n; i++) {
		struct tl_source *source;

		if (is_again(paths, i))
			continue;
		if (is_folder(paths[i])) {
			folders[n_folders++] = paths[i];
			continue;
		}
		source = tl_source_open_one(paths[i], TL_READER_ANY, offsets, error);
		if (source)
			several->parts[several->n++] = (struct part){.source = source, .is_list = true};
		else
			result = TL_EIO;
	}
	if (result == 0 && n_folders > 0) {
		struct tl_source *source = tl_source_direct_create_several(folders, n_folders, offsets, NULL);

		if (!source)
			source = tl_source_babeltrace_create_several(folders, n_folders, offsets, error);
		several->parts[several->n].source = source;
		result = several->parts[several->n].source ? 0 : TL_EIO;
		several->n += result == 0;
	}
	free(folders);
	return result;
}

static struct tl_source *open_together(const char *const *paths, size_t n, struct tl_offsets *offsets,
				       struct tl_error *error)
{
	struct several *several;

	several = calloc(1, sizeof *several);
	if (several) {
		several->base.ops = &ops;
		several->parts = calloc(n + 1, sizeof *several->parts);
	}
	if (!several || !several->parts || tl_merge_init(&several->merge, n + 1) != 0) {
		if (several)
			several_destroy(&several->base);
		tl_error_set(error, TL_ENOMEM, "out of memory");
		return NULL;
	}
	if (open_parts(several, paths, n, offsets, error) == 0)
		return &several->base;
	several_destroy(&several->base);
	return NULL;
}

struct tl_source *tl_source_open_shifted(const char *const *paths, size_t n, enum tl_reader reader,
					 struct tl_offsets *offsets, struct tl_error *error)
{
	struct tl_source *source = n == 1 ? tl_source_open_one(paths[0], reader, offsets, error)
					  : open_together(paths, n, offsets, error);

	if (source && tl_offsets_judge(offsets, error) != 0) {
		tl_source_destroy(source);
		source = NULL;
	}
	return source;
}

struct tl_source *tl_source_open_several(const char *const *paths, size_t n, struct tl_error *error)
{
	return tl_source_open_shifted(paths, n, TL_READER_ANY, NULL, error);
}
