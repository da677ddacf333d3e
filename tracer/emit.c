/*
 * Sequence numbers are given and events handed to LTTng here, and only here;
 * see emit.h. The bodies are derived from the contract.
 */
#include "tracer/emit.h"

#include "tracer/process.h"
#include "tracer/provider.h"

/*
 * The number is taken before LTTng stamps the event. A signal handler that
 * emits in between is stamped earlier and numbered later: readers order a task
 * by seq, never by time.
 */
#define TL_EMIT_DEFINE_(name, NAME, text)                                                        \
	uint32_t tl_emit_##name(struct tl_entry *task, const struct tl_ev_##name *event)         \
	{                                                                                        \
		uint32_t seq;                                                                    \
		struct tl_inside inside;                                                         \
                                                                                                 \
		if (!lttng_ust_tracepoint_enabled(threadline, name))                             \
			return 0;                                                                \
		if (TL_EVENT_##NAME != TL_EVENT_PROCESS_BEGIN)                                   \
			tl_process_ensure_begun(task);                                           \
		inside = tl_enter();                                                             \
		seq = atomic_fetch_add_explicit(&task->seq, 1, memory_order_relaxed) + 1;        \
		lttng_ust_do_tracepoint(threadline, name, tl_task_id(task->number), seq, event); \
		tl_leave(inside);                                                                \
		return seq;                                                                      \
	}
TL_EVENTS(TL_EMIT_DEFINE_)

const int *tl_emit_recording_flag(void)
{
	return &lttng_ust_tracepoint_threadline___block.state;
}
