/*
 * What is typed and what comes of it: finding, going to times and tasks, notes;
 * and the files in which notes and the last view are kept, hostile ones too.
 */
#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/model/synth.h"
#include "tests/unit/ui/fake_fonts.h"
#include "viewer/ui/arrange.h"
#include "viewer/ui/find.h"
#include "viewer/ui/hit.h"
#include "viewer/ui/input.h"
#include "viewer/ui/sidecar.h"

#define EPOCH 1700000000000000000

struct scene {
	struct tl_synth synth;
	struct tl_check check;
	struct tl_view_data data;
	struct tl_view view;
	char folder[64], trace[96];
};

/* Tasks "alpha" (2) and "beta" (3); beta waits for 0x30 at 200 and 400 us; alpha has a mark and a region. */
static void open_scene(struct scene *scene)
{
	struct tl_event create = {.task = 1, .kind = TL_EVENT_CREATE};

	memset(scene, 0, sizeof *scene);
	tl_synth_init(&scene->synth, EPOCH);
	tl_findings_init(&scene->check.findings);
	scene->check.state = scene->synth.state;
	tl_synth_start(&scene->synth, 0, 1, 0, 0);
	for (uint32_t i = 2; i <= 3; i++) {
		create.time_ns = 10000 * i;
		create.u.create.child = i;
		create.u.create.name = i == 2 ? "alpha" : "beta";
		tl_synth_emit(&scene->synth, create);
		tl_synth_start(&scene->synth, 10000 * i + 1000, i, 1, 0);
	}
	tl_synth_text(&scene->synth, 100000, 2, TL_EVENT_REGION_BEGIN, "parse config");
	tl_synth_block(&scene->synth, 200000, 3, TL_REASON_MUTEX, 0x30);
	tl_synth_start(&scene->synth, 300000, 3, 0, 0);
	tl_synth_text(&scene->synth, 350000, 2, TL_EVENT_MARK, "flush");
	tl_synth_block(&scene->synth, 400000, 3, TL_REASON_MUTEX, 0x30);
	tl_synth_start(&scene->synth, 500000, 3, 0, 0);
	tl_synth_exit(&scene->synth, 1000000, 1);
	tl_synth_seal(&scene->synth, &scene->check.findings);
	scene->data = (struct tl_view_data){scene->synth.model, &scene->check, NULL, &fake_fonts, "t", NULL};
	assert_int_equal(tl_view_init(&scene->view, &scene->data, &tl_theme_dark, 1600, 900, 1, NULL), 0);
	strcpy(scene->folder, "/tmp/tl-sidecar.XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	snprintf(scene->trace, sizeof scene->trace, "%s/trace", scene->folder);
	assert_int_equal(mkdir(scene->trace, 0700), 0);
	setenv("XDG_STATE_HOME", scene->folder, 1);
}

static void end(struct scene *scene)
{
	char command[160];

	snprintf(command, sizeof command, "rm -r '%s'", scene->folder);
	assert_int_equal(system(command), 0);
	tl_view_finish(&scene->view);
	tl_findings_finish(&scene->check.findings);
	tl_synth_finish(&scene->synth);
}

static void type(struct tl_view *view, const char *text)
{
	for (; *text; text++)
		tl_view_input(view,
			      &(struct tl_input){.type = TL_INPUT_TEXT, .sym = (unsigned char)*text, .text = {*text}});
}

static void press(struct tl_view *view, uint32_t scancode, unsigned mods)
{
	tl_view_input(view, &(struct tl_input){.type = TL_INPUT_KEY, .scancode = scancode, .mods = mods});
}

static void ctrl(struct tl_view *view, char c)
{
	tl_view_input(view, &(struct tl_input){.type = TL_INPUT_KEY, .sym = (unsigned char)c, .mods = TL_MOD_CTRL});
}

static uint32_t selected_task(const struct scene *scene)
{
	return scene->view.selected.row == TL_NONE
		       ? 0
		       : (uint32_t)scene->synth.model->rows.items[scene->view.selected.row].task;
}

static void test_find_walks_matches_in_order_of_time(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene);
	type(&scene.view, "/0x30");
	assert_int_equal(scene.view.prompt.kind, TL_PROMPT_FIND);
	press(&scene.view, TL_KEY_ENTER, 0);
	assert_int_equal(selected_task(&scene), 3);
	assert_int_equal(scene.view.selected_ns, 200000);
	press(&scene.view, TL_KEY_ENTER, 0);
	assert_int_equal(scene.view.selected_ns, 400000);
	press(&scene.view, TL_KEY_ENTER, 0); /* around */
	assert_int_equal(scene.view.selected_ns, 200000);
	press(&scene.view, TL_KEY_ENTER, TL_MOD_SHIFT);
	assert_int_equal(scene.view.selected_ns, 400000);
	press(&scene.view, TL_KEY_ESCAPE, 0);
	press(&scene.view, TL_KEY_ENTER, TL_MOD_SHIFT); /* without the prompt too */
	assert_int_equal(scene.view.selected_ns, 200000);
	end(&scene);
}

static void test_find_knows_tasks_marks_and_regions(void **state)
{
	static const struct {
		const char *text, *what;
		uint32_t task;
		int64_t time_ns;
	} wanted[] = {{"ALPHA", "task", 2, 20000}, {"flush", "mark", 2, 350000}, {"config", "region", 2, 100000}};
	struct scene scene;
	struct tl_match match;

	(void)state;
	open_scene(&scene);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		assert_true(tl_find_next(&scene.data, wanted[i].text, INT64_MIN, 0, true, &match));
		assert_string_equal(match.what, wanted[i].what);
		assert_int_equal((uint32_t)scene.synth.model->rows.items[match.row].task, wanted[i].task);
		assert_int_equal(match.time_ns, wanted[i].time_ns);
	}
	assert_false(tl_find_next(&scene.data, "nobody", INT64_MIN, 0, true, &match));
	assert_false(tl_find_next(&scene.data, "", INT64_MIN, 0, true, &match));
	end(&scene);
}

static int64_t middle(const struct tl_view *view)
{
	return tl_timescale_time(&view->time, view->time.width_px / 2.0);
}

static void test_go_to_time(void **state)
{
	struct scene scene;
	int64_t before;

	(void)state;
	open_scene(&scene);
	tl_view_show(&scene.view, 100000, 110000, 0);
	ctrl(&scene.view, 'g');
	type(&scene.view, "600us");
	press(&scene.view, TL_KEY_ENTER, 0);
	assert_int_equal(scene.view.prompt.kind, TL_PROMPT_NONE);
	assert_in_range(middle(&scene.view), 599900, 600100);
	before = middle(&scene.view);
	ctrl(&scene.view, 'g');
	type(&scene.view, "-100us");
	press(&scene.view, TL_KEY_ENTER, 0);
	assert_in_range(middle(&scene.view), before - 100100, before - 99900);
	ctrl(&scene.view, 'z');
	assert_int_equal(middle(&scene.view), before);
	/* What is no time, or not in the trace, is said and changes nothing. */
	ctrl(&scene.view, 'g');
	type(&scene.view, "teatime");
	press(&scene.view, TL_KEY_ENTER, 0);
	assert_true(scene.view.prompt.is_wrong);
	ctrl(&scene.view, 'u');
	type(&scene.view, "5s");
	press(&scene.view, TL_KEY_ENTER, 0);
	assert_true(scene.view.prompt.is_wrong);
	assert_int_equal(middle(&scene.view), before);
	end(&scene);
}

static void test_go_to_task(void **state)
{
	struct scene scene;
	struct tl_rect box;

	(void)state;
	open_scene(&scene);
	ctrl(&scene.view, 'p');
	type(&scene.view, "a");
	assert_int_equal(scene.view.prompt.n_lines, 3); /* main is called "task 1", or so */
	press(&scene.view, TL_KEY_DOWN, 0);
	press(&scene.view, TL_KEY_DOWN, 0);
	press(&scene.view, TL_KEY_DOWN, 0); /* no further */
	press(&scene.view, TL_KEY_ENTER, 0);
	assert_int_equal(selected_task(&scene), 3);
	/* With the mouse alone. */
	ctrl(&scene.view, 'p');
	type(&scene.view, "alpha");
	box = tl_prompt_box(&scene.view);
	tl_view_input(&scene.view, &(struct tl_input){.type = TL_INPUT_PRESS,
						      .x = box.x + 20,
						      .y = box.y + 2 * tl_prompt_line_height(&scene.view) + 3,
						      .clicks = 1});
	assert_int_equal(selected_task(&scene), 2);
	end(&scene);
}

static void test_typing_edits_whole_characters(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene);
	ctrl(&scene.view, 'f');
	type(&scene.view, "qa");
	tl_view_input(&scene.view, &(struct tl_input){.type = TL_INPUT_TEXT, .text = "\xe4\xb8\xad"});
	assert_string_equal(scene.view.prompt.text, "qa\xe4\xb8\xad");
	press(&scene.view, TL_KEY_BACKSPACE, 0);
	assert_string_equal(scene.view.prompt.text, "qa");
	for (int i = 0; i < 500; i++)
		type(&scene.view, "x");
	assert_true(strlen(scene.view.prompt.text) < TL_PROMPT_TEXT);
	for (int i = 0; i < 500; i++)
		press(&scene.view, TL_KEY_BACKSPACE, 0);
	assert_string_equal(scene.view.prompt.text, "");
	assert_false(scene.view.quit); /* q was typing */
	end(&scene);
}

static int find_sidecar(struct tl_sidecar *sidecar, const struct scene *scene)
{
	return tl_sidecar_init(sidecar, (const char *[]){scene->trace}, 1, scene->synth.model);
}

/* Two traces opened together have notes of their own, in whatever order they are named. */
static void test_notes_of_several_traces_are_theirs_together(void **state)
{
	struct scene scene;
	struct tl_sidecar one, both, again, twice;
	char other[128];

	(void)state;
	open_scene(&scene);
	snprintf(other, sizeof other, "%s/other", scene.folder);
	assert_int_equal(mkdir(other, 0700), 0);
	assert_int_equal(find_sidecar(&one, &scene), 0);
	assert_int_equal(tl_sidecar_init(&both, (const char *[]){scene.trace, other}, 2, scene.synth.model), 0);
	assert_int_equal(tl_sidecar_init(&again, (const char *[]){other, scene.trace, other}, 3, scene.synth.model), 0);
	assert_int_equal(tl_sidecar_init(&twice, (const char *[]){scene.trace, scene.trace}, 2, scene.synth.model), 0);
	assert_string_equal(both.notes_path, again.notes_path);
	assert_string_equal(both.view_path, again.view_path);
	assert_string_not_equal(both.notes_path, one.notes_path);
	assert_string_not_equal(both.view_path, one.view_path);
	assert_string_equal(twice.notes_path, one.notes_path);
	assert_int_equal(tl_notes_set(&scene.view.notes, 5, 0, "of both"), 0);
	assert_int_equal(tl_sidecar_write_notes(&both, &scene.view.notes, NULL), 0);
	scene.view.notes.list.n = 0;
	assert_int_equal(tl_sidecar_read_notes(&one, &scene.view.notes, NULL), 0);
	assert_int_equal(scene.view.notes.list.n, 0);
	assert_int_equal(tl_sidecar_read_notes(&again, &scene.view.notes, NULL), 0);
	assert_int_equal(scene.view.notes.list.n, 1);
	tl_sidecar_finish(&one);
	tl_sidecar_finish(&both);
	tl_sidecar_finish(&again);
	tl_sidecar_finish(&twice);
	end(&scene);
}

static void test_notes_and_the_view_come_back(void **state)
{
	struct scene scene;
	struct tl_sidecar sidecar;
	int64_t from_ns;

	(void)state;
	open_scene(&scene);
	assert_int_equal(find_sidecar(&sidecar, &scene), 0);
	scene.view.keep_notes = tl_sidecar_write_notes;
	scene.view.keeper = &sidecar;
	tl_view_select(&scene.view, (struct tl_spot){1, 0}, 20000);
	type(&scene.view, "mlook here");
	press(&scene.view, TL_KEY_ENTER, 0);
	assert_int_equal(scene.view.notes.list.n, 1);
	assert_string_equal(scene.view.said, "");
	tl_view_show(&scene.view, 100000, 200000, 0);
	from_ns = tl_timescale_time(&scene.view.time, 0);
	tl_view_next_sort(&scene.view);
	tl_view_pin(&scene.view);
	assert_int_equal(tl_view_set_filter(&scene.view, "alpha", NULL), 0);
	assert_int_equal(tl_sidecar_write_view(&sidecar, &scene.view, NULL), 0);
	tl_view_finish(&scene.view);
	assert_int_equal(tl_view_init(&scene.view, &scene.data, &tl_theme_light, 1600, 900, 1, NULL), 0);
	assert_int_equal(tl_sidecar_read_notes(&sidecar, &scene.view.notes, NULL), 0);
	assert_int_equal(scene.view.notes.list.n, 1);
	assert_string_equal(scene.view.notes.list.items[0].text, "look here");
	assert_int_equal(scene.view.notes.list.items[0].time_ns, 20000);
	assert_int_equal(tl_sidecar_read_view(&sidecar, &scene.view, NULL), 0);
	assert_int_equal(tl_timescale_time(&scene.view.time, 0), from_ns);
	/* In a window of another size, the same range. */
	assert_int_equal(tl_view_resize(&scene.view, 900, 700, 1), 0);
	assert_in_range(tl_timescale_time(&scene.view.time, 0), from_ns - 2, from_ns + 2);
	assert_in_range(tl_timescale_time(&scene.view.time, scene.view.time.width_px), 199990, 200010);
	assert_int_equal(scene.view.arrangement.sort, TL_SORT_NAME);
	assert_string_equal(scene.view.arrangement.filter_text, "alpha");
	assert_true(scene.view.arrangement.marks[1] & TL_ROW_PINNED);
	assert_ptr_equal(scene.view.theme, &tl_theme_dark);
	/* An emptied note is gone, in the file too. */
	assert_int_equal(tl_notes_set(&scene.view.notes, 20000, scene.synth.model->rows.items[1].task, ""), 0);
	assert_int_equal(scene.view.notes.list.n, 0);
	tl_sidecar_finish(&sidecar);
	end(&scene);
}

static void write_file(const char *path, const char *text, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void test_hostile_notes_are_refused_and_left_alone(void **state)
{
	static const char head[] = "threadline-notes 1\ntrace 1700000000000000000 1000000\n";
	static const char *const wrong[] = {
		"",
		"x",
		"threadline-notes 2\ntrace 1700000000000000000 1000000\n",
		"threadline-notes 1\ntrace 5 1000000\n",
		"threadline-notes 1\n",
		"+note",
		"+note 1 2 text",
		"+note 1\n",
		"+note 99999999999999999999 2 text\n",
		"+note 1 2 \n",
		"+note 1 2 a\x1b[31mb\n",
		"+exec 1 2 rm\n",
	};
	struct scene scene;

	(void)state;
	open_scene(&scene);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct tl_sidecar sidecar;
		struct tl_error error;
		char text[400], path[140];
		struct stat before, after;

		snprintf(text, sizeof text, "%s%s", wrong[i][0] == '+' ? head : "", wrong[i] + (wrong[i][0] == '+'));
		snprintf(path, sizeof path, "%s.threadline-notes", scene.trace);
		write_file(path, text, strlen(text));
		tl_error_init(&error);
		assert_int_equal(find_sidecar(&sidecar, &scene), 0);
		assert_int_not_equal(tl_sidecar_read_notes(&sidecar, &scene.view.notes, &error), 0);
		assert_true(error.n > 0);
		assert_int_equal(scene.view.notes.list.n, 0);
		assert_int_equal(stat(path, &before), 0);
		assert_int_not_equal(tl_sidecar_write_notes(&sidecar, &scene.view.notes, &error), 0);
		assert_int_equal(stat(path, &after), 0);
		assert_int_equal(before.st_ino, after.st_ino);
		tl_sidecar_finish(&sidecar);
	}
	end(&scene);
}

static void test_what_is_no_file_is_not_read(void **state)
{
	struct scene scene;
	char path[140], target[140];

	(void)state;
	open_scene(&scene);
	snprintf(path, sizeof path, "%s.threadline-notes", scene.trace);
	snprintf(target, sizeof target, "%s/elsewhere", scene.folder);
	for (int kind = 0; kind < 4; kind++) {
		static char large[5 << 20];
		struct tl_sidecar sidecar;
		struct tl_error error;

		tl_error_init(&error);
		if (kind == 0)
			assert_int_equal(mkfifo(path, 0600), 0);
		else if (kind == 1)
			assert_int_equal(mkdir(path, 0700), 0);
		else if (kind == 2)
			assert_int_equal(symlink(target, path), 0);
		else
			write_file(path, large, sizeof large);
		assert_int_equal(find_sidecar(&sidecar, &scene), 0);
		assert_int_not_equal(tl_sidecar_read_notes(&sidecar, &scene.view.notes, &error), 0);
		assert_true(error.n > 0);
		tl_sidecar_finish(&sidecar);
		assert_int_equal(kind == 1 ? rmdir(path) : unlink(path), 0);
	}
	end(&scene);
}

/* A view's file of random bytes and lines: nothing crashes, and the view still draws. */
static void test_a_hostile_view_does_no_harm(void **state)
{
	static const char *const parts[] = {"range ",
					    "rows ",
					    "scroll ",
					    "folded ",
					    "pinned ",
					    "size ",
					    "filter ",
					    "0 ",
					    "9 ",
					    "-1 ",
					    "9223372036854775807",
					    "-9223372036854775808 ",
					    "1000",
					    "\n",
					    "\n",
					    "theme light\n",
					    "wait>1ms"};
	struct scene scene;
	struct tl_sidecar sidecar;
	struct tl_draw draw;

	(void)state;
	open_scene(&scene);
	tl_draw_init(&draw, &fake_fonts);
	assert_int_equal(find_sidecar(&sidecar, &scene), 0);
	for (int round = 0; round < 1500; round++) {
		char text[1200] = "threadline-view 1\ntrace 1700000000000000000 1000000\n";

		for (uint32_t n = tl_synth_random(&scene.synth, 30); n > 0; n--)
			strcat(text, parts[tl_synth_random(&scene.synth, sizeof parts / sizeof *parts)]);
		write_file(sidecar.view_path, text, strlen(text));
		tl_sidecar_read_view(&sidecar, &scene.view, NULL);
		tl_view_relist(&scene.view);
		tl_view_draw(&scene.view, &draw);
		assert_false(draw.failed);
	}
	tl_sidecar_finish(&sidecar);
	tl_draw_finish(&draw);
	end(&scene);
}

/* For root nothing is read-only: another user looks. */
static void test_notes_go_to_the_folder_for_state_where_the_trace_is_read_only(void **state)
{
	struct scene scene;
	int status = -1;
	pid_t child;

	(void)state;
	open_scene(&scene);
	assert_int_equal(chmod(scene.folder, 0555), 0);
	assert_int_equal(chmod(scene.trace, 0555), 0);
	child = fork();
	if (child == 0) {
		struct tl_sidecar sidecar;
		bool good = geteuid() != 0 || (setgid(65534) == 0 && setuid(65534) == 0);

		setenv("XDG_STATE_HOME", "/nowhere", 1);
		good = good && find_sidecar(&sidecar, &scene) == 0 && sidecar.notes_path &&
		       strncmp(sidecar.notes_path, "/nowhere/threadline/", 20) == 0;
		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(chmod(scene.folder, 0700), 0);
	end(&scene);
}

TL_UNIT_MAIN(cmocka_unit_test(test_find_walks_matches_in_order_of_time),
	     cmocka_unit_test(test_find_knows_tasks_marks_and_regions), cmocka_unit_test(test_go_to_time),
	     cmocka_unit_test(test_go_to_task), cmocka_unit_test(test_typing_edits_whole_characters),
	     cmocka_unit_test(test_notes_and_the_view_come_back),
	     cmocka_unit_test(test_notes_of_several_traces_are_theirs_together),
	     cmocka_unit_test(test_hostile_notes_are_refused_and_left_alone),
	     cmocka_unit_test(test_what_is_no_file_is_not_read), cmocka_unit_test(test_a_hostile_view_does_no_harm),
	     cmocka_unit_test(test_notes_go_to_the_folder_for_state_where_the_trace_is_read_only))
