/*
 * Whatever a kernel's scheduler may be said to have done: the bytes choose switches,
 * wakeups, forks, exits and losses among few threads, and what the mapper makes of
 * that goes through order, state, rules and model. Nothing that a kernel's trace
 * says may look like a bug of the threads in it.
 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/model/model.h"
#include "viewer/read/kernel.h"
#include "viewer/rules/check.h"

struct stream {
	struct tl_source base;
	struct tl_kernel *kernel;
	const uint8_t *at, *end;
	int64_t now_ns;
	uint64_t taken;
};

static uint8_t byte(struct stream *stream)
{
	return stream->at < stream->end ? *stream->at++ : 0;
}

/* Few ids, so that they are used again; now and then one that cannot be. */
static uint32_t id(struct stream *stream)
{
	static const uint32_t odd[] = {UINT32_MAX, INT32_MAX, (uint32_t)INT32_MAX + 1, 4194304};
	uint8_t b = byte(stream);

	return b < 250 ? b % 8 : odd[b % 4];
}

static void name(struct stream *stream, char *to)
{
	static const char *const names[] = {
		"", "a", "worker", "kworker/0:1", "\x1b[31m", "a name as long as may be here .."};

	snprintf(to, TL_SCHED_COMM, "%s", names[byte(stream) % (sizeof names / sizeof *names)]);
}

static void make_sched(struct stream *stream, struct tl_sched *sched)
{
	static const int64_t states[] = {0, 1, 2, 16, 32, 64, 128, 256, 1024, 2048, -1, INT64_MIN, INT64_MAX};
	uint8_t how = byte(stream);

	*sched = (struct tl_sched){
		.kind = (uint8_t)(byte(stream) % (TL_SCHED_THREAD + 2)),
		.domain = how % 16 == 0,
		.cpu = how % 4,
		.has_cpu = how % 8 != 0,
		.time_ns = stream->now_ns,
		.tid = id(stream),
		.other = id(stream),
		.pid = id(stream),
		.parent_pid = id(stream),
		.state = states[byte(stream) % (sizeof states / sizeof *states)],
		.is_kernel_thread = how % 32 == 1,
		.file = how % 32 == 2 ? "/bin/file" : NULL,
	};
	if (how % 16 == 3) {
		sched->current_tid = id(stream);
		sched->current_pid = id(stream);
	}
	name(stream, sched->comm);
	name(stream, sched->other_comm);
}

static int next(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	struct stream *stream = (struct stream *)base;
	struct tl_sched sched;
	int result;

	(void)error;
	memset(item, 0, sizeof *item);
	while (!tl_kernel_next(stream->kernel, &item->event)) {
		if (stream->at == stream->end)
			return item->type = TL_ITEM_END;
		stream->now_ns += byte(stream) % 4;
		if (byte(stream) == 255) {
			item->loss = (struct tl_loss){
				.begin_ns = stream->now_ns, .end_ns = stream->now_ns, .count = 1, .is_kernels = true, .where = "cpu0"};
			return item->type = TL_ITEM_LOSS;
		}
		make_sched(stream, &sched);
		result = tl_kernel_take(stream->kernel, &sched);
		if (result != 0 && result != TL_EFORMAT)
			abort();
		stream->taken++;
	}
	base->info.events++;
	return item->type = TL_ITEM_EVENT;
}

static void destroy(struct tl_source *base)
{
	(void)base;
}

static void must(int good)
{
	if (!good)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct tl_source_ops ops = {"fuzz", next, NULL, destroy};
	struct stream stream = {.base = {.ops = &ops}, .at = bytes, .end = bytes + size, .kernel = tl_kernel_create()};
	struct tl_model *model = tl_model_create();
	struct tl_observer observer = tl_model_observer(model);
	struct tl_check_options options = {.observer = &observer};
	struct tl_error error;
	struct tl_check check;

	must(model && stream.kernel);
	tl_error_init(&error);
	must(tl_check_init(&check, &error) == 0);
	must(tl_check_run(&check, &stream.base, &options, &error) == 0);
	for (size_t i = 0; i < check.findings.list.n; i++) {
		const struct tl_finding *finding = &check.findings.list.items[i];

		if (finding->severity > TL_INFO)
			fprintf(stderr, "%s: %s\n", finding->rule, finding->message);
		must(finding->severity == TL_INFO);
	}
	must(tl_state_task_count(check.state) <= 3 * stream.taken);
	must(check.lost <= 3 * stream.taken);
	must(tl_model_seal(model, check.state, &check.findings, INT64_MIN, &error) == 0);
	tl_model_destroy(model);
	tl_check_finish(&check);
	tl_kernel_destroy(stream.kernel);
	return 0;
}

uint8_t *fuzz_seed(unsigned index, size_t *size)
{
	*size = index < 8 ? 600 : 20000;
	return index < 16 ? fuzz_random(index, *size) : NULL;
}
