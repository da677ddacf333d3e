/*
 * The drawer without a window: panels, their links with the timeline in both
 * directions, the critical path, the list of findings by rule, and what is copied.
 */
#include "tests/unit/ui/panel_scene.h"

static void test_drawer_takes_its_room_and_gives_it_back(void **state)
{
	struct scene scene;
	struct tl_layout before;

	(void)state;
	open_scene(&scene, 1600, 900);
	before = scene.view.layout;
	typed(&scene.view, '2');
	assert_int_equal(scene.view.drawer.panel, TL_PANEL_OBJECTS);
	assert_true(scene.view.layout.drawer.h > 100);
	assert_int_equal(scene.view.layout.rows.h + scene.view.layout.drawer.h, before.rows.h);
	typed(&scene.view, '5');
	assert_int_equal(scene.view.drawer.panel, TL_PANEL_TASKS);
	typed(&scene.view, '5');
	assert_int_equal(scene.view.drawer.panel, TL_PANEL_NONE);
	assert_memory_equal(&scene.view.layout.rows, &before.rows, sizeof before.rows);
	typed(&scene.view, '1');
	tl_view_input(&scene.view, &(struct tl_input){.type = TL_INPUT_KEY, .scancode = 41});
	assert_int_equal(scene.view.drawer.panel, TL_PANEL_NONE);
	end(&scene);
}

static void test_every_panel_is_drawn_at_every_size(void **state)
{
	static const int sizes[][2] = {{1, 1}, {330, 200}, {800, 600}, {3840, 2160}};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct scene scene;

		open_scene(&scene, sizes[i][0], sizes[i][1]);
		for (unsigned panel = 1; panel < TL_N_PANELS; panel++) {
			struct tl_rect drawer;

			tl_drawer_toggle(&scene.view, (enum tl_panel)panel);
			draw(&scene);
			drawer = scene.view.layout.drawer;
			/* Whatever is under the pointer there, a click and a turn of the wheel harm nothing. */
			for (int y = drawer.y; y < drawer.y + drawer.h; y += 9)
				click(&scene.view, drawer.x + drawer.w / 3, y);
			tl_view_input(&scene.view, &(struct tl_input){.type = TL_INPUT_WHEEL,
								      .x = drawer.x + 1,
								      .y = drawer.y + drawer.h - 1,
								      .wheel_y = -50});
			draw(&scene);
			scene.view.drawer.panel = TL_PANEL_NONE;
		}
		end(&scene);
	}
}

static void test_objects_lead_to_the_timeline_and_back(void **state)
{
	struct scene scene;
	const struct tl_row *row;

	(void)state;
	open_scene(&scene, 1600, 900);
	typed(&scene.view, '2');
	assert_true(tl_drawer_work(&scene.view) || scene.view.drawer.shown.done);
	draw(&scene);
	assert_int_equal(scene.view.drawer.shown.objects.n, 3);
	assert_true(is_drawn(&scene, "0x20"));
	click_row(&scene, 0);
	assert_int_equal(scene.view.selected.row, row_of(&scene, 2));
	row = &scene.synth.model->rows.items[scene.view.selected.row];
	assert_int_equal(tl_row_begin(row, scene.view.selected.span), 200); /* the longer of its two waits */
	assert_true(tl_timescale_x(&scene.view.time, 200) > 0);
	assert_true(tl_timescale_x(&scene.view.time, 600) < scene.view.time.width_px);
	assert_true(tl_panels[TL_PANEL_OBJECTS]->is_selected(&scene.view, 0));
	assert_false(tl_panels[TL_PANEL_OBJECTS]->is_selected(&scene.view, 1));
	/* The other way. */
	tl_view_select(&scene.view, (struct tl_spot){row_of(&scene, 2), (uint32_t)tl_model_span_at(row, 900)}, 900);
	assert_false(tl_panels[TL_PANEL_OBJECTS]->is_selected(&scene.view, 0));
	assert_true(tl_panels[TL_PANEL_OBJECTS]->is_selected(&scene.view, 1));
	end(&scene);
}

static void test_panels_follow_the_measured_range(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, 1600, 900);
	typed(&scene.view, '6');
	draw(&scene);
	assert_int_equal(scene.view.drawer.shown.reasons[TL_REASON_MUTEX].n, 2);
	scene.view.measured = true;
	scene.view.measure_from_ns = 190; /* measured from right to left */
	scene.view.measure_to_ns = 90;
	draw(&scene);
	assert_int_equal(scene.view.drawer.shown.reasons[TL_REASON_MUTEX].n, 1);
	assert_int_equal(scene.view.drawer.shown.reasons[TL_REASON_MUTEX].ns, 50);
	assert_int_equal(scene.view.drawer.shown.reasons[TL_REASON_COND].n_tasks, 0);
	/* While new numbers are made the old ones stand. */
	scene.view.measured = false;
	tl_view_draw(&scene.view, &scene.draw);
	assert_int_equal(scene.view.drawer.shown.reasons[TL_REASON_MUTEX].ns, 50);
	draw(&scene);
	assert_int_equal(scene.view.drawer.shown.reasons[TL_REASON_MUTEX].ns, 450);
	end(&scene);
}

static void test_wakes_lead_to_the_slowest(void **state)
{
	struct scene scene;
	size_t rows;

	(void)state;
	open_scene(&scene, 1600, 900);
	typed(&scene.view, '3');
	draw(&scene);
	rows = tl_panels[TL_PANEL_WAKES]->rows(&scene.view);
	assert_int_equal(rows, 6); /* from 2..4 ns to 64..128 ns */
	click_row(&scene, rows - 1);
	assert_int_equal(scene.view.selected.row, row_of(&scene, 2));
	assert_int_equal(scene.view.selected_ns, 700);
	assert_true(tl_panels[TL_PANEL_WAKES]->is_selected(&scene.view, rows - 1));
	click_row(&scene, 2); /* nothing fell into it: stays */
	assert_int_equal(scene.view.selected_ns, 700);
	end(&scene);
}

static void test_leaks_and_tasks_lead_to_theirs(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, 1600, 900);
	typed(&scene.view, '4');
	draw(&scene);
	assert_int_equal(tl_panels[TL_PANEL_LEAKS]->rows(&scene.view), 1);
	click_row(&scene, 0);
	assert_string_equal(tl_view_finding(&scene.view)->rule, "resource-leak");
	typed(&scene.view, '5');
	draw(&scene);
	assert_int_equal(tl_panels[TL_PANEL_TASKS]->rows(&scene.view), 3);
	click_row(&scene, 0);
	assert_int_equal(scene.view.selected.row, row_of(&scene, 2)); /* blocked most */
	assert_null(tl_view_finding(&scene.view));
	end(&scene);
}

static void test_critical_path_is_shown_and_walked(void **state)
{
	struct scene scene;
	const struct tl_row *row;

	(void)state;
	open_scene(&scene, 1600, 900);
	row = &scene.synth.model->rows.items[row_of(&scene, 2)];
	key(&scene.view, 'c', 0); /* nothing is selected: says what to do */
	draw(&scene);
	assert_true(is_drawn(&scene, "Select a state"));
	key(&scene.view, 'c', 0);
	tl_view_select(&scene.view, (struct tl_spot){row_of(&scene, 2), (uint32_t)tl_model_span_at(row, 750)}, 750);
	key(&scene.view, 'c', 0);
	assert_int_equal(scene.view.drawer.panel, TL_PANEL_PATH);
	assert_int_equal(scene.view.drawer.path.steps.n, 5); /* 1 runs, 3 woken, 3 runs, 2 woken, 2 runs */
	draw(&scene);
	assert_true(is_drawn(&scene, "To "));
	typed(&scene.view, '[');
	assert_int_equal(scene.view.selected.row, row_of(&scene, 2));
	typed(&scene.view, '[');
	assert_int_equal(scene.view.selected.row, row_of(&scene, 3));
	for (int i = 0; i < 10; i++)
		typed(&scene.view, '[');
	assert_int_equal(scene.view.selected.row, row_of(&scene, 1));
	for (int i = 0; i < 10; i++)
		typed(&scene.view, ']');
	assert_int_equal(scene.view.selected.row, row_of(&scene, 2));
	click_row(&scene, 0); /* the longest part: what 3 did */
	assert_int_equal(scene.view.selected.row, row_of(&scene, 3));
	assert_true(tl_panels[TL_PANEL_PATH]->is_selected(&scene.view, 0));
	end(&scene);
}

static void test_findings_stand_by_rule_and_fold(void **state)
{
	struct scene scene;
	const struct tl_finding_list *list;
	const struct tl_finding *items;
	int x, y;

	(void)state;
	open_scene(&scene, 1600, 900);
	list = &scene.view.finding_list;
	items = scene.check.findings.list.items;
	assert_string_equal(items[list->order[0]].rule, "deadlock-cycle");
	assert_string_equal(items[list->order[1]].rule, "never-unblocked");
	assert_int_equal(items[list->order[1]].severity, TL_WARNING);
	assert_string_equal(items[list->order[2]].rule, "never-unblocked");
	assert_string_equal(items[list->order[3]].rule, "resource-leak");
	assert_int_equal(list->lines.n, 5); /* four findings, and one rule that has several */
	assert_int_equal(list->lines.items[1].n, 2);
	x = scene.view.layout.findings.x + 40;
	y = scene.view.layout.findings.y + 34 + list->lines.items[1].y + 2;
	assert_int_equal(tl_hit_at(&scene.view, x, y).kind, TL_HIT_RULE);
	click(&scene.view, x, y);
	assert_int_equal(list->lines.n, 3);
	assert_int_equal(tl_finding_list_line(list, 2), 1);
	assert_int_equal(tl_finding_list_line(list, 3), 2);
	draw(&scene);
	/* N unfolds what it goes to, and goes through all in order. */
	for (uint32_t i = 0; i < 4; i++) {
		key(&scene.view, 'n', 0);
		assert_int_equal(scene.view.finding, i);
	}
	assert_int_equal(list->lines.n, 5);
	end(&scene);
}

static void test_a_finding_is_explained(void **state)
{
	struct scene scene;
	char *text;

	(void)state;
	open_scene(&scene, 1600, 4000);
	key(&scene.view, 'n', 0);
	draw(&scene);
	assert_true(is_drawn(&scene, "What it means"));
	assert_true(is_drawn(&scene, "What to do"));
	key(&scene.view, 'c', TL_MOD_CTRL);
	text = scene.view.clipboard;
	assert_non_null(text);
	assert_non_null(strstr(text, "rule: deadlock-cycle"));
	assert_non_null(strstr(text, "What to do"));
	assert_null(strchr(text, '\x1b')); /* what a trace says stays harmless elsewhere too */
	assert_non_null(strstr(text, "\\x1b"));
	end(&scene);
}

static void test_a_panel_is_copied_as_a_table(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, 1600, 900);
	typed(&scene.view, '2');
	draw(&scene);
	key(&scene.view, 'c', TL_MOD_CTRL);
	assert_non_null(scene.view.clipboard);
	assert_non_null(strstr(scene.view.clipboard, "object\tkind\twaits\tblocked"));
	assert_non_null(strstr(scene.view.clipboard, "0x20\tmutex\t2\t450 ns\t400 ns\t225 ns\t1\n"));
	typed(&scene.view, '1');
	draw(&scene);
	key(&scene.view, 'c', TL_MOD_CTRL);
	assert_non_null(strstr(scene.view.clipboard, "all blocked time\t"));
	assert_non_null(strstr(scene.view.clipboard, "    mutex\t450 ns"));
	end(&scene);
}

TL_UNIT_MAIN(cmocka_unit_test(test_drawer_takes_its_room_and_gives_it_back),
	     cmocka_unit_test(test_every_panel_is_drawn_at_every_size),
	     cmocka_unit_test(test_objects_lead_to_the_timeline_and_back),
	     cmocka_unit_test(test_panels_follow_the_measured_range), cmocka_unit_test(test_wakes_lead_to_the_slowest),
	     cmocka_unit_test(test_leaks_and_tasks_lead_to_theirs),
	     cmocka_unit_test(test_critical_path_is_shown_and_walked),
	     cmocka_unit_test(test_findings_stand_by_rule_and_fold), cmocka_unit_test(test_a_finding_is_explained),
	     cmocka_unit_test(test_a_panel_is_copied_as_a_table))
