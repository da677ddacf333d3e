/*
 * The source of event lists in text: loads the whole list (text_list.h), sorts
 * it by time, and hands it out. For tests and for traces written by hand, so
 * memory grows with the events.
 */
#include "viewer/read/source.h"

#include <errno.h>
#include <string.h>

#include "viewer/read/text_list.h"

struct text_source {
	struct tl_source base;
	struct tl_text_list list;
	size_t next;
};

static int compare(const void *a, const void *b)
{
	const struct tl_text_entry *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static void count_loss(struct tl_source_info *info, const struct tl_loss *loss)
{
	uint64_t *sum = loss->kind == TL_LOSS_PACKETS ? &info->lost_packets : &info->lost_events;

	*sum = loss->count > UINT64_MAX - *sum ? UINT64_MAX : *sum + loss->count;
}

static int text_next(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	struct text_source *source = (struct text_source *)base;
	struct tl_source_info *info = &base->info;
	const struct tl_text_entry *entry;

	(void)error;
	if (source->next == source->list.entries.n)
		return item->type = TL_ITEM_END;
	entry = &source->list.entries.items[source->next++];
	if (entry->is_loss) {
		item->loss = source->list.losses.items[entry->index];
		count_loss(info, &item->loss);
		return item->type = TL_ITEM_LOSS;
	}
	item->event = source->list.events.items[entry->index];
	if (info->events++ == 0)
		info->start_ns = entry->time_ns;
	info->end_ns = entry->time_ns;
	return item->type = TL_ITEM_EVENT;
}

static void text_destroy(struct tl_source *base)
{
	struct text_source *source = (struct text_source *)base;

	tl_text_list_finish(&source->list);
	free(source);
}

static const struct tl_source_ops ops = {"text", text_next, NULL, text_destroy};

static int64_t shifted(int64_t time_ns, int64_t ns)
{
	int64_t sum;

	/* Unknown stays unknown. */
	if (time_ns == INT64_MIN || time_ns == INT64_MAX || __builtin_add_overflow(time_ns, ns, &sum))
		return time_ns;
	return sum;
}

void tl_source_text_shift(struct tl_source *base, int64_t ns)
{
	struct tl_text_list *list = &((struct text_source *)base)->list;

	for (size_t i = 0; i < list->events.n; i++) {
		struct tl_event *event = &list->events.items[i];

		event->time_ns = shifted(event->time_ns, ns);
		if (event->kind == TL_EVENT_STATUS)
			event->u.status.since_ns = shifted(event->u.status.since_ns, ns);
	}
	for (size_t i = 0; i < list->losses.n; i++) {
		list->losses.items[i].begin_ns = shifted(list->losses.items[i].begin_ns, ns);
		list->losses.items[i].end_ns = shifted(list->losses.items[i].end_ns, ns);
	}
	for (size_t i = 0; i < list->entries.n; i++)
		list->entries.items[i].time_ns = shifted(list->entries.items[i].time_ns, ns);
}

struct tl_source *tl_source_text_create_memory(const char *name, const char *text, size_t size, struct tl_error *error)
{
	struct text_source *source = calloc(1, sizeof *source);

	if (!source) {
		tl_error_set(error, TL_ENOMEM, "out of memory");
		return NULL;
	}
	source->base.ops = &ops;
	tl_text_list_init(&source->list);
	if (tl_text_list_parse(&source->list, name, text, size, error) < 0) {
		text_destroy(&source->base);
		return NULL;
	}
	if (source->list.entries.n)
		qsort(source->list.entries.items, source->list.entries.n, sizeof *source->list.entries.items, compare);
	memcpy(source->base.info.host, source->list.host, sizeof source->list.host);
	return &source->base;
}

/* All of a file, from the heap; NULL with the error set. */
static char *load(const char *path, size_t *size, struct tl_error *error)
{
	TL_VEC(char) bytes = {0};
	FILE *file = fopen(path, "rb");

	if (!file)
		goto fail_io;
	for (;;) {
		size_t got;

		if (tl_vec_reserve(&bytes) < 0)
			goto fail_memory;
		got = fread(bytes.items + bytes.n, 1, bytes.room - bytes.n, file);
		bytes.n += got;
		if (got == 0)
			break;
	}
	if (ferror(file))
		goto fail_io;
	fclose(file);
	*size = bytes.n;
	return bytes.items;

fail_memory:
	tl_error_set(error, TL_ENOMEM, "%s: out of memory after %zu bytes", path, bytes.n);
	goto fail;
fail_io:
	tl_error_set(error, TL_EIO, "%s: cannot be read: %s", path, strerror(errno));
fail:
	if (file)
		fclose(file);
	tl_vec_finish(&bytes);
	return NULL;
}

struct tl_source *tl_source_text_create(const char *path, struct tl_error *error)
{
	struct tl_source *source;
	size_t size = 0;
	char *text = load(path, &size, error);

	if (!text)
		return NULL;
	source = tl_source_text_create_memory(path, text, size, error);
	free(text);
	return source;
}
