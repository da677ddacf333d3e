/*
 * Writes a file as a whole or not at all: beside its name, then renamed. What is
 * no regular file (a pipe, a device) is written to as it is.
 */
#ifndef TL_UI_OUT_FILE_H
#define TL_UI_OUT_FILE_H

#include <stdio.h>

#include "viewer/base/error.h"

/* `write` returns 0, or a negative code with `error` set; that the bytes arrive is seen to here. */
int tl_out_file(const char *path, int (*write)(FILE *file, const void *data, struct tl_error *error), const void *data,
		struct tl_error *error);

#endif
