/* Values of json-c; see json_text.h. */
#include "viewer/report/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"

struct json_object *tl_json_text(const char *raw)
{
	size_t n = raw ? strlen(raw) : 0;
	struct json_object *made;
	char *safe;

	for (size_t at = 0, used; at < n; at += used) {
		used = tl_text_utf8(raw + at, n - at, NULL);
		if (used != 0)
			continue;
		safe = malloc(n * 8 + 1);
		if (!safe)
			return NULL;
		tl_text_escape_to(safe, n * 8 + 1, raw);
		made = json_object_new_string(safe);
		free(safe);
		return made;
	}
	return raw ? json_object_new_string(raw) : NULL;
}

void tl_json_add(struct json_object *object, const char *key, struct json_object *value)
{
	json_object_object_add(object, key, value);
}

int tl_json_write(struct json_object *root, FILE *out, struct tl_error *error)
{
	const char *written = json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
									   JSON_C_TO_STRING_NOSLASHESCAPE);
	int failed = !written || fputs(written, out) == EOF || fputc('\n', out) == EOF || fflush(out) != 0;

	json_object_put(root);
	return failed ? tl_error_set(error, TL_EIO, "the report could not be written") : 0;
}
