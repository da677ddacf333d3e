/* Events at random; see random_events.h. */
#include "tests/fuzz/random_events.h"

#include <limits.h>
#include <string.h>

static const uint64_t numbers[] = {
	0,
	1,
	2,
	3,
	4,
	5,
	6,
	7,
	8,
	16,
	100,
	255,
	65535,
	INT32_MAX,
	(uint64_t)INT32_MAX + 1,
	UINT32_MAX,
	(uint64_t)UINT32_MAX + 1,
	INT64_MAX,
	(uint64_t)INT64_MAX + 1,
	UINT64_MAX - 1,
	UINT64_MAX,
};
static const int64_t steps_ns[] = {0, 0, 1, 1, 10, 999, 1000000, 1000000000, INT64_MAX / 16, INT64_MAX};
static const uint64_t tasks[RANDOM_TASKS] = {
	UINT64_C(0x100000001), UINT64_C(0x100000002), UINT64_C(0x100000003),        UINT64_C(0x100000004),
	UINT64_C(0x200000001), UINT64_C(0x200000002), UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0x100000000),
};
static const uint64_t addresses[255];

/* From the bytes, or made up for as many events as are asked for. */
static uint8_t byte(struct random_events *stream)
{
	if (stream->seed) {
		stream->seed = stream->seed * 6364136223846793005u + 1442695040888963407u;
		return (uint8_t)(stream->seed >> 56);
	}
	return stream->at < stream->end ? *stream->at++ : 0;
}

static bool is_over(const struct random_events *stream)
{
	return stream->seed ? stream->base.info.events >= stream->most : stream->at == stream->end;
}

/* Small ones mostly, so that events speak of one another. */
static uint64_t number(struct random_events *stream)
{
	uint8_t b = byte(stream);

	return b < 192 ? b % 6 : numbers[b % (sizeof numbers / sizeof *numbers)];
}

static const char *text(struct random_events *stream)
{
	static const char *const texts[] = {"",
					    "worker",
					    "a/b",
					    "\x1b[31m\x07",
					    "\xff\xfe",
					    "\xe2\x80\xae"
					    "evil",
					    "a name that is longer than what a row, a label or a line of a report "
					    "holds, and goes on and on, \xc3\xa4 and on, until nobody reads it \n"};

	return texts[byte(stream) % (sizeof texts / sizeof *texts)];
}

static void set(struct random_events *stream, char *event, const struct tl_field_info *field)
{
	uint64_t value = 0;
	const void *pointer;

	switch (field->type) {
	case TL_FIELD_TEXT:
		pointer = text(stream);
		memcpy(event + field->offset, &pointer, sizeof pointer);
		return;
	case TL_FIELD_ADDRS:
	case TL_FIELD_BYTES:
		pointer = addresses;
		memcpy(event + field->offset, &pointer, sizeof pointer);
		event[field->count_offset] = (char)number(stream);
		return;
	case TL_FIELD_U8: event[field->offset] = (char)number(stream); return;
	case TL_FIELD_U16:
		value = number(stream);
		memcpy(event + field->offset, &(uint16_t){(uint16_t)value}, 2);
		return;
	case TL_FIELD_U32:
	case TL_FIELD_S32:
		value = number(stream);
		memcpy(event + field->offset, &(uint32_t){(uint32_t)value}, 4);
		return;
	case TL_FIELD_U64:
	case TL_FIELD_S64:
		value = number(stream);
		memcpy(event + field->offset, &value, 8);
		return;
	default: event[field->offset] = (char)(byte(stream) % tl_value_count(field->type));
	}
}

static int make_loss(struct random_events *stream, struct tl_item *item)
{
	item->loss = (struct tl_loss){
		.kind = (enum tl_loss_kind)(byte(stream) % 3),
		.begin_ns = byte(stream) % 4 ? stream->now_ns : INT64_MIN,
		.end_ns = byte(stream) % 4 ? stream->now_ns : INT64_MAX,
		.count = number(stream),
		.count_known = byte(stream) % 2,
		.where = "cpu0",
	};
	return item->type = TL_ITEM_LOSS;
}

static int next(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	struct random_events *stream = (struct random_events *)base;
	uint8_t which = byte(stream), who;
	const struct tl_kind_info *kind;

	if (is_over(stream))
		return stream->seed || which % 8 ? (int)(item->type = TL_ITEM_END)
						 : tl_error_set(error, TL_EFORMAT, "broken off");
	/* In a long stream time goes on: at its end all events would be at once. */
	if (__builtin_add_overflow(stream->now_ns, steps_ns[byte(stream) % (stream->seed ? 8 : 10)], &stream->now_ns))
		stream->now_ns = INT64_MAX;
	if (which == 255)
		return make_loss(stream, item);
	kind = &tl_kinds[which % TL_N_EVENT_KINDS];
	memset(item, 0, sizeof *item);
	who = byte(stream) % RANDOM_TASKS;
	stream->seq[who] += byte(stream) < 250 ? 1 : (uint32_t)number(stream);
	item->event = (struct tl_event){
		.time_ns = stream->now_ns,
		.task = tasks[who],
		.seq = stream->seq[who],
		.kind = (uint8_t)(which % TL_N_EVENT_KINDS),
	};
	for (size_t i = 0; i < kind->n_fields; i++)
		set(stream, (char *)&item->event, &kind->fields[i]);
	if (base->info.events++ == 0)
		base->info.start_ns = stream->now_ns;
	base->info.end_ns = stream->now_ns;
	return item->type = TL_ITEM_EVENT;
}

static void destroy(struct tl_source *base)
{
	(void)base;
}

static struct random_events begin(struct random_events stream)
{
	static const struct tl_source_ops ops = {"random", next, NULL, destroy};
	static const int64_t starts_ns[] = {0, INT64_C(1700000000000000000), INT64_MIN, -5, INT64_MAX - 100000};

	stream.base.ops = &ops;
	stream.now_ns = starts_ns[byte(&stream) % 5];
	return stream;
}

struct random_events random_events_of(const uint8_t *bytes, size_t size)
{
	return begin((struct random_events){.at = bytes, .end = bytes + size});
}

struct random_events random_events_made(uint64_t seed, uint64_t n)
{
	return begin((struct random_events){.seed = seed | 1, .most = n});
}
