/* Both readers side by side; see compare.h. */
#include "tests/unit/read/compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/vec.h"
#include "viewer/read/source.h"

/* What a reader gave. Items at one time may come in any order, so they are sorted as text. */
struct given {
	TL_VEC(char *) lines;
	struct tl_source_info info;
	int result; /* of opening, else of the last call of next */
	struct tl_error error;
};

static void say_bytes(FILE *out, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%02x", bytes[i]);
}

static void say_field(FILE *out, const char *event, const struct tl_field_info *field)
{
	static const size_t sizes[] = {[TL_FIELD_U8] = 1,  [TL_FIELD_U16] = 2, [TL_FIELD_U32] = 4,
				       [TL_FIELD_U64] = 8, [TL_FIELD_S32] = 4, [TL_FIELD_S64] = 8};
	const uint8_t *at = (const uint8_t *)event + field->offset;
	const void *pointer;

	fprintf(out, " %s=", field->name);
	if (field->type == TL_FIELD_TEXT || field->type == TL_FIELD_ADDRS || field->type == TL_FIELD_BYTES) {
		size_t n = (uint8_t)event[field->count_offset];

		memcpy(&pointer, at, sizeof pointer);
		if (field->type == TL_FIELD_TEXT)
			n = strlen(pointer);
		say_bytes(out, pointer, field->type == TL_FIELD_ADDRS ? 8 * n : n);
		return;
	}
	say_bytes(out, at, field->type <= TL_FIELD_S64 ? sizes[field->type] : 1);
}

/* Of a stream's name, without the CPU. */
static int stream_length(const char *where)
{
	const char *cpu = strstr(where, " (CPU ");

	return (int)(cpu ? (size_t)(cpu - where) : strlen(where));
}

char *compare_line(const struct tl_item *item)
{
	const struct tl_event *event = &item->event;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (item->type == TL_ITEM_LOSS) {
		/* Babeltrace's source knows the CPU from a stream's first packet on only. */
		fprintf(out, "%020" PRId64 " loss %d count %" PRIu64 " %d %.*s to %" PRId64, item->loss.begin_ns,
			item->loss.kind, item->loss.count, item->loss.count_known, stream_length(item->loss.where),
			item->loss.where, item->loss.end_ns);
	} else {
		fprintf(out, "%020" PRId64 " %s %" PRIx64 " %" PRIu32 " domain %u", event->time_ns,
			tl_kinds[event->kind].name, event->task, event->seq, event->domain);
		for (size_t i = 0; i < tl_kinds[event->kind].n_fields; i++)
			say_field(out, (const char *)event, &tl_kinds[event->kind].fields[i]);
	}
	fclose(out);
	return text;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_all(struct given *given, struct tl_source *source)
{
	struct tl_item item;

	given->result = given->error.code;
	if (!source)
		return;
	while ((given->result = tl_source_next(source, &item, &given->error)) > 0)
		if (tl_vec_push(&given->lines, compare_line(&item)) < 0)
			abort();
	given->info = source->info;
	tl_source_destroy(source);
	if (given->lines.n)
		qsort(given->lines.items, given->lines.n, sizeof *given->lines.items, by_text);
}

static void finish(struct given *given)
{
	for (size_t i = 0; i < given->lines.n; i++)
		free(given->lines.items[i]);
	tl_vec_finish(&given->lines);
}

static const char *last_words(const struct given *given)
{
	return given->error.n ? given->error.cause[0] : "";
}

static bool differ(char *why, size_t size, const char *what, uint64_t direct, uint64_t other)
{
	if (direct == other)
		return false;
	snprintf(why, size, "%s: %" PRIu64 " direct, %" PRIu64 " by Babeltrace", what, direct, other);
	return true;
}

static bool infos_differ(const struct tl_source_info *a, const struct tl_source_info *b, char *why, size_t size)
{
	if (strcmp(a->host, b->host) != 0) {
		snprintf(why, size, "host: \"%s\" direct, \"%s\" by Babeltrace", a->host, b->host);
		return true;
	}
	return differ(why, size, "events", a->events, b->events) ||
	       differ(why, size, "foreign events", a->foreign_events, b->foreign_events) ||
	       differ(why, size, "malformed events", a->malformed, b->malformed) ||
	       differ(why, size, "lost events", a->lost_events, b->lost_events) ||
	       differ(why, size, "lost packets", a->lost_packets, b->lost_packets) ||
	       differ(why, size, "bytes of torn ends", a->tail_bytes, b->tail_bytes) ||
	       differ(why, size, "start", (uint64_t)a->start_ns, (uint64_t)b->start_ns) ||
	       differ(why, size, "end", (uint64_t)a->end_ns, (uint64_t)b->end_ns);
}

/*
 * Where Babeltrace 2.0.4 is known to be wrong: an event that goes past the end of a
 * stream's last packet ends the stream without a word; and after a time too large for
 * an int64_t some later times count as too large as well, so their events are malformed.
 */
static bool is_known(const struct given *a, const struct given *b)
{
	/* A torn end behind that packet is told all the same. */
	if (a->result < 0 && b->result == 0)
		return a->lines.n == b->lines.n || (b->info.tail_bytes && a->lines.n + 1 == b->lines.n);
	return a->result == 0 && b->result == 0 && a->info.malformed > 0 && b->info.malformed > a->info.malformed &&
	       a->info.events + a->info.malformed == b->info.events + b->info.malformed;
}

/* Of damaged traces both must say so; how far each gets before depends on how it reads ahead. */
static bool are_different(const struct given *a, const struct given *b, char *why, size_t size)
{
	if (is_known(a, b))
		return false;
	if ((a->result < 0) != (b->result < 0)) {
		snprintf(why, size, "direct: %d %s; Babeltrace: %d %s", a->result, last_words(a), b->result,
			 last_words(b));
		return true;
	}
	if (a->result < 0)
		return false;
	if (infos_differ(&a->info, &b->info, why, size) || differ(why, size, "items", a->lines.n, b->lines.n))
		return true;
	for (size_t i = 0; i < a->lines.n; i++) {
		const char *end = strstr(a->lines.items[i], " to ");

		if (strcmp(a->lines.items[i], b->lines.items[i]) == 0)
			continue;
		/* Ends of losses are times, too. */
		if (end && a->info.malformed &&
		    strncmp(a->lines.items[i], b->lines.items[i], (size_t)(end - a->lines.items[i])) == 0)
			continue;
		snprintf(why, size, "direct:     %s\nBabeltrace: %s", a->lines.items[i], b->lines.items[i]);
		return true;
	}
	return false;
}

/* The direct reader, with packets mapped from so many bytes on, and what the other one gave. */
static enum compared compare(const char *path, size_t map_least, const struct given *other, char *why, size_t size)
{
	struct given direct = {0};
	struct tl_source *source;
	bool differ;

	tl_error_init(&direct.error);
	source = tl_source_direct_create(path, &direct.error);
	if (!source) {
		snprintf(why, size, "%s", last_words(&direct));
		return COMPARED_REFUSED;
	}
	tl_source_direct_map(source, map_least);
	read_all(&direct, source);
	differ = are_different(&direct, other, why, size);
	finish(&direct);
	return differ ? COMPARED_DIFFERENT : COMPARED_SAME;
}

enum compared compare_readers(const char *path, char *why, size_t size)
{
	struct given other = {0};
	enum compared verdict;

	why[0] = '\0';
	tl_error_init(&other.error);
	read_all(&other, tl_source_babeltrace_create(path, &other.error));
	verdict = compare(path, 1, &other, why, size);
	if (verdict == COMPARED_SAME)
		verdict = compare(path, SIZE_MAX, &other, why, size);
	finish(&other);
	return verdict;
}
