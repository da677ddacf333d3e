/* Words to terms, terms to rows; see filter.h. */
#include "viewer/ui/filter.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"

static const char *const state_names[] = {"created", "running", "runnable", "blocked", "exited", "unknown"};

static const struct {
	const char *head;
	enum tl_filter_kind kind;
} heads[] = {
	{"name:", TL_FILTER_NAME},       {"state:", TL_FILTER_STATE}, {"reason:", TL_FILTER_REASON},
	{"object:", TL_FILTER_OBJECT},   {"wait>=", TL_FILTER_WAIT},  {"wait>", TL_FILTER_WAIT},
	{"finding:", TL_FILTER_FINDING},
};

bool tl_text_contains(const char *text, const char *part)
{
	for (; *text || !*part; text++) {
		size_t i = 0;

		while (part[i] && tolower((unsigned char)text[i]) == (unsigned char)part[i])
			i++;
		if (!part[i])
			return true;
	}
	return false;
}

static bool is_state(const char *text)
{
	for (size_t i = 0; i < sizeof state_names / sizeof *state_names; i++)
		if (strcmp(text, state_names[i]) == 0)
			return true;
	return false;
}

static bool is_reason(const char *text)
{
	for (unsigned reason = 0; reason < TL_N_REASONS; reason++)
		if (strcmp(text, tl_reason_text(reason)) == 0)
			return true;
	return false;
}

static int check_term(struct tl_filter_term *term, struct tl_error *error)
{
	if (term->kind == TL_FILTER_WAIT && (tl_text_parse_time(term->text, &term->ns) != 0 || term->ns < 0))
		return tl_error_set(error, TL_EUSAGE, "wait>%s: not a duration; write 10ms, 250us, 1.5s", term->text);
	if (term->kind == TL_FILTER_STATE && !is_state(term->text))
		return tl_error_set(error, TL_EUSAGE,
				    "state:%s: there are created, running, runnable, blocked, exited, unknown",
				    term->text);
	if (term->kind == TL_FILTER_REASON && !is_reason(term->text))
		return tl_error_set(error, TL_EUSAGE, "reason:%s: there is no such reason to wait", term->text);
	return 0;
}

static int parse_term(struct tl_filter_term *term, const char *word, size_t size, struct tl_error *error)
{
	*term = (struct tl_filter_term){.kind = TL_FILTER_NAME};
	if (size > 1 && *word == '-') {
		term->is_not = true;
		word++;
		size--;
	}
	for (size_t h = 0; h < sizeof heads / sizeof *heads; h++) {
		size_t head = strlen(heads[h].head);

		if (size >= head && strncasecmp(word, heads[h].head, head) == 0) {
			term->kind = heads[h].kind;
			word += head;
			size -= head;
			break;
		}
	}
	if (size >= sizeof term->text)
		return tl_error_set(error, TL_EUSAGE, "a word of more than %zu bytes", sizeof term->text - 1);
	for (size_t i = 0; i < size; i++)
		term->text[i] = (char)tolower((unsigned char)word[i]);
	return check_term(term, error);
}

int tl_filter_parse(struct tl_filter *filter, const char *text, struct tl_error *error)
{
	struct tl_filter fresh = {.n = 0};

	while (*(text += strspn(text, " \t"))) {
		size_t size = strcspn(text, " \t");
		int result;

		if (fresh.n == TL_FILTER_TERMS)
			return tl_error_set(error, TL_EUSAGE, "more than %d words", TL_FILTER_TERMS);
		result = parse_term(&fresh.terms[fresh.n++], text, size, error);
		if (result != 0)
			return result;
		text += size;
	}
	*filter = fresh;
	return 0;
}

/* What the terms about objects need: of each object of the model, which of the terms it meets, as bits. */
static uint16_t *judge_objects(const struct tl_filter *filter, const struct tl_view_data *data)
{
	uint16_t *meets = calloc(data->model->objects.n + 1, sizeof *meets);
	char id[TL_OBJECT_ID_TEXT];

	for (uint32_t o = 1; meets && o < data->model->objects.n; o++) {
		const char *name = tl_view_data_object(data, o);

		tl_object_id_text(data->model->objects.items[o].address, id);
		for (size_t i = 0; i < filter->n; i++)
			if (filter->terms[i].kind == TL_FILTER_OBJECT &&
			    (tl_text_contains(name, filter->terms[i].text) ||
			     tl_text_contains(id, filter->terms[i].text)))
				meets[o] |= (uint16_t)(1u << i);
	}
	return meets;
}

static bool wait_meets(const struct tl_filter *filter, size_t i, const struct tl_span *wait, int64_t ns,
		       const uint16_t *objects)
{
	const struct tl_filter_term *term = &filter->terms[i];

	switch (term->kind) {
	case TL_FILTER_REASON: return strcmp(term->text, tl_reason_text(wait->reason)) == 0;
	case TL_FILTER_OBJECT: return objects[wait->object] & 1u << i;
	default: return ns >= term->ns;
	}
}

/* Is there a wait that meets the terms of `wanted`, as bits? */
static bool has_wait(const struct tl_filter *filter, const struct tl_model *model, const struct tl_row *row,
		     unsigned wanted, const uint16_t *objects)
{
	for (size_t s = 0; s < row->spans.n; s++) {
		bool meets = tl_look_state(tl_row_look(row, s)) == TL_TASK_BLOCKED;
		struct tl_span wait;
		int64_t ns;

		if (!meets)
			continue;
		wait = tl_row_span(row, s);
		ns = tl_model_span_end(model, row, s) - wait.begin_ns;
		for (size_t i = 0; meets && i < filter->n; i++)
			if (wanted & 1u << i)
				meets = wait_meets(filter, i, &wait, ns, objects);
		if (meets)
			return true;
	}
	return false;
}

static bool ends_in(const struct tl_row *row, const char *state)
{
	enum tl_task_state last = row->spans.n ? tl_look_state(tl_row_look(row, row->spans.n - 1)) : TL_TASK_UNKNOWN;

	switch (last) {
	case TL_TASK_CREATED: return strcmp(state, "created") == 0;
	case TL_TASK_RUNNING: return strcmp(state, "running") == 0;
	case TL_TASK_RUNNABLE: return strcmp(state, "runnable") == 0;
	case TL_TASK_BLOCKED: return strcmp(state, "blocked") == 0;
	case TL_TASK_EXITED: return strcmp(state, "exited") == 0;
	default: return strcmp(state, "unknown") == 0;
	}
}

static bool has_finding(const struct tl_view_data *data, const struct tl_row *row, const char *rule)
{
	for (size_t i = 0; row->extra && i < row->extra->flags.n; i++)
		if (tl_text_contains(data->check->findings.list.items[row->extra->flags.items[i].finding].rule, rule))
			return true;
	return false;
}

static bool row_meets(const struct tl_filter *filter, const struct tl_view_data *data, uint32_t at,
		      const uint16_t *objects)
{
	const struct tl_row *row = &data->model->rows.items[at];
	unsigned waits = 0;
	char label[TL_TASK_LABEL];

	for (size_t i = 0; i < filter->n; i++) {
		const struct tl_filter_term *term = &filter->terms[i];
		bool meets = true;

		switch (term->kind) {
		case TL_FILTER_NAME: meets = tl_text_contains(tl_view_data_label(data, at, label), term->text); break;
		case TL_FILTER_STATE: meets = ends_in(row, term->text); break;
		case TL_FILTER_FINDING: meets = has_finding(data, row, term->text); break;
		default:
			if (!term->is_not) {
				waits |= 1u << i;
				continue;
			}
			meets = has_wait(filter, data->model, row, 1u << i, objects);
			break;
		}
		if (meets == term->is_not)
			return false;
	}
	return waits == 0 || has_wait(filter, data->model, row, waits, objects);
}

int tl_filter_rows(const struct tl_filter *filter, const struct tl_view_data *data, bool *out)
{
	uint16_t *objects = judge_objects(filter, data);

	if (!objects)
		return TL_ENOMEM;
	for (uint32_t row = 0; row < data->model->rows.n; row++)
		out[row] = row_meets(filter, data, row, objects);
	free(objects);
	return 0;
}
