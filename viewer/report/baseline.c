/* Reads an earlier report; see baseline.h. */
#include "viewer/report/baseline.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

struct tl_baseline {
	size_t n;
	char (*prints)[TL_FINGERPRINT]; /* sorted */
};

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, TL_FINGERPRINT);
}

static int fill(struct tl_baseline *baseline, struct json_object *findings, struct tl_error *error)
{
	size_t n = json_object_array_length(findings);

	baseline->prints = calloc(n + 1, sizeof *baseline->prints);
	if (!baseline->prints)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i), *print = NULL;

		if (!json_object_is_type(finding, json_type_object) ||
		    !json_object_object_get_ex(finding, "fingerprint", &print) ||
		    !json_object_is_type(print, json_type_string) ||
		    json_object_get_string_len(print) != TL_FINGERPRINT - 1)
			return tl_error_set(error, TL_EFORMAT,
					    "its finding %zu has no fingerprint: was it made by an older version?",
					    i + 1);
		memcpy(baseline->prints[baseline->n++], json_object_get_string(print), TL_FINGERPRINT);
	}
	qsort(baseline->prints, baseline->n, sizeof *baseline->prints, compare);
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
	free(baseline->prints);
	free(baseline);
}

bool tl_baseline_knows(const struct tl_baseline *baseline, const char *fingerprint)
{
	char key[TL_FINGERPRINT];

	snprintf(key, sizeof key, "%s", fingerprint);
	return bsearch(key, baseline->prints, baseline->n, sizeof *baseline->prints, compare) != NULL;
}
