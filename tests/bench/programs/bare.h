/*
 * A provider as anybody would write it by hand: the fields of Threadline's
 * events, given as plain arguments, and nothing around them. What an event of
 * ours costs is compared with it. LTTng includes this several times.
 */
/* clang-format off */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER bare

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "tests/bench/programs/bare.h"

#if !defined(TL_BENCH_BARE_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define TL_BENCH_BARE_H

#include <stdint.h>

#include <lttng/tracepoint.h>

#define BARE_WHO lttng_ust_field_integer_hex(uint64_t, task, task) lttng_ust_field_integer(uint32_t, seq, seq)

#define BARE_TEXT_EVENT(name)                                                  \
	LTTNG_UST_TRACEPOINT_EVENT(bare, name,                                 \
		LTTNG_UST_TP_ARGS(uint64_t, task, uint32_t, seq, const char *, text), \
		LTTNG_UST_TP_FIELDS(BARE_WHO lttng_ust_field_string(text, text)))
BARE_TEXT_EVENT(mark)
BARE_TEXT_EVENT(region_begin)
BARE_TEXT_EVENT(region_end)

LTTNG_UST_TRACEPOINT_EVENT(bare, unblock,
	LTTNG_UST_TP_ARGS(uint64_t, task, uint32_t, seq, uint32_t, target, uint32_t, wait, uint32_t, target_seq,
			  uint64_t, object, uint8_t, reason, uint16_t, waiters),
	LTTNG_UST_TP_FIELDS(BARE_WHO
		lttng_ust_field_integer(uint32_t, target, target)
		lttng_ust_field_integer(uint32_t, target_wait, wait)
		lttng_ust_field_integer(uint32_t, target_seq, target_seq)
		lttng_ust_field_integer_hex(uint64_t, object, object)
		lttng_ust_field_integer(uint8_t, reason, reason)
		lttng_ust_field_integer(uint16_t, waiters, waiters)
		lttng_ust_field_integer(uint8_t, how, 0)))

LTTNG_UST_TRACEPOINT_EVENT(bare, block,
	LTTNG_UST_TP_ARGS(uint64_t, task, uint32_t, seq, uint32_t, wait, uint8_t, reason, uint64_t, object,
			  uint32_t, stack, const uint64_t *, held, uint8_t, n_held),
	LTTNG_UST_TP_FIELDS(BARE_WHO
		lttng_ust_field_integer(uint32_t, wait, wait)
		lttng_ust_field_integer(uint8_t, reason, reason)
		lttng_ust_field_integer_hex(uint64_t, object, object)
		lttng_ust_field_integer_hex(uint64_t, object2, 0)
		lttng_ust_field_integer(int64_t, timeout_ns, -1)
		lttng_ust_field_integer(uint32_t, owner, 0)
		lttng_ust_field_integer(uint32_t, stack, stack)
		lttng_ust_field_integer(uint8_t, how, 0)
		lttng_ust_field_sequence_hex(uint64_t, held, held, uint8_t, n_held)))

LTTNG_UST_TRACEPOINT_EVENT(bare, start,
	LTTNG_UST_TP_ARGS(uint64_t, task, uint32_t, seq, uint32_t, wait, uint32_t, carrier, uint8_t, cause),
	LTTNG_UST_TP_FIELDS(BARE_WHO
		lttng_ust_field_integer(uint32_t, wait, wait)
		lttng_ust_field_integer(uint32_t, carrier, carrier)
		lttng_ust_field_integer(uint8_t, cause, cause)
		lttng_ust_field_integer(uint32_t, waker, 0)
		lttng_ust_field_integer(uint32_t, waker_seq, 0)))

#endif

#include <lttng/tracepoint-event.h>
