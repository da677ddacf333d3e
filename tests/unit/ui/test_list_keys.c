/* What keys do in the lists beside the timeline; without a window. */
#include "tests/unit/ui/panel_scene.h"

#define SHIFT_J &scene.view, 'j', TL_MOD_SHIFT

static void test_lines_of_every_table_are_walked(void **state)
{
	(void)state;
	for (enum tl_panel panel = TL_PANEL_OBJECTS; panel < TL_N_PANELS; panel++) {
		struct scene scene;
		size_t rows;

		open_scene(&scene, 1600, 900);
		if (panel == TL_PANEL_PATH) {
			tl_view_select(&scene.view, (struct tl_spot){row_of(&scene, 2), 4}, 700);
			tl_drawer_show_path(&scene.view);
		} else {
			tl_drawer_toggle(&scene.view, panel);
		}
		draw(&scene);
		rows = tl_panels[panel]->rows(&scene.view);
		assert_true(rows > 0);
		scene.view.selected = (struct tl_spot){TL_NONE, TL_NONE};
		/* Through all, also those of which there is nothing to show; the last one stays. */
		for (size_t i = 0; i < rows + 2; i++) {
			key(&scene.view, 'j', 0);
			if (scene.view.selected.row != TL_NONE)
				assert_int_equal(scene.view.drawer.line, i < rows ? i : rows - 1);
		}
		key(SHIFT_J);
		if (scene.view.selected.row != TL_NONE)
			assert_int_equal(scene.view.drawer.line, rows > 1 ? rows - 2 : 0);
		end(&scene);
	}
}

static void test_a_line_leads_where_a_click_does(void **state)
{
	struct scene scene;
	struct tl_spot clicked;

	(void)state;
	open_scene(&scene, 1600, 900);
	typed(&scene.view, '2');
	draw(&scene);
	click_row(&scene, 1);
	clicked = scene.view.selected;
	click_row(&scene, 0);
	key(&scene.view, 'j', 0);
	assert_int_equal(scene.view.selected.row, clicked.row);
	assert_int_equal(scene.view.selected.span, clicked.span);
	/* Without a panel it is nobody's. */
	typed(&scene.view, '2');
	key(&scene.view, 'j', 0);
	assert_int_equal(scene.view.selected.span, clicked.span);
	end(&scene);
}

static void test_the_flame_graph_is_walked(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, 1600, 900);
	key(&scene.view, 'j', TL_MOD_SHIFT);
	typed(&scene.view, '1');
	draw(&scene);
	for (size_t i = 0; i < scene.view.drawer.flame.nodes.n && scene.view.selected.row == TL_NONE; i++)
		key(&scene.view, 'j', 0);
	assert_int_equal(scene.view.selected.row, row_of(&scene, 2)); /* the longest wait */
	assert_int_not_equal(scene.view.drawer.flame_root, 0);
	for (size_t i = 0; i < scene.view.drawer.flame.nodes.n; i++)
		key(&scene.view, 'j', TL_MOD_SHIFT);
	assert_int_equal(scene.view.drawer.flame_root, 0);
	end(&scene);
}

static void test_a_range_is_measured_by_keys(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, 1600, 900);
	tl_view_select(&scene.view, (struct tl_spot){row_of(&scene, 2), 2}, 150);
	key(&scene.view, 'i', 0);
	assert_true(scene.view.measured);
	tl_view_select(&scene.view, (struct tl_spot){row_of(&scene, 2), 5}, 700);
	key(&scene.view, 'i', TL_MOD_SHIFT);
	assert_int_equal(scene.view.measure_from_ns, 150);
	assert_int_equal(scene.view.measure_to_ns, 700);
	typed(&scene.view, '6');
	draw(&scene);
	assert_int_equal(scene.view.drawer.shown.from_ns, 150);
	assert_int_equal(scene.view.drawer.shown.to_ns, 700);
	end(&scene);
}

static void test_findings_fold_by_a_key(void **state)
{
	struct scene scene;
	const struct tl_finding_list *list;

	(void)state;
	open_scene(&scene, 1600, 900);
	list = &scene.view.finding_list;
	assert_int_equal(list->lines.n, 5);
	key(&scene.view, 'h', 0); /* nothing is selected: all rules */
	assert_int_equal(list->lines.n, 3);
	key(&scene.view, 'h', 0);
	assert_int_equal(list->lines.n, 5);
	tl_view_go_finding(&scene.view, 2);
	key(&scene.view, 'h', 0);
	assert_int_equal(list->lines.n, 3);
	key(&scene.view, 'h', 0);
	assert_int_equal(list->lines.n, 5);
	tl_view_go_finding(&scene.view, 3); /* the only one of its rule */
	key(&scene.view, 'h', 0);
	assert_int_equal(list->lines.n, 5);
	end(&scene);
}

static void test_details_scroll_by_keys(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, 800, 400);
	tl_view_go_finding(&scene.view, 0);
	draw(&scene);
	tl_view_input(&scene.view,
		      &(struct tl_input){.type = TL_INPUT_KEY, .scancode = TL_KEY_PAGE_DOWN, .mods = TL_MOD_SHIFT});
	assert_true(scene.view.details_scroll > 0);
	tl_view_input(&scene.view,
		      &(struct tl_input){.type = TL_INPUT_KEY, .scancode = TL_KEY_PAGE_UP, .mods = TL_MOD_SHIFT});
	assert_int_equal(scene.view.details_scroll, 0);
	end(&scene);
}

/* After a key the picture is another, and so is what the pointer lies on; no tooltip is in the way. */
static void test_what_the_pointer_is_on_follows_the_picture(void **state)
{
	struct scene scene;
	struct tl_rect bar;
	int x, y, on = 0;

	(void)state;
	open_scene(&scene, 1600, 900);
	bar = tl_row_bar(tl_view_row_rect(&scene.view, row_of(&scene, 2)), 1);
	x = bar.x + tl_timescale_column(&scene.view.time, 450);
	y = bar.y + bar.h - 2;
	tl_view_input(&scene.view, &(struct tl_input){.type = TL_INPUT_MOVE, .x = x, .y = y});
	assert_true(scene.view.tip);
	for (int i = 0; i < 8; i++) {
		struct tl_hit hit;
		bool is_span;

		tl_view_input(&scene.view, &(struct tl_input){.type = TL_INPUT_KEY, .scancode = TL_KEY_D});
		hit = tl_hit_at(&scene.view, x, y);
		is_span = hit.kind == TL_HIT_SPAN || hit.kind == TL_HIT_FLAG;
		assert_int_equal(scene.view.hovered.row, is_span ? hit.spot.row : TL_NONE);
		assert_int_equal(scene.view.hovered.span, is_span ? hit.spot.span : TL_NONE);
		assert_false(scene.view.tip);
		on += is_span;
	}
	assert_true(on > 0);
	tl_view_input(&scene.view, &(struct tl_input){.type = TL_INPUT_LEAVE});
	assert_int_equal(scene.view.hovered.row, TL_NONE);
	end(&scene);
}

TL_UNIT_MAIN(cmocka_unit_test(test_what_the_pointer_is_on_follows_the_picture),
	     cmocka_unit_test(test_lines_of_every_table_are_walked),
	     cmocka_unit_test(test_a_line_leads_where_a_click_does), cmocka_unit_test(test_the_flame_graph_is_walked),
	     cmocka_unit_test(test_a_range_is_measured_by_keys), cmocka_unit_test(test_findings_fold_by_a_key),
	     cmocka_unit_test(test_details_scroll_by_keys))
