/*
 * The LTTng-UST provider "threadline", derived from the event contract. LTTng
 * includes this file several times with other meanings of its macros, so it
 * holds nothing but the table. Only provider.c and emit.c include it.
 */
/* clang-format off */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER threadline

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "tracer/provider.h"

#if !defined(TL_TRACER_PROVIDER_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define TL_TRACER_PROVIDER_H

#include <stddef.h>

#include <lttng/tracepoint.h>

#include "threadline/events.h"

/* Named values appear in the trace's own metadata, so that any CTF reader shows their text. */
#define TL_UST_VALUE(name, number, text, extra) lttng_ust_field_enum_value(text, number)

LTTNG_UST_TRACEPOINT_ENUM(threadline, tl_reason, LTTNG_UST_TP_ENUM_VALUES(TL_REASONS(TL_UST_VALUE)))
LTTNG_UST_TRACEPOINT_ENUM(threadline, tl_cause, LTTNG_UST_TP_ENUM_VALUES(TL_CAUSES(TL_UST_VALUE)))
LTTNG_UST_TRACEPOINT_ENUM(threadline, tl_task_kind, LTTNG_UST_TP_ENUM_VALUES(TL_TASK_KINDS(TL_UST_VALUE)))
LTTNG_UST_TRACEPOINT_ENUM(threadline, tl_yield, LTTNG_UST_TP_ENUM_VALUES(TL_YIELDS(TL_UST_VALUE)))
LTTNG_UST_TRACEPOINT_ENUM(threadline, tl_misuse, LTTNG_UST_TP_ENUM_VALUES(TL_MISUSES(TL_UST_VALUE)))
LTTNG_UST_TRACEPOINT_ENUM(threadline, tl_standing, LTTNG_UST_TP_ENUM_VALUES(TL_STANDINGS(TL_UST_VALUE)))
LTTNG_UST_TRACEPOINT_ENUM(threadline, tl_named, LTTNG_UST_TP_ENUM_VALUES(TL_NAMED(TL_UST_VALUE)))

#define TL_UST_U8(m) lttng_ust_field_integer(uint8_t, m, e->m)
#define TL_UST_U16(m) lttng_ust_field_integer(uint16_t, m, e->m)
#define TL_UST_U32(m) lttng_ust_field_integer(uint32_t, m, e->m)
#define TL_UST_U64(m) lttng_ust_field_integer_hex(uint64_t, m, e->m)
#define TL_UST_S32(m) lttng_ust_field_integer(int32_t, m, e->m)
#define TL_UST_S64(m) lttng_ust_field_integer(int64_t, m, e->m)
#define TL_UST_TEXT(m) lttng_ust_field_string(m, e->m)
#define TL_UST_ADDRS(m) lttng_ust_field_sequence_hex(uint64_t, m, e->m, uint8_t, e->n_##m)
#define TL_UST_BYTES(m) lttng_ust_field_sequence_hex(uint8_t, m, e->m, uint8_t, e->n_##m)
#define TL_UST_REASON(m) lttng_ust_field_enum(threadline, tl_reason, uint8_t, m, e->m)
#define TL_UST_CAUSE(m) lttng_ust_field_enum(threadline, tl_cause, uint8_t, m, e->m)
#define TL_UST_TASK_KIND(m) lttng_ust_field_enum(threadline, tl_task_kind, uint8_t, m, e->m)
#define TL_UST_YIELD(m) lttng_ust_field_enum(threadline, tl_yield, uint8_t, m, e->m)
#define TL_UST_MISUSE(m) lttng_ust_field_enum(threadline, tl_misuse, uint8_t, m, e->m)
#define TL_UST_STANDING(m) lttng_ust_field_enum(threadline, tl_standing, uint8_t, m, e->m)
#define TL_UST_NAMED(m) lttng_ust_field_enum(threadline, tl_named, uint8_t, m, e->m)
#define TL_UST_FIELD(x, type, m, text) TL_UST_##type(m)

/* A pointer to the event's C form: one argument, however many fields. */
#define TL_UST_EVENT(name, NAME, text)                                         \
	LTTNG_UST_TRACEPOINT_EVENT(                                            \
		threadline, name,                                              \
		LTTNG_UST_TP_ARGS(uint64_t, task_id, uint32_t, task_seq,       \
				  const struct tl_ev_##name *, e),             \
		LTTNG_UST_TP_FIELDS(lttng_ust_field_integer_hex(uint64_t, task, task_id) \
				    lttng_ust_field_integer(uint32_t, seq, task_seq) \
				    TL_FIELDS_##name(TL_UST_FIELD, _)))

TL_EVENTS(TL_UST_EVENT)

#endif

#include <lttng/tracepoint-event.h>
