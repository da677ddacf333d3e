/* Lines into a panel, or into a text; see pen.h. */
#include "viewer/ui/pen.h"

#include <string.h>

#include "viewer/base/text.h"

#define LONGEST 4000 /* bytes of one text */

static int line_height(const struct tl_pen *pen, enum tl_font font)
{
	return tl_draw_line_height(pen->paint->draw, font) + tl_paint_px(pen->paint, 2);
}

bool tl_pen_in_sight(const struct tl_pen *pen, int h)
{
	return !pen->out && pen->y + h > pen->panel.y && pen->y < pen->panel.y + pen->panel.h;
}

void tl_pen_line(struct tl_pen *pen, enum tl_font font, int indent, enum tl_color color, const char *text)
{
	int h = line_height(pen, font);

	if (pen->out)
		fprintf(pen->out, "%s%s\n", indent ? "    " : "", text);
	if (tl_pen_in_sight(pen, h))
		tl_draw_text_fit(pen->paint->draw, font, pen->x + indent, pen->y, pen->w - indent,
				 pen->paint->colors[color], text);
	pen->y += h;
}

void tl_pen_space(struct tl_pen *pen, double logical)
{
	pen->y += tl_paint_px(pen->paint, logical);
}

/* Bytes of the `size` of `text` that go onto one line, cut at a space where there is one. */
static unsigned wrap(const struct tl_pen *pen, enum tl_font font, int width, const char *text, unsigned size)
{
	unsigned cut = tl_fonts_cut(pen->paint->draw->fonts, font, text, size, width), at = cut;

	if (cut >= size)
		return size;
	while (at > 0 && text[at] != ' ')
		at--;
	return at > 0 ? at : cut > 0 ? cut : 1;
}

/* One line of the text, over as many of ours as it takes. */
static void write_wrapped(struct tl_pen *pen, enum tl_font font, int indent, enum tl_color color, const char *text)
{
	char line[600];
	const char *p = text;

	while (*p) {
		unsigned n = wrap(pen, font, pen->w - indent, p, (unsigned)strlen(p));

		n = n < sizeof line ? n : (unsigned)sizeof line - 1;
		snprintf(line, sizeof line, "%.*s", (int)n, p);
		tl_pen_line(pen, font, indent, color, line);
		p += n;
		p += *p == ' ';
	}
}

void tl_pen_wrapped(struct tl_pen *pen, enum tl_font font, int indent, enum tl_color color, const char *raw)
{
	char one[LONGEST], text[LONGEST];

	for (const char *p = raw; *p;) {
		size_t n = strcspn(p, "\n");

		snprintf(one, sizeof one, "%.*s", (int)(n < sizeof one ? n : sizeof one - 1), p);
		tl_text_escape_to(text, sizeof text, one);
		if (n == 0)
			tl_pen_space(pen, 6);
		else if (pen->out)
			tl_pen_line(pen, font, indent, color, text);
		else
			write_wrapped(pen, font, indent, color, text);
		p += n + (p[n] == '\n');
	}
}

void tl_pen_paragraphs(struct tl_pen *pen, const char *raw)
{
	char one[LONGEST];
	size_t n = 0;

	for (const char *p = raw;; p++) {
		bool ends = !*p || (p[0] == '\n' && p[1] == '\n');

		if (!ends && n + 1 < sizeof one) {
			one[n++] = *p == '\n' ? ' ' : *p;
			continue;
		}
		one[n] = '\0';
		tl_pen_wrapped(pen, TL_FONT_TEXT, 0, TL_COLOR_TEXT, one);
		n = 0;
		if (!*p)
			break;
		tl_pen_space(pen, 6);
		while (p[1] == '\n')
			p++;
	}
}

void tl_pen_verbatim(struct tl_pen *pen, const char *raw)
{
	char one[300], text[400];

	for (const char *p = raw; *p;) {
		size_t n = strcspn(p, "\n");

		snprintf(one, sizeof one, "%.*s", (int)(n < sizeof one ? n : sizeof one - 1), p);
		/* Tabs would be shown as escapes. */
		for (char *c = one; *c; c++)
			*c = *c == '\t' ? ' ' : *c;
		tl_text_escape_to(text, sizeof text, one);
		tl_pen_line(pen, TL_FONT_MONO, tl_paint_px(pen->paint, 8), TL_COLOR_DIM, text);
		p += n + (p[n] == '\n');
	}
}

void tl_pen_head(struct tl_pen *pen, const char *text)
{
	tl_pen_space(pen, 9);
	if (pen->out)
		fputc('\n', pen->out);
	tl_pen_line(pen, TL_FONT_BOLD, 0, TL_COLOR_TEXT, text);
	tl_pen_space(pen, 2);
}

void tl_pen_pair(struct tl_pen *pen, const char *label, const char *value)
{
	int indent = tl_paint_px(pen->paint, label[0] >= '0' && label[0] <= '9' ? 110 : 82), y = pen->y;
	int drop = tl_draw_line_height(pen->paint->draw, TL_FONT_TEXT) -
		   tl_draw_line_height(pen->paint->draw, TL_FONT_SMALL);

	if (!value[0])
		return;
	if (pen->out) {
		fprintf(pen->out, "%s: ", label);
		tl_text_escape(pen->out, value);
		fputc('\n', pen->out);
		return;
	}
	if (tl_pen_in_sight(pen, line_height(pen, TL_FONT_TEXT)))
		tl_draw_text_fit(pen->paint->draw, TL_FONT_SMALL, pen->x, y + drop / 2,
				 indent - tl_paint_px(pen->paint, 4), pen->paint->colors[TL_COLOR_DIM], label);
	tl_pen_wrapped(pen, TL_FONT_TEXT, indent, TL_COLOR_TEXT, value);
}

const char *tl_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}
