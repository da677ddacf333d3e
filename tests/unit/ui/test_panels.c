/*
 * The drawer without a window: panels, their links with the timeline in both
 * directions, the critical path, the flame graph, the list of findings by rule,
 * and what is copied.
 */
#include "tests/unit/unit.h"

#include <unistd.h>

#include "tests/unit/model/synth.h"
#include "tests/unit/ui/fake_fonts.h"
#include "viewer/ui/hit.h"
#include "viewer/ui/input.h"
#include "viewer/ui/paint.h"

struct scene {
	struct tl_synth synth;
	struct tl_check check;
	struct tl_view view;
	struct tl_draw draw;
};

static uint64_t task_ids[] = {(uint64_t)1 << 32 | 2, (uint64_t)1 << 32 | 3};

static void add_finding(struct scene *scene, const char *rule, enum tl_severity severity, int64_t time_ns)
{
	struct tl_finding finding = {.rule = rule,
				     .message = "a message\nof two lines \x1b[31m",
				     .meaning = "",
				     .evidence = "",
				     .count = 3,
				     .severity = severity,
				     .tasks = task_ids,
				     .n_tasks = 2,
				     .time_ns = time_ns,
				     .n_proofs = 2};

	finding.proofs[0] = (struct tl_proof){
		.kind = TL_EVENT_BLOCK, .task = task_ids[0], .time_ns = time_ns, .note = ""};
	finding.proofs[1] = (struct tl_proof){.kind = TL_EVENT_BLOCK, .task = task_ids[1], .time_ns = 900, .note = ""};
	assert_int_equal(tl_vec_push(&scene->check.findings.list, finding), 0);
}

static void begin(struct scene *scene)
{
	memset(scene, 0, sizeof *scene);
	tl_synth_init(&scene->synth, 0);
	tl_findings_init(&scene->check.findings);
	scene->check.state = scene->synth.state;
}

static void open_view(struct scene *scene, int width, int height)
{
	struct tl_view_data data = {scene->synth.model, &scene->check, NULL, &fake_fonts, "a/trace", NULL};

	tl_synth_seal(&scene->synth, &scene->check.findings);
	assert_int_equal(tl_view_init(&scene->view, &data, &tl_theme_dark, width, height, 1, NULL), 0);
	tl_draw_init(&scene->draw, &fake_fonts);
}

/* 1 creates 2 and 3; 3 wakes 2 for a mutex twice, the second time after long; 3 sleeps. */
static void open_scene(struct scene *scene, int width, int height)
{
	uint32_t seq;

	begin(scene);
	tl_synth_start(&scene->synth, 0, 1, 0, 0);
	tl_synth_create(&scene->synth, 10, 1, 2);
	tl_synth_start(&scene->synth, 20, 2, 1, 0);
	tl_synth_create(&scene->synth, 30, 1, 3);
	tl_synth_start(&scene->synth, 40, 3, 1, 0);
	tl_synth_block(&scene->synth, 100, 2, TL_REASON_MUTEX, 0x20);
	seq = tl_synth_unblock(&scene->synth, 150, 3, 2);
	tl_synth_start(&scene->synth, 153, 2, 3, seq);
	tl_synth_block(&scene->synth, 200, 2, TL_REASON_MUTEX, 0x20);
	seq = tl_synth_unblock(&scene->synth, 600, 3, 2);
	tl_synth_start(&scene->synth, 700, 2, 3, seq);
	tl_synth_block(&scene->synth, 800, 3, TL_REASON_SLEEP, 0);
	tl_synth_start(&scene->synth, 850, 3, 0, 0);
	tl_synth_block(&scene->synth, 860, 2, TL_REASON_COND, 0x30);
	tl_synth_exit(&scene->synth, 1000, 3);
	add_finding(scene, "never-unblocked", TL_WARNING, 860);
	add_finding(scene, "deadlock-cycle", TL_ERROR, 300);
	add_finding(scene, "never-unblocked", TL_INFO, 870);
	add_finding(scene, "resource-leak", TL_WARNING, 400);
	open_view(scene, width, height);
}

static void end(struct scene *scene)
{
	tl_draw_finish(&scene->draw);
	tl_view_finish(&scene->view);
	tl_findings_finish(&scene->check.findings);
	tl_synth_finish(&scene->synth);
}

static void typed(struct tl_view *view, char c)
{
	tl_view_input(view, &(struct tl_input){.type = TL_INPUT_TEXT, .sym = (unsigned char)c});
}

static void key(struct tl_view *view, uint32_t sym, unsigned mods)
{
	tl_view_input(view, &(struct tl_input){.type = TL_INPUT_KEY, .sym = sym, .mods = mods});
}

static void click(struct tl_view *view, int x, int y)
{
	static const enum tl_input_type types[] = {TL_INPUT_MOVE, TL_INPUT_PRESS, TL_INPUT_RELEASE};

	for (int i = 0; i < 3; i++)
		tl_view_input(view, &(struct tl_input){.type = types[i], .x = x, .y = y, .clicks = 1});
}

static void draw(struct scene *scene)
{
	int steps = 0;

	while (tl_drawer_work(&scene->view))
		assert_true(++steps < 10000);
	tl_view_draw(&scene->view, &scene->draw);
	assert_false(scene->draw.failed);
}

static uint32_t row_of(const struct scene *scene, uint32_t task)
{
	return tl_state_find_task(scene->synth.state, (uint64_t)1 << 32 | task)->index;
}

/* Has a text that begins so been drawn? */
static bool is_drawn(const struct scene *scene, const char *text)
{
	for (size_t i = 0; i < scene->draw.commands.n; i++) {
		const struct tl_command *c = &scene->draw.commands.items[i];

		if (c->kind == TL_DRAW_TEXT && c->size >= strlen(text) &&
		    memcmp(scene->draw.text.items + c->at, text, strlen(text)) == 0)
			return true;
	}
	return false;
}

/* Clicks the row-th row of the table. */
static void click_row(struct scene *scene, size_t row)
{
	struct tl_drawer_places places = tl_drawer_place(&scene->view);
	int y = places.body.y + (int)row * places.line_h + places.line_h / 2;

	assert_int_equal(tl_drawer_row_at(&scene->view, places.body.x + 30, y), row);
	click(&scene->view, places.body.x + 30, y);
}

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
	assert_int_equal(row->spans.items[scene.view.selected.span].begin_ns, 200); /* the longer of its two waits */
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

TL_UNIT_MAIN(cmocka_unit_test(test_drawer_takes_its_room_and_gives_it_back),
	     cmocka_unit_test(test_every_panel_is_drawn_at_every_size),
	     cmocka_unit_test(test_objects_lead_to_the_timeline_and_back),
	     cmocka_unit_test(test_panels_follow_the_measured_range), cmocka_unit_test(test_wakes_lead_to_the_slowest),
	     cmocka_unit_test(test_leaks_and_tasks_lead_to_theirs),
	     cmocka_unit_test(test_critical_path_is_shown_and_walked),
	     cmocka_unit_test(test_findings_stand_by_rule_and_fold), cmocka_unit_test(test_a_finding_is_explained),
	     cmocka_unit_test(test_a_panel_is_copied_as_a_table), cmocka_unit_test(test_flame_graph_adds_up),
	     cmocka_unit_test(test_code_is_shown_only_from_plain_files),
	     cmocka_unit_test(test_a_part_can_be_looked_at_while_more_is_read))
