/*
 * Whatever a well-formed trace may say: the bytes choose events, fields, numbers
 * and times, extremes among them, and what comes of that goes through order,
 * state, rules, reports and model. Findings and rows must keep their promises.
 */
#include "tests/fuzz/fuzz.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/model/model.h"
#include "viewer/report/summary.h"

#define TASKS 8

struct stream {
	struct tl_source base;
	const uint8_t *at, *end;
	int64_t now_ns;
	uint32_t seq[TASKS];
};

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
static const uint64_t tasks[TASKS] = {
	UINT64_C(0x100000001), UINT64_C(0x100000002), UINT64_C(0x100000003),        UINT64_C(0x100000004),
	UINT64_C(0x200000001), UINT64_C(0x200000002), UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0x100000000),
};
static const uint64_t addresses[255];

static uint8_t byte(struct stream *stream)
{
	return stream->at < stream->end ? *stream->at++ : 0;
}

/* Small ones mostly, so that events speak of one another. */
static uint64_t number(struct stream *stream)
{
	uint8_t b = byte(stream);

	return b < 192 ? b % 6 : numbers[b % (sizeof numbers / sizeof *numbers)];
}

static const char *text(struct stream *stream)
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

static void set(struct stream *stream, char *event, const struct tl_field_info *field)
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

static int make_loss(struct stream *stream, struct tl_item *item)
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
	struct stream *stream = (struct stream *)base;
	uint8_t which = byte(stream), who;
	const struct tl_kind_info *kind;

	if (stream->at == stream->end)
		return which % 8 ? (int)(item->type = TL_ITEM_END) : tl_error_set(error, TL_EFORMAT, "broken off");
	if (__builtin_add_overflow(stream->now_ns, steps_ns[byte(stream) % 10], &stream->now_ns))
		stream->now_ns = INT64_MAX;
	if (which == 255)
		return make_loss(stream, item);
	kind = &tl_kinds[which % TL_N_EVENT_KINDS];
	memset(item, 0, sizeof *item);
	who = byte(stream) % TASKS;
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

static void must(int good)
{
	if (!good)
		abort();
}

static void report(const struct tl_check *check, FILE *out)
{
	size_t n = check->findings.list.n;
	struct tl_shown *all = calloc(n + 1, sizeof *all);
	struct tl_report report = {
		.check = check,
		.path = "fuzz",
		.folder = "/",
		.list = all,
		.n_list = n,
		.symbols = tl_symbols_create(check->state),
	};

	must(all != NULL);
	for (size_t i = 0; i < n; i++) {
		const struct tl_finding *finding = &check->findings.list.items[i];

		all[i].finding = finding;
		tl_report_fingerprint(&report, finding, all[i].fingerprint);
		must(finding->count >= 1 && finding->n_proofs <= TL_FINDING_PROOFS && finding->message &&
		     finding->evidence);
		for (const char *c = finding->message; *c; c++)
			must((unsigned char)*c >= 0x20);
	}
	for (size_t i = 0; i < tl_n_formats; i++)
		must(tl_formats[i].write(&report, out, NULL) == 0);
	tl_symbols_destroy(report.symbols);
	free(all);
}

/* The states of a task add up to its life, and no format breaks. */
static void summarize(struct tl_stats *stats, const struct tl_check *check, FILE *out)
{
	struct tl_report report = {.check = check, .path = "fuzz", .symbols = tl_symbols_create(check->state)};
	struct tl_summary summary = {.report = &report, .stats = stats, .top = 3, .rows = 4};

	for (size_t i = 0; i < stats->tasks.n; i++) {
		const struct tl_stats_task *row = &stats->tasks.items[i];
		uint64_t sum = tl_add_capped(row->running_ns, row->runnable_ns);

		sum = tl_add_capped(tl_add_capped(sum, row->blocked_ns), row->unknown_ns);
		must(!row->begun || sum == tl_stats_life(row));
	}
	for (size_t i = 0; i < tl_n_summary_formats; i++)
		must(tl_summary_formats[i].write(&summary, out, NULL) == 0);
	tl_symbols_destroy(report.symbols);
}

/* The model's observer, and after it that of the numbers. */
struct both {
	struct tl_observer model, stats;
};

static int observe(void *data, const struct tl_state *state, const struct tl_event *event, const struct tl_step *step,
		   struct tl_error *error)
{
	struct both *both = data;
	int result = both->model.event(both->model.data, state, event, step, error);

	return result ? result : both->stats.event(both->stats.data, state, event, step, error);
}

static int observe_loss(void *data, const struct tl_state *state, const struct tl_loss *loss, struct tl_error *error)
{
	struct both *both = data;

	return both->model.loss(both->model.data, state, loss, error);
}

static void look_at(const struct tl_model *model)
{
	int64_t bounds[9];
	struct tl_column columns[8];

	for (int i = 0; i <= 8; i++)
		bounds[i] = model->end_ns / 8 * i;
	for (size_t r = 0; r < model->rows.n; r++) {
		const struct tl_row *row = &model->rows.items[r];

		for (size_t i = 1; i < row->spans.n; i++)
			must(row->spans.items[i].begin_ns >= row->spans.items[i - 1].begin_ns);
		tl_model_columns(model, row, bounds, 8, columns);
		for (int i = 0; i < 8; i++)
			must(columns[i].span == UINT32_MAX || columns[i].span < row->spans.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct tl_source_ops ops = {"fuzz", next, destroy};
	static const int64_t starts_ns[] = {0, INT64_C(1700000000000000000), INT64_MIN, -5, INT64_MAX - 100000};
	struct stream stream = {.base = {.ops = &ops}, .at = bytes, .end = bytes + size};
	struct tl_model *model = tl_model_create();
	struct tl_when from = {.ns = 3}, to = {.ns = INT64_MAX / 3};
	bool has_window = size % 2;
	struct tl_stats *stats = tl_stats_create(&stream.base.info, has_window ? &from : NULL, has_window ? &to : NULL);
	struct both both = {tl_model_observer(model), tl_stats_observer(stats)};
	struct tl_observer observer = {.data = &both, .event = observe, .loss = observe_loss};
	struct tl_check_options options = {.observer = &observer};
	struct tl_error error;
	struct tl_check check;
	FILE *out = fopen("/dev/null", "w");

	must(model && stats && out);
	stream.now_ns = starts_ns[byte(&stream) % 5];
	tl_error_init(&error);
	must(tl_check_init(&check, &error) == 0);
	tl_check_run(&check, &stream.base, &options, &error);
	report(&check, out);
	must(tl_stats_end(stats, check.state, size % 16, &error) == 0);
	summarize(stats, &check, out);
	must(tl_model_seal(model, check.state, &check.findings, check.info.start_ns, &error) == 0);
	look_at(model);
	tl_stats_destroy(stats);
	tl_model_destroy(model);
	tl_check_finish(&check);
	fclose(out);
	return 0;
}

uint8_t *fuzz_seed(unsigned index, size_t *size)
{
	uint32_t random = index * 2654435761u + 12345;
	uint8_t *bytes;

	if (index >= 16)
		return NULL;
	*size = index < 8 ? 600 : 6000;
	bytes = malloc(*size);
	for (size_t i = 0; bytes && i < *size; i++) {
		random = random * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(random >> 16);
	}
	return bytes;
}
