/*
 * A scene for tests of the panels: three tasks, four findings, a view without a
 * window, and what a person does to it.
 */
#ifndef TL_TESTS_PANEL_SCENE_H
#define TL_TESTS_PANEL_SCENE_H

#include "tests/unit/unit.h"

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

static inline void add_finding(struct scene *scene, const char *rule, enum tl_severity severity, int64_t time_ns)
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

static inline void begin(struct scene *scene)
{
	memset(scene, 0, sizeof *scene);
	tl_synth_init(&scene->synth, 0);
	tl_findings_init(&scene->check.findings);
	scene->check.state = scene->synth.state;
}

static inline void open_view(struct scene *scene, int width, int height)
{
	struct tl_view_data data = {scene->synth.model, &scene->check, NULL, &fake_fonts, "a/trace", NULL};

	tl_synth_seal(&scene->synth, &scene->check.findings);
	assert_int_equal(tl_view_init(&scene->view, &data, &tl_theme_dark, width, height, 1, NULL), 0);
	tl_draw_init(&scene->draw, &fake_fonts);
}

/* 1 creates 2 and 3; 3 wakes 2 for a mutex twice, the second time after long; 3 sleeps. */
static inline void open_scene(struct scene *scene, int width, int height)
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

static inline void end(struct scene *scene)
{
	tl_draw_finish(&scene->draw);
	tl_view_finish(&scene->view);
	tl_findings_finish(&scene->check.findings);
	tl_synth_finish(&scene->synth);
}

static inline void typed(struct tl_view *view, char c)
{
	tl_view_input(view, &(struct tl_input){.type = TL_INPUT_TEXT, .sym = (unsigned char)c});
}

static inline void key(struct tl_view *view, uint32_t sym, unsigned mods)
{
	tl_view_input(view, &(struct tl_input){.type = TL_INPUT_KEY, .sym = sym, .mods = mods});
}

static inline void click(struct tl_view *view, int x, int y)
{
	static const enum tl_input_type types[] = {TL_INPUT_MOVE, TL_INPUT_PRESS, TL_INPUT_RELEASE};

	for (int i = 0; i < 3; i++)
		tl_view_input(view, &(struct tl_input){.type = types[i], .x = x, .y = y, .clicks = 1});
}

static inline void draw(struct scene *scene)
{
	int steps = 0;

	while (tl_drawer_work(&scene->view))
		assert_true(++steps < 10000);
	tl_view_draw(&scene->view, &scene->draw);
	assert_false(scene->draw.failed);
}

static inline uint32_t row_of(const struct scene *scene, uint32_t task)
{
	return tl_state_find_task(scene->synth.state, (uint64_t)1 << 32 | task)->index;
}

/* Has a text that begins so been drawn? */
static inline bool is_drawn(const struct scene *scene, const char *text)
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
static inline void click_row(struct scene *scene, size_t row)
{
	struct tl_drawer_places places = tl_drawer_place(&scene->view);
	int y = places.body.y + (int)row * places.line_h + places.line_h / 2;

	assert_int_equal(tl_drawer_row_at(&scene->view, places.body.x + 30, y), row);
	click(&scene->view, places.body.x + 30, y);
}

#endif
