/* Reads an earlier report; see baseline.h. */
#include "viewer/report/baseline.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

struct known {
	char print[TL_FINGERPRINT];
	int severity;
};

struct tl_baseline {
	size_t n;
	struct known *list; /* sorted by print, the most severe of each first */
};

static int compare(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	int order = memcmp(x->print, y->print, TL_FINGERPRINT);

	return order ? order : y->severity - x->severity;
}

/* A member that is text; NULL: there is none. */
static const char *member(struct json_object *object, const char *key)
{
	struct json_object *found = NULL;

	if (!json_object_is_type(object, json_type_object) || !json_object_object_get_ex(object, key, &found) ||
	    !json_object_is_type(found, json_type_string))
		return NULL;
	return json_object_get_string(found);
}

static int severity_of(const char *text)
{
	for (int s = TL_ERROR; text && s > TL_INFO; s--)
		if (strcmp(text, tl_severity_text((enum tl_severity)s)) == 0)
			return s;
	return TL_INFO;
}

static int fill(struct tl_baseline *baseline, struct json_object *findings, struct tl_error *error)
{
	size_t n = json_object_array_length(findings);

	baseline->list = calloc(n + 1, sizeof *baseline->list);
	if (!baseline->list)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);
		const char *print = member(finding, "fingerprint");

		if (!print || strlen(print) != TL_FINGERPRINT - 1)
			return tl_error_set(error, TL_EFORMAT,
					    "its finding %zu has no fingerprint: was it made by an older version?",
					    i + 1);
		memcpy(baseline->list[i].print, print, TL_FINGERPRINT);
		baseline->list[i].severity = severity_of(member(finding, "severity"));
		baseline->n++;
	}
	qsort(baseline->list, n, sizeof *baseline->list, compare);
	return 0;
}

static int unreadable(struct tl_error *error)
{
	const char *why = json_util_get_last_err();

	/* Its messages end with a line's end. */
	return tl_error_set(error, TL_EFORMAT, "it cannot be read, or is not JSON: %.*s",
			    (int)strcspn(why ? why : "", "\n"), why ? why : "");
}

struct tl_baseline *tl_baseline_read(const char *path, struct tl_error *error)
{
	struct tl_baseline *baseline = calloc(1, sizeof *baseline);
	struct json_object *root = json_object_from_file(path), *findings = NULL;
	int result;

	if (!baseline)
		result = tl_error_set(error, TL_ENOMEM, "out of memory");
	else if (!root)
		result = unreadable(error);
	else if (!json_object_is_type(root, json_type_object) ||
		 !json_object_object_get_ex(root, "findings", &findings) ||
		 !json_object_is_type(findings, json_type_array))
		result = tl_error_set(error, TL_EFORMAT, "it is not what `threadline check --format json` prints");
	else
		result = fill(baseline, findings, error);
	json_object_put(root);
	if (result == 0)
		return baseline;
	tl_error_add(error, "the baseline %s cannot be used", path);
	tl_baseline_destroy(baseline);
	return NULL;
}

void tl_baseline_destroy(struct tl_baseline *baseline)
{
	if (!baseline)
		return;
	free(baseline->list);
	free(baseline);
}

bool tl_baseline_knows(const struct tl_baseline *baseline, const char *fingerprint, enum tl_severity severity)
{
	size_t low = 0, high = baseline->n;

	/* The first that is not before it. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(baseline->list[middle].print, fingerprint) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < baseline->n && strcmp(baseline->list[low].print, fingerprint) == 0 &&
	       baseline->list[low].severity >= (int)severity;
}
