/*
 * The text of a trace's metadata file, whether it is plain or in packets as LTTng
 * writes it (CTF 1.8.3, section 7.1). Knows nothing of what the text says.
 */
#ifndef TL_READ_METADATA_TEXT_H
#define TL_READ_METADATA_TEXT_H

#include <stddef.h>

enum tl_metadata_form {
	TL_METADATA_PLAIN,
	TL_METADATA_PACKETS,
	TL_METADATA_DAMAGED, /* packets, and what follows a damaged one was left out */
};

/* All of the text, not ended by NUL, and its size; the caller frees it. NULL: it cannot be had. */
char *tl_metadata_load(const char *path, size_t *size, enum tl_metadata_form *form);

#endif
