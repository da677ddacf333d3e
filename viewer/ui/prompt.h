/*
 * A line in which people type: a filter, what to find, where to go, a note.
 * While it is open it takes every key. Pure; drawn by paint_prompt.c.
 */
#ifndef TL_UI_PROMPT_H
#define TL_UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TL_PROMPT_TEXT 160
#define TL_PROMPT_LINES 10

enum tl_prompt_kind {
	TL_PROMPT_NONE,
	TL_PROMPT_FILTER,
	TL_PROMPT_FIND,
	TL_PROMPT_TIME,
	TL_PROMPT_TASK,
	TL_PROMPT_NOTE,
	TL_N_PROMPTS,
};

struct tl_prompt {
	enum tl_prompt_kind kind;
	char text[TL_PROMPT_TEXT];
	char message[200];
	bool is_wrong;                   /* the message says what is wrong */
	uint32_t lines[TL_PROMPT_LINES]; /* TASK: rows that match */
	size_t n_lines, n_found, choice;
	int64_t note_ns; /* NOTE: of which time and task */
	uint64_t note_task;
	char last_find[TL_PROMPT_TEXT];
};

struct tl_view;
struct tl_input;

void tl_prompt_open(struct tl_view *view, enum tl_prompt_kind kind);
/* Takes an input; false: it was not for the prompt. */
bool tl_prompt_input(struct tl_view *view, const struct tl_input *input);
/* What it asks for, and how that is written. */
const char *tl_prompt_title(enum tl_prompt_kind kind);
const char *tl_prompt_hint(enum tl_prompt_kind kind);

/* The next or the previous match of what was looked for last. */
void tl_view_find_again(struct tl_view *view, bool forward);
/* The next or the previous note. */
void tl_view_go_note(struct tl_view *view, bool forward);

#endif
