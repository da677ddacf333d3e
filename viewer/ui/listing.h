/*
 * A few lines of source code, if the file is there. Names of files come from the
 * debug information of what was traced, so they are not trusted: only regular
 * files of text of a moderate size are read.
 */
#ifndef TL_UI_LISTING_H
#define TL_UI_LISTING_H

#include <stddef.h>

struct tl_listing;

/* NULL without memory. Keeps the last few files; one owner. */
struct tl_listing *tl_listing_create(void);
/* Accepts NULL. */
void tl_listing_destroy(struct tl_listing *text);

/*
 * Line `line` (from 1) of a file as it is, without its end, cut to `size`; NULL
 * when there is no such file or line. Returns `buffer`. Accepts a NULL `text`.
 */
const char *tl_listing_line(struct tl_listing *text, const char *path, int line, char *buffer, size_t size);

#endif
