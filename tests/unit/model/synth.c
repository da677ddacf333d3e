/* Synthetic traces; see synth.h. */
#include "tests/unit/model/synth.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NONCE ((uint64_t)1 << 32)

/* Tests only: what cannot happen ends the program, also without assert. */
static void must(bool good)
{
	if (!good)
		abort();
}

void tl_synth_init(struct tl_synth *synth, int64_t epoch_ns)
{
	memset(synth, 0, sizeof *synth);
	synth->state = tl_state_create();
	synth->model = tl_model_create();
	must(synth->state && synth->model);
	synth->observer = tl_model_observer(synth->model);
	synth->epoch_ns = epoch_ns;
	synth->random = 88172645463325252u;
}

void tl_synth_finish(struct tl_synth *synth)
{
	tl_model_destroy(synth->model);
	tl_state_destroy(synth->state);
}

void tl_synth_seal(struct tl_synth *synth, const struct tl_findings *findings)
{
	must(tl_model_seal(synth->model, synth->state, findings, synth->epoch_ns, NULL) == 0);
}

uint32_t tl_synth_emit(struct tl_synth *synth, struct tl_event event)
{
	struct tl_step step;
	uint32_t number = (uint32_t)event.task;

	must(number > 0 && number < TL_SYNTH_TASKS);
	event.time_ns += synth->epoch_ns;
	event.task = NONCE | number;
	event.seq = ++synth->seq[number];
	must(tl_state_apply(synth->state, &event, &step, NULL) == 0);
	must(synth->observer.event(synth->observer.data, synth->state, &event, &step, NULL) == 0);
	return event.seq;
}

void tl_synth_skip(struct tl_synth *synth, uint32_t task, uint32_t n)
{
	synth->seq[task] += n;
}

void tl_synth_create(struct tl_synth *synth, int64_t t, uint32_t task, uint32_t child)
{
	struct tl_event event = {.time_ns = t, .task = task, .kind = TL_EVENT_CREATE};

	event.u.create.child = child;
	event.u.create.name = "";
	tl_synth_emit(synth, event);
}

void tl_synth_start(struct tl_synth *synth, int64_t t, uint32_t task, uint32_t waker, uint32_t waker_seq)
{
	struct tl_event event = {.time_ns = t, .task = task, .kind = TL_EVENT_START};

	event.u.start.wait = synth->wait[task];
	event.u.start.carrier = 1000 + task;
	event.u.start.cause = synth->wait[task] ? TL_CAUSE_SIGNAL : TL_CAUSE_FIRST;
	event.u.start.waker = waker;
	event.u.start.waker_seq = waker_seq;
	tl_synth_emit(synth, event);
}

void tl_synth_block(struct tl_synth *synth, int64_t t, uint32_t task, unsigned reason, uint64_t object)
{
	struct tl_event event = {.time_ns = t, .task = task, .kind = TL_EVENT_BLOCK};

	event.u.block.wait = ++synth->wait[task];
	event.u.block.reason = (uint8_t)reason;
	event.u.block.object = object;
	event.u.block.timeout_ns = TL_NO_TIMEOUT;
	tl_synth_emit(synth, event);
}

uint32_t tl_synth_unblock(struct tl_synth *synth, int64_t t, uint32_t task, uint32_t target)
{
	struct tl_event event = {.time_ns = t, .task = task, .kind = TL_EVENT_UNBLOCK};

	event.u.unblock.target = target;
	event.u.unblock.target_wait = synth->wait[target];
	event.u.unblock.reason = TL_REASON_COND;
	return tl_synth_emit(synth, event);
}

void tl_synth_exit(struct tl_synth *synth, int64_t t, uint32_t task)
{
	tl_synth_emit(synth, (struct tl_event){.time_ns = t, .task = task, .kind = TL_EVENT_EXIT});
}

void tl_synth_text(struct tl_synth *synth, int64_t t, uint32_t task, unsigned kind, const char *text)
{
	struct tl_event event = {.time_ns = t, .task = task, .kind = (uint8_t)kind};

	/* The three kinds that carry a text have it in the same place. */
	event.u.mark.text = text;
	tl_synth_emit(synth, event);
}

uint32_t tl_synth_random(struct tl_synth *synth, uint32_t below)
{
	synth->random ^= synth->random << 13;
	synth->random ^= synth->random >> 7;
	synth->random ^= synth->random << 17;
	return (uint32_t)(synth->random >> 32) % below;
}

void tl_synth_pool(struct tl_synth *synth, uint32_t tasks, uint64_t events, uint64_t seed)
{
	static const uint8_t reasons[] = {TL_REASON_COND, TL_REASON_MUTEX, TL_REASON_SLEEP, TL_REASON_SEND};
	int64_t t = 0;

	must(tasks + 1 < TL_SYNTH_TASKS);
	synth->random ^= seed * 0x9E3779B97F4A7C15u;
	tl_synth_start(synth, t, 1, 0, 0);
	for (uint32_t i = 2; i <= tasks + 1; i++) {
		tl_synth_create(synth, t += 1 + tl_synth_random(synth, 300), 1, i);
		tl_synth_start(synth, t += 1 + tl_synth_random(synth, 300), i, 1, 0);
	}
	while (synth->model->events + 3 <= events) {
		uint32_t i = 2 + tl_synth_random(synth, tasks);
		uint32_t waker = 1, seq = 0;
		uint8_t reason = reasons[tl_synth_random(synth, sizeof reasons)];

		tl_synth_block(synth, t += 1 + tl_synth_random(synth, 400), i, reason, 0x1000 + i % 16 * 8);
		t += 1 + tl_synth_random(synth, tl_synth_random(synth, 20) ? 400 : 40000);
		seq = tl_synth_unblock(synth, t, waker, i);
		tl_synth_start(synth, t += tl_synth_random(synth, 60), i, waker, seq);
	}
	for (uint32_t i = 2; i <= tasks + 1; i += 2)
		tl_synth_exit(synth, t += tl_synth_random(synth, 100), i);
}
