/* Messages, URIs and locations of SARIF; see sarif.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/report/sarif.h"

struct json_object *tl_sarif_message(const char *text)
{
	struct json_object *object = json_object_new_object();
	size_t n = strlen(text), used = 0;
	char *plain = strstr(text, "](") ? malloc(2 * n + 1) : NULL;

	/* "[text](target)" is a link even in plain text, unless its brackets are escaped. */
	for (size_t i = 0; plain && i < n; i++) {
		if (text[i] == '[' || text[i] == ']')
			plain[used++] = '\\';
		plain[used++] = text[i];
	}
	if (plain)
		plain[used] = '\0';
	tl_json_add(object, "text", tl_json_text(plain ? plain : text));
	free(plain);
	return object;
}

/* Percent-encodes what RFC 3986 does not allow in a path. ':' only after the first slash, else it ends a scheme. */
static void encode(const char *path, char *out, size_t size)
{
	static const char plain[] = "-._~/!$&'()*+,;=@";
	size_t n = 0;

	for (; *path && n + 4 < size; path++) {
		unsigned char c = (unsigned char)*path;

		if (c < 0x80 && (isalnum(c) || strchr(plain, c)))
			out[n++] = (char)c;
		else
			n += (size_t)snprintf(out + n, size - n, "%%%02X", (unsigned)c);
	}
	out[n] = '\0';
}

static struct json_object *artifact(const struct tl_report *report, const struct tl_frame *frame)
{
	struct json_object *object = json_object_new_object();
	char path[TL_SOURCE_PATH], uri[3 * TL_SOURCE_PATH + 8] = "file://";
	bool relative;

	tl_report_source(report, frame->file, &relative, path);
	if (relative)
		uri[0] = '\0';
	encode(path, uri + strlen(uri), sizeof uri - strlen(uri));
	tl_json_add(object, "uri", tl_json_text(uri));
	/* The C library's relative files are from the folder in which somebody else built it. */
	if (relative && tl_report_is_own(frame))
		tl_json_add(object, "uriBaseId", tl_json_text(TL_SARIF_ROOT));
	return object;
}

static struct json_object *physical(const struct tl_report *report, const struct tl_frame *frame)
{
	struct json_object *object = json_object_new_object(), *region;

	tl_json_add(object, "artifactLocation", artifact(report, frame));
	if (frame->line > 0) {
		region = json_object_new_object();
		tl_json_add(region, "startLine", json_object_new_int(frame->line));
		tl_json_add(object, "region", region);
	}
	return object;
}

struct json_object *tl_sarif_location(const struct tl_report *report, const struct tl_frame *frame, const char *note)
{
	struct json_object *object = json_object_new_object(), *array, *function;

	if (frame && frame->file)
		tl_json_add(object, "physicalLocation", physical(report, frame));
	if (frame && frame->function) {
		function = json_object_new_object();
		tl_json_add(function, "fullyQualifiedName", tl_json_text(frame->function));
		tl_json_add(function, "kind", tl_json_text("function"));
		array = json_object_new_array();
		json_object_array_add(array, function);
		tl_json_add(object, "logicalLocations", array);
	}
	if (note)
		tl_json_add(object, "message", tl_sarif_message(note));
	return object;
}

struct json_object *tl_sarif_stack(const struct tl_report *report, const struct tl_proof *proof)
{
	struct json_object *object, *array, *one;
	size_t n;
	const struct tl_frame *frames = tl_report_stack(report, proof, &n);

	if (n == 0)
		return NULL;
	object = json_object_new_object();
	array = json_object_new_array();
	for (size_t i = 0; i < n; i++) {
		one = json_object_new_object();
		tl_json_add(one, "location", tl_sarif_location(report, &frames[i], NULL));
		if (frames[i].module)
			tl_json_add(one, "module", tl_json_text(frames[i].module));
		json_object_array_add(array, one);
	}
	tl_json_add(object, "frames", array);
	return object;
}
