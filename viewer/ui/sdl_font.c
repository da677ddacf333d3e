/*
 * Glyphs from the system's fonts: fontconfig names the files, SDL_ttf draws each
 * glyph once, a cache keeps it. A character that the first font lacks is looked
 * for in the others that fontconfig proposes.
 */
#include <SDL.h>
#include <SDL_ttf.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "viewer/base/table.h"

#include "viewer/ui/sdl.h"

#define MOST_GLYPHS 20000
#define MOST_FALLBACKS 24

/* What fontconfig is asked for, and the height in px at scale 1. */
static const struct {
	const char *pattern;
	double size;
} wanted[TL_N_FONTS] = {
	[TL_FONT_TEXT] = {"sans-serif", 13},
	[TL_FONT_BOLD] = {"sans-serif:bold", 13},
	[TL_FONT_SMALL] = {"sans-serif", 11},
	[TL_FONT_MONO] = {"monospace", 12},
};

struct entry {
	uint32_t key; /* font << 24 | code point */
	struct tl_glyph glyph;
	UT_hash_handle hh;
};

struct face {
	TTF_Font *fonts[1 + MOST_FALLBACKS]; /* [0] is the one asked for; others are opened when needed */
	FcFontSet *set;                      /* what fontconfig proposes, best first */
	int line_height, ascent;
};

struct system_fonts {
	struct face faces[TL_N_FONTS];
	struct entry *entries;
	const struct tl_glyph *ascii[TL_N_FONTS][128];
	struct tl_glyph nothing;
	double scale;
};

static int open_size(double scale, enum tl_font font)
{
	int px = (int)lround(wanted[font].size * scale);

	return px < 6 ? 6 : px;
}

static TTF_Font *open_match(const FcPattern *match, int px)
{
	FcChar8 *file;
	int index = 0;
	TTF_Font *font;

	if (FcPatternGetString(match, FC_FILE, 0, &file) != FcResultMatch)
		return NULL;
	FcPatternGetInteger(match, FC_INDEX, 0, &index);
	font = TTF_OpenFontIndex((const char *)file, px, index & 0xFFFF);
	if (font)
		TTF_SetFontHinting(font, TTF_HINTING_LIGHT);
	return font;
}

static int find_set(struct face *face, const char *text)
{
	FcPattern *pattern = FcNameParse((const FcChar8 *)text);
	FcResult result;

	if (!pattern)
		return -1;
	FcConfigSubstitute(NULL, pattern, FcMatchPattern);
	FcDefaultSubstitute(pattern);
	face->set = FcFontSort(NULL, pattern, FcTrue, NULL, &result);
	FcPatternDestroy(pattern);
	return face->set && face->set->nfont > 0 ? 0 : -1;
}

static void forget_glyphs(struct system_fonts *system)
{
	struct entry *entry, *next;

	HASH_ITER(hh, system->entries, entry, next) {
		HASH_DEL(system->entries, entry);
		free((void *)(uintptr_t)entry->glyph.mask);
		free(entry);
	}
	memset(system->ascii, 0, sizeof system->ascii);
}

static void close_faces(struct face *faces)
{
	for (int f = 0; f < TL_N_FONTS; f++)
		for (int i = 0; i <= MOST_FALLBACKS; i++) {
			if (faces[f].fonts[i])
				TTF_CloseFont(faces[f].fonts[i]);
			faces[f].fonts[i] = NULL;
		}
}

static int open_faces(struct system_fonts *system, double scale)
{
	struct face fresh[TL_N_FONTS];

	memcpy(fresh, system->faces, sizeof fresh);
	for (int f = 0; f < TL_N_FONTS; f++)
		memset(fresh[f].fonts, 0, sizeof fresh[f].fonts);
	for (int f = 0; f < TL_N_FONTS; f++) {
		/* A file that cannot be opened (a bitmap font) gives way to the next. */
		for (int i = 0; !fresh[f].fonts[0] && i < fresh[f].set->nfont; i++)
			fresh[f].fonts[0] = open_match(fresh[f].set->fonts[i], open_size(scale, (enum tl_font)f));
		if (!fresh[f].fonts[0]) {
			close_faces(fresh);
			return -1;
		}
		fresh[f].line_height = TTF_FontHeight(fresh[f].fonts[0]);
		fresh[f].ascent = TTF_FontAscent(fresh[f].fonts[0]);
	}
	forget_glyphs(system);
	close_faces(system->faces);
	memcpy(system->faces, fresh, sizeof fresh);
	system->scale = scale;
	return 0;
}

/* A font of the face that has the character; the first one when none has. */
static TTF_Font *font_with(struct system_fonts *system, enum tl_font f, uint32_t code)
{
	struct face *face = &system->faces[f];

	if (TTF_GlyphIsProvided32(face->fonts[0], code))
		return face->fonts[0];
	for (int i = 0; i < face->set->nfont && i < MOST_FALLBACKS; i++) {
		FcCharSet *chars;

		if (FcPatternGetCharSet(face->set->fonts[i], FC_CHARSET, 0, &chars) != FcResultMatch ||
		    !FcCharSetHasChar(chars, code))
			continue;
		if (!face->fonts[i + 1])
			face->fonts[i + 1] = open_match(face->set->fonts[i], open_size(system->scale, f));
		if (face->fonts[i + 1] && TTF_GlyphIsProvided32(face->fonts[i + 1], code))
			return face->fonts[i + 1];
	}
	return face->fonts[0];
}

/* The alpha of a drawn glyph; NULL for blanks and on failure. */
static uint8_t *take_mask(SDL_Surface *surface)
{
	uint8_t *mask = malloc((size_t)surface->w * (size_t)surface->h);

	for (int y = 0; mask && y < surface->h; y++) {
		const uint32_t *row = (const void *)((const uint8_t *)surface->pixels +
						     (size_t)y * (size_t)surface->pitch);

		for (int x = 0; x < surface->w; x++)
			mask[(size_t)y * (size_t)surface->w + (size_t)x] = (uint8_t)(row[x] >> 24);
	}
	return mask;
}

static void draw_glyph(struct system_fonts *system, enum tl_font f, uint32_t code, struct tl_glyph *glyph)
{
	TTF_Font *font = font_with(system, f, code);
	int minx = 0, advance = 0;
	SDL_Surface *surface;

	if (TTF_GlyphMetrics32(font, code, &minx, NULL, NULL, NULL, &advance) != 0)
		return;
	glyph->advance = advance > 0 ? advance : 0;
	surface = code == ' ' ? NULL : TTF_RenderGlyph32_Blended(font, code, (SDL_Color){255, 255, 255, 255});
	if (!surface)
		return;
	glyph->mask = take_mask(surface);
	glyph->w = surface->w;
	glyph->h = surface->h;
	glyph->left = minx < 0 ? minx : 0;
	glyph->top = system->faces[f].ascent - TTF_FontAscent(font);
	SDL_FreeSurface(surface);
}

static const struct tl_glyph *get_glyph(void *data, enum tl_font f, uint32_t code)
{
	struct system_fonts *system = data;
	uint32_t key = (uint32_t)f << 24 | (code & 0xFFFFFF);
	struct entry *entry;

	if (code < 128 && system->ascii[f][code])
		return system->ascii[f][code];
	HASH_FIND(hh, system->entries, &key, sizeof key, entry);
	if (!entry) {
		if (HASH_COUNT(system->entries) >= MOST_GLYPHS)
			forget_glyphs(system);
		entry = calloc(1, sizeof *entry);
		if (!entry)
			return &system->nothing;
		entry->key = key;
		draw_glyph(system, f, code, &entry->glyph);
		HASH_ADD(hh, system->entries, key, sizeof key, entry);
	}
	if (code < 128)
		system->ascii[f][code] = &entry->glyph;
	return &entry->glyph;
}

static int get_line_height(void *data, enum tl_font f)
{
	return ((struct system_fonts *)data)->faces[f].line_height;
}

static int set_scale(void *data, double scale)
{
	struct system_fonts *system = data;

	return scale == system->scale ? 0 : open_faces(system, scale);
}

int tl_sdl_fonts_init(struct tl_fonts *fonts, struct tl_error *error)
{
	struct system_fonts *system = calloc(1, sizeof *system);

	memset(fonts, 0, sizeof *fonts);
	if (!system)
		return tl_error_set(error, TL_ENOMEM, "out of memory for fonts");
	*fonts = (struct tl_fonts){system, get_glyph, get_line_height, set_scale};
	if (TTF_Init() != 0) {
		tl_error_set(error, TL_EIO, "SDL_ttf does not start: %s", TTF_GetError());
		goto fail;
	}
	if (!FcInit()) {
		tl_error_set(error, TL_EIO, "fontconfig does not start");
		goto fail;
	}
	for (int f = 0; f < TL_N_FONTS; f++) {
		if (find_set(&system->faces[f], wanted[f].pattern) != 0) {
			tl_error_set(error, TL_EIO, "fontconfig knows no font for \"%s\"", wanted[f].pattern);
			tl_error_add(error,
				     "no font to write with: install one, on Debian: apt install fonts-dejavu-core");
			goto fail;
		}
	}
	if (open_faces(system, 1) != 0) {
		tl_error_set(error, TL_EIO, "no font that fontconfig proposes can be opened: %s", TTF_GetError());
		tl_error_add(error, "no font to write with: install one, on Debian: apt install fonts-dejavu-core");
		goto fail;
	}
	return 0;
fail:
	tl_sdl_fonts_finish(fonts);
	return error ? error->code : TL_EIO;
}

void tl_sdl_fonts_finish(struct tl_fonts *fonts)
{
	struct system_fonts *system = fonts->data;

	if (!system)
		return;
	forget_glyphs(system);
	close_faces(system->faces);
	for (int f = 0; f < TL_N_FONTS; f++)
		if (system->faces[f].set)
			FcFontSetDestroy(system->faces[f].set);
	free(system);
	fonts->data = NULL;
	if (TTF_WasInit())
		TTF_Quit();
	FcFini();
}
