/*
 * The view without a window: rows and areas, what lies under the pointer, keys
 * and gestures, and what a drawn picture shows at places that are computed.
 */
#include "tests/unit/unit.h"

#include "tests/unit/model/synth.h"
#include "tests/unit/ui/fake_fonts.h"
#include "viewer/ui/hit.h"
#include "viewer/ui/input.h"
#include "viewer/ui/raster.h"

#define EPOCH 1700000000000000000
#define HOUR 3600000000000

struct scene {
	struct tl_synth synth;
	struct tl_check check;
	struct tl_view view;
	struct tl_draw draw;
	struct tl_pixels pixels;
};

static uint64_t task_ids[] = {(uint64_t)1 << 32 | 2, (uint64_t)1 << 32 | 3};

/* Two findings: a warning where task 3 waits for ever, an error of task 2. */
static void add_findings(struct scene *scene)
{
	struct tl_finding stuck = {.rule = "never-unblocked",
				   .message = "stuck",
				   .meaning = "",
				   .evidence = "",
				   .count = 1,
				   .severity = TL_WARNING,
				   .tasks = &task_ids[1],
				   .n_tasks = 1,
				   .n_proofs = 1};
	struct tl_finding early = {.rule = "unblock-before-block",
				   .message = "early",
				   .meaning = "it means",
				   .evidence = "",
				   .count = 1,
				   .severity = TL_ERROR,
				   .tasks = &task_ids[0],
				   .n_tasks = 1,
				   .n_proofs = 2};

	stuck.time_ns = stuck.proofs[0].time_ns = EPOCH + 500000;
	stuck.proofs[0].task = task_ids[1];
	early.time_ns = EPOCH + 300000;
	early.proofs[0] = (struct tl_proof){
		.kind = TL_EVENT_UNBLOCK, .task = task_ids[0], .time_ns = EPOCH + 300000, .note = "a"};
	early.proofs[1] = (struct tl_proof){
		.kind = TL_EVENT_BLOCK, .task = task_ids[1], .time_ns = EPOCH + 310000, .note = "b"};
	assert_int_equal(tl_vec_push(&scene->check.findings.list, stuck), 0);
	assert_int_equal(tl_vec_push(&scene->check.findings.list, early), 0);
}

static void begin(struct scene *scene)
{
	memset(scene, 0, sizeof *scene);
	tl_synth_init(&scene->synth, EPOCH);
	tl_findings_init(&scene->check.findings);
	scene->check.state = scene->synth.state;
}

static void open_view(struct scene *scene, int width, int height)
{
	struct tl_view_data data = {scene->synth.model, &scene->check, NULL, &fake_fonts, "a/trace", NULL};

	tl_synth_seal(&scene->synth, &scene->check.findings);
	assert_int_equal(tl_view_init(&scene->view, &data, &tl_theme_dark, width, height, 1, NULL), 0);
	tl_draw_init(&scene->draw, &fake_fonts);
	scene->pixels = (struct tl_pixels){calloc((size_t)width * (size_t)height, 4), width, height, width};
	assert_non_null(scene->pixels.data);
}

static void end(struct scene *scene)
{
	free(scene->pixels.data);
	tl_draw_finish(&scene->draw);
	tl_view_finish(&scene->view);
	tl_findings_finish(&scene->check.findings);
	tl_synth_finish(&scene->synth);
}

/*
 * Task 1 runs to 1 ms and exits. Task 2 runs, waits for a mutex from 400 us to
 * 600 us, runs on. Task 3 waits in a send from 500 us to the end. Task 4 has a gap.
 */
static void open_scene(struct scene *scene, int width, int height)
{
	begin(scene);
	tl_synth_start(&scene->synth, 0, 1, 0, 0);
	for (uint32_t i = 2; i <= 4; i++) {
		tl_synth_create(&scene->synth, 1000 * i, 1, i);
		tl_synth_start(&scene->synth, 10000 * i, i, 1, 0);
	}
	tl_synth_block(&scene->synth, 400000, 2, TL_REASON_MUTEX, 0x20);
	tl_synth_block(&scene->synth, 500000, 3, TL_REASON_SEND, 0x30);
	tl_synth_start(&scene->synth, 600000, 2, 0, 0);
	tl_synth_block(&scene->synth, 200000, 4, TL_REASON_COND, 0x40);
	tl_synth_skip(&scene->synth, 4, 5);
	scene->synth.wait[4] = 9;
	tl_synth_start(&scene->synth, 700000, 4, 0, 0);
	tl_synth_exit(&scene->synth, 1000000, 1);
	add_findings(scene);
	open_view(scene, width, height);
}

static void draw_scene(struct scene *scene)
{
	tl_view_draw(&scene->view, &scene->draw);
	assert_false(scene->draw.failed);
	tl_raster(&scene->draw, &scene->pixels);
}

static uint32_t row_of(const struct scene *scene, uint32_t task)
{
	return tl_state_find_task(scene->synth.state, (uint64_t)1 << 32 | task)->index;
}

/* How many pixels of a row's bar have `color` in the column of a time. */
static int count_color(const struct scene *scene, uint32_t task, int64_t t, uint32_t color)
{
	struct tl_rect bar = tl_row_bar(tl_view_row_rect(&scene->view, row_of(scene, task)), 1);
	int x = bar.x + tl_timescale_column(&scene->view.time, t), n = 0;

	assert_in_range(x, scene->view.layout.rows.x, scene->view.layout.rows.x + scene->view.layout.rows.w - 1);
	for (int y = bar.y; y < bar.y + bar.h; y++)
		n += scene->pixels.data[y * scene->pixels.pitch + x] == color;
	return n;
}

static void key(struct tl_view *view, uint32_t sym, unsigned mods)
{
	tl_view_input(view, &(struct tl_input){.type = TL_INPUT_KEY, .sym = sym, .mods = mods});
}

static void typed(struct tl_view *view, char c)
{
	tl_view_input(view, &(struct tl_input){.type = TL_INPUT_TEXT, .sym = (unsigned char)c});
}

static void code(struct tl_view *view, uint32_t scancode, unsigned mods)
{
	tl_view_input(view, &(struct tl_input){.type = TL_INPUT_KEY, .scancode = scancode, .mods = mods});
}

static void pointer(struct tl_view *view, enum tl_input_type type, int x, int y, unsigned mods)
{
	tl_view_input(view, &(struct tl_input){.type = type, .x = x, .y = y, .mods = mods, .clicks = 1});
}

static void click(struct tl_view *view, int x, int y)
{
	pointer(view, TL_INPUT_MOVE, x, y, 0);
	pointer(view, TL_INPUT_PRESS, x, y, 0);
	pointer(view, TL_INPUT_RELEASE, x, y, 0);
}

static void point_of(const struct scene *scene, uint32_t task, int64_t t, int *x, int *y)
{
	struct tl_rect bar = tl_row_bar(tl_view_row_rect(&scene->view, row_of(scene, task)), 1);

	*x = bar.x + tl_timescale_column(&scene->view.time, t);
	*y = bar.y + bar.h / 2;
}

static void test_areas_never_overlap_or_leave_the_window(void **state)
{
	static const int sizes[][2] = {{1, 1},     {10, 300},   {300, 10},     {320, 200},
				       {800, 600}, {1600, 900}, {16384, 16384}};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		for (double scale = 0.5; scale <= 4; scale *= 2) {
			struct tl_layout layout;
			struct tl_layout_wish wish = {sizes[i][0], sizes[i][1], scale, 180, true, 7, i % 2 == 1};
			const struct tl_rect *areas[] = {
				&layout.overview, &layout.corner,   &layout.note,    &layout.ruler,  &layout.gutter,
				&layout.rows,     &layout.findings, &layout.details, &layout.status, &layout.drawer};

			tl_layout_make(&layout, &wish);
			for (size_t a = 0; a < sizeof areas / sizeof *areas; a++) {
				assert_true(areas[a]->w >= 0 && areas[a]->h >= 0);
				assert_true(areas[a]->x >= 0 && areas[a]->x + areas[a]->w <= sizes[i][0]);
				assert_true(areas[a]->y >= 0 && areas[a]->y + areas[a]->h <= sizes[i][1]);
				for (size_t b = 0; b < a; b++) {
					struct tl_rect both = tl_rect_cross(*areas[a], *areas[b]);

					assert_true(both.w == 0 || both.h == 0);
				}
			}
		}
	}
}

static void test_rows_are_found_by_their_place(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, 1600, 900);
	for (size_t i = 0; i < scene.view.list.items.n; i++) {
		const struct tl_row_item *item = &scene.view.list.items.items[i];

		assert_int_equal(tl_row_list_at(&scene.view.list, item->y), i);
		assert_int_equal(tl_row_list_at(&scene.view.list, item->y + item->h - 1), i);
	}
	assert_int_equal(tl_row_list_at(&scene.view.list, -5), 0);
	assert_int_equal(tl_row_list_at(&scene.view.list, INT64_MAX), scene.view.list.items.n - 1);
	end(&scene);
}

static void test_pointer_finds_spans_flags_and_lines(void **state)
{
	struct scene scene;
	struct tl_hit hit;
	int x, y;

	(void)state;
	open_scene(&scene, 1600, 900);
	point_of(&scene, 2, 450000, &x, &y);
	hit = tl_hit_at(&scene.view, x, y);
	assert_int_equal(hit.kind, TL_HIT_SPAN);
	assert_int_equal(tl_row_look(&scene.synth.model->rows.items[hit.spot.row], hit.spot.span), TL_LOOK_LOCK);
	point_of(&scene, 3, 500000, &x, &y);
	hit = tl_hit_at(&scene.view, x, y);
	assert_int_equal(hit.kind, TL_HIT_FLAG);
	assert_int_equal(hit.finding, 1); /* the error comes first in the list */
	x = scene.view.layout.findings.x + 50;
	hit = tl_hit_at(&scene.view, x, scene.view.layout.findings.y + 34 + tl_view_finding_height(&scene.view) / 2);
	assert_int_equal(hit.kind, TL_HIT_FINDING);
	assert_int_equal(hit.finding, 0);
	assert_int_equal(tl_hit_at(&scene.view, -1, -1).kind, TL_HIT_NOTHING);
	assert_int_equal(tl_hit_at(&scene.view, scene.view.layout.overview.x + 5, 5).kind, TL_HIT_OVERVIEW);
	end(&scene);
}

static void test_picture_shows_each_state_at_its_place(void **state)
{
	struct scene scene;
	const struct tl_look_style *looks = tl_theme_dark.looks;

	(void)state;
	open_scene(&scene, 1600, 900);
	draw_scene(&scene);
	assert_true(count_color(&scene, 2, 200000, looks[TL_LOOK_RUNNING].color) > 5);
	assert_true(count_color(&scene, 2, 590000, looks[TL_LOOK_LOCK].color) > 3);
	assert_int_equal(count_color(&scene, 2, 590000, looks[TL_LOOK_RUNNING].color), 0);
	assert_true(count_color(&scene, 3, 990000, looks[TL_LOOK_WAIT].color) > 3);
	assert_true(count_color(&scene, 4, 680000, looks[TL_LOOK_GAP].color) > 3);
	/* Signs: an octagon at task 2, a triangle at task 3. */
	assert_true(count_color(&scene, 2, 300000, tl_theme_dark.colors[TL_COLOR_ERROR]) > 3);
	assert_true(count_color(&scene, 3, 500000, tl_theme_dark.colors[TL_COLOR_WARNING]) > 3);
	/* Exited: a cap; still waiting: a tail behind the end that fades. */
	assert_true(count_color(&scene, 1, 1000000, tl_theme_dark.colors[TL_COLOR_DIM]) > 10);
	assert_int_equal(count_color(&scene, 3, 1000000, tl_theme_dark.colors[TL_COLOR_DIM]), 0);
	assert_int_not_equal(count_color(&scene, 3, 1004000, tl_theme_dark.colors[TL_COLOR_BACK]), 17);
	end(&scene);
}

static void test_note_appears_when_events_are_lost(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, 1600, 900);
	assert_int_equal(scene.view.layout.note.h, 0);
	tl_view_finish(&scene.view);
	scene.check.lost = 967700;
	assert_int_equal(
		tl_view_init(&scene.view,
			     &(struct tl_view_data){scene.synth.model, &scene.check, NULL, &fake_fonts, "t", NULL},
			     &tl_theme_light, 1600, 900, 1, NULL),
		0);
	assert_true(scene.view.layout.note.h > 0);
	assert_non_null(strstr(scene.view.note, "967700"));
	draw_scene(&scene);
	end(&scene);
}

static void test_events_a_nanosecond_apart_an_hour_in_are_apart(void **state)
{
	struct scene scene;
	struct tl_spot spot;
	char a[TL_TICK_TEXT], b[TL_TICK_TEXT];

	(void)state;
	begin(&scene);
	tl_synth_start(&scene.synth, 0, 1, 0, 0);
	tl_synth_block(&scene.synth, HOUR, 1, TL_REASON_MUTEX, 0x20);
	tl_synth_start(&scene.synth, HOUR + 1, 1, 0, 0);
	tl_synth_exit(&scene.synth, HOUR + 2, 1);
	open_view(&scene, 1600, 900);
	spot = (struct tl_spot){0, 1};
	tl_view_select(&scene.view, spot, HOUR);
	key(&scene.view, 'f', 0);
	for (int i = 0; i < 100; i++)
		code(&scene.view, 26, 0); /* W: as deep as it goes */
	tl_timescale_center(&scene.view.time, HOUR + 1);
	draw_scene(&scene);
	assert_true(tl_timescale_column(&scene.view.time, HOUR + 1) - tl_timescale_column(&scene.view.time, HOUR) > 50);
	assert_true(count_color(&scene, 1, HOUR, tl_theme_dark.looks[TL_LOOK_LOCK].color) > 0 ||
		    tl_timescale_column(&scene.view.time, HOUR) < 0);
	assert_true(count_color(&scene, 1, HOUR + 1, tl_theme_dark.looks[TL_LOOK_LOCK].color) == 0);
	struct tl_ticks ticks = tl_timescale_ticks(&scene.view.time, 100);

	assert_string_not_equal(tl_tick_text(&ticks, HOUR, a), tl_tick_text(&ticks, HOUR + 1, b));
	end(&scene);
}

static void test_keys_walk_findings_and_undo(void **state)
{
	struct scene scene;
	struct tl_timescale before;

	(void)state;
	open_scene(&scene, 1600, 900);
	before = scene.view.time;
	key(&scene.view, 'n', 0);
	assert_int_equal(scene.view.finding, 0);
	assert_int_equal(scene.view.selected.row, row_of(&scene, 2));
	assert_true(scene.view.time.ns_per_px < before.ns_per_px); /* both of its events are framed */
	assert_true(tl_timescale_x(&scene.view.time, 300000) > 0);
	assert_true(tl_timescale_x(&scene.view.time, 310000) < scene.view.time.width_px);
	key(&scene.view, 'n', 0);
	assert_int_equal(scene.view.finding, 1);
	key(&scene.view, 'n', 0);
	assert_int_equal(scene.view.finding, 0); /* around */
	key(&scene.view, 'p', 0);
	assert_int_equal(scene.view.finding, 1);
	for (int i = 0; i < 10; i++)
		key(&scene.view, 'z', TL_MOD_CTRL);
	assert_memory_equal(&scene.view.time.start_ns, &before.start_ns, sizeof before.start_ns);
	assert_true(scene.view.time.ns_per_px == before.ns_per_px);
	key(&scene.view, 'y', TL_MOD_CTRL);
	assert_true(scene.view.time.ns_per_px < before.ns_per_px);
	end(&scene);
}

static void test_keys_walk_spans_and_edges(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, 1600, 900);
	tl_view_select(&scene.view, (struct tl_spot){row_of(&scene, 2), 1}, 30000);
	typed(&scene.view, '.');
	assert_int_equal(scene.view.selected.span, 2);
	typed(&scene.view, ',');
	assert_int_equal(scene.view.selected.span, 1);
	typed(&scene.view, '['); /* to who created it */
	assert_int_equal(scene.view.selected.row, row_of(&scene, 1));
	typed(&scene.view, ']');
	assert_int_equal(scene.view.selected.row, row_of(&scene, 2));
	code(&scene.view, 81, TL_MOD_SHIFT);
	assert_int_equal(scene.view.selected.row, row_of(&scene, 3));
	key(&scene.view, 'f', 0);
	key(&scene.view, 'f', 0); /* again: all */
	assert_true(tl_timescale_x(&scene.view.time, 0) >= 0);
	code(&scene.view, 41, 0);
	assert_int_equal(scene.view.selected.row, TL_NONE);
	end(&scene);
}

static void test_wheel_zooms_at_the_pointer(void **state)
{
	struct scene scene;
	struct tl_input input = {.type = TL_INPUT_WHEEL, .mods = TL_MOD_CTRL, .wheel_y = 3};
	int64_t t;

	(void)state;
	open_scene(&scene, 1600, 900);
	point_of(&scene, 2, 450000, &input.x, &input.y);
	t = tl_timescale_time(&scene.view.time, input.x - scene.view.layout.rows.x);
	tl_view_input(&scene.view, &input);
	assert_int_equal(tl_timescale_time(&scene.view.time, input.x - scene.view.layout.rows.x), t);
	input.mods = TL_MOD_SHIFT;
	tl_view_input(&scene.view, &input);
	assert_true(tl_timescale_time(&scene.view.time, input.x - scene.view.layout.rows.x) != t);
	end(&scene);
}

static void test_drag_pans_and_shift_drag_measures(void **state)
{
	struct scene scene;
	int64_t start_ns;
	int x, y;

	(void)state;
	open_scene(&scene, 1600, 900);
	key(&scene.view, 'n', 0);
	start_ns = scene.view.time.start_ns;
	x = scene.view.layout.rows.x + 400;
	y = scene.view.layout.rows.y + 300;
	pointer(&scene.view, TL_INPUT_PRESS, x, y, 0);
	pointer(&scene.view, TL_INPUT_MOVE, x - 100, y, 0);
	pointer(&scene.view, TL_INPUT_RELEASE, x - 100, y, 0);
	assert_true(scene.view.time.start_ns > start_ns);
	pointer(&scene.view, TL_INPUT_PRESS, x, y, TL_MOD_SHIFT);
	pointer(&scene.view, TL_INPUT_MOVE, x + 100, y, TL_MOD_SHIFT);
	pointer(&scene.view, TL_INPUT_RELEASE, x + 100, y, 0);
	assert_true(scene.view.measured);
	assert_true(scene.view.measure_to_ns > scene.view.measure_from_ns);
	draw_scene(&scene);
	code(&scene.view, 41, 0);
	assert_false(scene.view.measured);
	end(&scene);
}

static void test_click_selects_and_a_finding_is_gone_to(void **state)
{
	struct scene scene;
	int x, y;

	(void)state;
	open_scene(&scene, 1600, 900);
	point_of(&scene, 2, 450000, &x, &y);
	click(&scene.view, x, y);
	assert_int_equal(scene.view.selected.row, row_of(&scene, 2));
	draw_scene(&scene);
	click(&scene.view, scene.view.layout.findings.x + 50,
	      scene.view.layout.findings.y + 34 + tl_view_finding_height(&scene.view) * 3 / 2);
	assert_int_equal(scene.view.finding, 1);
	assert_int_equal(scene.view.selected.row, row_of(&scene, 3));
	draw_scene(&scene);
	end(&scene);
}

static void test_every_key_is_safe_at_every_size(void **state)
{
	static const int sizes[][2] = {{1, 1}, {50, 50}, {320, 200}, {1600, 900}};

	(void)state;
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		struct scene scene;

		open_scene(&scene, sizes[s][0], sizes[s][1]);
		for (size_t round = 0; round < 3; round++) {
			for (size_t i = 0; i < tl_n_bindings; i++) {
				tl_bindings[i].run(&scene.view);
				click(&scene.view, (int)(i * 37 % (size_t)sizes[s][0]),
				      (int)(i * 53 % (size_t)sizes[s][1]));
				draw_scene(&scene);
			}
		}
		end(&scene);
	}
}

static void test_no_two_bindings_fight(void **state)
{
	(void)state;
	for (size_t i = 0; i < tl_n_bindings; i++) {
		assert_true((tl_bindings[i].scancode == 0) != (tl_bindings[i].sym == 0));
		assert_true((tl_bindings[i].keys == NULL) == (tl_bindings[i].says == NULL));
		for (size_t j = 0; j < i; j++)
			assert_false(tl_bindings[i].type == tl_bindings[j].type &&
				     tl_bindings[i].mods == tl_bindings[j].mods &&
				     tl_bindings[i].scancode == tl_bindings[j].scancode &&
				     tl_bindings[i].sym == tl_bindings[j].sym);
	}
}

static void test_commands_grow_with_pixels_only(void **state)
{
	size_t few, many;
	struct scene scene;

	(void)state;
	begin(&scene);
	tl_synth_pool(&scene.synth, 16, 5000, 1);
	open_view(&scene, 1600, 900);
	draw_scene(&scene);
	few = scene.draw.commands.n;
	end(&scene);
	begin(&scene);
	tl_synth_pool(&scene.synth, 16, 200000, 1);
	open_view(&scene, 1600, 900);
	draw_scene(&scene);
	many = scene.draw.commands.n;
	end(&scene);
	assert_true(many < 3 * few);
}

static void test_empty_trace_draws(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	open_view(&scene, 800, 600);
	draw_scene(&scene);
	for (size_t i = 0; i < tl_n_bindings; i++) {
		tl_bindings[i].run(&scene.view);
		draw_scene(&scene);
	}
	end(&scene);
}

TL_UNIT_MAIN(cmocka_unit_test(test_areas_never_overlap_or_leave_the_window),
	     cmocka_unit_test(test_rows_are_found_by_their_place),
	     cmocka_unit_test(test_pointer_finds_spans_flags_and_lines),
	     cmocka_unit_test(test_picture_shows_each_state_at_its_place),
	     cmocka_unit_test(test_note_appears_when_events_are_lost),
	     cmocka_unit_test(test_events_a_nanosecond_apart_an_hour_in_are_apart),
	     cmocka_unit_test(test_keys_walk_findings_and_undo), cmocka_unit_test(test_keys_walk_spans_and_edges),
	     cmocka_unit_test(test_wheel_zooms_at_the_pointer),
	     cmocka_unit_test(test_drag_pans_and_shift_drag_measures),
	     cmocka_unit_test(test_click_selects_and_a_finding_is_gone_to),
	     cmocka_unit_test(test_every_key_is_safe_at_every_size), cmocka_unit_test(test_no_two_bindings_fight),
	     cmocka_unit_test(test_commands_grow_with_pixels_only), cmocka_unit_test(test_empty_trace_draws))
