/*
 * The events of one packet: each header is read ahead, so that the merge knows when the
 * next event is, and the event is decoded when it is its turn, straight to where it is
 * wanted. Events that lie as the contract has them, under LTTng's own headers, are
 * decoded in a loop that has all it needs at hand; others by their plans. See direct_internal.h.
 */
#include <assert.h>
#include <inttypes.h>

#include "viewer/read/ctf_layout.h"
#include "viewer/read/direct_internal.h"

static inline const struct tl_direct_class *find_class(const struct tl_direct_stream_class *stream, uint64_t id)
{
	size_t low = 0, high = stream->n_classes;

	if (stream->is_dense)
		return id < stream->n_classes ? &stream->classes[id] : NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stream->classes[middle].id == id)
			return &stream->classes[middle];
		if (stream->classes[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static inline void see(struct tl_direct_batch *batch, int64_t ns)
{
	if (ns < batch->seen_low)
		batch->seen_low = ns;
	if (ns > batch->seen_high)
		batch->seen_high = ns;
}

/* The pending event, or its header, is damaged. */
static void event_failed(struct tl_direct_stream *stream, const char *what)
{
	stream->failed = true;
	stream->ready = TL_FORM_PLANNED;
	stream->pending.class = NULL;
	tl_error_init(&stream->failure);
	if (tl_direct_is_whole(stream))
		tl_error_set(&stream->failure, what == tl_ctf_scratch_failed ? TL_ENOMEM : TL_EFORMAT,
			     "%s: packet at byte %" PRIu64 ", event at byte %" PRIu64 ": %s",
			     tl_direct_present(stream)->path, stream->packet.at,
			     stream->packet.at + stream->pending.at / 8, what);
	else
		tl_direct_lost(tl_direct_present(stream), stream->packet.at, &stream->failure);
}

/* ---- headers ------------------------------------------------------------------- */

static inline bool read_header(struct tl_direct_stream *stream, uint64_t *id)
{
	const struct tl_direct_stream_class *class = stream->class;

	if (class->form != TL_FORM_PLANNED)
		return tl_direct_read_header(class->form, &stream->cursor, id);
	if (!tl_ctf_execute(&tl_direct_present(stream)->trace->plans, class->event_header, &stream->cursor))
		return false;
	*id = class->has[TL_SLOT_EVENT_ID] ? stream->cursor.slots[TL_SLOT_EVENT_ID] : 0;
	return true;
}

static inline __attribute__((always_inline)) void look_ahead(struct tl_direct_stream *stream)
{
	struct tl_direct_pending *pending = &stream->pending;
	uint64_t id = 0;
	int64_t ns;

	stream->ready = TL_FORM_PLANNED;
	pending->class = NULL;
	if (stream->cursor.at >= stream->cursor.end)
		return;
	pending->at = stream->cursor.at;
	if (!read_header(stream, &id)) {
		event_failed(stream, stream->cursor.failure);
		return;
	}
	pending->class = find_class(stream->class, id);
	if (!pending->class) {
		event_failed(stream, "it is of no class of the metadata");
		return;
	}
	pending->is_timed = tl_direct_time(stream->class, stream->cursor.clock, &ns);
	if (pending->is_timed)
		pending->ns = ns;
}

void tl_direct_look_ahead(struct tl_direct_stream *stream)
{
	look_ahead(stream);
}

/* ---- events by their plans ------------------------------------------------------- */

/* status.since_ns is said in the trace's clock, by code that does not know its offset. */
static bool convert_since(const struct tl_direct_stream *stream, int64_t *since_ns)
{
	return *since_ns <= 0 || tl_direct_time(stream->class, (uint64_t)*since_ns, since_ns);
}

static bool is_good(const struct tl_direct_stream *stream, struct tl_event *event)
{
	return stream->pending.is_timed && !stream->cursor.is_wrong && event->task != 0 &&
	       (event->kind != TL_EVENT_STATUS || convert_since(stream, &event->u.status.since_ns));
}

/* Only its place in the order of time is found here: what it means depends on what comes before it in all streams. */
static inline bool take_sched(struct tl_direct_stream *stream, const struct tl_direct_class *class,
			      struct tl_sched *sched)
{
	*sched = (struct tl_sched){
		.kind = class->sched->kind,
		.domain = stream->domain,
		.has_cpu = stream->cpu >= 0,
		.cpu = stream->cpu >= 0 ? (uint16_t)stream->cpu : 0,
		.time_ns = stream->pending.ns,
	};
	return tl_ctf_sched_take(class->sched, &stream->cursor, sched);
}

/* Sets what is not among an event's fields. */
static inline void put_head(struct tl_event *event, uint8_t kind, const struct tl_direct_stream *stream, int64_t ns)
{
	event->time_ns = ns;
	event->kind = kind;
	event->domain = stream->domain;
	event->peer = 0;
}

/* An event that is not given. */
static inline void count(struct tl_direct_stream *stream, const struct tl_direct_class *class, bool is_timed,
			 int64_t ns)
{
	if (is_timed && !class->is_timeless)
		see(stream->to, ns);
	if (class->verdict == TL_CTF_FOREIGN)
		stream->to->foreign++;
	else
		stream->to->malformed++;
}

/* Decodes the pending event into the item, or for one of the kernel's beside it; or counts it. True: it is there. */
static inline bool take_planned(struct tl_direct_stream *stream, struct tl_item *item)
{
	struct tl_ctf_cursor *cursor = &stream->cursor;
	const struct tl_direct_class *class = stream->pending.class;
	const struct tl_direct_pending *pending = &stream->pending;

	cursor->event = &item->event;
	cursor->is_wrong = false;
	if (!tl_ctf_execute(&tl_direct_present(stream)->trace->plans, class->program, cursor)) {
		event_failed(stream, cursor->failure);
		return false;
	}
	if (cursor->at == pending->at) {
		event_failed(stream, "it takes no room");
		return false;
	}
	item->type = TL_ITEM_EVENT;
	item->is_plain = false;
	if (class->verdict == TL_CTF_OURS) {
		put_head(&item->event, class->kind, stream, pending->ns);
		if (is_good(stream, &item->event)) {
			tl_ctf_scratch_keep(cursor->scratch);
			return true;
		}
	}
	if (class->verdict == TL_CTF_SCHED && pending->is_timed && stream->to->scheds &&
	    take_sched(stream, class, &stream->to->scheds[item - stream->to->items])) {
		if (!class->is_timeless)
			see(stream->to, pending->ns);
		put_head(&item->event, TL_DIRECT_SCHED, stream, pending->ns);
		tl_ctf_scratch_keep(cursor->scratch);
		return true;
	}
	/* Nobody uses what it points to; many such events alone would otherwise never get on. */
	tl_ctf_scratch_undo(cursor->scratch);
	count(stream, class, pending->is_timed, pending->ns);
	return false;
}

/* ---- events that lie as the contract has them ------------------------------------ */

#define SHORT_SIZE(small) ((small) ? 4u : 6u) /* bytes of a short header */

/* What the loop below goes along with. */
struct run {
	const uint8_t *at, *end;
	const struct tl_direct_class *class; /* of the event whose header was read last */
	uint64_t clock;
};

/* Where what is decoded goes to. */
struct out {
	struct tl_item *item, *end;
	int64_t *time;
};

/* Once: it is compared with how many classes there are, and then one of them is picked. */
static inline __attribute__((always_inline)) uint64_t read_id(bool small, const volatile uint8_t *at)
{
	return small ? at[0] & 31u : (uint64_t)at[0] | (uint64_t)at[1] << 8;
}

/*
 * Goes behind the header of the next event, if it is a short one of a class that there is
 * with a time that can be. False: it is not, and nothing has changed.
 */
static inline __attribute__((always_inline)) bool read_short(bool small, const struct tl_direct_stream_class *of,
							     struct run *run)
{
	uint64_t id, time, clock;

	if ((size_t)(run->end - run->at) < SHORT_SIZE(small))
		return false;
	id = read_id(small, run->at);
	time = small ? tl_direct_load32(run->at) >> 5 : tl_direct_load32(run->at + 2);
	clock = tl_direct_clock_at(run->clock, time, small ? (1u << 27) - 1 : UINT32_MAX);
	if (id >= of->short_ids || clock > of->last_clock)
		return false;
	*run = (struct run){run->at + SHORT_SIZE(small), run->end, &of->classes[id], clock};
	return true;
}

/* The first event of a run has failed, or one behind it, of `ns`, whose header was a short one and ends at `at`. */
static void laid_out_failed(bool small, struct tl_direct_stream *stream, const uint8_t *at, int64_t ns)
{
	uint64_t place = (uint64_t)(at - stream->cursor.packet) * 8;

	if (place != stream->cursor.at)
		stream->pending.at = place - SHORT_SIZE(small) * 8;
	stream->pending.ns = ns;
	event_failed(stream, stream->cursor.failure);
}

/*
 * Those from the pending one on, as tl_direct_decode; up to a header that is no short one, or
 * an event that does not lie so. True: the next one does.
 */
static inline __attribute__((always_inline)) bool take_laid_out(bool small, struct tl_direct_stream *stream,
								struct out *out, int64_t until_ns)
{
	const struct tl_direct_stream_class *of = stream->class;
	struct tl_ctf_cursor *cursor = &stream->cursor;
	struct tl_direct_pending *pending = &stream->pending;
	struct run run = {cursor->packet + cursor->at / 8, cursor->packet + cursor->end / 8, pending->class,
			  cursor->clock};
	const uint8_t *next;
	int64_t ns = pending->ns;
	bool is_full = false;

	do {
		bool is_wrong = false;

		next = tl_ctf_take_laid_out(run.class->laid_out, cursor, run.at, run.end, out->item, &is_wrong);
		if (!next) {
			laid_out_failed(small, stream, run.at, ns);
			return false;
		}
		run.at = next;
		if (__builtin_expect(is_wrong || out->item->event.task == 0, 0)) {
			tl_ctf_scratch_undo(cursor->scratch);
			count(stream, run.class, true, ns);
		} else {
			out->item->type = TL_ITEM_EVENT;
			put_head(&out->item->event, run.class->laid_out, stream, ns);
			*out->time++ = ns;
			if (!out->item->is_plain) {
				tl_ctf_scratch_keep(cursor->scratch);
				is_full = cursor->scratch->is_full;
			}
			out->item++;
		}
		if (!read_short(small, of, &run)) {
			cursor->at = (uint64_t)(run.at - cursor->packet) * 8;
			cursor->clock = run.clock;
			pending->ns = ns;
			tl_direct_look_ahead(stream);
			return false;
		}
		ns = (int64_t)((uint64_t)of->offset_ns + run.clock);
	} while (ns < until_ns && out->item < out->end && run.class->laid_out != TL_DIRECT_PLANNED && !is_full);
	cursor->at = (uint64_t)(run.at - cursor->packet) * 8;
	cursor->clock = run.clock;
	pending->class = run.class;
	pending->at = cursor->at - SHORT_SIZE(small) * 8;
	pending->ns = ns;
	return run.class->laid_out != TL_DIRECT_PLANNED;
}

/* ---- both ------------------------------------------------------------------------- */

static bool is_laid_out(const struct tl_direct_stream *stream)
{
	return stream->pending.class->laid_out != TL_DIRECT_PLANNED && stream->pending.is_timed &&
	       stream->class->is_dense && stream->class->form != TL_FORM_PLANNED && stream->cursor.at % 8 == 0;
}

/* Does the pending event come next, as tl_direct_decode says, behind `n` that were decoded? */
static inline bool goes_on(const struct tl_direct_stream *stream, const int64_t *times, size_t n, size_t max,
			   int64_t until_ns)
{
	const struct tl_direct_pending *pending = &stream->pending;

	return pending->class && pending->ns < until_ns && n < max && (n == 0 || pending->ns >= times[n - 1]) &&
	       !stream->cursor.scratch->is_full;
}

/* Those from the pending one on, as tl_direct_decode; up to one that lies as the contract has it. */
static size_t take_all_planned(struct tl_direct_stream *stream, struct tl_item *items, int64_t *times, size_t max,
			       int64_t until_ns)
{
	size_t n = 0;

	do {
		if (take_planned(stream, &items[n]))
			times[n++] = stream->pending.ns;
		if (!stream->failed)
			look_ahead(stream);
	} while (goes_on(stream, times, n, max, until_ns) && stream->pending.class->laid_out == TL_DIRECT_PLANNED);
	return n;
}

/* Events of either form of header; afterwards the stream is `ready`, if it ever is and the next one is of them. */
static size_t take_all_laid_out(struct tl_direct_stream *stream, struct tl_item *items, int64_t *times, size_t max,
				int64_t until_ns)
{
	struct out out = {items, items + max, times};
	bool more = stream->class->form == TL_FORM_SMALL ? take_laid_out(true, stream, &out, until_ns)
							 : take_laid_out(false, stream, &out, until_ns);

	stream->ready = more ? stream->straight_form : TL_FORM_PLANNED;
	return (size_t)(out.item - items);
}

size_t tl_direct_decode(struct tl_direct_stream *stream, struct tl_item *items, int64_t *times, size_t max,
			int64_t until_ns)
{
	size_t n = 0;

	assert(!stream->cursor.scratch->is_full);
	do {
		if (is_laid_out(stream))
			n += take_all_laid_out(stream, items + n, times + n, max - n, until_ns);
		else
			n += take_all_planned(stream, items + n, times + n, max - n, until_ns);
	} while (goes_on(stream, times, n, max, until_ns));
	return n;
}

static inline __attribute__((always_inline)) size_t take_turns(bool small, struct tl_direct_reader *reader,
							       struct tl_item *items, int64_t *times, size_t max)
{
	enum tl_direct_form form = small ? TL_FORM_SMALL : TL_FORM_LARGE;
	struct tl_merge *merge = &reader->merge;
	struct tl_direct_stream *stream = &reader->streams[merge->entries[0].index];
	struct out out = {items, items + max, times};

	do {
		tl_direct_use(reader, stream);
		if (!take_laid_out(small, stream, &out, tl_merge_second(merge)))
			stream->ready = TL_FORM_PLANNED;
		tl_merge_move_first(merge, stream->pending.ns);
		stream = &reader->streams[merge->entries[0].index];
	} while (out.item < out.end && stream->ready == form && !reader->scratch.is_full);
	return (size_t)(out.item - items);
}

size_t tl_direct_take_turns(struct tl_direct_reader *reader, struct tl_item *items, int64_t *times, size_t max)
{
	if (reader->streams[reader->merge.entries[0].index].ready == TL_FORM_SMALL)
		return take_turns(true, reader, items, times, max);
	return take_turns(false, reader, items, times, max);
}
