/*
 * Which rows stand where: the words of the filter, orders, groups, pins, hidden
 * rows and shared lanes; and that whatever is asked for, each task that is
 * shown stands in exactly one place.
 */
#include "tests/unit/unit.h"

#include "tests/unit/model/synth.h"
#include "tests/unit/ui/fake_fonts.h"
#include "viewer/ui/arrange.h"
#include "viewer/ui/hit.h"
#include "viewer/ui/rows_order.h"

#define EPOCH 1700000000000000000
#define N_JOBS 12

struct scene {
	struct tl_synth synth;
	struct tl_check check;
	struct tl_view_data data;
	struct tl_view view;
};

static void create(struct tl_synth *synth, int64_t t, uint32_t child, const char *name)
{
	struct tl_event event = {.time_ns = t, .task = 1, .kind = TL_EVENT_CREATE};

	event.u.create.child = child;
	event.u.create.name = name;
	tl_synth_emit(synth, event);
	tl_synth_start(synth, t + 10, child, 1, 0);
}

/*
 * Task 1 makes "pump" (2), which waits for a mutex for 5 ms, "drain" (3), which waits in a
 * condition for ever, and then job-1 to job-12 one after the other, each for 1 ms.
 */
static void open_scene(struct scene *scene)
{
	static char names[N_JOBS][16];

	memset(scene, 0, sizeof *scene);
	tl_synth_init(&scene->synth, EPOCH);
	tl_findings_init(&scene->check.findings);
	scene->check.state = scene->synth.state;
	tl_synth_start(&scene->synth, 0, 1, 0, 0);
	create(&scene->synth, 1000, 2, "pump");
	create(&scene->synth, 2000, 3, "drain");
	tl_synth_block(&scene->synth, 3000, 2, TL_REASON_MUTEX, 0x20);
	tl_synth_block(&scene->synth, 4000, 3, TL_REASON_COND, 0x30);
	tl_synth_start(&scene->synth, 5003000, 2, 0, 0);
	for (uint32_t i = 0; i < N_JOBS; i++) {
		snprintf(names[i], sizeof names[i], "job-%u", i + 1);
		create(&scene->synth, 10000000 + i * 2000000, 4 + i, names[i]);
		tl_synth_block(&scene->synth, 10000100 + i * 2000000, 4 + i, TL_REASON_MUTEX, 0x20);
		tl_synth_start(&scene->synth, 10000600 + i * 2000000, 4 + i, 0, 0);
		tl_synth_exit(&scene->synth, 11000000 + i * 2000000, 4 + i);
	}
	tl_synth_seal(&scene->synth, &scene->check.findings);
	scene->data = (struct tl_view_data){scene->synth.model, &scene->check, NULL, &fake_fonts, "t", NULL};
	assert_int_equal(tl_view_init(&scene->view, &scene->data, &tl_theme_dark, 1600, 900, 1, NULL), 0);
}

static void end(struct scene *scene)
{
	tl_view_finish(&scene->view);
	tl_findings_finish(&scene->check.findings);
	tl_synth_finish(&scene->synth);
}

static uint32_t row_of(const struct scene *scene, uint32_t task)
{
	return tl_state_find_task(scene->synth.state, (uint64_t)1 << 32 | task)->index;
}

/* Each row that is shown stands in one place, that place says so, and items follow one another without a gap. */
static void check_list(const struct scene *scene)
{
	const struct tl_row_list *list = &scene->view.list;
	size_t seen = 0;
	int y = 0;

	for (size_t i = 0; i < list->items.n; i++) {
		const struct tl_row_item *item = &list->items.items[i];

		assert_int_equal(item->y, y);
		y += item->h;
		assert_true(item->first + item->n <= list->rows.n || item->row == TL_ITEM_HEADER);
		if (item->row == TL_ITEM_HEADER)
			continue;
		assert_int_equal(item->row, list->rows.items[item->first]);
		for (uint32_t k = item->first; k < item->first + item->n; k++) {
			assert_int_equal(list->place[list->rows.items[k]], i);
			seen++;
		}
	}
	assert_int_equal(y, list->height);
	for (size_t row = 0; row < scene->synth.model->rows.n; row++)
		seen -= list->place[row] != TL_NO_PLACE;
	assert_int_equal(seen, 0);
}

/* The numbers of the tasks that a filter shows, as bits. */
static unsigned shown_by(struct scene *scene, const char *filter)
{
	unsigned shown = 0;

	assert_int_equal(tl_view_set_filter(&scene->view, filter, NULL), 0);
	check_list(scene);
	for (uint32_t task = 1; task <= 3 + N_JOBS; task++)
		if (scene->view.list.place[row_of(scene, task)] != TL_NO_PLACE)
			shown |= 1u << task;
	return shown;
}

#define JOBS (((1u << N_JOBS) - 1) << 4)

static void test_filter_shows_what_its_words_say(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene);
	assert_int_equal(shown_by(&scene, "pump"), 1u << 2);
	assert_int_equal(shown_by(&scene, "PUMP"), 1u << 2);
	assert_int_equal(shown_by(&scene, "name:job"), JOBS);
	assert_int_equal(shown_by(&scene, "job -job-1"), JOBS & ~(1u << 4 | 1u << 13 | 1u << 14 | 1u << 15));
	assert_int_equal(shown_by(&scene, "state:blocked"), 1u << 3);
	assert_int_equal(shown_by(&scene, "state:exited"), JOBS);
	assert_int_equal(shown_by(&scene, "reason:mutex"), JOBS | 1u << 2);
	assert_int_equal(shown_by(&scene, "wait>1ms"), 1u << 2 | 1u << 3);
	/* One and the same wait must meet both. */
	assert_int_equal(shown_by(&scene, "reason:mutex wait>1ms"), 1u << 2);
	assert_int_equal(shown_by(&scene, "reason:mutex -wait>1ms"), JOBS);
	assert_int_equal(shown_by(&scene, "object:0x30"), 1u << 3);
	assert_int_equal(shown_by(&scene, "finding:"), 0);
	assert_int_equal(shown_by(&scene, "  "), JOBS | 0xE);
	end(&scene);
}

static void test_a_wrong_filter_changes_nothing_and_says_why(void **state)
{
	static const char *const wrong[] = {"state:asleep", "reason:boredom", "wait>soon", "wait>-5ms",
					    "a b c d e f g h i j k l m"};
	struct scene scene;
	char word[200] = "";

	(void)state;
	open_scene(&scene);
	assert_int_equal(shown_by(&scene, "pump"), 1u << 2);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct tl_error error;

		tl_error_init(&error);
		assert_int_equal(tl_view_set_filter(&scene.view, wrong[i], &error), TL_EUSAGE);
		assert_true(error.n > 0 && error.cause[0][0]);
		assert_string_equal(scene.view.arrangement.filter_text, "pump");
	}
	memset(word, 'x', sizeof word - 1);
	assert_int_equal(tl_view_set_filter(&scene.view, word, NULL), TL_EUSAGE);
	end(&scene);
}

/* The task whose row is shown as the nth. */
static uint32_t nth(const struct scene *scene, size_t n)
{
	for (size_t i = 0; i < scene->view.list.items.n; i++) {
		const struct tl_row_item *item = &scene->view.list.items.items[i];

		if (item->row != TL_ITEM_HEADER && n-- == 0)
			return (uint32_t)scene->synth.model->rows.items[item->row].task;
	}
	return 0;
}

static void test_orders(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene);
	assert_int_equal(nth(&scene, 0), 1);
	assert_int_equal(nth(&scene, 1), 2);
	tl_view_next_sort(&scene.view);
	assert_int_equal(scene.view.arrangement.sort, TL_SORT_NAME);
	check_list(&scene);
	assert_int_equal(nth(&scene, 0), 3); /* drain */
	assert_int_equal(nth(&scene, 1), 4); /* job-1, job-2, ... job-10 */
	assert_int_equal(nth(&scene, 2), 5);
	assert_int_equal(nth(&scene, 10), 13);
	assert_int_equal(nth(&scene, 13), 2); /* pump */
	tl_view_next_sort(&scene.view);
	assert_int_equal(scene.view.arrangement.sort, TL_SORT_BLOCKED);
	assert_int_equal(nth(&scene, 0), 3);
	assert_int_equal(nth(&scene, 1), 2);
	end(&scene);
}

static void test_names_in_the_order_of_people(void **state)
{
	(void)state;
	assert_true(tl_name_compare("worker-2", "worker-10") < 0);
	assert_true(tl_name_compare("worker-02", "worker-1") > 0);
	assert_true(tl_name_compare("a", "b") < 0);
	assert_true(tl_name_compare("a1", "a") > 0);
	assert_int_equal(tl_name_compare("x7", "x7"), 0);
	assert_int_equal(tl_name_stem("worker-12"), 7);
	assert_int_equal(tl_name_stem("42"), 0);
	assert_int_equal(tl_name_stem("fluffy [2674]"), 6);
	assert_int_equal(tl_name_stem("a[7]"), 4);
	assert_int_equal(tl_name_stem("x]"), 2);
	assert_int_equal(tl_name_stem("]"), 1);
	assert_int_equal(tl_name_stem(""), 0);
}

static void test_groups_fold(void **state)
{
	struct scene scene;
	size_t all, header = SIZE_MAX;

	(void)state;
	open_scene(&scene);
	all = scene.view.list.items.n;
	tl_view_group_names(&scene.view);
	check_list(&scene);
	for (size_t i = 0; i < scene.view.list.items.n; i++)
		if (scene.view.list.items.items[i].row == TL_ITEM_HEADER)
			header = i;
	assert_int_equal(scene.view.list.items.n, all + 1);
	assert_int_equal(scene.view.list.items.items[header].n, N_JOBS);
	tl_view_fold(&scene.view, header);
	check_list(&scene);
	assert_int_equal(scene.view.list.items.n, all + 1 - N_JOBS);
	/* Who goes to a task in it sees it. */
	tl_view_select(&scene.view, (struct tl_spot){row_of(&scene, 9), 0}, 0);
	check_list(&scene);
	assert_true(scene.view.list.place[row_of(&scene, 9)] != TL_NO_PLACE);
	tl_view_fold_all(&scene.view);
	assert_int_equal(scene.view.list.items.n, all + 1 - N_JOBS);
	tl_view_fold_all(&scene.view);
	assert_int_equal(scene.view.list.items.n, all + 1);
	end(&scene);
}

static void test_pinned_rows_stay_at_the_top(void **state)
{
	struct scene scene;
	struct tl_rect rect;

	(void)state;
	open_scene(&scene);
	tl_view_resize(&scene.view, 1600, 300, 1);
	tl_view_select(&scene.view, (struct tl_spot){row_of(&scene, 12), 0}, 0);
	tl_view_pin(&scene.view);
	check_list(&scene);
	assert_int_equal(nth(&scene, 0), 12);
	tl_view_pan(&scene.view, 0, 100);
	assert_true(scene.view.scroll_y > 0);
	rect = tl_view_row_rect(&scene.view, row_of(&scene, 12));
	assert_int_equal(rect.y, scene.view.layout.rows.y);
	assert_int_equal(tl_hit_at(&scene.view, rect.x + 5, rect.y + 5).spot.row, row_of(&scene, 12));
	/* A filter does not take it away, and letting go does. */
	assert_int_equal(shown_by(&scene, "pump"), 1u << 2 | 1u << 12);
	tl_view_pin(&scene.view);
	assert_int_equal(shown_by(&scene, "pump"), 1u << 2);
	end(&scene);
}

static void test_hidden_rows_come_back(void **state)
{
	struct scene scene;
	size_t all;

	(void)state;
	open_scene(&scene);
	all = scene.view.list.items.n;
	tl_view_select(&scene.view, (struct tl_spot){row_of(&scene, 2), 0}, 0);
	tl_view_hide(&scene.view);
	check_list(&scene);
	assert_int_equal(scene.view.list.items.n, all - 1);
	assert_int_equal(scene.view.selected.row, TL_NONE);
	tl_view_show_hidden(&scene.view);
	assert_int_equal(scene.view.list.items.n, all);
	end(&scene);
}

static void test_tasks_that_follow_one_another_share_a_lane(void **state)
{
	struct scene scene;
	uint32_t place;

	(void)state;
	open_scene(&scene);
	tl_view_share_lanes(&scene.view);
	check_list(&scene);
	place = scene.view.list.place[row_of(&scene, 4)];
	assert_int_equal(scene.view.list.items.items[place].n, N_JOBS);
	for (uint32_t i = 0; i < N_JOBS; i++) {
		int64_t t = 10500000 + i * 2000000;
		struct tl_rect rect = tl_view_row_rect(&scene.view, row_of(&scene, 4 + i));
		struct tl_hit hit = tl_hit_at(&scene.view, rect.x + tl_timescale_column(&scene.view.time, t),
					      rect.y + 10);

		assert_int_equal(scene.view.list.place[row_of(&scene, 4 + i)], place);
		assert_int_equal(hit.spot.row, row_of(&scene, 4 + i));
	}
	end(&scene);
}

/* Heads of arrows, by their colour. */
static size_t count_heads(struct scene *scene, enum tl_color color)
{
	struct tl_draw draw;
	size_t n = 0;

	tl_draw_init(&draw, &fake_fonts);
	tl_view_draw(&scene->view, &draw);
	for (size_t i = 0; i < draw.commands.n; i++) {
		const struct tl_command *command = &draw.commands.items[i];
		const struct tl_point *p = draw.points.items + command->at;

		/* Those in the rows: the legend has one of each, too. */
		n += command->kind == TL_DRAW_POLYGON && command->n == 3 &&
		     (command->color & 0xFFFFFF) == (tl_theme_dark.colors[color] & 0xFFFFFF) &&
		     p->x < (float)(scene->view.layout.rows.x + scene->view.layout.rows.w);
	}
	tl_draw_finish(&draw);
	return n;
}

static void test_arrows_reach_every_task_of_a_lane(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene);
	assert_int_equal(count_heads(&scene, TL_COLOR_EDGE_CREATE), 2 + N_JOBS);
	tl_view_share_lanes(&scene.view);
	assert_int_equal(count_heads(&scene, TL_COLOR_EDGE_CREATE), 2 + N_JOBS);
	/* Zoomed to the third job's begin, there is only its own. */
	tl_view_show(&scene.view, 13900000, 14100000, 0);
	assert_int_equal(count_heads(&scene, TL_COLOR_EDGE_CREATE), 1);
	end(&scene);
}

/* However many tasks a line stands for, and however many findings they have: the worst is flagged there. */
static void test_groups_and_lanes_keep_the_most_severe(void **state)
{
	enum { CROWD = 4000, NOTICES = 40000 };
	static uint64_t ids[] = {(uint64_t)1 << 32 | CROWD, (uint64_t)1 << 32 | 2};
	struct scene scene = {0};
	struct tl_finding finding = {.rule = "x", .message = "", .n_tasks = 1, .n_proofs = 1};

	(void)state;
	tl_synth_init(&scene.synth, EPOCH);
	tl_findings_init(&scene.check.findings);
	scene.check.state = scene.synth.state;
	tl_synth_start(&scene.synth, 0, 1, 0, 0);
	for (uint32_t i = 2; i <= CROWD; i++) {
		create(&scene.synth, 1000 * i, i, i == 2 ? "pump" : "job-1");
		tl_synth_exit(&scene.synth, 1000 * i + 100, i);
	}
	for (uint32_t i = 0; i <= NOTICES + 1; i++) {
		finding.tasks = &ids[i > 0];
		finding.severity = i == 0 ? TL_WARNING : i > NOTICES ? TL_ERROR : TL_INFO;
		finding.proofs[0] = (struct tl_proof){.task = *finding.tasks, .time_ns = EPOCH + i};
		assert_int_equal(tl_vec_push(&scene.check.findings.list, finding), 0);
	}
	tl_synth_seal(&scene.synth, &scene.check.findings);
	scene.data = (struct tl_view_data){scene.synth.model, &scene.check, NULL, &fake_fonts, "t", NULL};
	assert_int_equal(tl_view_init(&scene.view, &scene.data, &tl_theme_dark, 1600, 900, 1, NULL), 0);
	assert_int_equal(scene.view.list.items.items[scene.view.list.place[row_of(&scene, 2)]].worst, TL_ERROR + 1);
	assert_int_equal(scene.view.list.items.items[scene.view.list.place[row_of(&scene, 3)]].worst, 0);
	tl_view_group_names(&scene.view);
	tl_view_fold_all(&scene.view);
	for (size_t i = 0; i < scene.view.list.items.n; i++)
		if (scene.view.list.items.items[i].n > 1)
			assert_int_equal(scene.view.list.items.items[i].worst, TL_WARNING + 1);
	tl_view_fold_all(&scene.view);
	tl_view_share_lanes(&scene.view);
	assert_int_equal(scene.view.list.items.items[scene.view.list.place[row_of(&scene, 3)]].worst, TL_WARNING + 1);
	end(&scene);
}

/* Whatever lives at the same time as another in its lane would be drawn over it. */
static void test_lanes_never_hold_two_at_once(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		enum { TASKS = 300 };
		static struct tl_row_key keys[TASKS];
		static uint32_t lanes[TASKS];
		static int64_t ends[TASKS];
		struct tl_synth synth;
		size_t n_lanes;

		tl_synth_init(&synth, EPOCH);
		synth.random = seed;
		tl_synth_start(&synth, 0, 1, 0, 0);
		for (uint32_t i = 2; i < TASKS; i++) {
			int64_t t = tl_synth_random(&synth, 100000);

			create(&synth, t, i, "x");
			if (tl_synth_random(&synth, 10))
				tl_synth_exit(&synth, t + 11 + tl_synth_random(&synth, 3000), i);
		}
		tl_synth_seal(&synth, NULL);
		for (uint32_t i = 0; i < synth.model->rows.n; i++)
			keys[i] = (struct tl_row_key){.row = i};
		assert_int_equal(tl_rows_share(synth.model, keys, synth.model->rows.n, lanes, &n_lanes), 0);
		assert_true(n_lanes < synth.model->rows.n / 2);
		for (size_t i = 0; i < TASKS; i++)
			ends[i] = INT64_MIN;
		for (size_t i = 0; i < synth.model->rows.n; i++) {
			const struct tl_row *row = &synth.model->rows.items[keys[i].row];

			assert_true(lanes[i] < n_lanes);
			assert_true(ends[lanes[i]] < tl_row_begin(row, 0));
			ends[lanes[i]] = tl_row_exit(row, INT64_MAX);
		}
		tl_synth_finish(&synth);
	}
}

static void test_any_arrangement_is_whole(void **state)
{
	struct scene scene;
	struct tl_draw draw;

	(void)state;
	open_scene(&scene);
	tl_draw_init(&draw, &fake_fonts);
	for (int round = 0; round < 400; round++) {
		static const char *const filters[] = {"", "job", "state:blocked", "nobody"};
		uint32_t task = 1 + tl_synth_random(&scene.synth, 3 + N_JOBS);

		switch (tl_synth_random(&scene.synth, 9)) {
		case 0: tl_view_next_sort(&scene.view); break;
		case 1: tl_view_group_names(&scene.view); break;
		case 2: tl_view_share_lanes(&scene.view); break;
		case 3: tl_view_fold_all(&scene.view); break;
		case 4: tl_view_fold_selected(&scene.view); break;
		case 5: tl_view_pin(&scene.view); break;
		case 6: tl_view_hide(&scene.view); break;
		case 7: shown_by(&scene, filters[tl_synth_random(&scene.synth, 4)]); break;
		default: tl_view_select(&scene.view, (struct tl_spot){row_of(&scene, task), 0}, 0); break;
		}
		check_list(&scene);
		tl_view_draw(&scene.view, &draw);
		assert_false(draw.failed);
	}
	tl_draw_finish(&draw);
	end(&scene);
}

TL_UNIT_MAIN(cmocka_unit_test(test_filter_shows_what_its_words_say),
	     cmocka_unit_test(test_a_wrong_filter_changes_nothing_and_says_why), cmocka_unit_test(test_orders),
	     cmocka_unit_test(test_names_in_the_order_of_people), cmocka_unit_test(test_groups_fold),
	     cmocka_unit_test(test_pinned_rows_stay_at_the_top), cmocka_unit_test(test_hidden_rows_come_back),
	     cmocka_unit_test(test_tasks_that_follow_one_another_share_a_lane),
	     cmocka_unit_test(test_arrows_reach_every_task_of_a_lane),
	     cmocka_unit_test(test_groups_and_lanes_keep_the_most_severe),
	     cmocka_unit_test(test_lanes_never_hold_two_at_once), cmocka_unit_test(test_any_arrangement_is_whole))
