/*
 * Judges one event list and compares the findings with what the list expects:
 *
 *   # expect RULE SEVERITY CERTAINTY COUNT     one line for each finding
 *   # expect nothing
 *
 * Every finding must be expected and every expectation met; a list without
 * expectations is an error, so that no list can pass by saying nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/rules/check.h"
#include "viewer/rules/rule.h"

#define EXPECTED_MAX 32

struct expected {
	char rule[64], severity[16], certainty[16];
	uint64_t count;
	bool met;
};

static int read_expected(const char *path, struct expected *expected, size_t *n)
{
	char line[512], word[64];
	FILE *file = fopen(path, "r");
	bool any = false;

	*n = 0;
	if (!file)
		return -1;
	while (fgets(line, sizeof line, file) && *n < EXPECTED_MAX) {
		struct expected *e = &expected[*n];

		if (sscanf(line, "# expect %63s", word) != 1)
			continue;
		any = true;
		if (strcmp(word, "nothing") == 0)
			continue;
		memset(e, 0, sizeof *e);
		if (sscanf(line, "# expect %63s %15s %15s %" SCNu64, e->rule, e->severity, e->certainty, &e->count) !=
			    4 ||
		    !tl_rule_find(e->rule)) {
			fprintf(stderr, "not an expectation: %s", line);
			any = false;
			break;
		}
		(*n)++;
	}
	fclose(file);
	return any ? 0 : -1;
}

static bool meets(const struct tl_finding *finding, const struct expected *expected)
{
	return !expected->met && strcmp(finding->rule, expected->rule) == 0 &&
	       strcmp(tl_severity_text(finding->severity), expected->severity) == 0 &&
	       strcmp(tl_certainty_text(finding->certainty), expected->certainty) == 0 &&
	       finding->count == expected->count;
}

static int compare(const struct tl_findings *findings, struct expected *expected, size_t n)
{
	int wrong = 0;

	for (size_t i = 0; i < findings->list.n; i++) {
		const struct tl_finding *finding = &findings->list.items[i];
		size_t e = 0;

		while (e < n && !meets(finding, &expected[e]))
			e++;
		if (e < n) {
			expected[e].met = true;
			continue;
		}
		fprintf(stderr, "not expected: %s %s %s %" PRIu64 ": %s\n", finding->rule,
			tl_severity_text(finding->severity), tl_certainty_text(finding->certainty), finding->count,
			finding->message);
		wrong = 1;
	}
	for (size_t e = 0; e < n; e++) {
		if (!expected[e].met)
			fprintf(stderr, "not found: %s %s %s %" PRIu64 "\n", expected[e].rule, expected[e].severity,
				expected[e].certainty, expected[e].count);
		wrong |= !expected[e].met;
	}
	return wrong;
}

int main(int argc, char **argv)
{
	struct expected expected[EXPECTED_MAX];
	struct tl_source *source;
	struct tl_check check;
	struct tl_error error;
	size_t n;
	int wrong = 1;

	if (argc != 2 || read_expected(argv[1], expected, &n) != 0) {
		fputs("usage: rules_test LIST, where LIST says what is expected\n", stderr);
		return 2;
	}
	tl_error_init(&error);
	source = tl_source_open(argv[1], &error);
	if (source && tl_check_init(&check, &error) == 0) {
		if (tl_check_run(&check, source, NULL, &error) == 0)
			wrong = compare(&check.findings, expected, n);
		tl_check_finish(&check);
	}
	tl_error_print(&error, "", stderr);
	tl_source_destroy(source);
	return wrong;
}
