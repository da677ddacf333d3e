/*
 * Whatever a well-formed trace may say: the bytes choose events, fields, numbers
 * and times, extremes among them, and what comes of that goes through order,
 * state, rules, reports and model. Findings and rows must keep their promises.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/random_events.h"

#include <stdio.h>
#include <stdlib.h>

#include "viewer/model/model.h"
#include "viewer/report/summary.h"

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
			must(tl_row_begin(row, i) >= tl_row_begin(row, i - 1));
		tl_model_columns(model, row, bounds, 8, columns);
		for (int i = 0; i < 8; i++)
			must(columns[i].span == UINT32_MAX || columns[i].span < row->spans.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct random_events stream = random_events_of(bytes, size);
	struct tl_model *model = tl_model_create();
	struct tl_check check;
	struct tl_when from = {.ns = 3}, to = {.ns = INT64_MAX / 3};
	bool has_window = size % 2;
	struct tl_stats *stats = tl_stats_create(&check.info, has_window ? &from : NULL, has_window ? &to : NULL);
	struct both both = {tl_model_observer(model), tl_stats_observer(stats)};
	struct tl_observer observer = {.data = &both, .event = observe, .loss = observe_loss};
	struct tl_check_options options = {.observer = &observer};
	struct tl_error error;
	FILE *out = fopen("/dev/null", "w");

	must(model && stats && out);
	tl_error_init(&error);
	if (size % 3 == 0)
		tl_model_hurry(model);
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
	*size = index < 8 ? 600 : 6000;
	return index < 16 ? fuzz_random(index, *size) : NULL;
}
