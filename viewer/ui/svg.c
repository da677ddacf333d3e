/* The commands of a draw list as elements of SVG 1.1; see svg.h. */
#include "viewer/ui/svg.h"

#include <inttypes.h>
#include <string.h>

#include "viewer/base/error.h"
#include "viewer/base/text.h"

/* A clip or a pattern that was defined: its number is its place. */
struct definition {
	struct tl_rect rect;
	uint32_t color;
	uint32_t period;
	uint8_t hatch;
};

struct writer {
	const struct tl_draw *draw;
	FILE *out;
	TL_VEC(struct definition) definitions;
	bool failed;
};

/* As sdl_font.c asks for them; the last family is one that every viewer knows. */
static const struct {
	const char *family, *more;
	double size;
} fonts[TL_N_FONTS] = {
	[TL_FONT_TEXT] = {"'DejaVu Sans',Verdana,sans-serif", "", 13},
	[TL_FONT_BOLD] = {"'DejaVu Sans',Verdana,sans-serif", ";font-weight:bold", 13},
	[TL_FONT_SMALL] = {"'DejaVu Sans',Verdana,sans-serif", "", 11},
	[TL_FONT_MONO] = {"'DejaVu Sans Mono',monospace", "", 12},
};

#define BASELINE 0.8 /* of a line's height, from its top: true enough for every font of text */

/* XML 1.0 has no way to say some characters at all. */
static bool is_xml_char(uint32_t code)
{
	return code == '\t' || code == '\n' || (code >= 0x20 && code != 0xFFFE && code != 0xFFFF && code != 0x7F);
}

static void write_text(FILE *out, const char *text, uint32_t size)
{
	for (uint32_t at = 0; at < size;) {
		uint32_t code = 0xFFFD;
		size_t n = tl_text_utf8(text + at, size - at, &code);

		if (n == 0 || !is_xml_char(code))
			fputs("\xef\xbf\xbd", out);
		else if (code == '&')
			fputs("&amp;", out);
		else if (code == '<')
			fputs("&lt;", out);
		else if (code == '>')
			fputs("&gt;", out);
		else
			fwrite(text + at, 1, n, out);
		at += n ? (uint32_t)n : 1;
	}
}

/* " fill=..." or " stroke=...", with the opacity if there is one. */
static void write_color(FILE *out, const char *what, uint32_t color)
{
	fprintf(out, " %s=\"#%06" PRIx32 "\"", what, color & 0xFFFFFF);
	if (color >> 24 != 0xFF)
		fprintf(out, " %s-opacity=\"%.3f\"", what, (color >> 24) / 255.0);
}

static void write_area(FILE *out, struct tl_rect r)
{
	fprintf(out, " x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", r.x, r.y, r.w, r.h);
}

/* The number of a definition; `is_new` when it has yet to be written. */
static size_t define(struct writer *writer, struct definition wanted, bool *is_new)
{
	*is_new = false;
	for (size_t i = 0; i < writer->definitions.n; i++) {
		const struct definition *d = &writer->definitions.items[i];

		if (d->hatch == wanted.hatch && d->period == wanted.period && d->color == wanted.color &&
		    memcmp(&d->rect, &wanted.rect, sizeof d->rect) == 0)
			return i;
	}
	*is_new = true;
	if (tl_vec_push(&writer->definitions, wanted) != 0)
		writer->failed = true;
	return writer->definitions.n - 1;
}

/* A tile of the pattern; lines that leave it at a corner come in at the others. */
static void write_tile(FILE *out, enum tl_hatch hatch, int p, uint32_t color)
{
	double thick = p >= 6 ? p / 4 : 1;

	if (hatch == TL_HATCH_DOTS) {
		fprintf(out, "<rect width=\"%g\" height=\"%g\"", thick + 1, thick + 1);
		write_color(out, "fill", color);
		fputs("/>", out);
		return;
	}
	fputs("<path d=\"", out);
	if (hatch != TL_HATCH_FALLING)
		fprintf(out, "M-1,1L1,-1M0,%dL%d,0M%d,%dL%d,%d", p, p, p - 1, p + 1, p + 1, p - 1);
	if (hatch != TL_HATCH_RISING)
		fprintf(out, "M-1,%dL1,%dM0,0L%d,%dM%d,-1L%d,1", p - 1, p + 1, p, p, p - 1, p + 1);
	fprintf(out, "\" fill=\"none\" stroke-width=\"%.2f\"", thick * 0.7);
	write_color(out, "stroke", color);
	fputs("/>", out);
}

static void write_hatch(struct writer *writer, const struct tl_command *command)
{
	struct definition wanted = {.hatch = command->style, .period = command->size, .color = command->color};
	bool is_new;
	size_t id = define(writer, wanted, &is_new);

	if (is_new) {
		fprintf(writer->out,
			"<pattern id=\"d%zu\" width=\"%" PRIu32 "\" height=\"%" PRIu32
			"\" patternUnits=\"userSpaceOnUse\">",
			id, command->size, command->size);
		write_tile(writer->out, (enum tl_hatch)command->style, (int)command->size, command->color);
		fputs("</pattern>\n", writer->out);
	}
	fputs("<rect", writer->out);
	write_area(writer->out, command->rect);
	fprintf(writer->out, " fill=\"url(#d%zu)\"/>\n", id);
}

/* Until the next clip everything is in a group of its own. */
static void write_clip(struct writer *writer, struct tl_rect rect, bool first)
{
	bool is_new;
	size_t id = define(writer, (struct definition){.rect = rect}, &is_new);

	if (!first)
		fputs("</g>\n", writer->out);
	if (is_new) {
		fprintf(writer->out, "<clipPath id=\"d%zu\"><rect", id);
		write_area(writer->out, rect);
		fputs("/></clipPath>\n", writer->out);
	}
	fprintf(writer->out, "<g clip-path=\"url(#d%zu)\">\n", id);
}

static void write_string(struct writer *writer, const struct tl_command *command)
{
	const struct tl_draw *draw = writer->draw;
	const char *text = draw->text.items + command->at;
	enum tl_font font = (enum tl_font)command->style;
	int width = tl_fonts_width(draw->fonts, font, text, command->size);

	fprintf(writer->out, "<text x=\"%d\" y=\"%.1f\"", command->rect.x,
		command->rect.y + BASELINE * tl_draw_line_height(draw, font));
	/* Another font must not run into what stands beside it. */
	if (width > 0 && command->size > 1)
		fprintf(writer->out, " textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\"", width);
	fprintf(writer->out, " class=\"f%d\"", (int)font);
	write_color(writer->out, "fill", command->color);
	fputc('>', writer->out);
	write_text(writer->out, text, command->size);
	fputs("</text>\n", writer->out);
}

static void write_points(struct writer *writer, const struct tl_command *command, bool closed)
{
	fputs(closed ? "<polygon points=\"" : "<polyline points=\"", writer->out);
	for (unsigned i = 0; i < command->n; i++) {
		const struct tl_point *p = &writer->draw->points.items[command->at + i];

		fprintf(writer->out, "%s%.1f,%.1f", i ? " " : "", (double)p->x, (double)p->y);
	}
	fputc('"', writer->out);
	if (closed) {
		write_color(writer->out, "fill", command->color);
	} else {
		fprintf(writer->out, " fill=\"none\" stroke-width=\"%.2f\"", (double)command->width);
		write_color(writer->out, "stroke", command->color);
	}
	fputs("/>\n", writer->out);
}

static void write_command(struct writer *writer, const struct tl_command *command)
{
	switch (command->kind) {
	case TL_DRAW_RECT:
		fputs("<rect", writer->out);
		write_area(writer->out, command->rect);
		write_color(writer->out, "fill", command->color);
		fputs("/>\n", writer->out);
		break;
	case TL_DRAW_HATCH: write_hatch(writer, command); break;
	case TL_DRAW_TEXT: write_string(writer, command); break;
	case TL_DRAW_POLYGON: write_points(writer, command, true); break;
	case TL_DRAW_LINES: write_points(writer, command, false); break;
	case TL_DRAW_CLIP: write_clip(writer, command->rect, false); break;
	}
}

int tl_svg_write(const struct tl_draw *draw, int width, int height, double scale, FILE *out)
{
	struct writer writer = {.draw = draw, .out = out};

	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
		"xml:space=\"preserve\">\n<style>",
		width, height, width, height);
	for (int i = 0; i < TL_N_FONTS; i++)
		fprintf(out, ".f%d{font-family:%s;font-size:%.2fpx%s}", i, fonts[i].family, fonts[i].size * scale,
			fonts[i].more);
	fputs("text{white-space:pre}</style>\n", out);
	write_clip(&writer, (struct tl_rect){0, 0, width, height}, true);
	for (size_t i = 0; i < draw->commands.n && !writer.failed; i++)
		write_command(&writer, &draw->commands.items[i]);
	fputs("</g>\n</svg>\n", out);
	tl_vec_finish(&writer.definitions);
	return writer.failed ? TL_ENOMEM : 0;
}
