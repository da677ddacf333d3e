/*
 * What comes out of a cache is what went in: pictures of it are the same to the last
 * pixel, at every zoom, and so are the words. What is not a cache is refused.
 */
#include "tests/unit/unit.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/model/synth.h"
#include "tests/unit/ui/fake_fonts.h"
#include "viewer/cache/layout.h"
#include "viewer/ui/paint.h"
#include "viewer/ui/raster.h"
#include "viewer/ui/view.h"

#define EPOCH 1700000000000000000
#define WIDTH 700
#define HEIGHT 400

static const struct tl_cache_key key = {.sums = {11, 12}};
static uint64_t waiter = (uint64_t)1 << 32 | 3;

struct scene {
	struct tl_synth synth;
	struct tl_check check;
	/* What comes back: */
	struct tl_model *model;
	struct tl_check again;
	int file;
};

static void add_finding(struct tl_check *check, const char *message)
{
	struct tl_finding finding = {.rule = "never-unblocked",
				     .message = message,
				     .meaning = "it means",
				     .evidence = "it is seen",
				     .count = 3,
				     .repeats = 2,
				     .severity = TL_WARNING,
				     .certainty = TL_PROVEN,
				     .tasks = &waiter,
				     .n_tasks = 1,
				     .time_ns = EPOCH + 500000,
				     .has_growth = true,
				     .growth = {1, 2, 3, 4},
				     .n_proofs = 1};

	finding.proofs[0] = (struct tl_proof){.kind = TL_EVENT_BLOCK,
					      .task = waiter,
					      .time_ns = EPOCH + 500000,
					      .stack = 7,
					      .note = "blocks",
					      .about = "queue"};
	assert_int_equal(tl_vec_push(&check->findings.list, finding), 0);
}

/* Everything that a model can have: marks, regions, names, stacks, modules, gaps, holes. */
static void add_rare(struct tl_synth *synth)
{
	static const uint64_t pcs[] = {0x1010, 0x2020};
	static const uint8_t id[] = {1, 2, 3};
	struct tl_event stack = {.time_ns = 1, .task = 3, .kind = TL_EVENT_STACK};
	struct tl_event module = {.time_ns = 1, .task = 3, .kind = TL_EVENT_MODULE};
	struct tl_event name = {.time_ns = 1, .task = 3, .kind = TL_EVENT_NAME};
	struct tl_loss loss = {.kind = TL_LOSS_EVENTS,
			       .begin_ns = EPOCH + 1000,
			       .end_ns = EPOCH + 90000,
			       .count = 5,
			       .count_known = true,
			       .where = "x"};

	module.u.module = (struct tl_ev_module){
		.base = 0x1000, .size = 0x4000, .path = "/lib/a.so", .n_build_id = 3, .build_id = id};
	tl_synth_emit(synth, module);
	stack.u.stack = (struct tl_ev_stack){.id = 7, .n_pcs = 2, .pcs = pcs};
	tl_synth_emit(synth, stack);
	name.u.name = (struct tl_ev_name){.what = TL_NAMED_OBJECT, .id = 0x30, .text = "queue"};
	tl_synth_emit(synth, name);
	tl_synth_text(synth, 2000, 3, TL_EVENT_REGION_BEGIN, "a region");
	tl_synth_text(synth, 3000, 3, TL_EVENT_MARK, "a mark");
	tl_synth_text(synth, 9000, 3, TL_EVENT_REGION_END, "");
	tl_synth_skip(synth, 4, 5);
	assert_int_equal(synth->observer.loss(synth->observer.data, synth->state, &loss, NULL), 0);
}

static void fill(struct scene *scene, uint64_t events)
{
	memset(scene, 0, sizeof *scene);
	tl_synth_init(&scene->synth, EPOCH);
	tl_findings_init(&scene->check.findings);
	scene->check.state = scene->synth.state;
	scene->check.info = (struct tl_source_info){.host = "here", .events = events, .lost_events = 4};
	scene->check.lost = 5;
	scene->check.incomplete = true;
	tl_synth_create(&scene->synth, 0, 1, 3);
	tl_synth_start(&scene->synth, 1, 3, 1, 0);
	add_rare(&scene->synth);
	tl_synth_pool(&scene->synth, 20, events, 5);
	add_finding(&scene->check, "stuck");
	tl_synth_seal(&scene->synth, &scene->check.findings);
}

static int put(struct scene *scene)
{
	struct tl_cache_job *job = tl_cache_job_create(scene->synth.model, &scene->check, &key);
	int file = memfd_create("cache", 0);

	assert_true(file >= 0);
	assert_int_equal(fchmod(file, 0600), 0);
	assert_non_null(job);
	assert_int_equal(tl_cache_job_write_file(job, file, NULL, NULL), 0);
	assert_int_equal(lseek(file, 0, SEEK_END), (off_t)tl_cache_job_size(job));
	tl_cache_job_destroy(job);
	return scene->file = file;
}

static void begin(struct scene *scene, uint64_t events)
{
	struct tl_error error;

	tl_error_init(&error);
	fill(scene, events);
	if (tl_cache_read_file(put(scene), &key, &scene->model, &scene->again, &error) != 0)
		fail_msg("%s", error.cause[0]);
}

static void end(struct scene *scene)
{
	tl_model_destroy(scene->model);
	tl_check_finish(&scene->again);
	tl_findings_finish(&scene->check.findings);
	tl_synth_finish(&scene->synth);
	close(scene->file);
}

struct picture {
	uint32_t pixels[WIDTH * HEIGHT];
	char *details;
};

static void draw(struct picture *picture, const struct tl_model *model, const struct tl_check *check, int64_t from_ns,
		 int64_t to_ns, size_t finding, enum tl_panel panel)
{
	struct tl_view_data data = {model, check, NULL, &fake_fonts, "a/trace", NULL};
	struct tl_pixels pixels = {picture->pixels, WIDTH, HEIGHT, WIDTH};
	struct tl_draw list;
	struct tl_view view;

	assert_int_equal(tl_view_init(&view, &data, &tl_theme_dark, WIDTH, HEIGHT, 1, NULL), 0);
	tl_draw_init(&list, &fake_fonts);
	tl_view_go_finding(&view, finding);
	if (panel != TL_PANEL_NONE)
		tl_drawer_toggle(&view, panel);
	while (tl_drawer_work(&view))
		;
	tl_view_show(&view, from_ns, to_ns, 0);
	tl_view_draw(&view, &list);
	tl_raster(&list, &pixels);
	picture->details = tl_details_text(&view);
	assert_non_null(picture->details);
	tl_draw_finish(&list);
	tl_view_finish(&view);
}

static void assert_same(const struct scene *scene, int64_t from_ns, int64_t to_ns, size_t finding, enum tl_panel panel)
{
	static struct picture before, after;

	draw(&before, scene->synth.model, &scene->check, from_ns, to_ns, finding, panel);
	draw(&after, scene->model, &scene->again, from_ns, to_ns, finding, panel);
	assert_memory_equal(before.pixels, after.pixels, sizeof before.pixels);
	assert_string_equal(before.details, after.details);
	free(before.details);
	free(after.details);
}

static void test_pictures_are_the_same(void **state)
{
	struct scene scene;
	int64_t end_ns;

	(void)state;
	begin(&scene, 60000);
	end_ns = scene.synth.model->end_ns;
	assert_int_equal(scene.model->end_ns, end_ns);
	for (int64_t width = end_ns; width > 100; width /= 7)
		for (int64_t from = 0; from < end_ns; from += end_ns / 3 + 1)
			assert_same(&scene, from, from + width, from ? 0 : SIZE_MAX, TL_PANEL_NONE);
	for (int panel = TL_PANEL_FLAME; panel < TL_N_PANELS; panel++)
		assert_same(&scene, 0, end_ns, 0, (enum tl_panel)panel);
	end(&scene);
}

static void test_what_is_said_is_the_same(void **state)
{
	const struct tl_stack *stack;
	const struct tl_task *task;
	struct scene scene;

	(void)state;
	begin(&scene, 1000);
	assert_string_equal(tl_state_object_name(scene.again.state, 1, 0x30), "queue");
	stack = tl_state_find_stack(scene.again.state, 1, 7);
	assert_non_null(stack);
	assert_int_equal(stack->n, 2);
	assert_true(stack->pcs[1] == 0x2020);
	assert_string_equal(stack->modules->path, "/lib/a.so");
	assert_int_equal(stack->modules->build_id[2], 3);
	task = tl_state_find_task(scene.again.state, waiter);
	assert_non_null(task);
	assert_int_equal(task->index, tl_state_find_task(scene.synth.state, waiter)->index);
	assert_int_equal(tl_state_task_count(scene.again.state), tl_state_task_count(scene.synth.state));
	assert_string_equal(scene.again.findings.list.items[0].evidence, "it is seen");
	assert_int_equal(scene.again.findings.list.items[0].growth[3], 4);
	assert_int_equal(scene.again.info.events, 1000);
	assert_string_equal(scene.again.info.host, "here");
	assert_int_equal(scene.again.lost, 5);
	assert_true(scene.again.incomplete);
	assert_false(scene.again.truncated);
	end(&scene);
}

/* A message that a cache claims to be safe, and that would move a terminal's cursor. */
static void test_texts_are_escaped(void **state)
{
	struct scene scene;
	const char *message;

	(void)state;
	fill(&scene, 100);
	scene.check.findings.list.items[0].message = "a\x1b[2J \\x1b stays";
	assert_int_equal(tl_cache_read_file(put(&scene), &key, &scene.model, &scene.again, NULL), 0);
	message = scene.again.findings.list.items[0].message;
	assert_null(strchr(message, 0x1b));
	end(&scene);
}

static void test_nothing_is_a_trace_too(void **state)
{
	struct scene scene;

	(void)state;
	memset(&scene, 0, sizeof scene);
	tl_synth_init(&scene.synth, EPOCH);
	tl_findings_init(&scene.check.findings);
	scene.check.state = scene.synth.state;
	tl_synth_seal(&scene.synth, NULL);
	assert_int_equal(tl_cache_read_file(put(&scene), &key, &scene.model, &scene.again, NULL), 0);
	assert_int_equal(scene.model->rows.n, 0);
	end(&scene);
}

static void assert_refused(int file, const struct tl_cache_key *of, const char *why)
{
	struct tl_model *model;
	struct tl_check check;
	struct tl_error error;

	tl_error_init(&error);
	assert_int_equal(tl_cache_read_file(file, of, &model, &check, &error), TL_EFORMAT);
	assert_null(model);
	assert_string_equal(error.cause[0], why);
}

static void test_other_traces_and_builds_are_refused(void **state)
{
	static const struct tl_cache_key other = {.sums = {11, 13}};
	static const size_t places[] = {offsetof(struct tl_cache_header, order),
					offsetof(struct tl_cache_header, layout),
					offsetof(struct tl_cache_header, build)};
	struct scene scene;

	(void)state;
	begin(&scene, 100);
	assert_refused(scene.file, &other, "is of what the trace was before it changed");
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		uint8_t byte, changed;

		assert_int_equal(pread(scene.file, &byte, 1, (off_t)places[i]), 1);
		changed = (uint8_t)(byte + 1);
		assert_int_equal(pwrite(scene.file, &changed, 1, (off_t)places[i]), 1);
		assert_refused(scene.file, &key, "is of another build of the program");
		assert_int_equal(pwrite(scene.file, &byte, 1, (off_t)places[i]), 1);
	}
	end(&scene);
}

/* Every byte that means something is under a checksum; every length is compared. */
static void test_damage_is_refused(void **state)
{
	struct scene scene;
	off_t size;

	(void)state;
	begin(&scene, 3000);
	size = lseek(scene.file, 0, SEEK_END);
	for (off_t at = sizeof(struct tl_cache_header); at < size; at += 61) {
		struct tl_model *model;
		struct tl_check check;
		uint8_t byte, changed;

		assert_int_equal(pread(scene.file, &byte, 1, at), 1);
		changed = byte ^ 0x40;
		assert_int_equal(pwrite(scene.file, &changed, 1, at), 1);
		if (tl_cache_read_file(scene.file, &key, &model, &check, NULL) == 0) {
			/* Only what lies between the arrays may be anything. */
			assert_int_equal(byte, 0);
			tl_model_destroy(model);
			tl_check_finish(&check);
		}
		assert_int_equal(pwrite(scene.file, &byte, 1, at), 1);
	}
	for (off_t less = 1; less < size; less *= 3) {
		assert_int_equal(ftruncate(scene.file, size - less), 0);
		assert_refused(scene.file, &key, "is damaged");
	}
	assert_int_equal(ftruncate(scene.file, 0), 0);
	assert_refused(scene.file, &key, "is damaged");
	end(&scene);
}

/* Changes what a model may not have, in its row with the most spans. */
static void lie(struct tl_model *model, unsigned which)
{
	struct tl_row *row = &model->rows.items[0];

	for (size_t r = 1; r < model->rows.n; r++)
		if (model->rows.items[r].spans.n > row->spans.n)
			row = &model->rows.items[r];
	assert_true(tl_row_blocks(row) > 4);
	switch (which) {
	case 0: tl_span_level(row->spans.words, 3)->more++; break;
	case 1: tl_span_level(row->spans.words, 1)->more = UINT64_MAX; break;
	case 2: tl_span_level(row->spans.words, 2)->sums[0]++; break;
	case 3: row->block_begins[1]--; break;
	case 4: row->more.items[7].object = (uint32_t)model->objects.n; break;
	case 5: row->more.n--; break;
	case 6: row->spans.words[40] = tl_span_pack(INT64_MIN / 1024, tl_code_of(TL_LOOK_GAP)); break;
	/* Waits without a reason, and a reason too many. */
	case 7: row->spans.words[0] = tl_span_pack(tl_row_begin(row, 0), tl_code_of(TL_LOOK_LOCK)); break;
	case 8: row->spans.words[0] |= UINT64_C(31) << TL_CODE_LOOK_BITS; break;
	default: row->edges.items[2].to_ns = TL_CACHE_FAR + 1; break;
	}
}

/* With all checksums right. */
static void test_what_does_not_fit_together_is_refused(void **state)
{
	(void)state;
	for (unsigned which = 0; which < 10; which++) {
		struct scene scene;

		fill(&scene, 3000);
		lie(scene.synth.model, which);
		assert_refused(put(&scene), &key, "is damaged");
		end(&scene);
	}
}

/* Readable by all it may be; what others can write to is not ours. */
static void test_foreign_files_are_refused(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 100);
	assert_int_equal(fchmod(scene.file, 0620), 0);
	assert_refused(scene.file, &key, "is not this user's own file");
	assert_int_equal(fchmod(scene.file, 0600), 0);
	if (geteuid() == 0) {
		assert_int_equal(fchown(scene.file, 65534, 65534), 0);
		assert_refused(scene.file, &key, "is not this user's own file");
	}
	end(&scene);
}

/* More than is read: mapped. */
static void test_large_ones_are_mapped(void **state)
{
	struct scene scene;
	int64_t end_ns;

	(void)state;
	begin(&scene, 1600000);
	assert_true(lseek(scene.file, 0, SEEK_END) > (off_t)33 << 20);
	end_ns = scene.model->end_ns;
	assert_same(&scene, 0, end_ns, SIZE_MAX, TL_PANEL_NONE);
	assert_same(&scene, end_ns / 2, end_ns / 2 + 5000, 0, TL_PANEL_OBJECTS);
	end(&scene);
}

TL_UNIT_MAIN(cmocka_unit_test(test_pictures_are_the_same), cmocka_unit_test(test_what_is_said_is_the_same),
	     cmocka_unit_test(test_texts_are_escaped), cmocka_unit_test(test_nothing_is_a_trace_too),
	     cmocka_unit_test(test_other_traces_and_builds_are_refused), cmocka_unit_test(test_damage_is_refused),
	     cmocka_unit_test(test_what_does_not_fit_together_is_refused),
	     cmocka_unit_test(test_foreign_files_are_refused), cmocka_unit_test(test_large_ones_are_mapped))
