/*
 * Caches that somebody has made: any bytes, with all checksums right, so that what is
 * behind them is reached. What is taken is looked at from all sides.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/random_events.h"
#include "tests/unit/model/synth.h"
#include "tests/unit/ui/fake_fonts.h"
#include "viewer/cache/layout.h"
#include "viewer/ui/filter.h"
#include "viewer/ui/paint.h"
#include "viewer/ui/raster.h"
#include "viewer/ui/view.h"
#include "viewer/ui/arrange.h"

#define WIDTH 300
#define HEIGHT 200

static const struct tl_cache_key key = {.sums = {7, 8}};

static void must(int good)
{
	if (!good)
		abort();
}

/* ---- seeds ------------------------------------------------------------------------------ */

static uint8_t *cache_of(const struct tl_model *model, const struct tl_check *check, size_t *size)
{
	struct tl_cache_job *job = tl_cache_job_create(model, check, &key);
	int file = memfd_create("seed", 0);
	uint8_t *bytes;

	must(job && file >= 0 && tl_cache_job_write_file(job, file, NULL, NULL) == 0);
	*size = (size_t)tl_cache_job_size(job);
	bytes = malloc(*size);
	must(bytes && pread(file, bytes, *size, 0) == (ssize_t)*size);
	tl_cache_job_destroy(job);
	close(file);
	return bytes;
}

/* Rows with many spans, and one with marks. */
static uint8_t *seed_of_pool(uint64_t events, size_t *size)
{
	struct tl_synth synth;
	struct tl_check check = {0};
	uint8_t *bytes;

	tl_synth_init(&synth, 1000);
	tl_findings_init(&check.findings);
	check.state = synth.state;
	tl_synth_start(&synth, 0, 9, 0, 0);
	tl_synth_text(&synth, 1, 9, TL_EVENT_REGION_BEGIN, "region");
	tl_synth_text(&synth, 2, 9, TL_EVENT_MARK, "mark");
	tl_synth_pool(&synth, 3, events, events);
	tl_synth_seal(&synth, NULL);
	bytes = cache_of(synth.model, &check, size);
	tl_findings_finish(&check.findings);
	tl_synth_finish(&synth);
	return bytes;
}

/* Whatever a trace may say: findings, stacks, names, losses. */
static uint8_t *seed_of_chance(unsigned number, size_t *size)
{
	uint8_t *random = fuzz_random(number, 6000), *bytes;
	struct random_events stream = random_events_of(random, 6000);
	struct tl_model *model = tl_model_create();
	struct tl_observer observer;
	struct tl_check_options options = {.observer = &observer};
	struct tl_check check;

	must(random && model && tl_check_init(&check, NULL) == 0);
	observer = tl_model_observer(model);
	tl_check_run(&check, &stream.base, &options, NULL);
	must(tl_model_seal(model, check.state, &check.findings, check.info.start_ns, NULL) == 0);
	bytes = cache_of(model, &check, size);
	tl_model_destroy(model);
	tl_check_finish(&check);
	free(random);
	return bytes;
}

uint8_t *fuzz_seed(unsigned number, size_t *size)
{
	switch (number) {
	case 0: return seed_of_pool(20, size);
	case 1: return seed_of_pool(900, size);
	case 2:
	case 3:
	case 4: return seed_of_chance(number, size);
	default: return NULL;
	}
}

/* ---- checksums that fit -------------------------------------------------------------------- */

/* Of the arrays, if the small part says where they are. */
static void mend_sums(uint8_t *bytes, size_t size, struct tl_cache_header *header)
{
	struct tl_model *model = calloc(1, sizeof *model);
	struct tl_check check = {0};
	struct tl_taker taker = {bytes + sizeof *header, bytes + sizeof *header + header->small_size, false};
	struct tl_cache_map map;
	uint64_t at[TL_CACHE_PARTS] = {0};

	must(model != NULL);
	if (tl_cache_take(&taker, model, &check) == 0) {
		size_t n = tl_cache_count_pieces(model);
		struct tl_cache_piece *pieces = n < size ? tl_cache_list_pieces(model, n) : NULL;

		if (pieces && tl_cache_map_make(&map, model, header->small_size, n) && map.at[TL_CACHE_PARTS] <= size) {
			header->n_pieces = n;
			for (size_t i = 0; i < n; i++) {
				size_t bytes_of;
				uint64_t sum;

				tl_cache_piece_bytes(model, &pieces[i], &bytes_of);
				sum = tl_checksum(bytes + map.at[pieces[i].part] + at[pieces[i].part], bytes_of, i);
				at[pieces[i].part] += bytes_of;
				memcpy(bytes + map.sums_at + i * sizeof sum, &sum, sizeof sum);
			}
			header->sums_sum = tl_checksum(bytes + map.sums_at, n * sizeof(uint64_t), 0);
		}
		free(pieces);
	}
	/* The arrays are none of its own. */
	for (size_t r = 0; r < model->rows.n; r++) {
		struct tl_row *row = &model->rows.items[r];

		row->spans.words = NULL;
		row->more.items = NULL;
		row->edges.items = NULL;
	}
	tl_model_destroy(model);
	tl_check_finish(&check);
}

static void mend(uint8_t *bytes, size_t size)
{
	struct tl_cache_header header;

	if (size < sizeof header)
		return;
	memcpy(&header, bytes, sizeof header);
	memcpy(header.magic, "TLCACHE", 8);
	header.order = TL_CACHE_ORDER;
	header.layout = TL_CACHE_LAYOUT;
	tl_cache_build(header.build);
	memcpy(header.key, key.sums, sizeof header.key);
	header.file_size = size;
	if (header.small_size > size - sizeof header)
		header.small_size = (size - sizeof header) / 2;
	header.small_sum = tl_checksum(bytes + sizeof header, header.small_size, 0);
	mend_sums(bytes, size, &header);
	header.sum = tl_checksum(&header, offsetof(struct tl_cache_header, sum), 0);
	memcpy(bytes, &header, sizeof header);
}

/* ---- looking --------------------------------------------------------------------------------- */

static void look(struct tl_view *view, struct tl_draw *draw, struct tl_pixels *pixels)
{
	char *text;

	while (tl_drawer_work(view))
		;
	tl_view_draw(view, draw);
	tl_raster(draw, pixels);
	text = tl_details_text(view);
	must(text != NULL);
	free(text);
}

static void look_around(const struct tl_model *model, const struct tl_check *check)
{
	static uint32_t picture[WIDTH * HEIGHT];
	struct tl_symbols *symbols = tl_symbols_create(check->state);
	struct tl_view_data data = {model, check, symbols, &fake_fonts, "fuzz", NULL};
	struct tl_pixels pixels = {picture, WIDTH, HEIGHT, WIDTH};
	struct tl_draw draw;
	struct tl_view view;

	must(tl_view_init(&view, &data, &tl_theme_dark, WIDTH, HEIGHT, 1, NULL) == 0);
	tl_draw_init(&draw, &fake_fonts);
	look(&view, &draw, &pixels);
	for (int panel = TL_PANEL_FLAME; panel < TL_N_PANELS; panel++) {
		tl_drawer_toggle(&view, (enum tl_panel)panel);
		tl_view_go_finding(&view, (size_t)panel);
		look(&view, &draw, &pixels);
	}
	for (uint32_t row = 0; row < model->rows.n && row < 4; row++) {
		size_t n = model->rows.items[row].spans.n;

		if (n == 0)
			continue;
		tl_view_select(&view, (struct tl_spot){.row = row, .span = (uint32_t)(n / 2)},
			       tl_row_begin(&model->rows.items[row], n / 2));
		tl_drawer_show_path(&view);
		look(&view, &draw, &pixels);
	}
	for (int64_t width = model->end_ns; width > 10; width /= 1000) {
		tl_view_show(&view, width / 3, width, 0);
		look(&view, &draw, &pixels);
	}
	if (tl_view_set_filter(&view, "state:blocked wait>1ms -reason:mutex", NULL) == 0)
		look(&view, &draw, &pixels);
	tl_draw_finish(&draw);
	tl_view_finish(&view);
	tl_symbols_destroy(symbols);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size + 1);
	int file = memfd_create("cache", 0);
	struct tl_model *model;
	struct tl_check check;

	must(copy && file >= 0);
	memcpy(copy, bytes, size);
	mend(copy, size);
	must(fchmod(file, 0600) == 0 && pwrite(file, copy, size, 0) == (ssize_t)size);
	free(copy);
	if (tl_cache_read_file(file, &key, &model, &check, NULL) == 0) {
		look_around(model, &check);
		tl_model_destroy(model);
		tl_check_finish(&check);
	}
	close(file);
	return 0;
}
