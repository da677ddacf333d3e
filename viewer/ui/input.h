/*
 * From keys and pointer to what the view does: the table of bindings, and the
 * gestures. Knows nothing of SDL; scan codes are those of USB HID (so are SDL's).
 */
#ifndef TL_UI_INPUT_H
#define TL_UI_INPUT_H

#include "viewer/ui/view.h"

enum tl_input_type {
	TL_INPUT_KEY,  /* scancode, sym, mods */
	TL_INPUT_TEXT, /* text and sym: the character typed, whatever keys made it */
	TL_INPUT_MOVE,
	TL_INPUT_PRESS, /* the main button; clicks: 2 for a double click */
	TL_INPUT_RELEASE,
	TL_INPUT_WHEEL, /* wheel_x to the right, wheel_y away from the user */
	TL_INPUT_LEAVE,
	TL_INPUT_QUIT,
};

#define TL_MOD_SHIFT 1u
#define TL_MOD_CTRL 2u

struct tl_input {
	enum tl_input_type type;
	unsigned mods;
	uint32_t scancode; /* physical key */
	uint32_t sym;      /* lower-case character on the key in the user's layout, or 0 */
	int x, y, clicks;
	float wheel_x, wheel_y;
	char text[8]; /* TEXT: one character of UTF-8 */
};

/* Scan codes of USB HID, usage page 7. */
enum {
	TL_KEY_A = 4,
	TL_KEY_D = 7,
	TL_KEY_S = 22,
	TL_KEY_W = 26,
	TL_KEY_ENTER = 40,
	TL_KEY_ESCAPE = 41,
	TL_KEY_BACKSPACE = 42,
	TL_KEY_F1 = 58,
	TL_KEY_HOME = 74,
	TL_KEY_PAGE_UP = 75,
	TL_KEY_PAGE_DOWN = 78,
	TL_KEY_RIGHT = 79,
	TL_KEY_LEFT = 80,
	TL_KEY_DOWN = 81,
	TL_KEY_UP = 82,
	TL_KEY_PAD_MINUS = 86,
	TL_KEY_PAD_PLUS = 87,
	TL_KEY_PAD_ENTER = 88,
};

struct tl_binding {
	enum tl_input_type type; /* KEY or TEXT */
	unsigned mods;
	uint32_t scancode, sym; /* the one that is not 0 decides */
	void (*run)(struct tl_view *view);
	/* As people read it, two blanks apart: of this binding and of those that follow. NULL: of one above. */
	const char *keys;
	const char *says;
};

extern const struct tl_binding tl_bindings[];
extern const size_t tl_n_bindings;

void tl_view_input(struct tl_view *view, const struct tl_input *input);

#endif
