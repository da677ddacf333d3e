/*
 * What is drawn, against brute force, at every zoom: the state of each pixel column
 * of each row, and the signs of findings, of which none may be lost.
 */
#include "tests/unit/unit.h"

#include "tests/unit/model/brute.h"
#include "tests/unit/model/synth.h"
#include "tests/unit/ui/fake_fonts.h"
#include "viewer/ui/arrange.h"
#include "viewer/ui/hit.h"

#define EPOCH 1700000000000000000
#define N_FLAGS 500
#define TASKS 6

struct scene {
	struct tl_synth synth;
	struct tl_check check;
	struct tl_view_data data;
	struct tl_view view;
	struct tl_draw draw;
	uint64_t tasks[N_FLAGS];
};

/* Tasks that wait and wake one another, and findings at random places: few errors among very many notices. */
static void open_scene(struct scene *scene, uint64_t seed)
{
	memset(scene, 0, sizeof *scene);
	tl_synth_init(&scene->synth, EPOCH);
	tl_findings_init(&scene->check.findings);
	scene->check.state = scene->synth.state;
	tl_synth_pool(&scene->synth, TASKS, 3000, seed);
	for (size_t i = 0; i < N_FLAGS; i++) {
		struct tl_finding finding = {
			.rule = "x", .message = "", .tasks = &scene->tasks[i], .n_tasks = 1, .n_proofs = 1};

		scene->tasks[i] = (uint64_t)1 << 32 | (1 + tl_synth_random(&scene->synth, 3));
		finding.severity = tl_synth_random(&scene->synth, 40) ? TL_INFO : TL_ERROR;
		finding.proofs[0].task = scene->tasks[i];
		finding.proofs[0].time_ns = EPOCH +
					    tl_synth_random(&scene->synth, (uint32_t)scene->synth.model->end_ns);
		assert_int_equal(tl_vec_push(&scene->check.findings.list, finding), 0);
	}
	tl_synth_seal(&scene->synth, &scene->check.findings);
	scene->data = (struct tl_view_data){scene->synth.model, &scene->check, NULL, &fake_fonts, "t", NULL};
	assert_int_equal(tl_view_init(&scene->view, &scene->data, &tl_theme_dark, 900, 700, 1, NULL), 0);
	scene->view.all_edges = false;
	tl_draw_init(&scene->draw, &fake_fonts);
}

static void end(struct scene *scene)
{
	tl_draw_finish(&scene->draw);
	tl_view_finish(&scene->view);
	tl_findings_finish(&scene->check.findings);
	tl_synth_finish(&scene->synth);
}

static enum tl_look look_of_color(uint32_t color)
{
	for (unsigned look = TL_LOOK_CREATED; look < TL_N_LOOKS; look++)
		if (tl_theme_dark.looks[look].color == color)
			return (enum tl_look)look;
	return TL_LOOK_NONE;
}

/* The look of the last whole bar that was drawn over each column of a row's bar: of those that reach as high as they should. */
static void drawn_looks(const struct scene *scene, struct tl_rect bar, enum tl_look *looks)
{
	for (int x = 0; x < bar.w; x++)
		looks[x] = TL_LOOK_NONE;
	for (size_t i = 0; i < scene->draw.commands.n; i++) {
		const struct tl_command *command = &scene->draw.commands.items[i];
		enum tl_look look = command->kind == TL_DRAW_RECT ? look_of_color(command->color) : TL_LOOK_NONE;
		int h = (bar.h * tl_theme_dark.looks[look].height + 50) / 100;
		int y = look == TL_LOOK_CREATED ? bar.y + (bar.h - h) / 2 : bar.y + bar.h - h;

		if (look == TL_LOOK_NONE || command->rect.h != h || command->rect.y != y)
			continue;
		for (int x = command->rect.x - bar.x; x < command->rect.x - bar.x + command->rect.w; x++)
			if (x >= 0 && x < bar.w)
				looks[x] = look;
	}
}

static void compare_row(const struct scene *scene, uint32_t at)
{
	const struct tl_view *view = &scene->view;
	const struct tl_row *row = &scene->synth.model->rows.items[at];
	struct tl_rect bar = tl_row_bar(tl_view_row_rect(view, at), 1);
	static enum tl_look looks[2000];

	assert_true(bar.w > 0 && bar.w <= 2000);
	drawn_looks(scene, bar, looks);
	for (int x = 0; x < bar.w; x++) {
		struct tl_column want = brute_column(scene->synth.model, row, tl_timescale_time(&view->time, x),
						     tl_timescale_time(&view->time, x + 1));

		if (tl_theme_dark.looks[want.look].height > 0 && looks[x] != (enum tl_look)want.look)
			fail_msg("row %u, column %d: \"%s\" is drawn, not \"%s\"", at, x, tl_look_text(looks[x]),
				 tl_look_text((enum tl_look)want.look));
		if (tl_theme_dark.looks[want.look].height == 0)
			assert_int_equal(looks[x], TL_LOOK_NONE);
	}
}

/* Each finding in sight has a sign, which is as severe as the worst that it stands for. */
static void compare_signs(const struct scene *scene, uint32_t at)
{
	const struct tl_row *row = &scene->synth.model->rows.items[at];
	struct tl_flag_sign sign = {0};
	size_t next = tl_model_flag_from(row, tl_timescale_time(&scene->view.time, 0)), n = 0;

	while (tl_flag_sign_next(&scene->view, row, &sign)) {
		size_t first = sign.next - sign.n;
		unsigned worst = 0;

		/* Those left of the picture's edge may be in the first sign. */
		assert_true(n == 0 ? first <= next : first == next);
		for (size_t i = first; i < sign.next; i++)
			worst = row->extra->flags.items[i].severity > worst ? row->extra->flags.items[i].severity
									    : worst;
		assert_int_equal(sign.severity, worst);
		if (sign.n <= 100)
			assert_int_equal(scene->check.findings.list.items[sign.finding].severity, worst);
		next = sign.next;
		n++;
	}
	if (row->extra && next < row->extra->flags.n)
		assert_true(tl_timescale_column(&scene->view.time, row->extra->flags.items[next].time_ns) >
			    scene->view.time.width_px);
}

static void test_every_drawn_column_equals_brute_force(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		struct scene scene;

		open_scene(&scene, seed);
		for (int zoom = 0; zoom < 26; zoom++) {
			tl_view_draw(&scene.view, &scene.draw);
			assert_false(scene.draw.failed);
			for (uint32_t row = 0; row < scene.synth.model->rows.n; row++) {
				compare_row(&scene, row);
				compare_signs(&scene, row);
			}
			tl_view_zoom(&scene.view, scene.view.layout.rows.x + 100 + 40 * (zoom % 7), 1.9);
		}
		end(&scene);
	}
}

/* Tasks of some hundred nanoseconds, one after the other, some with a hole between them. */
static void open_lanes(struct scene *scene, uint64_t seed)
{
	int64_t t = 0;

	memset(scene, 0, sizeof *scene);
	tl_synth_init(&scene->synth, EPOCH);
	tl_findings_init(&scene->check.findings);
	scene->check.state = scene->synth.state;
	scene->synth.random ^= seed * 977;
	tl_synth_start(&scene->synth, 0, 1, 0, 0);
	for (uint32_t i = 2; i < 2000; i++) {
		tl_synth_create(&scene->synth, t += 1 + tl_synth_random(&scene->synth, i % 9 ? 100 : 20000), 1, i);
		tl_synth_start(&scene->synth, t += 1 + tl_synth_random(&scene->synth, 200), i, 1, 0);
		if (i % 3)
			tl_synth_block(&scene->synth, t += 1 + tl_synth_random(&scene->synth, 300), i,
				       i % 2 ? TL_REASON_MUTEX : TL_REASON_SLEEP, 8);
		if (i % 3)
			tl_synth_start(&scene->synth, t += 1 + tl_synth_random(&scene->synth, 500), i, 0, 0);
		tl_synth_exit(&scene->synth, t += 1 + tl_synth_random(&scene->synth, i % 50 ? 300 : 50000), i);
	}
	tl_synth_seal(&scene->synth, &scene->check.findings);
	scene->data = (struct tl_view_data){scene->synth.model, &scene->check, NULL, &fake_fonts, "t", NULL};
	assert_int_equal(tl_view_init(&scene->view, &scene->data, &tl_theme_dark, 900, 700, 1, NULL), 0);
	scene->view.all_edges = false;
	tl_view_share_lanes(&scene->view);
	tl_draw_init(&scene->draw, &fake_fonts);
}

/* What a column of a lane must show in which several tasks live; NONE: at most one does. */
static enum tl_look brute_crowd(const struct scene *scene, const struct tl_row_item *item, int64_t t0, int64_t t1)
{
	int64_t sums[TL_N_LOOKS] = {0}, most = 0;
	enum tl_look look = TL_LOOK_NONE;
	size_t living = 0;

	for (uint32_t k = item->first; k < item->first + item->n; k++) {
		const struct tl_row *row = &scene->synth.model->rows.items[scene->view.list.rows.items[k]];
		bool lives = false;

		for (size_t i = 0; i < row->spans.n; i++) {
			int64_t begin = tl_row_begin(row, i), end = brute_end(scene->synth.model, row, i);

			begin = begin > t0 ? begin : t0;
			end = end < t1 ? end : t1;
			if (tl_row_look(row, i) == TL_LOOK_EXITED || begin >= end)
				continue;
			sums[tl_row_look(row, i)] += end - begin;
			lives = true;
		}
		living += lives;
	}
	for (unsigned i = 0; i < TL_N_LOOKS; i++)
		if (sums[i] > 0 && sums[i] >= most) {
			most = sums[i];
			look = (enum tl_look)i;
		}
	return living > 1 ? look : TL_LOOK_NONE;
}

static void test_crowded_columns_of_lanes_equal_brute_force(void **state)
{
	size_t crowded = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 2; seed++) {
		struct scene scene;
		const struct tl_row_item *item;
		static enum tl_look looks[2000];

		open_lanes(&scene, seed);
		item = &scene.view.list.items.items[scene.view.list.items.n - 1];
		assert_int_equal(item->n, 1998);
		for (int zoom = 0; zoom < 10; zoom++) {
			struct tl_rect bar = tl_row_bar(tl_view_row_rect(&scene.view, item->row), 1);

			tl_view_draw(&scene.view, &scene.draw);
			drawn_looks(&scene, bar, looks);
			for (int x = 0; x < bar.w; x++) {
				enum tl_look want = brute_crowd(&scene, item, tl_timescale_time(&scene.view.time, x),
								tl_timescale_time(&scene.view.time, x + 1));

				if (want == TL_LOOK_NONE)
					continue;
				crowded++;
				if (looks[x] != want)
					fail_msg("zoom %d, column %d: \"%s\" is drawn, not \"%s\"", zoom, x,
						 tl_look_text(looks[x]), tl_look_text(want));
			}
			tl_view_zoom(&scene.view, scene.view.layout.rows.x + 100 + 40 * (zoom % 7), 1.7);
		}
		end(&scene);
	}
	assert_true(crowded > 1000);
}

/* The overview shows the worst of what falls into each of its places. */
static void test_the_overview_keeps_the_most_severe(void **state)
{
	struct scene scene;
	const struct tl_overview *overview;

	(void)state;
	open_scene(&scene, 9);
	overview = scene.synth.model->overview;
	for (int b = 0; b < TL_OVERVIEW; b++) {
		unsigned worst = 0;

		for (size_t i = 0; i < N_FLAGS; i++) {
			const struct tl_finding *finding = &scene.check.findings.list.items[i];

			if ((finding->proofs[0].time_ns - EPOCH) / overview->bucket_ns == b &&
			    finding->severity + 1u > worst)
				worst = finding->severity + 1u;
		}
		assert_int_equal(overview->worst[b], worst);
	}
	end(&scene);
}

TL_UNIT_MAIN(cmocka_unit_test(test_every_drawn_column_equals_brute_force),
	     cmocka_unit_test(test_crowded_columns_of_lanes_equal_brute_force),
	     cmocka_unit_test(test_the_overview_keeps_the_most_severe))
