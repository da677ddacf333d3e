/*
 * The palette as people with each of the common kinds of colour blindness see it:
 * states that fill pixels stay apart by colour alone (a bar of a pixel shows no
 * hatch), or else by height; severities by shape too.
 *
 * Simulation: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-
 * based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009,
 * matrices of severity 1.0, in linear RGB. Distance: CIE 1976 L*a*b*, D65, by
 * IEC 61966-2-1 (sRGB).
 */
#include "tests/unit/unit.h"

#include <math.h>

#include "tests/unit/ui/fake_fonts.h"
#include "viewer/ui/theme.h"

#define APART 20          /* of CIE L*a*b*; 2.3 can just be seen side by side */
#define APART_HEIGHT 30   /* per cent of a bar */
#define TEXT_CONTRAST 4.5 /* WCAG 2.1, level AA */

static const struct vision {
	const char *name;
	double matrix[3][3];
} visions[] = {
	{"ordinary", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
	{"protanopia",
	 {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
	{"deuteranopia",
	 {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
	{"tritanopia",
	 {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
};
#define N_VISIONS (sizeof visions / sizeof *visions)

static const struct tl_theme *const themes[] = {&tl_theme_dark, &tl_theme_light};
#define N_THEMES (sizeof themes / sizeof *themes)

static double linear(unsigned byte)
{
	double c = byte / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static void linear_rgb(uint32_t color, double rgb[3])
{
	for (int i = 0; i < 3; i++)
		rgb[i] = linear(color >> (16 - 8 * i) & 0xFF);
}

static double lab_curve(double t)
{
	return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static void lab_of(uint32_t color, const struct vision *vision, double lab[3])
{
	double rgb[3], seen[3], x, y, z;

	linear_rgb(color, rgb);
	for (int i = 0; i < 3; i++)
		seen[i] = fmin(fmax(vision->matrix[i][0] * rgb[0] + vision->matrix[i][1] * rgb[1] +
					    vision->matrix[i][2] * rgb[2],
				    0),
			       1);
	x = lab_curve((0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047);
	y = lab_curve(0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2]);
	z = lab_curve((0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883);
	lab[0] = 116 * y - 16;
	lab[1] = 500 * (x - y);
	lab[2] = 200 * (y - z);
}

static double distance(uint32_t a, uint32_t b, const struct vision *vision)
{
	double p[3], q[3];

	lab_of(a, vision, p);
	lab_of(b, vision, q);
	return sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) + (p[2] - q[2]) * (p[2] - q[2]));
}

/* A simulation that changes nothing, or everything, would prove nothing. */
static void test_simulation_is_what_it_should_be(void **state)
{
	double lab[3];

	(void)state;
	lab_of(0xFFFFFF, &visions[0], lab);
	assert_true(fabs(lab[0] - 100) < 0.01 && fabs(lab[1]) < 0.05 && fabs(lab[2]) < 0.05);
	lab_of(0xFF0000, &visions[0], lab); /* as in every table of sRGB */
	assert_true(fabs(lab[0] - 53.24) < 0.05 && fabs(lab[1] - 80.09) < 0.05 && fabs(lab[2] - 67.20) < 0.05);
	/* Red and green of one lightness are far apart, but not to whoever lacks one of the two cones. */
	assert_true(distance(0xC04040, 0x408020, &visions[0]) > 60);
	assert_true(distance(0xC04040, 0x408020, &visions[2]) < 30);
	/* Blue and green are what tritanopia confuses. */
	assert_true(distance(0x008090, 0x0080C0, &visions[3]) < distance(0x008090, 0x0080C0, &visions[0]));
	for (size_t v = 0; v < N_VISIONS; v++)
		assert_true(distance(0x000000, 0xFFFFFF, &visions[v]) > 95); /* grey stays grey */
}

static void test_states_are_apart_in_every_vision(void **state)
{
	(void)state;
	for (size_t t = 0; t < N_THEMES; t++)
		for (unsigned a = TL_LOOK_CREATED; a < TL_N_LOOKS; a++)
			for (unsigned b = a + 1; b < TL_N_LOOKS; b++)
				for (size_t v = 0; v < N_VISIONS; v++) {
					const struct tl_look_style *p = &themes[t]->looks[a], *q = &themes[t]->looks[b];
					double apart = distance(p->color, q->color, &visions[v]);

					/* What is created is a thin line and nothing else is; the overview has no heights. */
					if (a == TL_LOOK_CREATED && abs(p->height - q->height) >= APART_HEIGHT)
						continue;
					if (apart < APART)
						fail_msg("%s, %s: \"%s\" and \"%s\" are %.1f apart", themes[t]->name,
							 visions[v].name, tl_look_text((enum tl_look)a),
							 tl_look_text((enum tl_look)b), apart);
				}
}

/* Whoever sees no colour at all has hatch and height: no two blocked or unknown looks share both. */
static void test_states_have_shapes(void **state)
{
	(void)state;
	for (size_t t = 0; t < N_THEMES; t++)
		for (unsigned a = TL_LOOK_CREATED; a < TL_N_LOOKS; a++) {
			const struct tl_look_style *p = &themes[t]->looks[a];

			for (unsigned b = a + 1; b < TL_N_LOOKS; b++) {
				const struct tl_look_style *q = &themes[t]->looks[b];

				assert_true(p->hatch != q->hatch || abs(p->height - q->height) >= APART_HEIGHT);
			}
			/* A hatch that cannot be seen is none; most are mixed into the bar's colour. */
			if (p->hatch != TL_HATCH_NONE && p->hatch_color >> 24 == 0xFF)
				assert_true(distance(p->color, p->hatch_color, &visions[0]) > APART);
			assert_true(p->hatch == TL_HATCH_NONE || p->hatch_color >> 24 >= 0x30);
		}
}

/* What a bar stands on: the stripe or the background; an unknown stretch is told by its hatch there. */
static void test_states_are_seen_on_the_background(void **state)
{
	static const unsigned backs[] = {TL_COLOR_BACK, TL_COLOR_STRIPE};

	(void)state;
	for (size_t t = 0; t < N_THEMES; t++)
		for (unsigned look = TL_LOOK_CREATED; look < TL_N_LOOKS; look++)
			for (size_t i = 0; i < 2 * N_VISIONS; i++) {
				const struct tl_look_style *style = &themes[t]->looks[look];
				uint32_t color = look == TL_LOOK_GAP ? style->hatch_color : style->color;

				assert_true(distance(color, themes[t]->colors[backs[i % 2]], &visions[i / 2]) > APART);
			}
}

static void test_severities_are_apart_and_have_shapes(void **state)
{
	unsigned corners[TL_ERROR + 1];

	(void)state;
	for (size_t t = 0; t < N_THEMES; t++)
		for (unsigned a = TL_INFO; a <= TL_ERROR; a++) {
			struct tl_draw draw;

			for (unsigned b = a + 1; b <= TL_ERROR; b++)
				for (size_t v = 0; v < N_VISIONS; v++)
					assert_true(distance(themes[t]->colors[TL_COLOR_INFO + a],
							     themes[t]->colors[TL_COLOR_INFO + b],
							     &visions[v]) > APART);
			tl_draw_init(&draw, &fake_fonts);
			tl_theme_severity(themes[t], &draw, 50, 50, 20, (enum tl_severity)a);
			assert_int_equal(draw.commands.items[0].kind, TL_DRAW_POLYGON);
			corners[a] = draw.commands.items[0].n;
			for (unsigned b = TL_INFO; b < a; b++)
				assert_int_not_equal(corners[a], corners[b]);
			tl_draw_finish(&draw);
		}
}

/* Relative luminance; see WCAG 2.1, "contrast ratio". */
static double contrast(uint32_t a, uint32_t b)
{
	double p[3], q[3], x, y;

	linear_rgb(a, p);
	linear_rgb(b, q);
	x = 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2] + 0.05;
	y = 0.2126 * q[0] + 0.7152 * q[1] + 0.0722 * q[2] + 0.05;
	return x > y ? x / y : y / x;
}

static void test_text_can_be_read(void **state)
{
	static const uint8_t pairs[][2] = {
		{TL_COLOR_TEXT, TL_COLOR_BACK},      {TL_COLOR_TEXT, TL_COLOR_STRIPE},
		{TL_COLOR_TEXT, TL_COLOR_PANEL},     {TL_COLOR_DIM, TL_COLOR_BACK},
		{TL_COLOR_DIM, TL_COLOR_PANEL},      {TL_COLOR_DIM, TL_COLOR_STRIPE},
		{TL_COLOR_NOTE_TEXT, TL_COLOR_NOTE}, {TL_COLOR_REGION_TEXT, TL_COLOR_REGION},
		{TL_COLOR_BACK, TL_COLOR_ACCENT}, /* the length of a measured range, a badge */
	};

	(void)state;
	for (size_t t = 0; t < N_THEMES; t++) {
		for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
			if (contrast(themes[t]->colors[pairs[i][0]], themes[t]->colors[pairs[i][1]]) < TEXT_CONTRAST)
				fail_msg("%s: colour %u on %u", themes[t]->name, pairs[i][0], pairs[i][1]);
		for (unsigned look = TL_LOOK_CREATED; look < TL_N_LOOKS; look++) {
			const struct tl_look_style *style = &themes[t]->looks[look];

			/* A thin line has no text. */
			if (style->height >= APART_HEIGHT && contrast(style->text_color, style->color) < TEXT_CONTRAST)
				fail_msg("%s: \"%s\" has a text of contrast %.2f", themes[t]->name,
					 tl_look_text((enum tl_look)look), contrast(style->text_color, style->color));
		}
	}
}

TL_UNIT_MAIN(cmocka_unit_test(test_simulation_is_what_it_should_be),
	     cmocka_unit_test(test_states_are_apart_in_every_vision), cmocka_unit_test(test_states_have_shapes),
	     cmocka_unit_test(test_states_are_seen_on_the_background),
	     cmocka_unit_test(test_severities_are_apart_and_have_shapes), cmocka_unit_test(test_text_can_be_read))
