/*
 * The text of a trace's metadata file, whether it is plain or in packets as LTTng
 * writes it (CTF 1.8.3, section 7.1). Knows nothing of what the text says.
 */
#ifndef TL_READ_METADATA_TEXT_H
#define TL_READ_METADATA_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * All of the text, not ended by NUL, and its size; the caller frees it. NULL: it
 * cannot be had. What follows a damaged packet is left out, and *is_whole false.
 */
char *tl_metadata_load(const char *path, size_t *size, bool *is_whole);

#endif
