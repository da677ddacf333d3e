/* Aligned tables of text; see columns.h. */
#include "viewer/report/columns.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "viewer/base/text.h"

#define INDENT 2
#define GAP 2
/* What a column that may be cut keeps. */
static const size_t least[] = {[TL_COLUMN_TEXT] = 12, [TL_COLUMN_NAME] = 28, [TL_COLUMN_NUMBER] = SIZE_MAX};

void tl_columns_init(struct tl_columns *table, const char *const *heads)
{
	memset(table, 0, sizeof *table);
	tl_arena_init(&table->arena);
	for (; heads[table->n] && table->n < TL_COLUMNS; table->n++) {
		const char *head = heads[table->n];

		table->kinds[table->n] = *head == '>'   ? TL_COLUMN_NUMBER
					 : *head == '!' ? TL_COLUMN_NAME
							: TL_COLUMN_TEXT;
		tl_columns_cell(table, head + (table->kinds[table->n] != TL_COLUMN_TEXT));
	}
}

void tl_columns_cell(struct tl_columns *table, const char *text)
{
	const char *copy = tl_arena_string(&table->arena, text);

	if (!copy || tl_vec_push(&table->cells, copy) != 0)
		table->failed = 1;
}

void tl_columns_format(struct tl_columns *table, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	tl_columns_cell(table, text);
}

static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xC0) != 0x80;
	return width;
}

/* How many bytes the first `width` code points take. */
static size_t bytes_of(const char *text, size_t width)
{
	size_t n = 0;

	for (; text[n]; n++)
		if (((unsigned char)text[n] & 0xC0) != 0x80 && width-- == 0)
			break;
	return n;
}

static void measure(const struct tl_columns *table, size_t *widths)
{
	for (unsigned c = 0; c < table->n; c++) {
		bool used = false;

		widths[c] = width_of(table->cells.items[c]);
		for (size_t i = table->n + c; i < table->cells.n; i += table->n) {
			size_t width = width_of(table->cells.items[i]);

			used |= width > 0;
			widths[c] = width > widths[c] ? width : widths[c];
		}
		if (!used)
			widths[c] = 0;
	}
}

static void fit(const struct tl_columns *table, size_t *widths)
{
	for (;;) {
		size_t total = INDENT;
		unsigned widest = table->n;

		for (unsigned c = 0; c < table->n; c++) {
			total += widths[c] ? widths[c] + GAP : 0;
			if (widths[c] > least[table->kinds[c]] && (widest == table->n || widths[c] > widths[widest]))
				widest = c;
		}
		if (total <= TL_PAGE_WIDTH + GAP || widest == table->n)
			return;
		widths[widest]--;
	}
}

static void write_row(const struct tl_columns *table, const char *const *cells, const size_t *widths, FILE *out)
{
	int blank = INDENT;

	for (unsigned c = 0; c < table->n; c++) {
		size_t width = width_of(cells[c]);

		if (widths[c] == 0)
			continue;
		if (table->kinds[c] == TL_COLUMN_NUMBER)
			fprintf(out, "%*s%s", blank + (int)(widths[c] - width), "", cells[c]);
		else if (width > widths[c])
			fprintf(out, "%*s%.*s...", blank, "", (int)bytes_of(cells[c], widths[c] - 3), cells[c]);
		else if (width > 0)
			fprintf(out, "%*s%s", blank, "", cells[c]);
		/* Blanks are written before what follows them, if anything does. */
		if (table->kinds[c] == TL_COLUMN_NUMBER || width >= widths[c])
			blank = GAP;
		else
			blank = (width ? 0 : blank) + GAP + (int)(widths[c] - width);
	}
	fputc('\n', out);
}

int tl_columns_write(struct tl_columns *table, FILE *out)
{
	size_t widths[TL_COLUMNS] = {0};
	int failed = table->failed;

	if (!failed && table->cells.n > table->n) {
		measure(table, widths);
		fit(table, widths);
		for (size_t i = 0; i + table->n <= table->cells.n; i += table->n)
			write_row(table, table->cells.items + i, widths, out);
	}
	tl_vec_finish(&table->cells);
	tl_arena_finish(&table->arena);
	return failed ? -1 : 0;
}
