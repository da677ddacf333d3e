/*
 * Aligned tables of text, no wider than a page: columns are as wide as what they
 * hold, and those that may be cut give way, the widest first. Widths count code
 * points. Knows nothing of what the cells mean.
 */
#ifndef TL_REPORT_COLUMNS_H
#define TL_REPORT_COLUMNS_H

#include <stdio.h>

#include "viewer/base/arena.h"
#include "viewer/base/vec.h"

#define TL_PAGE_WIDTH 100
#define TL_COLUMNS 12

enum tl_column_kind {
	TL_COLUMN_TEXT,   /* to the left; may be cut, at its end */
	TL_COLUMN_NAME,   /* the same, but what tells rows apart: cut last */
	TL_COLUMN_NUMBER, /* to the right; never cut */
};

struct tl_columns {
	struct tl_arena arena;
	unsigned n; /* columns */
	enum tl_column_kind kinds[TL_COLUMNS];
	TL_VEC(const char *) cells; /* row by row; the first row is the head */
	int failed;                 /* no memory for a cell */
};

/*
 * Begins a table of columns that are called `heads` (ended by NULL); 
 * a head that begins with '>' is of numbers, with '!' of names.
 */
void tl_columns_init(struct tl_columns *table, const char *const *heads);

/* The next cell, copied; it must be escaped. */
void tl_columns_cell(struct tl_columns *table, const char *text);
void tl_columns_format(struct tl_columns *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Writes the table, each line indented by two, and frees it. Columns with nothing
 * in them are left out, and a table without rows altogether. -1: no memory.
 */
int tl_columns_write(struct tl_columns *table, FILE *out);

#endif
