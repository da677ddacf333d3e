/* Reads suppressions and finds the one that fits; see ignore.h. */
#include "viewer/report/ignore.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/near.h"
#include "viewer/rules/rule.h"

static const struct {
	const char *name;
	size_t offset;
} conditions[] = {
	{"function", offsetof(struct tl_ignore_entry, function)},
	{"file", offsetof(struct tl_ignore_entry, source)},
	{"object", offsetof(struct tl_ignore_entry, object)},
	{"task", offsetof(struct tl_ignore_entry, task)},
};
#define N_CONDITIONS (sizeof conditions / sizeof *conditions)

void tl_ignore_init(struct tl_ignore *ignore)
{
	memset(ignore, 0, sizeof *ignore);
	tl_arena_init(&ignore->arena);
}

void tl_ignore_finish(struct tl_ignore *ignore)
{
	tl_vec_finish(&ignore->list);
	tl_arena_finish(&ignore->arena);
}

static char *skip_blanks(char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

/* Ends the word at `at` (quotes taken away, \" and \\ in them) and moves behind it; -1: a quote is not closed. */
static int take_value(char **at, char **value)
{
	char *from = *at, *to;

	*value = from;
	if (*from != '"') {
		from += strcspn(from, " \t");
		*at = *from ? from + 1 : from;
		*from = '\0';
		return 0;
	}
	*value = to = ++from;
	for (; *from && *from != '"'; from++) {
		if (*from == '\\' && (from[1] == '"' || from[1] == '\\'))
			from++;
		*to++ = *from;
	}
	if (!*from)
		return -1;
	*at = from + 1;
	*to = '\0';
	return 0;
}

static int unknown_rule(const char *rule, struct tl_error *error)
{
	for (size_t i = 0; i < tl_n_rules; i++)
		if (tl_near_is(rule, tl_rules[i].id))
			return tl_error_set(error, TL_EFORMAT, "there is no rule '%s'; did you mean '%s'?", rule,
					    tl_rules[i].id);
	return tl_error_set(error, TL_EFORMAT, "there is no rule '%s' (threadline check --list-rules)", rule);
}

/* One "name=value", and moves behind it. */
static int take_condition(struct tl_ignore *ignore, struct tl_ignore_entry *entry, char **at, struct tl_error *error)
{
	size_t length = strcspn(*at, "= \t"), i = 0;
	char *name = *at, *value;
	const char **place;

	if (name[length] != '=')
		return tl_error_set(error, TL_EFORMAT, "'%.*s' is no condition: write NAME=VALUE", (int)length, name);
	while (i < N_CONDITIONS &&
	       (strlen(conditions[i].name) != length || strncmp(conditions[i].name, name, length) != 0))
		i++;
	if (i == N_CONDITIONS)
		return tl_error_set(error, TL_EFORMAT,
				    "there is no condition '%.*s': function, file, object, task, and reason at the end",
				    (int)length, name);
	*at = name + length + 1;
	if (take_value(at, &value) != 0)
		return tl_error_set(error, TL_EFORMAT, "the quote of %s is not closed", conditions[i].name);
	place = (const char **)((char *)entry + conditions[i].offset);
	if (*value == '\0' || *place)
		return tl_error_set(error, TL_EFORMAT, "%s is %s", conditions[i].name,
				    *place ? "given twice" : "empty: leave it out, or write *");
	*place = tl_arena_string(&ignore->arena, value);
	return *place ? 0 : tl_error_set(error, TL_ENOMEM, "out of memory");
}

static int take_line(struct tl_ignore *ignore, struct tl_ignore_entry *entry, char *line, struct tl_error *error)
{
	static const char reason[] = "reason=";
	const struct tl_rule *rule;
	char *id, *at = line;
	int result;

	take_value(&at, &id);
	rule = tl_rule_find(id);
	if (!rule)
		return unknown_rule(id, error);
	entry->rule = rule->id;
	for (at = skip_blanks(at); *at && strncmp(at, reason, sizeof reason - 1) != 0; at = skip_blanks(at)) {
		result = take_condition(ignore, entry, &at, error);
		if (result != 0)
			return result;
	}
	at = *at ? skip_blanks(at + sizeof reason - 1) : at;
	if (!*at)
		return tl_error_set(error, TL_EFORMAT, "it does not say why: end the line with reason=TEXT");
	entry->reason = tl_arena_string(&ignore->arena, at);
	if (!entry->reason || tl_vec_push(&ignore->list, *entry) != 0)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	return 0;
}

static int read_lines(struct tl_ignore *ignore, const char *path, FILE *file, struct tl_error *error)
{
	const char *name = tl_arena_string(&ignore->arena, path);
	char *line = NULL, *at;
	size_t size = 0;
	ssize_t n;
	int number = 0, result = name ? 0 : tl_error_set(error, TL_ENOMEM, "out of memory");

	while (result == 0 && (n = getline(&line, &size, file)) >= 0) {
		struct tl_ignore_entry entry = {.file = name, .line = ++number};

		if (strlen(line) != (size_t)n) {
			result = tl_error_set(error, TL_EFORMAT, "a line of text holds no zero byte");
		} else {
			while (n > 0 && isspace((unsigned char)line[n - 1]))
				line[--n] = '\0';
			at = skip_blanks(line);
			if (*at && *at != '#')
				result = take_line(ignore, &entry, at, error);
		}
	}
	free(line);
	if (result != 0)
		return tl_error_add(error, "%s:%d: this suppression cannot be read", path, number);
	return ferror(file) ? tl_error_set(error, TL_EIO, "cannot read %s: %s", path, strerror(errno)) : 0;
}

int tl_ignore_read(struct tl_ignore *ignore, const char *path, struct tl_error *error)
{
	FILE *file = fopen(path, "re");
	int result;

	if (!file)
		return tl_error_set(error, TL_EIO, "cannot read the suppressions in %s: %s", path, strerror(errno));
	result = read_lines(ignore, path, file, error);
	fclose(file);
	return result;
}

static bool fits(const char *glob, const char *text)
{
	return !glob || (text && fnmatch(glob, text, 0) == 0);
}

static bool fits_source(const struct tl_report *report, const char *glob, const char *file)
{
	char path[TL_SOURCE_PATH];
	bool relative;

	if (!glob || !file)
		return !glob;
	return fits(glob, file) || fits(glob, tl_report_source(report, file, &relative, path));
}

static bool fits_stacks(const struct tl_ignore_entry *entry, const struct tl_report *report,
			const struct tl_finding *finding)
{
	if (!entry->function && !entry->source)
		return true;
	for (size_t i = 0; i < finding->n_proofs; i++) {
		size_t n;
		const struct tl_frame *frames = tl_report_stack(report, &finding->proofs[i], &n);

		for (size_t f = 0; f < n; f++)
			if (fits(entry->function, frames[f].function) &&
			    fits_source(report, entry->source, frames[f].file))
				return true;
	}
	return false;
}

static bool fits_object(const struct tl_ignore_entry *entry, const struct tl_finding *finding)
{
	for (size_t i = 0; entry->object && i < finding->n_proofs; i++)
		if (finding->proofs[i].about && finding->proofs[i].about[0] &&
		    fits(entry->object, finding->proofs[i].about))
			return true;
	return !entry->object;
}

static bool fits_task(const struct tl_ignore_entry *entry, const struct tl_report *report,
		      const struct tl_finding *finding)
{
	char label[TL_TASK_LABEL];

	for (size_t i = 0; entry->task && i < finding->n_tasks; i++) {
		const struct tl_task *task = tl_state_find_task(report->check->state, finding->tasks[i]);

		if (task && fits(entry->task, tl_task_label(task, label)))
			return true;
	}
	return !entry->task;
}

const struct tl_ignore_entry *tl_ignore_find(struct tl_ignore *ignore, const struct tl_report *report,
					     const struct tl_finding *finding)
{
	for (size_t i = 0; i < ignore->list.n; i++) {
		struct tl_ignore_entry *entry = &ignore->list.items[i];

		if (strcmp(entry->rule, finding->rule) == 0 && fits_object(entry, finding) &&
		    fits_task(entry, report, finding) && fits_stacks(entry, report, finding)) {
			entry->used++;
			return entry;
		}
	}
	return NULL;
}
