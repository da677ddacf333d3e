/*
 * The CTF source, the only file that speaks to Babeltrace 2. A graph holds one
 * `src.ctf.fs` per trace and one sink of ours with an input port per stream; the
 * sink merges the streams by time itself (the library's muxer is slower and
 * aborts on some real traces), decodes what is ours by plans made once per event
 * class, and hands out one item per call.
 *
 *   discover.c: which folders hold traces     tail.c: broken ones made readable
 *   merge.c: which stream comes next
 *
 * The graph runs only inside next(): each call of consume() stops at the first
 * item. The message of an item is kept until the next call, because the item's
 * texts point into it.
 */
#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <babeltrace2/babeltrace.h>
#include <uthash.h>

#include "viewer/read/discover.h"
#include "viewer/read/merge.h"
#include "viewer/read/source.h"
#include "viewer/read/tail.h"

#define PROVIDER "threadline:"
#define MAX_STEPS 16          /* fields of one kind, task and seq included */
#define MAX_SEQUENCES 4       /* sequences in one kind */
#define SEQUENCE_MAX 255      /* their count is a u8 */
#define MESSAGES_PER_RUN 8192 /* looked at before control returns to next() */
#define IDLE_NS 1000000       /* wait when the library says "again" ... */
#define IDLE_MAX 5000         /* ... at most so often in a row */
#define COUNT_SANE (UINT64_C(1) << 48) /* a greater loss is a counter that went backwards */
#define CAUSES_KEPT 3         /* of the library's error */
#define CACHE_SLOTS 256       /* of plans by address, a power of two */

/* ---- plans: how events of a class are decoded ------------------------------ */

enum verdict { OURS, FOREIGN, MALFORMED };

struct step {
	uint64_t member; /* in the payload */
	size_t offset;   /* in struct tl_event */
	size_t count_offset;
	enum tl_field_type type;
	unsigned values; /* named values: how many there are */
};

struct plan {
	const bt_event_class *class; /* we hold a reference: its address stays its own */
	enum verdict verdict;
	int kind;
	size_t n_steps;
	struct step steps[MAX_STEPS];
	UT_hash_handle hh;
};

/* ---- the source ------------------------------------------------------------ */

struct stream {
	bt_message_iterator *iterator;
	bt_message_array_const messages; /* the iterator's; valid until it is asked for more */
	uint64_t next, n;
	int64_t time_ns;                 /* of the present message; of the last one with a time */
	bool timed;                      /* the present message has a time of its own */
	const bt_clock_class *clock;     /* NULL: none */
	uint16_t domain;
	char where[sizeof ((struct tl_loss *)0)->where];
	char path[512];                  /* of the stream's (first) file, as the library says it */
	bool has_cpu;                    /* `where` names the CPU */
};

/* What makes a clock domain: the clock's UUID, or the host, or the trace itself. */
struct domain {
	bool has_uuid;
	uint8_t uuid[16];
	char host[sizeof ((struct tl_source_info *)0)->host];
	const void *trace;
};

struct reader {
	struct tl_source base;
	char *path;
	struct tl_tails tails;

	const bt_plugin *plugin;
	const bt_component_class_source *fs;
	bt_graph *graph;

	struct stream *streams;
	size_t n_streams, n_iterators;
	struct tl_merge merge;
	TL_VEC(struct domain) domains;

	struct plan *plans;
	const struct plan *cache[CACHE_SLOTS];
	uint64_t sequences[MAX_SEQUENCES][SEQUENCE_MAX];

	struct tl_item *item;    /* of the present call of next() */
	bool filled;             /* it is done */
	const bt_message *held;  /* what the last item points into */
	bool any_time;           /* info.start_ns and end_ns are set */
	bool ended;
	int failure;             /* a failure of our own inside consume() */
};

/* ---- errors ---------------------------------------------------------------- */

/* Copies a message of the library without "x-addr=0x..." and such, useless to people. */
static void copy_cause(char *to, size_t size, const char *from)
{
	size_t n = 0;

	while (*from && n + 1 < size) {
		size_t word = strcspn(from, " ");
		const char *addr = strstr(from, "-addr=0x");

		if (addr && (size_t)(addr - from) < word) {
			from += word + (from[word] == ' ');
			continue;
		}
		to[n++] = *from;
		if (*from++ == ' ' || word == 0)
			continue;
		for (word--; word && n + 1 < size; word--)
			to[n++] = *from++;
	}
	while (n && strchr(" ,:", to[n - 1]))
		n--;
	to[n] = '\0';
}

/*
 * Moves the library's error into `error`, innermost cause first. What its graph
 * adds about itself is left out: it tells nothing about the trace.
 */
static int take_error(struct tl_error *error, int code)
{
	const bt_error *bt_error = bt_current_thread_take_error();
	uint64_t n = bt_error ? bt_error_get_cause_count(bt_error) : 0;
	char text[TL_ERROR_TEXT];
	int kept = 0;

	for (uint64_t i = 0; i < n && kept < CAUSES_KEPT; i++) {
		const bt_error_cause *cause = bt_error_borrow_cause_by_index(bt_error, i);

		if (bt_error_cause_get_actor_type(cause) == BT_ERROR_CAUSE_ACTOR_TYPE_UNKNOWN && i > 0)
			continue;
		copy_cause(text, sizeof text, bt_error_cause_get_message(cause));
		if (kept++ == 0)
			tl_error_set(error, code, "%s", text);
		else
			tl_error_add(error, "%s", text);
	}
	if (kept == 0)
		tl_error_set(error, code, "the CTF library gives no reason");
	if (bt_error)
		bt_error_release(bt_error);
	return code;
}

static void drop_error(void)
{
	bt_current_thread_clear_error();
}

static int no_memory(struct tl_error *error)
{
	drop_error();
	return tl_error_set(error, TL_ENOMEM, "out of memory");
}

/* ---- making plans ---------------------------------------------------------- */

static bool is_integer(const bt_field_class *class, bool is_signed, unsigned bits)
{
	bt_field_class_type type = bt_field_class_get_type(class);
	bool fits = is_signed ? type == BT_FIELD_CLASS_TYPE_SIGNED_INTEGER ||
					type == BT_FIELD_CLASS_TYPE_SIGNED_ENUMERATION
			      : type == BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER ||
					type == BT_FIELD_CLASS_TYPE_UNSIGNED_ENUMERATION;

	return fits && bt_field_class_integer_get_field_value_range(class) <= bits;
}

static bool is_sequence(const bt_field_class *class, unsigned bits)
{
	bt_field_class_type type = bt_field_class_get_type(class);

	return (type == BT_FIELD_CLASS_TYPE_DYNAMIC_ARRAY_WITH_LENGTH_FIELD ||
		type == BT_FIELD_CLASS_TYPE_DYNAMIC_ARRAY_WITHOUT_LENGTH_FIELD) &&
	       is_integer(bt_field_class_array_borrow_element_field_class_const(class), false, bits);
}

/* Whether a field of `class` always holds what the contract says, but for the range of named values. */
static bool fits(const bt_field_class *class, enum tl_field_type type)
{
	switch (type) {
	case TL_FIELD_U8:
		return is_integer(class, false, 8);
	case TL_FIELD_U16:
		return is_integer(class, false, 16);
	case TL_FIELD_U32:
		return is_integer(class, false, 32);
	case TL_FIELD_U64:
		return is_integer(class, false, 64);
	case TL_FIELD_S32:
		return is_integer(class, true, 32);
	case TL_FIELD_S64:
		return is_integer(class, true, 64);
	case TL_FIELD_TEXT:
		return bt_field_class_get_type(class) == BT_FIELD_CLASS_TYPE_STRING;
	case TL_FIELD_ADDRS:
		return is_sequence(class, 64);
	case TL_FIELD_BYTES:
		return is_sequence(class, 8);
	default:
		return is_integer(class, false, 8);
	}
}

/* Adds the step for one field; false when the payload has no such field, or another type of it. */
static bool add_step(struct plan *plan, const bt_field_class *payload, const struct tl_field_info *field)
{
	uint64_t n = bt_field_class_structure_get_member_count(payload);

	assert(plan->n_steps < MAX_STEPS);
	for (uint64_t i = 0; i < n; i++) {
		const bt_field_class_structure_member *member =
			bt_field_class_structure_borrow_member_by_index_const(payload, i);

		if (strcmp(bt_field_class_structure_member_get_name(member), field->name) != 0)
			continue;
		plan->steps[plan->n_steps++] = (struct step){
			i, field->offset, field->count_offset, field->type,
			field->type >= TL_FIELD_REASON ? tl_value_count(field->type) : 0};
		return fits(bt_field_class_structure_member_borrow_field_class_const(member), field->type);
	}
	return false;
}

static void make_plan(struct plan *plan, const bt_event_class *class)
{
	static const struct tl_field_info head[] = {
		{"task", TL_FIELD_U64, offsetof(struct tl_event, task), 0},
		{"seq", TL_FIELD_U32, offsetof(struct tl_event, seq), 0},
	};
	const char *name = bt_event_class_get_name(class);
	const bt_field_class *payload = bt_event_class_borrow_payload_field_class_const(class);
	const struct tl_kind_info *kind;
	bool good;

	plan->verdict = FOREIGN;
	if (!name || strncmp(name, PROVIDER, strlen(PROVIDER)) != 0)
		return;
	plan->verdict = MALFORMED;
	plan->kind = tl_kind_find(name + strlen(PROVIDER));
	if (plan->kind < 0 || !payload)
		return;
	kind = &tl_kinds[plan->kind];
	good = add_step(plan, payload, &head[0]) && add_step(plan, payload, &head[1]);
	for (size_t i = 0; good && i < kind->n_fields; i++)
		good = add_step(plan, payload, &kind->fields[i]);
	if (good)
		plan->verdict = OURS;
}

/* The plan of a class, made at its first event; NULL when out of memory. */
static const struct plan *find_plan(struct reader *reader, const bt_event_class *class)
{
	const struct plan **slot = &reader->cache[(uintptr_t)class / 64 % CACHE_SLOTS];
	struct plan *plan;

	if (*slot && (*slot)->class == class)
		return *slot;
	HASH_FIND_PTR(reader->plans, &class, plan);
	if (!plan) {
		plan = calloc(1, sizeof *plan);
		if (!plan)
			return NULL;
		bt_event_class_get_ref(class);
		plan->class = class;
		make_plan(plan, class);
		HASH_ADD_PTR(reader->plans, class, plan);
	}
	return *slot = plan;
}

/* ---- decoding -------------------------------------------------------------- */

/* A sequence into scratch memory, which lives until the next event. */
static bool decode_sequence(const bt_field *field, const struct step *step, char *event, uint64_t *scratch)
{
	uint64_t n = bt_field_array_get_length(field);
	uint8_t *bytes = (uint8_t *)scratch;
	const void *at = scratch;

	if (n > SEQUENCE_MAX)
		return false;
	for (uint64_t i = 0; i < n; i++) {
		const bt_field *element = bt_field_array_borrow_element_field_by_index_const(field, i);
		uint64_t value = bt_field_integer_unsigned_get_value(element);

		if (step->type == TL_FIELD_ADDRS)
			scratch[i] = value;
		else
			bytes[i] = (uint8_t)value;
	}
	memcpy(event + step->offset, &at, sizeof at);
	*(uint8_t *)(event + step->count_offset) = (uint8_t)n;
	return true;
}

/* The offsets come from offsetof on members of just these types. */
static bool decode_field(const bt_field *field, const struct step *step, char *event)
{
	void *to = event + step->offset;
	uint64_t value;

	switch (step->type) {
	case TL_FIELD_U64:
		*(uint64_t *)to = bt_field_integer_unsigned_get_value(field);
		return true;
	case TL_FIELD_U32:
		*(uint32_t *)to = (uint32_t)bt_field_integer_unsigned_get_value(field);
		return true;
	case TL_FIELD_U16:
		*(uint16_t *)to = (uint16_t)bt_field_integer_unsigned_get_value(field);
		return true;
	case TL_FIELD_U8:
		*(uint8_t *)to = (uint8_t)bt_field_integer_unsigned_get_value(field);
		return true;
	case TL_FIELD_S32:
		*(int32_t *)to = (int32_t)bt_field_integer_signed_get_value(field);
		return true;
	case TL_FIELD_S64:
		*(int64_t *)to = bt_field_integer_signed_get_value(field);
		return true;
	case TL_FIELD_TEXT:
		/* An empty string's value is what an earlier event left there (seen with 2.0.4). */
		*(const char **)to = bt_field_string_get_length(field) ? bt_field_string_get_value(field) : "";
		return true;
	default:
		value = bt_field_integer_unsigned_get_value(field);
		*(uint8_t *)to = (uint8_t)value;
		return value < step->values;
	}
}

static bool decode_payload(struct reader *reader, const struct plan *plan, const bt_event *bt_event, struct tl_event *event)
{
	const bt_field *payload = bt_event_borrow_payload_field_const(bt_event);
	size_t sequences = 0;

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];
		const bt_field *field = bt_field_structure_borrow_member_field_by_index_const(payload, step->member);
		bool good;

		if (step->type == TL_FIELD_ADDRS || step->type == TL_FIELD_BYTES) {
			assert(sequences < MAX_SEQUENCES);
			good = decode_sequence(field, step, (char *)event, reader->sequences[sequences++]);
		} else {
			good = decode_field(field, step, (char *)event);
		}
		if (!good)
			return false;
	}
	return event->task != 0;
}

/*
 * status.since_ns is said in the trace's clock, by code that does not know the
 * clock's offset; every other time is since the epoch, and so is this one from
 * here on. LTTng's clocks count nanoseconds; any other stays as it is.
 */
static bool convert_since(const struct stream *stream, int64_t *since_ns)
{
	if (!stream->clock || *since_ns <= 0 || bt_clock_class_get_frequency(stream->clock) != UINT64_C(1000000000))
		return true;
	if (bt_clock_class_cycles_to_ns_from_origin(stream->clock, (uint64_t)*since_ns, since_ns) ==
	    BT_CLOCK_CLASS_CYCLES_TO_NS_FROM_ORIGIN_STATUS_OK)
		return true;
	drop_error();
	return false;
}

static bool decode_event(struct reader *reader, const struct stream *stream, const struct plan *plan,
			 const bt_event *bt_event)
{
	struct tl_event *event = &reader->item->event;

	event->time_ns = stream->time_ns;
	event->domain = stream->domain;
	event->kind = (uint8_t)plan->kind;
	return stream->timed && decode_payload(reader, plan, bt_event, event) &&
	       (plan->kind != TL_EVENT_STATUS || convert_since(stream, &event->u.status.since_ns));
}

/* ---- messages -------------------------------------------------------------- */

/* Fills `ns`; false when there is no such time, or none that fits. */
static bool snapshot_ns(const bt_clock_snapshot *snapshot, int64_t *ns)
{
	if (bt_clock_snapshot_get_ns_from_origin(snapshot, ns) == BT_CLOCK_SNAPSHOT_GET_NS_FROM_ORIGIN_STATUS_OK)
		return true;
	drop_error();
	return false;
}

static const bt_stream_class *discarded_class(const bt_message *message, bool packets)
{
	return bt_stream_borrow_class_const(packets ? bt_message_discarded_packets_borrow_stream_const(message)
						    : bt_message_discarded_events_borrow_stream_const(message));
}

/* The bounds of a discarded-events or discarded-packets message, if it has any. */
static bool discarded_bounds(const bt_message *message, bool packets, int64_t *begin_ns, int64_t *end_ns)
{
	const bt_stream_class *class = discarded_class(message, packets);

	if (packets)
		return bt_stream_class_discarded_packets_have_default_clock_snapshots(class) &&
		       snapshot_ns(bt_message_discarded_packets_borrow_beginning_default_clock_snapshot_const(message),
				   begin_ns) &&
		       snapshot_ns(bt_message_discarded_packets_borrow_end_default_clock_snapshot_const(message), end_ns);
	return bt_stream_class_discarded_events_have_default_clock_snapshots(class) &&
	       snapshot_ns(bt_message_discarded_events_borrow_beginning_default_clock_snapshot_const(message), begin_ns) &&
	       snapshot_ns(bt_message_discarded_events_borrow_end_default_clock_snapshot_const(message), end_ns);
}

/* Looks at the present message's time; one without keeps the place of the one before it. */
static void read_time(struct stream *stream)
{
	const bt_message *message = stream->messages[stream->next];
	int64_t ns, end_ns;
	bool timed = false;

	switch (bt_message_get_type(message)) {
	case BT_MESSAGE_TYPE_EVENT:
		timed = stream->clock &&
			snapshot_ns(bt_message_event_borrow_default_clock_snapshot_const(message), &ns);
		break;
	case BT_MESSAGE_TYPE_DISCARDED_EVENTS:
		timed = discarded_bounds(message, false, &ns, &end_ns);
		break;
	case BT_MESSAGE_TYPE_DISCARDED_PACKETS:
		timed = discarded_bounds(message, true, &ns, &end_ns);
		break;
	case BT_MESSAGE_TYPE_MESSAGE_ITERATOR_INACTIVITY:
		timed = snapshot_ns(bt_message_message_iterator_inactivity_borrow_clock_snapshot_const(message), &ns);
		break;
	default:
		break;
	}
	stream->timed = timed;
	if (timed)
		stream->time_ns = ns;
}

static void see_time(struct reader *reader, int64_t ns)
{
	struct tl_source_info *info = &reader->base.info;

	if (!reader->any_time || ns < info->start_ns)
		info->start_ns = ns;
	if (!reader->any_time || ns > info->end_ns)
		info->end_ns = ns;
	reader->any_time = true;
}

static int on_event(struct reader *reader, struct stream *stream, const bt_message *message)
{
	const bt_event *event = bt_message_event_borrow_event_const(message);
	const struct plan *plan = find_plan(reader, bt_event_borrow_class_const(event));

	if (!plan)
		return TL_ENOMEM;
	if (stream->timed)
		see_time(reader, stream->time_ns);
	if (plan->verdict == FOREIGN) {
		reader->base.info.foreign_events++;
	} else if (plan->verdict == MALFORMED || !decode_event(reader, stream, plan, event)) {
		reader->base.info.malformed++;
	} else {
		reader->base.info.events++;
		reader->item->type = TL_ITEM_EVENT;
		reader->filled = true;
	}
	return 0;
}

static void add_up(uint64_t *sum, uint64_t n)
{
	*sum = n > UINT64_MAX - *sum ? UINT64_MAX : *sum + n;
}

/* Begins a loss item at the stream's present time. */
static struct tl_loss *start_loss(struct reader *reader, const struct stream *stream, enum tl_loss_kind kind)
{
	struct tl_loss *loss = &reader->item->loss;

	memset(loss, 0, sizeof *loss);
	loss->kind = kind;
	loss->begin_ns = stream->time_ns;
	loss->end_ns = INT64_MAX;
	memcpy(loss->where, stream->where, sizeof loss->where);
	reader->item->type = TL_ITEM_LOSS;
	reader->filled = true;
	return loss;
}

static void on_discarded(struct reader *reader, struct stream *stream, const bt_message *message, bool packets)
{
	struct tl_loss *loss = start_loss(reader, stream, packets ? TL_LOSS_PACKETS : TL_LOSS_EVENTS);
	struct tl_source_info *info = &reader->base.info;
	bt_property_availability known =
		packets ? bt_message_discarded_packets_get_count(message, &loss->count)
			: bt_message_discarded_events_get_count(message, &loss->count);

	discarded_bounds(message, packets, &loss->begin_ns, &loss->end_ns);
	loss->count_known = known == BT_PROPERTY_AVAILABILITY_AVAILABLE && loss->count < COUNT_SANE;
	if (!loss->count_known)
		loss->count = 0;
	add_up(packets ? &info->lost_packets : &info->lost_events, loss->count);
}

/* ---- streams: names and clocks --------------------------------------------- */

static const char *trace_text(const bt_trace *trace, const char *name)
{
	const bt_value *value = bt_trace_borrow_environment_entry_value_by_name_const(trace, name);

	return value && bt_value_is_string(value) ? bt_value_string_get(value) : "";
}

/* Adds a host to info.host, several separated by commas; one that does not fit is left out. */
static void see_host(struct reader *reader, const char *host)
{
	char *all = reader->base.info.host;
	size_t room = sizeof reader->base.info.host, used = strlen(all), n = strlen(host);

	for (const char *at = all; n && (at = strstr(at, host)); at += n)
		if ((at == all || at[-1] == ' ') && (at[n] == '\0' || at[n] == ','))
			return;
	if (n && used + n + 3 <= room)
		snprintf(all + used, room - used, "%s%s", used ? ", " : "", host);
}

static bool same_domain(const struct domain *a, const struct domain *b)
{
	if (a->has_uuid || b->has_uuid)
		return a->has_uuid && b->has_uuid && memcmp(a->uuid, b->uuid, sizeof a->uuid) == 0;
	if (a->host[0] || b->host[0])
		return strcmp(a->host, b->host) == 0;
	return a->trace == b->trace;
}

/* The number of a stream's clock domain. A clock's UUID (LTTng: the machine's boot) says more than a host name. */
static int find_domain(struct reader *reader, const struct stream *stream, const bt_trace *trace)
{
	struct domain domain = {.trace = trace};
	const uint8_t *uuid = stream->clock ? bt_clock_class_get_uuid(stream->clock) : NULL;

	domain.has_uuid = uuid != NULL;
	if (uuid)
		memcpy(domain.uuid, uuid, sizeof domain.uuid);
	snprintf(domain.host, sizeof domain.host, "%s", trace_text(trace, "hostname"));
	see_host(reader, domain.host);
	for (size_t i = 0; i < reader->domains.n; i++)
		if (same_domain(&reader->domains.items[i], &domain))
			return (int)i;
	if (reader->domains.n == UINT16_MAX)
		return TL_ELIMIT;
	return tl_vec_push(&reader->domains, domain) == 0 ? (int)reader->domains.n - 1 : TL_ENOMEM;
}

/* The stream's file below the path that the user gave. */
static void name_stream(struct reader *reader, struct stream *stream)
{
	char buffer[512];
	const char *path = tl_tails_original(&reader->tails, stream->path, buffer, sizeof buffer);
	size_t n = strlen(reader->path);

	if (strncmp(path, reader->path, n) == 0 && path[n] == '/')
		path += n + 1;
	snprintf(stream->where, sizeof stream->where, "%s", path);
}

static int on_stream_beginning(struct reader *reader, struct stream *stream, const bt_message *message)
{
	const bt_stream *bt_stream = bt_message_stream_beginning_borrow_stream_const(message);
	const char *name = bt_stream_get_name(bt_stream);
	int domain;

	stream->clock = bt_stream_class_borrow_default_clock_class_const(bt_stream_borrow_class_const(bt_stream));
	snprintf(stream->path, sizeof stream->path, "%s", name ? name : "?");
	name_stream(reader, stream);
	domain = find_domain(reader, stream, bt_stream_borrow_trace_const(bt_stream));
	if (domain < 0)
		return domain;
	stream->domain = (uint16_t)domain;
	return 0;
}

/* Adds the CPU to the stream's name, from the first packet's context. */
static void on_packet_beginning(struct stream *stream, const bt_message *message)
{
	const bt_packet *packet = bt_message_packet_beginning_borrow_packet_const(message);
	const bt_field *context = stream->has_cpu ? NULL : bt_packet_borrow_context_field_const(packet);
	const bt_field *cpu =
		context ? bt_field_structure_borrow_member_field_by_name_const(context, "cpu_id") : NULL;
	size_t n = strlen(stream->where);

	stream->has_cpu = true;
	if (cpu && is_integer(bt_field_borrow_class_const(cpu), false, 64))
		snprintf(stream->where + n, sizeof stream->where - n, " (CPU %" PRIu64 ")",
			 bt_field_integer_unsigned_get_value(cpu));
}

/* A torn stream ends: say so where its last whole packet ends. */
static void on_stream_end(struct reader *reader, const struct stream *stream)
{
	for (size_t i = 0; i < reader->tails.list.n; i++) {
		struct tl_tail *tail = &reader->tails.list.items[i];

		if (tail->told || strcmp(tail->path, stream->path) != 0)
			continue;
		tail->told = true;
		*start_loss(reader, stream, TL_LOSS_TAIL) =
			(struct tl_loss){.kind = TL_LOSS_TAIL, .begin_ns = stream->time_ns, .end_ns = INT64_MAX,
					 .count = tail->bytes, .count_known = true};
		memcpy(reader->item->loss.where, stream->where, sizeof stream->where);
		return;
	}
}

static int on_message(struct reader *reader, struct stream *stream, const bt_message *message)
{
	switch (bt_message_get_type(message)) {
	case BT_MESSAGE_TYPE_EVENT:
		return on_event(reader, stream, message);
	case BT_MESSAGE_TYPE_STREAM_BEGINNING:
		return on_stream_beginning(reader, stream, message);
	case BT_MESSAGE_TYPE_STREAM_END:
		on_stream_end(reader, stream);
		return 0;
	case BT_MESSAGE_TYPE_PACKET_BEGINNING:
		on_packet_beginning(stream, message);
		return 0;
	case BT_MESSAGE_TYPE_DISCARDED_EVENTS:
		on_discarded(reader, stream, message, false);
		return 0;
	case BT_MESSAGE_TYPE_DISCARDED_PACKETS:
		on_discarded(reader, stream, message, true);
		return 0;
	default:
		return 0;
	}
}

/* ---- the sink -------------------------------------------------------------- */

static bt_component_class_initialize_method_status sink_initialize(bt_self_component_sink *self,
								   bt_self_component_sink_configuration *configuration,
								   const bt_value *params, void *data)
{
	struct reader *reader = data;
	char name[32];

	(void)configuration;
	(void)params;
	bt_self_component_set_data(bt_self_component_sink_as_self_component(self), reader);
	for (size_t i = 0; i < reader->n_streams; i++) {
		snprintf(name, sizeof name, "in%zu", i);
		if (bt_self_component_sink_add_input_port(self, name, NULL, NULL) !=
		    BT_SELF_COMPONENT_ADD_PORT_STATUS_OK)
			return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_ERROR;
	}
	return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_OK;
}

static struct reader *sink_reader(bt_self_component_sink *self)
{
	return bt_self_component_get_data(bt_self_component_sink_as_self_component(self));
}

static bt_component_class_sink_graph_is_configured_method_status sink_configured(bt_self_component_sink *self)
{
	struct reader *reader = sink_reader(self);

	for (size_t i = 0; i < reader->n_streams; i++) {
		bt_self_component_port_input *port = bt_self_component_sink_borrow_input_port_by_index(self, i);

		if (bt_message_iterator_create_from_sink_component(self, port, &reader->streams[i].iterator) !=
		    BT_MESSAGE_ITERATOR_CREATE_FROM_SINK_COMPONENT_STATUS_OK)
			return BT_COMPONENT_CLASS_SINK_GRAPH_IS_CONFIGURED_METHOD_STATUS_ERROR;
		reader->n_iterators++;
		reader->streams[i].time_ns = INT64_MIN;
		tl_merge_add(&reader->merge, (uint32_t)i, INT64_MIN);
	}
	return BT_COMPONENT_CLASS_SINK_GRAPH_IS_CONFIGURED_METHOD_STATUS_OK;
}

static void release_held(struct reader *reader)
{
	if (reader->held)
		bt_message_put_ref(reader->held);
	reader->held = NULL;
}

/* Asks the first stream for more messages, and puts it where its next one belongs, or out. */
static bt_message_iterator_next_status refill(struct reader *reader, struct stream *stream)
{
	bt_message_iterator_next_status status;

	stream->next = stream->n = 0;
	status = bt_message_iterator_next(stream->iterator, &stream->messages, &stream->n);
	/* It may succeed and leave an error behind (seen with 2.0.4), at which its next function aborts the program. */
	if (status >= 0)
		drop_error();
	if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_END)
		tl_merge_remove_first(&reader->merge);
	if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK || stream->n == 0) {
		stream->n = 0;
		return status;
	}
	read_time(stream);
	tl_merge_move_first(&reader->merge, stream->time_ns);
	return status;
}

/*
 * Takes the first stream's present message: hands it on, and keeps it if an item
 * came of it. A stream whose batch is used up stays where it is: its next message
 * cannot be earlier, and is fetched when the stream is first again.
 */
static int take_message(struct reader *reader, struct stream *stream)
{
	const bt_message *message = stream->messages[stream->next];
	int result = on_message(reader, stream, message);

	stream->next++;
	if (reader->filled)
		reader->held = message;
	else
		bt_message_put_ref(message);
	if (stream->next < stream->n) {
		read_time(stream);
		tl_merge_move_first(&reader->merge, stream->time_ns);
	}
	return result;
}

static bt_component_class_sink_consume_method_status sink_consume(bt_self_component_sink *self)
{
	struct reader *reader = sink_reader(self);

	for (int i = 0; i < MESSAGES_PER_RUN && !reader->filled; i++) {
		struct stream *stream;

		if (reader->merge.n == 0)
			return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_END;
		stream = &reader->streams[reader->merge.entries[0].index];
		if (stream->next == stream->n) {
			bt_message_iterator_next_status status = refill(reader, stream);

			if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_AGAIN)
				return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_AGAIN;
			if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK &&
			    status != BT_MESSAGE_ITERATOR_NEXT_STATUS_END)
				return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_ERROR;
			continue;
		}
		reader->failure = take_message(reader, stream);
		if (reader->failure < 0)
			return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_ERROR;
	}
	return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_OK;
}

/* Messages that were fetched and not looked at. */
static void drop_streams(struct reader *reader)
{
	release_held(reader);
	for (size_t i = 0; i < reader->n_iterators; i++) {
		struct stream *stream = &reader->streams[i];

		for (; stream->next < stream->n; stream->next++)
			bt_message_put_ref(stream->messages[stream->next]);
		bt_message_iterator_put_ref(stream->iterator);
	}
	reader->n_iterators = 0;
}

/* The iterators must go before the graph's ports do. */
static void sink_finalize(bt_self_component_sink *self)
{
	drop_streams(sink_reader(self));
}

/* ---- building the graph ---------------------------------------------------- */

static const bt_component_class_sink *make_sink_class(void)
{
	bt_component_class_sink *class = bt_component_class_sink_create("threadline", sink_consume);

	if (class && (bt_component_class_sink_set_initialize_method(class, sink_initialize) != 0 ||
		      bt_component_class_sink_set_graph_is_configured_method(class, sink_configured) != 0 ||
		      bt_component_class_sink_set_finalize_method(class, sink_finalize) != 0)) {
		bt_component_class_sink_put_ref(class);
		class = NULL;
	}
	return class;
}

/* {"inputs": [path, ...]}; NULL when out of memory. */
static bt_value *make_params(const char *const *paths, size_t n)
{
	bt_value *params = bt_value_map_create(), *inputs = NULL;
	bool good = params && bt_value_map_insert_empty_array_entry(params, "inputs", &inputs) ==
				      BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK;

	for (size_t i = 0; good && i < n; i++)
		good = bt_value_array_append_string_element(inputs, paths[i]) ==
		       BT_VALUE_ARRAY_APPEND_ELEMENT_STATUS_OK;
	if (!good) {
		bt_value_put_ref(params);
		params = NULL;
	}
	return params;
}

/* Adds a source for one trace, which may lie in several folders, to a graph. */
static int add_source(const struct reader *reader, bt_graph *graph, const char *const *paths, size_t n,
		      const bt_component_source **component, struct tl_error *error)
{
	bt_value *params = make_params(paths, n);
	bt_graph_add_component_status status;

	if (!params)
		return no_memory(error);
	status = bt_graph_add_source_component(graph, reader->fs, paths[0], params, BT_LOGGING_LEVEL_NONE, component);
	bt_value_put_ref(params);
	if (status == BT_GRAPH_ADD_COMPONENT_STATUS_MEMORY_ERROR)
		return no_memory(error);
	return status == BT_GRAPH_ADD_COMPONENT_STATUS_OK ? 0 : take_error(error, TL_EFORMAT);
}

/* Whether these folders can be opened as one trace, in a graph made for the question. */
static int probe(const struct reader *reader, const char *const *paths, size_t n, struct tl_error *error)
{
	const bt_component_source *component;
	bt_graph *graph;
	int result;

	for (size_t i = 0; i < n; i++)
		if (!tl_tails_is_safe(paths[i]))
			return tl_error_set(error, TL_EFORMAT, "%s: a packet's size or an index file is damaged", paths[i]);
	graph = bt_graph_create(0);
	result = graph ? add_source(reader, graph, paths, n, &component, error) : no_memory(error);
	bt_graph_put_ref(graph);
	return result;
}

static int probe_folder(void *data, const char *folder, struct tl_error *error)
{
	return probe(data, &folder, 1, error);
}

/* The traces that go into the graph: folders[first .. first+n) are one trace. */
struct part {
	size_t first, n;
};

struct parts {
	TL_VEC(struct part) list;
	const char **paths; /* by folder: itself, or its repaired form */
};

/* Replaces what cannot be opened of paths[part] by its repaired form. */
static int repair(struct reader *reader, const struct tl_trace_folders *folders, struct parts *parts,
		  struct part part, struct tl_error *error)
{
	for (size_t i = part.first; i < part.first + part.n; i++) {
		const struct tl_trace_folder *folder = &folders->list.items[i];
		int result = probe(reader, &parts->paths[i], 1, NULL);

		if (result < 0)
			result = tl_tails_repair(&reader->tails, folder, probe_folder, reader, &parts->paths[i], error);
		if (result < 0)
			return result;
	}
	return 0;
}

/*
 * Decides how one trace is opened: as it is; or repaired; and when its folders do
 * not go together though their UUID says so, each alone.
 */
static int plan_trace(struct reader *reader, const struct tl_trace_folders *folders, struct parts *parts,
		      struct part part, struct tl_error *error)
{
	const char **paths = &parts->paths[part.first];
	bool opens = probe(reader, paths, part.n, NULL) == 0;
	int result;

	if (!opens) {
		result = repair(reader, folders, parts, part, error);
		if (result < 0)
			return result;
		opens = probe(reader, paths, part.n, NULL) == 0;
	}
	if (opens)
		return tl_vec_push(&parts->list, part) == 0 ? 0 : no_memory(error);
	for (size_t i = 0; i < part.n; i++)
		if (tl_vec_push(&parts->list, (struct part){part.first + i, 1}) < 0)
			return no_memory(error);
	return 0;
}

/*
 * Groups the folders into traces. At first (`hopeful`) each is taken to be good,
 * so that a good trace is opened once; probing is for the second attempt.
 */
static int plan_traces(struct reader *reader, const struct tl_trace_folders *folders, struct parts *parts,
		       bool hopeful, struct tl_error *error)
{
	const struct tl_trace_folder *list = folders->list.items;
	int result = 0;

	parts->list.n = 0;
	for (size_t i = 0, n; result == 0 && i < folders->list.n; i += n) {
		for (n = 1; i + n < folders->list.n && list[i].has_uuid && list[i + n].has_uuid &&
			    memcmp(list[i].uuid, list[i + n].uuid, sizeof list[i].uuid) == 0;)
			n++;
		if (!hopeful)
			result = plan_trace(reader, folders, parts, (struct part){i, n}, error);
		else if (tl_vec_push(&parts->list, (struct part){i, n}) < 0)
			result = no_memory(error);
	}
	return result;
}

/* The sources of a graph that is being built. */
struct sources {
	TL_VEC(const bt_component_source *) list;
};

static int add_sources(struct reader *reader, const struct parts *parts, struct sources *sources,
		       struct tl_error *error)
{
	for (size_t i = 0; i < parts->list.n; i++) {
		const struct part *part = &parts->list.items[i];
		const bt_component_source *source;
		int result = add_source(reader, reader->graph, &parts->paths[part->first], part->n, &source, error);

		if (result < 0)
			return result;
		if (tl_vec_push(&sources->list, source) < 0)
			return no_memory(error);
		reader->n_streams += bt_component_source_get_output_port_count(source);
	}
	return 0;
}

/* Adds the sink, with as many ports as there are streams. */
static int add_sink(struct reader *reader, const bt_component_sink **sink, struct tl_error *error)
{
	const bt_component_class_sink *class = make_sink_class();
	bt_graph_add_component_status status = BT_GRAPH_ADD_COMPONENT_STATUS_MEMORY_ERROR;

	reader->streams = calloc(reader->n_streams + 1, sizeof *reader->streams);
	if (class && reader->streams && tl_merge_init(&reader->merge, reader->n_streams) == 0)
		status = bt_graph_add_sink_component_with_initialize_method_data(
			reader->graph, class, "threadline", NULL, reader, BT_LOGGING_LEVEL_NONE, sink);
	bt_component_class_sink_put_ref(class);
	if (status == BT_GRAPH_ADD_COMPONENT_STATUS_MEMORY_ERROR)
		return no_memory(error);
	return status == BT_GRAPH_ADD_COMPONENT_STATUS_OK ? 0 : take_error(error, TL_EIO);
}

static int connect_source(struct reader *reader, const bt_component_source *source, const bt_component_sink *sink,
			  uint64_t *port, struct tl_error *error)
{
	uint64_t n = bt_component_source_get_output_port_count(source);

	for (uint64_t i = 0; i < n; i++)
		if (bt_graph_connect_ports(reader->graph,
					   bt_component_source_borrow_output_port_by_index_const(source, i),
					   bt_component_sink_borrow_input_port_by_index_const(sink, (*port)++),
					   NULL) != BT_GRAPH_CONNECT_PORTS_STATUS_OK)
			return take_error(error, TL_EIO);
	return 0;
}

/* Undoes build_graph, whole or failed. */
static void drop_graph(struct reader *reader)
{
	bt_graph_put_ref(reader->graph);
	reader->graph = NULL;
	tl_merge_finish(&reader->merge);
	free(reader->streams);
	reader->streams = NULL;
	reader->n_streams = 0;
}

/* Adds all sources and the sink, and connects them: one port a stream. After a failure there is no graph. */
static int build_graph(struct reader *reader, const struct parts *parts, struct tl_error *error)
{
	struct sources sources = {0};
	const bt_component_sink *sink;
	uint64_t port = 0;
	int result;

	reader->graph = bt_graph_create(0);
	result = reader->graph ? add_sources(reader, parts, &sources, error) : no_memory(error);
	if (result == 0)
		result = add_sink(reader, &sink, error);
	for (size_t i = 0; result == 0 && i < sources.list.n; i++)
		result = connect_source(reader, sources.list.items[i], sink, &port, error);
	tl_vec_finish(&sources.list);
	if (result < 0)
		drop_graph(reader);
	return result;
}

static int load_plugin(struct reader *reader, struct tl_error *error)
{
	bt_logging_set_global_level(BT_LOGGING_LEVEL_NONE);
	if (bt_plugin_find("ctf", BT_TRUE, BT_FALSE, BT_TRUE, BT_TRUE, BT_FALSE, &reader->plugin) ==
	    BT_PLUGIN_FIND_STATUS_OK)
		reader->fs = bt_plugin_borrow_source_component_class_by_name_const(reader->plugin, "fs");
	if (reader->fs) {
		/* It stays loaded: the next trace opens faster, and a leak in it is reported with its name. */
		const char *path = bt_plugin_get_path(reader->plugin);
		void *pinned = path ? dlopen(path, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE) : NULL;

		if (pinned)
			dlclose(pinned);
		return 0;
	}
	drop_error();
	return tl_error_set(error, TL_EIO,
			    "Babeltrace 2's plugin \"ctf\" was not found: install Debian's babeltrace2, or set "
			    "BABELTRACE_PLUGIN_PATH to the folder that holds it");
}

/* Opens the traces as they are, or as far as they can be repaired. */
static int open_folders(struct reader *reader, const struct tl_trace_folders *folders, struct parts *parts,
			struct tl_error *error)
{
	bool safe = true;
	int result;

	for (size_t i = 0; i < folders->list.n; i++) {
		parts->paths[i] = folders->list.items[i].path;
		safe = safe && tl_tails_is_safe(parts->paths[i]);
	}
	result = plan_traces(reader, folders, parts, true, error);
	if (result < 0 || (safe && build_graph(reader, parts, NULL) == 0))
		return result;
	result = plan_traces(reader, folders, parts, false, error);
	return result == 0 ? build_graph(reader, parts, error) : result;
}

static int open_traces(struct reader *reader, struct tl_error *error)
{
	struct tl_trace_folders folders = {0};
	struct parts parts = {0};
	int result = load_plugin(reader, error);

	if (result == 0)
		result = tl_trace_folders_find(&folders, reader->path, error);
	if (result == 0) {
		parts.paths = calloc(folders.list.n, sizeof *parts.paths);
		result = parts.paths ? open_folders(reader, &folders, &parts, error) : no_memory(error);
	}
	free(parts.paths);
	tl_vec_finish(&parts.list);
	tl_trace_folders_finish(&folders);
	return result;
}

/* ---- the interface --------------------------------------------------------- */

/* Tails that no stream's end will tell: before the first event (`early`, nothing is left of the stream), or at the end. */
static bool next_tail(struct reader *reader, struct tl_item *item, bool early)
{
	for (size_t i = 0; i < reader->tails.list.n; i++) {
		struct tl_tail *tail = &reader->tails.list.items[i];
		const char *name = tail->original;
		size_t n = strlen(reader->path);

		if (tail->told || (early && tail->path[0]))
			continue;
		tail->told = true;
		if (strncmp(name, reader->path, n) == 0 && name[n] == '/')
			name += n + 1;
		memset(&item->loss, 0, sizeof item->loss);
		item->loss = (struct tl_loss){.kind = TL_LOSS_TAIL, .begin_ns = INT64_MIN, .end_ns = INT64_MAX,
					      .count = tail->bytes, .count_known = true};
		snprintf(item->loss.where, sizeof item->loss.where, "%s", name);
		item->type = TL_ITEM_LOSS;
		return true;
	}
	return false;
}

static int run_failed(struct reader *reader, bt_graph_run_once_status status, struct tl_error *error)
{
	if (reader->failure == TL_ENOMEM || status == BT_GRAPH_RUN_ONCE_STATUS_MEMORY_ERROR)
		return no_memory(error);
	if (reader->failure == TL_ELIMIT) {
		drop_error();
		return tl_error_set(error, TL_ELIMIT, "%s: more than %d clocks", reader->path, UINT16_MAX);
	}
	take_error(error, TL_EFORMAT);
	return tl_error_add(error, "%s: the trace is damaged: it can be read only up to this point", reader->path);
}

/* Runs the graph until an item is there, or the end. */
static int run(struct reader *reader, struct tl_error *error)
{
	int idle = 0;

	while (!reader->filled && !reader->ended) {
		bt_graph_run_once_status status;

		drop_error();
		status = bt_graph_run_once(reader->graph);

		if (status == BT_GRAPH_RUN_ONCE_STATUS_END) {
			reader->ended = true;
		} else if (status == BT_GRAPH_RUN_ONCE_STATUS_AGAIN) {
			if (++idle > IDLE_MAX)
				return tl_error_set(error, TL_EIO, "%s: reading makes no progress", reader->path);
			nanosleep(&(struct timespec){.tv_nsec = IDLE_NS}, NULL);
		} else if (status != BT_GRAPH_RUN_ONCE_STATUS_OK) {
			return run_failed(reader, status, error);
		} else {
			idle = 0;
		}
	}
	return 0;
}

static int babeltrace_next(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	struct reader *reader = (struct reader *)base;
	int result;

	release_held(reader);
	reader->item = item;
	reader->filled = false;
	if (!reader->ended && next_tail(reader, item, true))
		return item->type;
	result = run(reader, error);
	reader->item = NULL;
	if (result < 0)
		return result;
	if (!reader->filled && !next_tail(reader, item, false))
		item->type = TL_ITEM_END;
	return item->type;
}

static void babeltrace_destroy(struct tl_source *base)
{
	struct reader *reader = (struct reader *)base;
	struct plan *plan, *next;

	release_held(reader);
	drop_graph(reader);
	HASH_ITER(hh, reader->plans, plan, next) {
		HASH_DEL(reader->plans, plan);
		bt_event_class_put_ref(plan->class);
		free(plan);
	}
	bt_plugin_put_ref(reader->plugin);
	tl_vec_finish(&reader->domains);
	tl_tails_finish(&reader->tails);
	free(reader->path);
	free(reader);
}

static const struct tl_source_ops ops = {"babeltrace", babeltrace_next, babeltrace_destroy};

struct tl_source *tl_source_babeltrace_create(const char *path, struct tl_error *error)
{
	struct reader *reader = calloc(1, sizeof *reader);
	size_t n = strlen(path);

	if (reader)
		reader->path = strdup(path);
	if (!reader || !reader->path) {
		free(reader);
		no_memory(error);
		return NULL;
	}
	while (n > 1 && reader->path[n - 1] == '/')
		reader->path[--n] = '\0';
	reader->base.ops = &ops;
	if (open_traces(reader, error) < 0) {
		tl_error_add(error, "%s: this trace cannot be opened", path);
		babeltrace_destroy(&reader->base);
		return NULL;
	}
	for (size_t i = 0; i < reader->tails.list.n; i++)
		add_up(&reader->base.info.tail_bytes, reader->tails.list.items[i].bytes);
	return &reader->base;
}
