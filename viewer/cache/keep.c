/* The small part of a cache, written: its other half is take.c, which takes in the same order. */
#include "viewer/cache/layout.h"
#include "viewer/state/kept.h"

static void keep_info(const struct tl_check *check, struct tl_bytes *bytes)
{
	const struct tl_source_info *info = &check->info;
	const uint64_t numbers[] = {info->events,      info->kernel_events, info->foreign_events, info->malformed,
				    info->lost_events, info->lost_packets,  info->read_bytes,     info->all_bytes,
				    info->tail_bytes,  check->lost,         check->again};

	tl_bytes_text(bytes, info->host);
	tl_bytes_s64(bytes, info->start_ns);
	tl_bytes_s64(bytes, info->end_ns);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		tl_bytes_u64(bytes, numbers[i]);
	tl_bytes_u8(bytes, (uint8_t)(check->incomplete | check->truncated << 1));
}

static void keep_proof(const struct tl_proof *proof, struct tl_bytes *bytes)
{
	tl_bytes_u8(bytes, proof->kind);
	tl_bytes_u64(bytes, proof->task);
	tl_bytes_u32(bytes, proof->seq);
	tl_bytes_s64(bytes, proof->time_ns);
	tl_bytes_u32(bytes, proof->stack);
	tl_bytes_text(bytes, proof->note);
	tl_bytes_u64(bytes, proof->object);
	tl_bytes_text(bytes, proof->about);
}

static void keep_finding(const struct tl_finding *finding, struct tl_bytes *bytes)
{
	size_t n_proofs = finding->n_proofs < TL_FINDING_PROOFS ? finding->n_proofs : TL_FINDING_PROOFS;

	tl_bytes_text(bytes, finding->rule);
	tl_bytes_text(bytes, finding->meaning);
	tl_bytes_u8(bytes, (uint8_t)finding->severity);
	tl_bytes_u8(bytes, (uint8_t)finding->certainty);
	tl_bytes_u8(bytes, (uint8_t)(finding->softened | finding->has_growth << 1));
	tl_bytes_text(bytes, finding->message);
	tl_bytes_text(bytes, finding->evidence);
	tl_bytes_u64(bytes, finding->count);
	tl_bytes_u64(bytes, finding->repeats);
	tl_bytes_s64(bytes, finding->time_ns);
	tl_bytes_put(bytes, finding->growth, sizeof finding->growth);
	tl_bytes_u64(bytes, finding->n_tasks);
	for (size_t i = 0; i < finding->n_tasks; i++)
		tl_bytes_u64(bytes, finding->tasks[i]);
	tl_bytes_u8(bytes, (uint8_t)n_proofs);
	for (size_t i = 0; i < n_proofs; i++)
		keep_proof(&finding->proofs[i], bytes);
}

static void keep_findings(const struct tl_check *check, struct tl_bytes *bytes)
{
	tl_bytes_u64(bytes, check->findings.list.n);
	for (size_t i = 0; i < check->findings.list.n; i++)
		keep_finding(&check->findings.list.items[i], bytes);
}

static void keep_extra(const struct tl_row_extra *extra, struct tl_bytes *bytes)
{
	tl_bytes_u64(bytes, extra->flags.n);
	for (size_t i = 0; i < extra->flags.n; i++) {
		tl_bytes_s64(bytes, extra->flags.items[i].time_ns);
		tl_bytes_u32(bytes, extra->flags.items[i].finding);
		tl_bytes_u8(bytes, extra->flags.items[i].severity);
	}
	for (int lane = 0; lane < TL_REGION_LANES; lane++) {
		tl_bytes_u64(bytes, extra->lanes[lane].n);
		for (size_t i = 0; i < extra->lanes[lane].n; i++) {
			tl_bytes_s64(bytes, extra->lanes[lane].items[i].begin_ns);
			tl_bytes_s64(bytes, extra->lanes[lane].items[i].end_ns);
			tl_bytes_text(bytes, extra->lanes[lane].items[i].text);
		}
	}
	tl_bytes_u64(bytes, extra->marks.n);
	for (size_t i = 0; i < extra->marks.n; i++) {
		tl_bytes_s64(bytes, extra->marks.items[i].time_ns);
		tl_bytes_text(bytes, extra->marks.items[i].text);
	}
}

static void keep_rows(const struct tl_model *model, struct tl_bytes *bytes)
{
	tl_bytes_u64(bytes, model->rows.n);
	for (size_t r = 0; r < model->rows.n; r++) {
		const struct tl_row *row = &model->rows.items[r];

		tl_bytes_u64(bytes, row->task);
		tl_bytes_u64(bytes, row->spans.n);
		tl_bytes_u64(bytes, row->more.n);
		tl_bytes_u64(bytes, row->edges.n);
		tl_bytes_u32(bytes, row->n_outs);
		tl_bytes_s64(bytes, row->last_ns);
		tl_bytes_u32(bytes, row->nonce);
		tl_bytes_u32(bytes, row->beside);
		tl_bytes_u8(bytes, (uint8_t)(row->is_kernels | row->at_end << 1 | (row->extra != NULL) << 2));
		if (row->extra)
			keep_extra(row->extra, bytes);
	}
}

static void keep_holes(const struct tl_model *model, struct tl_bytes *bytes)
{
	tl_bytes_u64(bytes, model->holes.n);
	for (size_t i = 0; i < model->holes.n; i++) {
		const struct tl_hole *hole = &model->holes.items[i];

		tl_bytes_s64(bytes, hole->begin_ns);
		tl_bytes_s64(bytes, hole->end_ns);
		tl_bytes_u64(bytes, hole->count);
		tl_bytes_u8(bytes, (uint8_t)hole->kind);
		tl_bytes_u8(bytes, hole->count_known);
	}
}

static void keep_model(const struct tl_model *model, struct tl_bytes *bytes)
{
	tl_bytes_s64(bytes, model->epoch_ns);
	tl_bytes_s64(bytes, model->end_ns);
	tl_bytes_u64(bytes, model->events);
	/* The first object is none. */
	tl_bytes_u64(bytes, model->objects.n - 1);
	for (size_t i = 1; i < model->objects.n; i++) {
		tl_bytes_u64(bytes, model->objects.items[i].address);
		tl_bytes_u32(bytes, model->objects.items[i].nonce);
	}
	keep_holes(model, bytes);
	tl_bytes_put(bytes, model->overview->looks, sizeof model->overview->looks);
	tl_bytes_put(bytes, model->overview->worst, sizeof model->overview->worst);
	keep_rows(model, bytes);
}

void tl_cache_keep(struct tl_bytes *bytes, const struct tl_model *model, const struct tl_check *check)
{
	keep_info(check, bytes);
	keep_findings(check, bytes);
	tl_state_keep(check->state, bytes);
	keep_model(model, bytes);
}
