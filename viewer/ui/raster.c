/* Rectangles, patterns and text into pixels; see raster.h. */
#include "viewer/ui/raster.h"

#include "viewer/base/text.h"

static void fill_rect(struct tl_pixels *pixels, struct tl_rect r, uint32_t color)
{
	for (int y = r.y; y < r.y + r.h; y++) {
		uint32_t *row = pixels->data + (size_t)y * (size_t)pixels->pitch + r.x;

		if (color >> 24 == 0xFF)
			for (int x = 0; x < r.w; x++)
				row[x] = color;
		else
			for (int x = 0; x < r.w; x++)
				tl_raster_blend(&row[x], color, 255);
	}
}

static void fill_hatch(struct tl_pixels *pixels, struct tl_rect r, enum tl_hatch hatch, int period, uint32_t color)
{
	int thick = period >= 6 ? period / 4 : 1;

	for (int y = r.y; y < r.y + r.h; y++) {
		uint32_t *row = pixels->data + (size_t)y * (size_t)pixels->pitch;

		for (int x = r.x; x < r.x + r.w; x++) {
			int up = (x + y) % period, down = (x - y % period + period) % period;
			bool on = hatch == TL_HATCH_RISING    ? up < thick
				  : hatch == TL_HATCH_FALLING ? down < thick
				  : hatch == TL_HATCH_CROSS   ? up < thick || down < thick
							      : x % period < thick + 1 && y % period < thick + 1;

			if (on)
				tl_raster_blend(&row[x], color, 255);
		}
	}
}

static void put_glyph(struct tl_pixels *pixels, struct tl_rect clip, const struct tl_glyph *glyph, int x, int y,
		      uint32_t color)
{
	struct tl_rect box = {x + glyph->left, y + glyph->top, glyph->w, glyph->h};
	struct tl_rect seen = tl_rect_cross(box, clip);

	if (!glyph->mask)
		return;
	for (int row = seen.y; row < seen.y + seen.h; row++) {
		const uint8_t *mask = glyph->mask + (size_t)(row - box.y) * (size_t)glyph->w;
		uint32_t *line = pixels->data + (size_t)row * (size_t)pixels->pitch;

		for (int column = seen.x; column < seen.x + seen.w; column++)
			if (mask[column - box.x])
				tl_raster_blend(&line[column], color, mask[column - box.x]);
	}
}

static void put_text(const struct tl_draw *draw, struct tl_pixels *pixels, struct tl_rect clip,
		     const struct tl_command *command)
{
	const char *text = draw->text.items + command->at;
	int x = command->rect.x;

	for (uint32_t at = 0; at < command->size && x < clip.x + clip.w;) {
		uint32_t code = 0xFFFD;
		size_t length = tl_text_utf8(text + at, command->size - at, &code);
		const struct tl_glyph *glyph = draw->fonts->glyph(draw->fonts->data, (enum tl_font)command->style,
								  code);

		put_glyph(pixels, clip, glyph, x, command->rect.y, command->color);
		x += glyph->advance;
		at += length ? (uint32_t)length : 1;
	}
}

static void put_lines(const struct tl_draw *draw, struct tl_pixels *pixels, struct tl_rect clip,
		      const struct tl_command *command)
{
	const struct tl_point *points = draw->points.items + command->at;

	for (unsigned i = 0; i + 1 < command->n; i++)
		tl_raster_line(pixels, clip, points[i], points[i + 1], command->width, command->color);
}

void tl_raster(const struct tl_draw *draw, struct tl_pixels *pixels)
{
	const struct tl_rect all = {0, 0, pixels->width, pixels->height};
	struct tl_rect clip = all;

	for (size_t i = 0; i < draw->commands.n; i++) {
		const struct tl_command *command = &draw->commands.items[i];
		struct tl_rect seen = tl_rect_cross(command->rect, clip);

		switch (command->kind) {
		case TL_DRAW_RECT: fill_rect(pixels, seen, command->color); break;
		case TL_DRAW_HATCH:
			fill_hatch(pixels, seen, (enum tl_hatch)command->style, (int)command->size, command->color);
			break;
		case TL_DRAW_TEXT: put_text(draw, pixels, clip, command); break;
		case TL_DRAW_POLYGON:
			tl_raster_polygon(pixels, clip, draw->points.items + command->at, command->n, command->color);
			break;
		case TL_DRAW_LINES: put_lines(draw, pixels, clip, command); break;
		case TL_DRAW_CLIP: clip = tl_rect_cross(command->rect, all); break;
		}
	}
}
