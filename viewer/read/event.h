/*
 * One decoded event, as every part of the viewer passes it on, and the tables
 * that describe events at run time, derived from include/threadline/events.h.
 */
#ifndef TL_READ_EVENT_H
#define TL_READ_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "threadline/events.h"

#define TL_EVENT_UNION_(name, NAME, text) struct tl_ev_##name name;

/*
 * Texts and sequences point into the source's memory and are valid until the
 * source's next call; whoever keeps an event copies them.
 */
struct tl_event {
	int64_t time_ns; /* since the Unix epoch */
	uint64_t task;   /* (process nonce << 32) | number; never 0 for our events */
	uint32_t seq;
	uint8_t kind;    /* enum tl_event_kind */
	uint16_t domain; /* clock domain (host); events of one domain compare exactly */
	/*
	 * The process of the task that create.child, start.waker or unblock.target names: 0
	 * means the emitter's own, as the contract has it. Only a kernel's trace, in which
	 * processes create and wake each other, says another.
	 */
	uint32_t peer;
	union {
		TL_EVENTS(TL_EVENT_UNION_)
	} u;
};

/* The process part of a task id, and the id of another task of that process. */
static inline uint32_t tl_task_process(uint64_t task)
{
	return (uint32_t)(task >> 32);
}

/* `number` 0 gives 0: nobody. */
static inline uint64_t tl_task_sibling(uint64_t task, uint32_t number)
{
	return number ? (task & 0xFFFFFFFF00000000u) | number : 0;
}

/* The task that an event names by `number`; 0: nobody. */
static inline uint64_t tl_event_peer(const struct tl_event *event, uint32_t number)
{
	return tl_task_sibling(event->peer ? (uint64_t)event->peer << 32 : event->task, number);
}

/* Serial comparison of sequence numbers that wrap: a - b as a signed step. */
static inline int32_t tl_seq_diff(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

enum tl_field_type {
	TL_FIELD_U8,
	TL_FIELD_U16,
	TL_FIELD_U32,
	TL_FIELD_U64,
	TL_FIELD_S32,
	TL_FIELD_S64,
	TL_FIELD_TEXT,
	TL_FIELD_ADDRS,
	TL_FIELD_BYTES,
	/* named values, stored as u8 */
	TL_FIELD_REASON,
	TL_FIELD_CAUSE,
	TL_FIELD_TASK_KIND,
	TL_FIELD_YIELD,
	TL_FIELD_MISUSE,
	TL_FIELD_STANDING,
	TL_FIELD_NAMED,
};

struct tl_field_info {
	const char *name;
	enum tl_field_type type;
	size_t offset;       /* in struct tl_event */
	size_t count_offset; /* of a sequence's count (u8); 0 for others */
};

struct tl_kind_info {
	const char *name; /* "block": the tracepoint is threadline:block */
	const char *says;
	const struct tl_field_info *fields;
	size_t n_fields;
};

extern const struct tl_kind_info tl_kinds[TL_N_EVENT_KINDS];

/*
 * Was the field added by a later version of the contract? Traces of earlier ones are
 * read as if it were 0.
 */
bool tl_field_is_later(const struct tl_kind_info *kind, const struct tl_field_info *field);

/* The kind called `name`, or -1. */
int tl_kind_find(const char *name);

/* Text of named values; "?" for a number out of range. Never NULL. */
const char *tl_reason_text(unsigned reason);
const char *tl_cause_text(unsigned cause);
const char *tl_task_kind_text(unsigned kind);
const char *tl_misuse_text(unsigned misuse);

/* Number of values of a named-value type (0 for other types), and each's text. */
unsigned tl_value_count(enum tl_field_type type);
const char *tl_value_text(enum tl_field_type type, unsigned value);

/*
 * How an object without a name of its own is called: what has no address by its
 * number ("descriptor 5"), the rest by its address. Writes and returns `buffer`.
 */
#define TL_OBJECT_ID_TEXT 32
char *tl_object_id_text(uint64_t object, char buffer[TL_OBJECT_ID_TEXT]);

/* The class of a wait reason; an unknown number counts as LEVEL, which accuses nobody. */
extern const uint8_t tl_reason_classes[TL_N_REASONS];
static inline enum tl_wait_class tl_reason_class(unsigned reason)
{
	return reason < TL_N_REASONS ? (enum tl_wait_class)tl_reason_classes[reason] : TL_CLASS_LEVEL;
}

#endif
