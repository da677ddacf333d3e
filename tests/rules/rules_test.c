/*
 * Judges one event list and compares the findings with what the list expects:
 *
 *   # expect RULE SEVERITY CERTAINTY COUNT [GROWTH]   one line for each finding
 *   # expect nothing
 *   # says TEXT                                         in the message, or the evidence, of some finding
 *
 * GROWTH: "2,4,6,8", at 25, 50, 75 and 100 % of the trace. Every finding must be
 * expected and every expectation met; a list without expectations is an error, so
 * that no list can pass by saying nothing. Left out are only findings of rules that
 * are never more than info and that the list is not about: neither its name nor an
 * expectation names them.
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
	char growth[64]; /* "": not compared */
	bool met;
};

/* What the list says besides. */
struct list {
	const char *name; /* of the file: RULE.CASE.txt */
	struct expected expected[EXPECTED_MAX];
	size_t n;
	char says[EXPECTED_MAX][256];
	size_t n_says;
};

/* One line of the list; negative: it is not as it should be. */
static int read_line(struct list *list, const char *line, bool *any)
{
	struct expected *e = &list->expected[list->n];
	char word[64];

	if (list->n_says < EXPECTED_MAX && sscanf(line, "# says %255[^\n]", list->says[list->n_says]) == 1)
		list->n_says++;
	if (sscanf(line, "# expect %63s", word) != 1)
		return 0;
	*any = true;
	if (strcmp(word, "nothing") == 0)
		return 0;
	memset(e, 0, sizeof *e);
	if (list->n == EXPECTED_MAX - 1 ||
	    sscanf(line, "# expect %63s %15s %15s %" SCNu64 " %63[0-9,]", e->rule, e->severity, e->certainty, &e->count,
		   e->growth) < 4 ||
	    !tl_rule_find(e->rule)) {
		fprintf(stderr, "not an expectation: %s", line);
		return -1;
	}
	list->n++;
	return 0;
}

static int read_list(const char *path, struct list *list)
{
	const char *slash = strrchr(path, '/');
	char line[512];
	FILE *file = fopen(path, "r");
	bool any = false;
	int result = 0;

	memset(list, 0, sizeof *list);
	list->name = slash ? slash + 1 : path;
	if (!file)
		return -1;
	while (result == 0 && fgets(line, sizeof line, file))
		result = read_line(list, line, &any);
	fclose(file);
	return any ? result : -1;
}

static bool has_growth(const struct tl_finding *finding, const char *wanted)
{
	char growth[64];

	snprintf(growth, sizeof growth, "%u,%u,%u,%u", (unsigned)finding->growth[0], (unsigned)finding->growth[1],
		 (unsigned)finding->growth[2], (unsigned)finding->growth[3]);
	if (finding->has_growth && strcmp(growth, wanted) == 0)
		return true;
	fprintf(stderr, "%s grows as %s, not as %s\n", finding->rule, growth, wanted);
	return false;
}

static bool meets(const struct tl_finding *finding, const struct expected *expected)
{
	return !expected->met && strcmp(finding->rule, expected->rule) == 0 &&
	       strcmp(tl_severity_text(finding->severity), expected->severity) == 0 &&
	       strcmp(tl_certainty_text(finding->certainty), expected->certainty) == 0 &&
	       finding->count == expected->count &&
	       (expected->growth[0] == '\0' || has_growth(finding, expected->growth));
}

/* A finding of a rule that only counts, in a list about something else? */
static bool stands_by(const struct list *list, const char *rule)
{
	size_t length = strlen(rule);

	if (tl_rule_find(rule)->severity != TL_INFO)
		return false;
	if (strncmp(list->name, rule, length) == 0 && list->name[length] == '.')
		return false;
	for (size_t e = 0; e < list->n; e++)
		if (strcmp(list->expected[e].rule, rule) == 0)
			return false;
	return true;
}

static int compare(const struct tl_findings *findings, struct list *list)
{
	int wrong = 0;

	for (size_t i = 0; i < findings->list.n; i++) {
		const struct tl_finding *finding = &findings->list.items[i];
		size_t e = 0;

		while (e < list->n && !meets(finding, &list->expected[e]))
			e++;
		if (e < list->n) {
			list->expected[e].met = true;
			continue;
		}
		if (stands_by(list, finding->rule))
			continue;
		fprintf(stderr, "not expected: %s %s %s %" PRIu64 ": %s\n", finding->rule,
			tl_severity_text(finding->severity), tl_certainty_text(finding->certainty), finding->count,
			finding->message);
		wrong = 1;
	}
	for (size_t e = 0; e < list->n; e++) {
		const struct expected *expected = &list->expected[e];

		if (!expected->met)
			fprintf(stderr, "not found: %s %s %s %" PRIu64 " %s\n", expected->rule, expected->severity,
				expected->certainty, expected->count, expected->growth);
		wrong |= !expected->met;
	}
	for (size_t s = 0; s < list->n_says; s++) {
		size_t i = 0;

		while (i < findings->list.n && !strstr(findings->list.items[i].message, list->says[s]) &&
		       !strstr(findings->list.items[i].evidence, list->says[s]))
			i++;
		if (i == findings->list.n)
			fprintf(stderr, "no finding says: %s\n", list->says[s]);
		wrong |= i == findings->list.n;
	}
	return wrong;
}

int main(int argc, char **argv)
{
	static struct list list;
	struct tl_source *source;
	struct tl_check check;
	struct tl_error error;
	int wrong = 1;

	if (argc != 2 || read_list(argv[1], &list) != 0) {
		fputs("usage: rules_test LIST, where LIST says what is expected\n", stderr);
		return 2;
	}
	tl_error_init(&error);
	source = tl_source_open(argv[1], &error);
	if (source && tl_check_init(&check, &error) == 0) {
		if (tl_check_run(&check, source, NULL, &error) == 0)
			wrong = compare(&check.findings, &list);
		tl_check_finish(&check);
	}
	tl_error_print(&error, "", stderr);
	tl_source_destroy(source);
	return wrong;
}
