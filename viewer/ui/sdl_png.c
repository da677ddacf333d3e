/* Pictures into PNG files, with SDL_image; see sdl.h. */
#include <SDL.h>
#include <SDL_image.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/ui/sdl.h"

static int save(FILE *file, const struct tl_pixels *pixels, const char *path, struct tl_error *error)
{
	SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormatFrom(pixels->data, pixels->width, pixels->height, 32,
								  pixels->pitch * 4, SDL_PIXELFORMAT_ARGB8888);
	SDL_RWops *out = SDL_RWFromFP(file, SDL_FALSE);
	int result = 0;

	if (!surface || !out || IMG_SavePNG_RW(surface, out, 0) != 0)
		result = tl_error_set(error, TL_EIO, "%s: %s", path, SDL_GetError());
	else if (fflush(file) != 0 || ferror(file))
		result = tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
	if (out)
		SDL_RWclose(out);
	SDL_FreeSurface(surface);
	return result;
}

/* Something that is no file (a pipe, a device) is written to as it is. */
static int save_directly(const char *path, const struct tl_pixels *pixels, struct tl_error *error)
{
	FILE *file = fopen(path, "wb");
	int result;

	if (!file)
		return tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
	result = save(file, pixels, path, error);
	if (fclose(file) != 0 && result == 0)
		result = tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
	return result;
}

/* mkstemp's files are for the owner only; a picture gets the usual rights. */
static void usual_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	(void)!fchmod(fd, 0666 & ~mask);
}

int tl_sdl_write_png(const char *path, const struct tl_pixels *pixels, struct tl_error *error)
{
	struct stat status;
	size_t size = strlen(path) + 8;
	char *beside;
	FILE *file;
	int fd, result;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return tl_error_set(error, TL_EUSAGE, "%s is a folder: name a file to write", path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return save_directly(path, pixels, error);
	beside = malloc(size);
	if (!beside)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	snprintf(beside, size, "%s.XXXXXX", path);
	fd = mkstemp(beside);
	file = fd >= 0 ? fdopen(fd, "wb") : NULL;
	if (!file) {
		result = tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
		if (fd >= 0) {
			close(fd);
			unlink(beside);
		}
		free(beside);
		return result;
	}
	usual_mode(fd);
	result = save(file, pixels, path, error);
	if (fclose(file) != 0 && result == 0)
		result = tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
	if (result == 0 && rename(beside, path) != 0)
		result = tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
	if (result != 0)
		unlink(beside);
	free(beside);
	return result;
}
