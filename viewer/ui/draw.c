/* The draw list; see draw.h. */
#include "viewer/ui/draw.h"

#include <math.h>
#include <string.h>

#include "viewer/base/text.h"

#define ELLIPSIS "\xe2\x80\xa6"

struct tl_rect tl_rect_cross(struct tl_rect a, struct tl_rect b)
{
	int x0 = a.x > b.x ? a.x : b.x, y0 = a.y > b.y ? a.y : b.y;
	int x1 = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
	int y1 = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;

	return (struct tl_rect){x0, y0, x1 > x0 ? x1 - x0 : 0, y1 > y0 ? y1 - y0 : 0};
}

/* One character, and at bad bytes one byte, so that every loop here ends. */
static unsigned step(const char *text, unsigned size, uint32_t *code)
{
	size_t length = tl_text_utf8(text, size, code);

	if (length == 0)
		*code = 0xFFFD;
	return length ? (unsigned)length : 1;
}

int tl_fonts_width(const struct tl_fonts *fonts, enum tl_font font, const char *text, unsigned size)
{
	int width = 0;
	uint32_t code;

	for (unsigned at = 0; at < size;) {
		at += step(text + at, size - at, &code);
		width += fonts->glyph(fonts->data, font, code)->advance;
	}
	return width;
}

unsigned tl_fonts_cut(const struct tl_fonts *fonts, enum tl_font font, const char *text, unsigned size, int width)
{
	uint32_t code;

	for (unsigned at = 0; at < size;) {
		unsigned length = step(text + at, size - at, &code);

		width -= fonts->glyph(fonts->data, font, code)->advance;
		if (width < 0)
			return at;
		at += length;
	}
	return size;
}

void tl_draw_init(struct tl_draw *draw, const struct tl_fonts *fonts)
{
	*draw = (struct tl_draw){.fonts = fonts};
}

void tl_draw_finish(struct tl_draw *draw)
{
	tl_vec_finish(&draw->commands);
	tl_vec_finish(&draw->points);
	tl_vec_finish(&draw->text);
}

void tl_draw_clear(struct tl_draw *draw)
{
	draw->commands.n = draw->points.n = draw->text.n = 0;
	draw->failed = false;
}

static void push(struct tl_draw *draw, struct tl_command command)
{
	if (tl_vec_push(&draw->commands, command) != 0)
		draw->failed = true;
}

void tl_draw_rect(struct tl_draw *draw, struct tl_rect rect, uint32_t color)
{
	if (rect.w > 0 && rect.h > 0 && color >> 24)
		push(draw, (struct tl_command){.kind = TL_DRAW_RECT, .rect = rect, .color = color});
}

void tl_draw_frame(struct tl_draw *draw, struct tl_rect r, int width, uint32_t color)
{
	tl_draw_rect(draw, (struct tl_rect){r.x, r.y, r.w, width}, color);
	tl_draw_rect(draw, (struct tl_rect){r.x, r.y + r.h - width, r.w, width}, color);
	tl_draw_rect(draw, (struct tl_rect){r.x, r.y + width, width, r.h - 2 * width}, color);
	tl_draw_rect(draw, (struct tl_rect){r.x + r.w - width, r.y + width, width, r.h - 2 * width}, color);
}

void tl_draw_hatch(struct tl_draw *draw, struct tl_rect rect, enum tl_hatch hatch, int period, uint32_t color)
{
	if (rect.w > 0 && rect.h > 0 && hatch != TL_HATCH_NONE)
		push(draw, (struct tl_command){.kind = TL_DRAW_HATCH,
					       .style = (uint8_t)hatch,
					       .rect = rect,
					       .size = (uint32_t)(period < 2 ? 2 : period),
					       .color = color});
}

static void push_points(struct tl_draw *draw, struct tl_command command, const struct tl_point *points, unsigned n)
{
	command.at = (uint32_t)draw->points.n;
	command.n = (uint16_t)n;
	for (unsigned i = 0; i < n; i++) {
		if (tl_vec_push(&draw->points, points[i]) != 0) {
			draw->points.n = command.at;
			draw->failed = true;
			return;
		}
	}
	push(draw, command);
}

void tl_draw_polygon(struct tl_draw *draw, const struct tl_point *points, unsigned n, uint32_t color)
{
	push_points(draw, (struct tl_command){.kind = TL_DRAW_POLYGON, .color = color}, points, n);
}

void tl_draw_lines(struct tl_draw *draw, const struct tl_point *points, unsigned n, float width, uint32_t color)
{
	push_points(draw, (struct tl_command){.kind = TL_DRAW_LINES, .color = color, .width = width}, points, n);
}

static float cubic(float a, float b, float c, float d, float t)
{
	float u = 1 - t;

	return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
}

#define CURVE_POINTS 131

void tl_draw_curve(struct tl_draw *draw, const struct tl_point p[4], float width, float dash, uint32_t color)
{
	struct tl_point points[CURVE_POINTS];
	float length = hypotf(p[3].x - p[0].x, p[3].y - p[0].y);
	unsigned n = length < 24 ? 6 : length < 120 ? 14 : length < 500 ? 24 : 32;
	const unsigned step = 2;

	/* Two pieces a dash, two a gap; it begins and ends with a dash. */
	if (dash > 0)
		n = (unsigned)fminf(fmaxf(roundf(length / dash / 2), 1), (CURVE_POINTS - 3) / 4) * 4 + 2;
	for (unsigned i = 0; i <= n; i++) {
		float t = (float)i / (float)n;

		points[i].x = cubic(p[0].x, p[1].x, p[2].x, p[3].x, t);
		points[i].y = cubic(p[0].y, p[1].y, p[2].y, p[3].y, t);
	}
	if (dash <= 0)
		tl_draw_lines(draw, points, n + 1, width, color);
	for (unsigned i = 0; dash > 0 && i < n; i += 2 * step)
		tl_draw_lines(draw, points + i, step + 1, width, color);
}

void tl_draw_clip(struct tl_draw *draw, struct tl_rect rect)
{
	push(draw, (struct tl_command){.kind = TL_DRAW_CLIP, .rect = rect});
}

static void push_text(struct tl_draw *draw, enum tl_font font, int x, int y, uint32_t color, const char *text,
		      unsigned size)
{
	struct tl_command command = {.kind = TL_DRAW_TEXT, .style = (uint8_t)font, .color = color};

	if (size == 0)
		return;
	command.rect = (struct tl_rect){x, y, 0, 0};
	command.at = (uint32_t)draw->text.n;
	command.size = size;
	for (unsigned i = 0; i < size; i++) {
		if (tl_vec_push(&draw->text, text[i]) != 0) {
			draw->text.n = command.at;
			draw->failed = true;
			return;
		}
	}
	push(draw, command);
}

/* Lengthens the text that was pushed last. */
static void append_text(struct tl_draw *draw, const char *text)
{
	struct tl_command *last = &draw->commands.items[draw->commands.n - 1];

	for (; !draw->failed && *text; text++) {
		if (tl_vec_push(&draw->text, *text) != 0)
			draw->failed = true;
		else
			last->size++;
	}
}

int tl_draw_text(struct tl_draw *draw, enum tl_font font, int x, int y, uint32_t color, const char *text)
{
	push_text(draw, font, x, y, color, text, (unsigned)strlen(text));
	return tl_draw_text_width(draw, font, text);
}

int tl_draw_text_fit(struct tl_draw *draw, enum tl_font font, int x, int y, int width, uint32_t color, const char *text)
{
	unsigned size = (unsigned)strlen(text);
	int full = tl_fonts_width(draw->fonts, font, text, size), dots;
	unsigned cut;

	if (full <= width) {
		push_text(draw, font, x, y, color, text, size);
		return full;
	}
	dots = tl_draw_text_width(draw, font, ELLIPSIS);
	if (dots > width)
		return 0;
	cut = tl_fonts_cut(draw->fonts, font, text, size, width - dots);
	full = tl_fonts_width(draw->fonts, font, text, cut);
	push_text(draw, font, x, y, color, text, cut);
	/* Both are one text, whatever font a vector picture is read with. */
	if (cut > 0)
		append_text(draw, ELLIPSIS);
	else
		push_text(draw, font, x, y, color, ELLIPSIS, (unsigned)strlen(ELLIPSIS));
	return full + dots;
}

/* Where the longest end of `text` begins that is at most `width` wide. */
static unsigned tail(const struct tl_draw *draw, enum tl_font font, const char *text, unsigned from, int width)
{
	unsigned size = (unsigned)strlen(text);
	uint32_t code;

	while (from < size && tl_fonts_width(draw->fonts, font, text + from, size - from) > width)
		from += step(text + from, size - from, &code);
	return from;
}

int tl_draw_text_middle(struct tl_draw *draw, enum tl_font font, int x, int y, int width, uint32_t color,
			const char *text)
{
	unsigned size = (unsigned)strlen(text), cut, from;
	int dots = tl_draw_text_width(draw, font, ELLIPSIS), at;

	if (tl_fonts_width(draw->fonts, font, text, size) <= width || width < 5 * dots)
		return tl_draw_text_fit(draw, font, x, y, width, color, text);
	cut = tl_fonts_cut(draw->fonts, font, text, size, (width - dots) * 3 / 5);
	at = tl_fonts_width(draw->fonts, font, text, cut);
	from = tail(draw, font, text, cut, width - dots - at);
	push_text(draw, font, x, y, color, text, cut);
	push_text(draw, font, x + at, y, color, ELLIPSIS, (unsigned)strlen(ELLIPSIS));
	push_text(draw, font, x + at + dots, y, color, text + from, size - from);
	return width;
}

int tl_draw_text_width(const struct tl_draw *draw, enum tl_font font, const char *text)
{
	return tl_fonts_width(draw->fonts, font, text, (unsigned)strlen(text));
}

int tl_draw_line_height(const struct tl_draw *draw, enum tl_font font)
{
	return draw->fonts->line_height(draw->fonts->data, font);
}
