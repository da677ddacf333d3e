/*
 * The folder a recording is written to: made here, never one in which there is
 * something already, readable by its owner only.
 */
#ifndef TL_RECORD_OUTPUT_H
#define TL_RECORD_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "viewer/base/error.h"

struct tl_output {
	char path[PATH_MAX]; /* absolute */
	char name[PATH_MAX]; /* as the user would say it */
	bool made;           /* by us; otherwise it was there, and empty */
};

/*
 * Makes `wanted`, or for NULL ./threadline-PROGRAM-YYYYMMDD-HHMMSS (with a
 * number behind it if that is taken). A path in which something is already is
 * refused.
 */
int tl_output_create(struct tl_output *output, const char *wanted, const char *program, struct tl_error *error);

/* A new folder where temporary files are ($TMPDIR, else /tmp). */
int tl_output_create_temporary(struct tl_output *output, struct tl_error *error);

/* Takes back what create made, and what LTTng put into it. */
void tl_output_remove(struct tl_output *output);

/* Takes a folder and all in it away. */
void tl_output_remove_folder(const char *path);

/* Bytes that can still be written to where it lies; UINT64_MAX: not known. */
uint64_t tl_output_room(const struct tl_output *output);

/* Bytes of all files in it. */
uint64_t tl_output_bytes(const struct tl_output *output);

#endif
