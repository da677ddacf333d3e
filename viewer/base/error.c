/* Errors as chains of causes; see error.h. */
#include "viewer/base/error.h"

#include <stdarg.h>

#include "viewer/base/text.h"

void tl_error_init(struct tl_error *error)
{
	error->code = 0;
	error->n = 0;
}

static void push(struct tl_error *error, const char *format, va_list args)
{
	/* A chain that is full keeps its root and gives up the newest place. */
	int at = error->n < TL_ERROR_CAUSES ? error->n++ : TL_ERROR_CAUSES - 1;

	vsnprintf(error->cause[at], sizeof error->cause[at], format, args);
}

int tl_error_set(struct tl_error *error, int code, const char *format, ...)
{
	va_list args;

	if (!error)
		return code;
	tl_error_init(error);
	error->code = code;
	va_start(args, format);
	push(error, format, args);
	va_end(args);
	return code;
}

int tl_error_add(struct tl_error *error, const char *format, ...)
{
	va_list args;

	if (!error)
		return -1;
	va_start(args, format);
	push(error, format, args);
	va_end(args);
	if (error->code == 0)
		error->code = TL_EIO;
	return error->code;
}

void tl_error_print(const struct tl_error *error, const char *prefix, FILE *out)
{
	for (int i = error->n - 1; i >= 0; i--) {
		fputs(prefix, out);
		if (i < error->n - 1)
			fputs("  because: ", out);
		tl_text_escape(out, error->cause[i]);
		fputc('\n', out);
	}
}
