/* Pictures into PNG files, with SDL_image; see sdl.h. */
#include <SDL.h>
#include <SDL_image.h>

#include "viewer/ui/out_file.h"
#include "viewer/ui/sdl.h"

static int save(FILE *file, const void *data, struct tl_error *error)
{
	const struct tl_pixels *pixels = data;
	SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormatFrom(pixels->data, pixels->width, pixels->height, 32,
								  pixels->pitch * 4, SDL_PIXELFORMAT_ARGB8888);
	SDL_RWops *out = SDL_RWFromFP(file, SDL_FALSE);
	int result = 0;

	if (!surface || !out || IMG_SavePNG_RW(surface, out, 0) != 0)
		result = tl_error_set(error, TL_EIO, "the picture cannot be written: %s", SDL_GetError());
	if (out)
		SDL_RWclose(out);
	SDL_FreeSurface(surface);
	return result;
}

int tl_sdl_write_png(const char *path, const struct tl_pixels *pixels, struct tl_error *error)
{
	return tl_out_file(path, save, pixels, error);
}
