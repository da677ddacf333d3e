/* The flame graph, code of source files, and pictures of a trace while it is read; without a window. */
#include "tests/unit/ui/panel_scene.h"

#include <unistd.h>

struct laid {
	const struct tl_flame *flame;
	struct tl_rect area;
	int rows_w[TL_FLAME_DEPTH + 3]; /* width used in each line */
	size_t n;
};

static void note_rect(void *data, uint32_t node, struct tl_rect rect)
{
	struct laid *laid = data;
	size_t line = (size_t)((rect.y - laid->area.y) / rect.h);

	assert_true(rect.x >= laid->area.x && rect.x + rect.w <= laid->area.x + laid->area.w);
	assert_int_equal(line, laid->flame->nodes.items[node].depth);
	laid->rows_w[line] += rect.w;
	laid->n++;
}

/* Two stacks with one frame in common, and one without: through real addresses of nothing. */
static void test_flame_graph_adds_up(void **state)
{
	static const uint64_t pcs[3][2] = {{0x10, 0x99}, {0x20, 0x99}, {0x30, 0x88}};
	struct scene scene;
	struct tl_symbols *symbols;
	const struct tl_flame *flame;
	struct laid laid = {0};
	int64_t t = 0;

	(void)state;
	begin(&scene);
	tl_synth_start(&scene.synth, 0, 1, 0, 0);
	for (uint32_t i = 0; i < 3; i++) {
		struct tl_event stack = {.time_ns = ++t, .task = 1, .kind = TL_EVENT_STACK};

		stack.u.stack.id = i + 1;
		stack.u.stack.pcs = pcs[i];
		stack.u.stack.n_pcs = 2;
		tl_synth_emit(&scene.synth, stack);
	}
	for (uint32_t i = 0; i < 9; i++) {
		struct tl_event block = {.time_ns = t += 10, .task = 1, .kind = TL_EVENT_BLOCK};

		block.u.block.wait = ++scene.synth.wait[1];
		block.u.block.reason = TL_REASON_MUTEX;
		block.u.block.object = 0x20;
		block.u.block.stack = i % 3 + 1;
		tl_synth_emit(&scene.synth, block);
		tl_synth_start(&scene.synth, t += 100 * (i % 3 + 1), 1, 0, 0);
	}
	open_view(&scene, 1600, 900);
	symbols = tl_symbols_create(scene.synth.state);
	scene.view.data.symbols = symbols;
	typed(&scene.view, '1');
	draw(&scene);
	flame = &scene.view.drawer.flame;
	assert_true(flame->done);
	assert_int_equal(flame->nodes.items[0].ns, 1800);
	assert_int_equal(flame->nodes.items[0].n, 9);
	assert_int_equal(flame->nodes.items[0].n_children, 2);
	assert_int_equal(flame->nodes.items[flame->order[flame->nodes.items[0].first]].ns, 900);
	for (uint32_t i = 0; i < flame->nodes.n; i++) {
		int64_t below = 0;

		for (uint32_t c = 0; c < flame->nodes.items[i].n_children; c++)
			below += flame->nodes.items[flame->order[flame->nodes.items[i].first + c]].ns;
		assert_true(flame->nodes.items[i].leaf ? below == 0 : below == flame->nodes.items[i].ns);
	}
	laid.flame = flame;
	laid.area = (struct tl_rect){5, 7, 900, 100};
	tl_flame_layout(flame, 0, laid.area, 10, note_rect, &laid);
	assert_int_equal(laid.n, flame->nodes.n);
	for (int line = 0; line < 4; line++)
		assert_in_range(laid.rows_w[line], 897, 900);
	/* The selection on the timeline is found in the graph; a click narrows it, a second one goes to a wait. */
	tl_view_select(&scene.view, (struct tl_spot){0, 1}, 50);
	assert_true(tl_flame_leads_to(flame, 0, tl_drawer_flame_selected(&scene.view)));
	assert_true(flame->nodes.items[tl_drawer_flame_selected(&scene.view)].leaf);
	struct tl_rect area = tl_drawer_flame_area(&scene.view);
	int line_h = tl_drawer_place(&scene.view).line_h;

	click(&scene.view, area.x + 3, area.y + line_h + 2);
	assert_int_not_equal(scene.view.drawer.flame_root, 0);
	draw(&scene);
	click(&scene.view, area.x + 3, area.y + line_h + 2);
	assert_int_equal(
		tl_model_span_end(scene.synth.model, &scene.synth.model->rows.items[0], scene.view.selected.span) -
			scene.view.selected_ns,
		300);
	click(&scene.view, area.x + 3, area.y + 2); /* the whole again */
	assert_int_equal(scene.view.drawer.flame_root, 0);
	tl_symbols_destroy(symbols);
	end(&scene);
}

static void test_code_is_shown_only_from_plain_files(void **state)
{
	struct tl_listing *listing = tl_listing_create();
	char path[] = "/tmp/tl-listing-XXXXXX", buffer[20];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "one\r\ntwo\n\nfour and very much more of it", 39), 39);
	close(fd);
	assert_string_equal(tl_listing_line(listing, path, 1, buffer, sizeof buffer), "one");
	assert_string_equal(tl_listing_line(listing, path, 2, buffer, sizeof buffer), "two");
	assert_string_equal(tl_listing_line(listing, path, 3, buffer, sizeof buffer), "");
	assert_string_equal(tl_listing_line(listing, path, 4, buffer, sizeof buffer), "four and very much ");
	assert_null(tl_listing_line(listing, path, 5, buffer, sizeof buffer));
	assert_null(tl_listing_line(listing, path, 0, buffer, sizeof buffer));
	assert_null(tl_listing_line(listing, "/dev/zero", 1, buffer, sizeof buffer));
	assert_null(tl_listing_line(listing, "/tmp", 1, buffer, sizeof buffer));
	assert_null(tl_listing_line(listing, "relative.c", 1, buffer, sizeof buffer));
	assert_null(tl_listing_line(NULL, path, 1, buffer, sizeof buffer));
	for (int i = 0; i < 9; i++) { /* more files than are kept */
		char other[40];

		snprintf(other, sizeof other, "/nowhere/%d.c", i);
		assert_null(tl_listing_line(listing, other, 1, buffer, sizeof buffer));
	}
	assert_string_equal(tl_listing_line(listing, path, 2, buffer, sizeof buffer), "two");
	unlink(path);
	tl_listing_destroy(listing);
}

/* Pictures while more is read: exact for what is there, at the place where one stands, in the end the whole. */
static void test_a_part_can_be_looked_at_while_more_is_read(void **state)
{
	struct scene scene;
	struct tl_view_data data;
	struct tl_check partial;
	struct tl_timescale before;

	(void)state;
	begin(&scene);
	data = (struct tl_view_data){.model = scene.synth.model, .check = &partial, .fonts = &fake_fonts, .title = "t"};
	partial = (struct tl_check){.state = scene.synth.state};
	tl_synth_start(&scene.synth, 0, 1, 0, 0);
	tl_synth_text(&scene.synth, 5, 1, TL_EVENT_REGION_BEGIN, "open");
	tl_draw_init(&scene.draw, &fake_fonts);
	for (uint32_t i = 0; i < 400; i++) {
		const struct tl_row *row = &scene.synth.model->rows.items[0];
		struct tl_column column;
		int64_t t = 10 + 20 * i;

		tl_synth_block(&scene.synth, t, 1, i % 2 ? TL_REASON_MUTEX : TL_REASON_COND, 0x20);
		if (i % 7 == 0) { /* tasks appear, too */
			tl_synth_create(&scene.synth, t, 1, 2 + i / 7);
			tl_synth_start(&scene.synth, t + 1, 2 + i / 7, 1, 0);
		}
		tl_synth_start(&scene.synth, t + 10, 1, 0, 0);
		assert_int_equal(tl_model_peek(scene.synth.model, scene.synth.state), 0);
		row = &scene.synth.model->rows.items[0];
		tl_model_columns(scene.synth.model, row, (int64_t[]){t, t + 10}, 1, &column);
		assert_int_equal(column.look, i % 2 ? TL_LOOK_LOCK : TL_LOOK_WAIT);
		tl_model_columns(scene.synth.model, row, (int64_t[]){10, 20}, 1, &column);
		assert_int_equal(column.look, TL_LOOK_WAIT);
		assert_int_equal(i == 0 ? tl_view_init(&scene.view, &data, &tl_theme_dark, 1200, 800, 1, NULL)
					: tl_view_reload(&scene.view, &data),
				 0);
		assert_int_equal(scene.view.time.end_ns, scene.synth.model->end_ns);
		assert_non_null(strstr(scene.view.note, "Reading"));
		if (i == 200) {
			tl_view_show(&scene.view, 100, 300, 0);
			before = scene.view.time;
		}
		tl_view_draw(&scene.view, &scene.draw);
		assert_false(scene.draw.failed);
		assert_false(is_drawn(&scene, "None:"));
		click(&scene.view, 400, 100 + (int)i);
	}
	tl_synth_seal(&scene.synth, NULL);
	data.check = &scene.check;
	assert_int_equal(tl_view_reload(&scene.view, &data), 0);
	assert_int_equal(scene.view.note[0], '\0');
	assert_int_equal(scene.view.time.start_ns, before.start_ns); /* who has moved stays there */
	assert_true(scene.view.time.ns_per_px == before.ns_per_px);
	draw(&scene);
	assert_true(is_drawn(&scene, "None:"));
	assert_int_equal(scene.synth.model->rows.items[0].extra->lanes[0].items[0].end_ns, scene.synth.model->end_ns);
	end(&scene);
}

TL_UNIT_MAIN(cmocka_unit_test(test_flame_graph_adds_up), cmocka_unit_test(test_code_is_shown_only_from_plain_files),
	     cmocka_unit_test(test_a_part_can_be_looked_at_while_more_is_read))
