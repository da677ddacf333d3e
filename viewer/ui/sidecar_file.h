/* What the two files of a trace share: see sidecar.h. Only sidecar*.c are users. */
#ifndef TL_UI_SIDECAR_FILE_H
#define TL_UI_SIDECAR_FILE_H

#include "viewer/ui/sidecar.h"

/*
 * Reads a file that begins with `magic` and the trace's line, and gives each
 * further line to `take`, which returns false to refuse it. A file that is not
 * there is read as an empty one. 0, or a negative code with the reason.
 */
int tl_sidecar_read(const struct tl_sidecar *sidecar, const char *path, const char *magic,
		    bool (*take)(void *data, char *line), void *data, struct tl_error *error);

/* A number at the begin of `text`, which is moved behind it and the blank that follows. */
bool tl_sidecar_number(char **text, int64_t *value);

#endif
