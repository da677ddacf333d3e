/* The two themes, and the shapes that go with them; see theme.h. */
#include "viewer/ui/theme.h"

#include <math.h>
#include <string.h>

const struct tl_theme tl_theme_dark = {
	"dark",
	{
		[TL_COLOR_BACK] = 0xFF14161B,      [TL_COLOR_STRIPE] = 0xFF181B21,
		[TL_COLOR_PANEL] = 0xFF1D2027,     [TL_COLOR_BORDER] = 0xFF323742,
		[TL_COLOR_GRID] = 0xFF292E38,      [TL_COLOR_GRID_MINOR] = 0xFF1D2129,
		[TL_COLOR_TEXT] = 0xFFDEE2EA,      [TL_COLOR_DIM] = 0xFF98A1B3,
		[TL_COLOR_ACCENT] = 0xFF7CC4FF,    [TL_COLOR_HOVER] = 0x18FFFFFF,
		[TL_COLOR_EDGE] = 0xFFF2E394,      [TL_COLOR_EDGE_CREATE] = 0xFFC9CED8,
		[TL_COLOR_REGION] = 0xFF4B4368,    [TL_COLOR_REGION_TEXT] = 0xFFDCD5F5,
		[TL_COLOR_MARK] = 0xFFDCD5F5,      [TL_COLOR_NOTE] = 0xFF4A3B12,
		[TL_COLOR_NOTE_TEXT] = 0xFFFFDF8E, [TL_COLOR_SHADE] = 0xC0080A0D,
		[TL_COLOR_INFO] = 0xFF7CC4FF,      [TL_COLOR_WARNING] = 0xFFFFC53D,
		[TL_COLOR_ERROR] = 0xFFFF5C6C,     [TL_COLOR_ON_SEVERITY] = 0xFF14161B,
	},
	{
		[TL_LOOK_CREATED] = {0xFF7D8596, 0, 0xFFDEE2EA, TL_HATCH_NONE, 12},
		[TL_LOOK_RUNNING] = {0xFF1F9D7C, 0, 0xFF03120D, TL_HATCH_NONE, 100},
		[TL_LOOK_RUNNABLE] = {0xFFE3B341, 0, 0xFF1B1505, TL_HATCH_NONE, 50},
		[TL_LOOK_IDLE] = {0xFF5C5668, 0x50FFFFFF, 0xFFE4E6F2, TL_HATCH_DOTS, 45},
		[TL_LOOK_WAIT] = {0xFF2C6299, 0x38A8D4FF, 0xFFE8F3FF, TL_HATCH_FALLING, 80},
		[TL_LOOK_LOCK] = {0xFFB8481A, 0x50FFD0A8, 0xFFFFF3EA, TL_HATCH_RISING, 100},
		[TL_LOOK_GAP] = {0xFF23262E, 0xFF767E8D, 0xFFDEE2EA, TL_HATCH_CROSS, 100},
	},
};

const struct tl_theme tl_theme_light = {
	"light",
	{
		[TL_COLOR_BACK] = 0xFFFFFFFF,      [TL_COLOR_STRIPE] = 0xFFF7F8FA,
		[TL_COLOR_PANEL] = 0xFFF1F3F6,     [TL_COLOR_BORDER] = 0xFFCDD3DC,
		[TL_COLOR_GRID] = 0xFFDFE3E9,      [TL_COLOR_GRID_MINOR] = 0xFFF0F2F5,
		[TL_COLOR_TEXT] = 0xFF1B2028,      [TL_COLOR_DIM] = 0xFF566072,
		[TL_COLOR_ACCENT] = 0xFF0B63C4,    [TL_COLOR_HOVER] = 0x12000000,
		[TL_COLOR_EDGE] = 0xFF5B3FA8,      [TL_COLOR_EDGE_CREATE] = 0xFF48505E,
		[TL_COLOR_REGION] = 0xFFDCD3F2,    [TL_COLOR_REGION_TEXT] = 0xFF3A2C66,
		[TL_COLOR_MARK] = 0xFF3A2C66,      [TL_COLOR_NOTE] = 0xFFFFF1C9,
		[TL_COLOR_NOTE_TEXT] = 0xFF5C4300, [TL_COLOR_SHADE] = 0xC0E9ECF1,
		[TL_COLOR_INFO] = 0xFF0B63C4,      [TL_COLOR_WARNING] = 0xFFC98500,
		[TL_COLOR_ERROR] = 0xFFC9182F,     [TL_COLOR_ON_SEVERITY] = 0xFFFFFFFF,
	},
	{
		[TL_LOOK_CREATED] = {0xFF9AA2B0, 0, 0xFF1B2028, TL_HATCH_NONE, 12},
		[TL_LOOK_RUNNING] = {0xFF4FC3A1, 0, 0xFF06281E, TL_HATCH_NONE, 100},
		[TL_LOOK_RUNNABLE] = {0xFFF2BE3A, 0, 0xFF2B2000, TL_HATCH_NONE, 50},
		[TL_LOOK_IDLE] = {0xFF9C90B0, 0x70404660, 0xFF24273A, TL_HATCH_DOTS, 45},
		[TL_LOOK_WAIT] = {0xFF9CC8F2, 0x502C6299, 0xFF0B2A48, TL_HATCH_FALLING, 80},
		[TL_LOOK_LOCK] = {0xFFF2905F, 0x60902E00, 0xFF3A1400, TL_HATCH_RISING, 100},
		[TL_LOOK_GAP] = {0xFFECEEF2, 0xFF8A93A3, 0xFF1B2028, TL_HATCH_CROSS, 100},
	},
};

const struct tl_theme *tl_theme_find(const char *name)
{
	if (strcmp(name, tl_theme_dark.name) == 0)
		return &tl_theme_dark;
	return strcmp(name, tl_theme_light.name) == 0 ? &tl_theme_light : NULL;
}

void tl_theme_bar(const struct tl_theme *theme, struct tl_draw *draw, struct tl_rect rect, enum tl_look look,
		  int hatch_period)
{
	const struct tl_look_style *style = &theme->looks[look];
	int h = (rect.h * style->height + 50) / 100;

	if (style->height == 0)
		return;
	if (h < 1)
		h = 1;
	/* Bars stand on one line, so that their heights can be told apart; a thin line runs in the middle. */
	rect.y += look == TL_LOOK_CREATED ? (rect.h - h) / 2 : rect.h - h;
	rect.h = h;
	tl_draw_rect(draw, rect, style->color);
	/* A pattern cannot be seen in a pixel or two, and there may be very many of these. */
	if (rect.w > 2)
		tl_draw_hatch(draw, rect, (enum tl_hatch)style->hatch, hatch_period, style->hatch_color);
}

static void regular(struct tl_draw *draw, float x, float y, float radius, unsigned n, float turn, uint32_t color)
{
	struct tl_point points[24];

	for (unsigned i = 0; i < n; i++) {
		float angle = (turn + (float)i / (float)n) * 6.2831853f;

		points[i] = (struct tl_point){x + radius * cosf(angle), y + radius * sinf(angle)};
	}
	tl_draw_polygon(draw, points, n, color);
}

/* A circle with an i, a triangle with a !, an octagon with a cross. */
void tl_theme_severity(const struct tl_theme *theme, struct tl_draw *draw, float x, float y, float size,
		       enum tl_severity severity)
{
	uint32_t color = theme->colors[TL_COLOR_INFO + severity], sign = theme->colors[TL_COLOR_ON_SEVERITY];
	uint32_t halo = (theme->colors[TL_COLOR_BACK] & 0xFFFFFFu) | 0xD0000000u;
	float r = size / 2, bar = fmaxf(size / 8, 1.2f);

	if (severity == TL_ERROR) {
		float d = r * 0.38f;
		struct tl_point a[] = {{x - d, y - d}, {x + d, y + d}}, b[] = {{x - d, y + d}, {x + d, y - d}};

		regular(draw, x, y, r * 1.28f, 8, 0.0625f, halo);
		regular(draw, x, y, r * 1.05f, 8, 0.0625f, color);
		tl_draw_lines(draw, a, 2, bar, sign);
		tl_draw_lines(draw, b, 2, bar, sign);
	} else if (severity == TL_WARNING) {
		struct tl_point a[] = {{x, y - r * 0.35f}, {x, y + r * 0.22f}};
		struct tl_point b[] = {{x, y + r * 0.42f}, {x, y + r * 0.42f + bar}};

		regular(draw, x, y + r * 0.2f, r * 1.52f, 3, -0.25f, halo);
		regular(draw, x, y + r * 0.2f, r * 1.25f, 3, -0.25f, color);
		tl_draw_lines(draw, a, 2, bar, sign);
		tl_draw_lines(draw, b, 2, bar, sign);
	} else {
		struct tl_point a[] = {{x, y - r * 0.1f}, {x, y + r * 0.55f}};
		struct tl_point b[] = {{x, y - r * 0.55f}, {x, y - r * 0.55f + bar}};

		regular(draw, x, y, r * 1.2f, 20, 0, halo);
		regular(draw, x, y, r, 20, 0, color);
		tl_draw_lines(draw, a, 2, bar, sign);
		tl_draw_lines(draw, b, 2, bar, sign);
	}
}
