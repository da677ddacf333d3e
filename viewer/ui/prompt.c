/* What is typed, and what comes of it; see prompt.h. */
#include "viewer/ui/prompt.h"

#include <stdio.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/base/when.h"
#include "viewer/ui/arrange.h"
#include "viewer/ui/find.h"
#include "viewer/ui/hit.h"
#include "viewer/ui/input.h"

static const struct {
	const char *title, *hint;
} kinds[TL_N_PROMPTS] = {
	[TL_PROMPT_NONE] = {"", ""},
	[TL_PROMPT_FILTER] = {"Filter",
			      "name   state:blocked   reason:mutex   object:queue   wait>10ms   finding:convoy   -not"},
	[TL_PROMPT_FIND] = {"Find", "a task, object, mark or region.  Enter: next, Shift Enter: previous"},
	[TL_PROMPT_TIME] = {"Go to time", "1.5s   250us   12345 (ns)   from here: +10ms  -5us   2026-05-01T12:30:00Z"},
	[TL_PROMPT_TASK] = {"Go to task", "\xe2\x86\x91 \xe2\x86\x93 choose, Enter goes there"},
	[TL_PROMPT_NOTE] = {"Note", "Enter keeps it; nothing written removes it"},
};

const char *tl_prompt_title(enum tl_prompt_kind kind)
{
	return kinds[kind].title;
}

const char *tl_prompt_hint(enum tl_prompt_kind kind)
{
	return kinds[kind].hint;
}

static void say(struct tl_prompt *prompt, bool is_wrong, const char *text)
{
	prompt->is_wrong = is_wrong;
	snprintf(prompt->message, sizeof prompt->message, "%.199s", text);
}

static void close_prompt(struct tl_view *view)
{
	view->prompt.kind = TL_PROMPT_NONE;
	view->dirty = true;
}

int64_t tl_view_here(const struct tl_view *view)
{
	if (view->pointed)
		return view->pointed_ns;
	if (view->selected.row != TL_NONE)
		return view->selected_ns;
	return tl_timescale_time(&view->time, view->time.width_px / 2.0);
}

/* Selects what a row does at a time, and brings that into sight. */
static void go(struct tl_view *view, uint32_t row, int64_t t)
{
	size_t span = tl_model_span_at(&view->data.model->rows.items[row], t);
	double x = tl_timescale_x(&view->time, t);

	view->finding = TL_NONE;
	tl_view_select(view, (struct tl_spot){row, span == TL_NO_SPAN ? TL_NONE : (uint32_t)span}, t);
	if (x < 0 || x >= view->time.width_px)
		tl_view_center(view, t);
}

/* ---- filter ------------------------------------------------------------------ */

/* Names are tried at every key; what must look at every wait of a large trace, at Enter. */
static bool is_quick(const struct tl_view *view)
{
	return view->data.model->events < 2000000 || !strpbrk(view->prompt.text, ":>");
}

static void try_filter(struct tl_view *view, bool leave)
{
	struct tl_prompt *prompt = &view->prompt;
	struct tl_error error;
	char text[100];

	tl_error_init(&error);
	if (tl_view_set_filter(view, prompt->text, &error) != 0) {
		say(prompt, true, error.cause[0]);
		return;
	}
	snprintf(text, sizeof text, "%zu of %zu tasks", view->list.shown, view->data.model->rows.n);
	say(prompt, false, text);
	if (leave)
		close_prompt(view);
}

/* ---- find -------------------------------------------------------------------- */

void tl_view_find_again(struct tl_view *view, bool forward)
{
	struct tl_prompt *prompt = &view->prompt;
	uint32_t row = view->selected.row;
	struct tl_match match;
	char text[TL_TASK_LABEL + 120], label[TL_TASK_LABEL], time[TL_TIME_TEXT];
	bool around = false;
	int64_t t = row == TL_NONE ? (forward ? INT64_MIN : INT64_MAX) : view->selected_ns;

	if (!prompt->last_find[0]) {
		tl_prompt_open(view, TL_PROMPT_FIND);
		return;
	}
	view->dirty = true;
	if (!tl_find_next(&view->data, prompt->last_find, t, row == TL_NONE ? 0 : row, forward, &match)) {
		around = true;
		if (!tl_find_next(&view->data, prompt->last_find, forward ? INT64_MIN : INT64_MAX, 0, forward,
				  &match)) {
			say(prompt, true, "nothing is called that");
			snprintf(view->said, sizeof view->said, "Nothing is called %.150s", prompt->last_find);
			return;
		}
	}
	go(view, match.row, match.time_ns);
	snprintf(text, sizeof text, "%s of %s at %s%s", match.what, tl_view_label(view, match.row, label),
		 tl_text_time(time, match.time_ns),
		 !around   ? ""
		 : forward ? "  (from the begin again)"
			   : "  (from the end again)");
	say(prompt, false, text);
	snprintf(view->said, sizeof view->said, "Found: %.180s", text);
}

static void find(struct tl_view *view, bool forward)
{
	snprintf(view->prompt.last_find, sizeof view->prompt.last_find, "%s", view->prompt.text);
	if (view->prompt.text[0])
		tl_view_find_again(view, forward);
}

/* ---- time --------------------------------------------------------------------- */

static void go_time(struct tl_view *view)
{
	const char *text = view->prompt.text;
	bool relative = *text == '+' || *text == '-';
	struct tl_when when = {0, false};
	int64_t t, end_ns = view->data.model->end_ns;

	if (relative ? tl_text_parse_time(text + 1, &t) != 0 : tl_when_parse(&when, text) != 0) {
		say(&view->prompt, true, "not a time; write 1.5s, 250us, 12345, +10ms, or 2026-05-01T12:30:00Z");
		return;
	}
	if (relative)
		t = *text == '-' ? tl_view_here(view) - t : tl_view_here(view) + t;
	else
		t = when.is_clock ? tl_model_time(view->data.model, when.ns) : when.ns;
	if (t < 0 || t > end_ns) {
		char end[TL_TIME_TEXT], wrong[100];

		snprintf(wrong, sizeof wrong, "outside of the trace, which ends at %s", tl_text_time(end, end_ns));
		say(&view->prompt, true, wrong);
		return;
	}
	view->pointed = true;
	view->pointed_ns = t;
	tl_view_center(view, t);
	close_prompt(view);
}

/* ---- task --------------------------------------------------------------------- */

static void find_tasks(struct tl_view *view)
{
	struct tl_prompt *prompt = &view->prompt;
	char text[64];

	prompt->n_found = tl_find_tasks(&view->data, prompt->text, prompt->lines, TL_PROMPT_LINES);
	prompt->n_lines = prompt->n_found < TL_PROMPT_LINES ? prompt->n_found : TL_PROMPT_LINES;
	prompt->choice = 0;
	snprintf(text, sizeof text, "%zu task%s", prompt->n_found, prompt->n_found == 1 ? "" : "s");
	say(prompt, prompt->n_found == 0, text);
}

static void go_task(struct tl_view *view)
{
	struct tl_prompt *prompt = &view->prompt;
	const struct tl_row *row;
	int64_t t = tl_view_here(view);

	if (prompt->choice >= prompt->n_lines)
		return;
	row = &view->data.model->rows.items[prompt->lines[prompt->choice]];
	if (row->spans.n > 0 && (t < tl_row_begin(row, 0) || t > row->last_ns))
		t = tl_row_begin(row, 0);
	close_prompt(view);
	go(view, prompt->lines[prompt->choice], t);
}

/* ---- notes -------------------------------------------------------------------- */

void tl_view_go_note(struct tl_view *view, bool forward)
{
	const struct tl_note *note = tl_notes_next(&view->notes, tl_view_here(view), forward);

	if (!note)
		note = tl_notes_next(&view->notes, forward ? INT64_MIN : INT64_MAX, forward);
	view->dirty = true;
	if (!note) {
		snprintf(view->said, sizeof view->said, "There are no notes: M makes one");
		return;
	}
	view->pointed = true;
	view->pointed_ns = note->time_ns;
	tl_view_center(view, note->time_ns);
	tl_text_escape_to(view->said, sizeof view->said, note->text);
}

static void open_note(struct tl_view *view)
{
	struct tl_prompt *prompt = &view->prompt;
	const struct tl_note *note;

	prompt->note_ns = tl_view_here(view);
	prompt->note_task = view->pointed || view->selected.row == TL_NONE
				    ? 0
				    : view->data.model->rows.items[view->selected.row].task;
	note = tl_notes_at(&view->notes, prompt->note_ns, prompt->note_task);
	snprintf(prompt->text, sizeof prompt->text, "%s", note ? note->text : "");
}

static void keep_note(struct tl_view *view)
{
	struct tl_prompt *prompt = &view->prompt;
	struct tl_error error;

	tl_error_init(&error);
	if (tl_notes_set(&view->notes, prompt->note_ns, prompt->note_task, prompt->text) != 0) {
		say(prompt, true, "there is no room for more notes");
		return;
	}
	close_prompt(view);
	if (view->keep_notes && view->keep_notes(view->keeper, &view->notes, &error) != 0)
		snprintf(view->said, sizeof view->said, "The note is not kept: %.170s", error.cause[0]);
}

/* ---- typing -------------------------------------------------------------------- */

static void changed(struct tl_view *view)
{
	struct tl_prompt *prompt = &view->prompt;

	view->dirty = true;
	say(prompt, false, "");
	if (prompt->kind == TL_PROMPT_FILTER && is_quick(view))
		try_filter(view, false);
	else if (prompt->kind == TL_PROMPT_TASK)
		find_tasks(view);
}

void tl_prompt_open(struct tl_view *view, enum tl_prompt_kind kind)
{
	struct tl_prompt *prompt = &view->prompt;

	prompt->kind = kind;
	prompt->text[0] = '\0';
	prompt->n_lines = 0;
	say(prompt, false, "");
	if (kind == TL_PROMPT_FILTER)
		snprintf(prompt->text, sizeof prompt->text, "%s", view->arrangement.filter_text);
	else if (kind == TL_PROMPT_FIND)
		snprintf(prompt->text, sizeof prompt->text, "%s", prompt->last_find);
	else if (kind == TL_PROMPT_NOTE)
		open_note(view);
	else if (kind == TL_PROMPT_TASK)
		find_tasks(view);
	view->help = false;
	view->dirty = true;
}

static void enter(struct tl_view *view, bool forward)
{
	switch (view->prompt.kind) {
	case TL_PROMPT_FILTER: try_filter(view, true); break;
	case TL_PROMPT_FIND: find(view, forward); break;
	case TL_PROMPT_TIME: go_time(view); break;
	case TL_PROMPT_TASK: go_task(view); break;
	case TL_PROMPT_NOTE: keep_note(view); break;
	default: break;
	}
	view->dirty = true;
}

static void type(struct tl_view *view, const char *utf8)
{
	struct tl_prompt *prompt = &view->prompt;
	size_t n = strlen(prompt->text), more = strlen(utf8);

	if (n + more < sizeof prompt->text && (unsigned char)utf8[0] >= ' ') {
		memcpy(prompt->text + n, utf8, more + 1);
		changed(view);
	}
}

static void erase(struct tl_view *view)
{
	char *text = view->prompt.text;
	size_t n = strlen(text);

	/* Back to the begin of a character. */
	while (n > 0 && ((unsigned char)text[--n] & 0xC0) == 0x80)
		;
	text[n] = '\0';
	changed(view);
}

static void choose(struct tl_view *view, size_t choice)
{
	if (choice < view->prompt.n_lines)
		view->prompt.choice = choice;
	view->dirty = true;
}

static bool on_key(struct tl_view *view, const struct tl_input *input)
{
	switch (input->scancode) {
	case TL_KEY_ENTER:
	case TL_KEY_PAD_ENTER: enter(view, !(input->mods & TL_MOD_SHIFT)); return true;
	case TL_KEY_ESCAPE: close_prompt(view); return true;
	case TL_KEY_BACKSPACE: erase(view); return true;
	case TL_KEY_UP: choose(view, view->prompt.choice - 1); return true;
	case TL_KEY_DOWN: choose(view, view->prompt.choice + 1); return true;
	default: break;
	}
	if (input->mods & TL_MOD_CTRL && input->sym == 'u') {
		view->prompt.text[0] = '\0';
		changed(view);
	}
	/* What Ctrl does elsewhere (copy, zoom, quit) it still does; all else is typing. */
	return !(input->mods & TL_MOD_CTRL) || input->sym == 'u';
}

/* A click on a line chooses it; one on the box does nothing; elsewhere it closes the prompt. */
static bool on_press(struct tl_view *view, const struct tl_input *input)
{
	struct tl_rect box = tl_prompt_box(view);
	int line = tl_prompt_line_height(view), into = input->y - box.y - 2 * line;

	if (!tl_rect_has(box, input->x, input->y)) {
		close_prompt(view);
		return true;
	}
	if (view->prompt.kind == TL_PROMPT_TASK && into >= 0 && (size_t)(into / line) < view->prompt.n_lines) {
		view->prompt.choice = (size_t)(into / line);
		go_task(view);
	}
	return true;
}

bool tl_prompt_input(struct tl_view *view, const struct tl_input *input)
{
	if (view->prompt.kind == TL_PROMPT_NONE)
		return false;
	switch (input->type) {
	case TL_INPUT_KEY: return on_key(view, input);
	case TL_INPUT_TEXT: type(view, input->text); return true;
	case TL_INPUT_PRESS: return on_press(view, input);
	default: return false;
	}
}
