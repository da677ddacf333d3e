/* Fields of the kernel's events by way of slots; see ctf_sched.h. */
#include "viewer/read/ctf_sched.h"

/* ---- which fields -------------------------------------------------------------- */

static const struct tl_ctf_field *find_field(const struct tl_ctf_type *structure, const char *name)
{
	for (size_t i = 0; name && structure && i < structure->n_fields; i++)
		if (tl_word_is(structure->fields[i].name, name))
			return &structure->fields[i];
	return NULL;
}

static bool is_bytes(const struct tl_ctf_type *type)
{
	return (type->kind == TL_CTF_ARRAY || type->kind == TL_CTF_SEQUENCE) && type->element->kind == TL_CTF_INTEGER &&
	       type->element->size == 8 && type->element->align == 8;
}

/* Whether a field of this type can be what is wanted, and how it lies there. */
static bool fits(const struct tl_ctf_type *type, enum tl_sched_type wanted, struct tl_ctf_sched_step *step)
{
	bool is_string = type->kind == TL_CTF_STRING;

	step->form = (uint8_t)(is_string                       ? TL_CTF_SCHED_STRING
			       : type->kind == TL_CTF_ARRAY    ? TL_CTF_SCHED_ARRAY
			       : type->kind == TL_CTF_SEQUENCE ? TL_CTF_SCHED_LIST
							       : TL_CTF_SCHED_NUMBER);
	switch (wanted) {
	case TL_SCHED_NAME: return is_string || is_bytes(type);
	case TL_SCHED_FILE: return is_string;
	default: return type->kind == TL_CTF_INTEGER;
	}
}

/* Adds the step for one thing; false when it is needed and not there, or there and of another type. */
static bool add_step(struct tl_ctf_sched *plan, const struct tl_ctf_type *structure, const struct tl_sched_want *want)
{
	const struct tl_ctf_field *field = find_field(structure, want->names[0]);
	struct tl_ctf_sched_step *step = &plan->steps[plan->n];

	if (!field)
		field = find_field(structure, want->names[1]);
	if (want->beside && !find_field(structure, want->beside))
		field = NULL;
	if (!field)
		return want->optional;
	*step = (struct tl_ctf_sched_step){
		.field = field,
		.type = (uint8_t)want->type,
		.slot = plan->n,
		.length_slot = TL_CTF_NO_SLOT,
		.is_signed = field->type->is_signed,
		.offset = (uint16_t)want->offset,
		.length = field->type->length,
	};
	plan->n++;
	return fits(field->type, want->type, step);
}

enum tl_ctf_verdict tl_ctf_sched_plan(struct tl_ctf_sched *plan, const char *name, const struct tl_ctf_type *payload,
				      const struct tl_ctf_type *common, const struct tl_ctf_type *specific)
{
	const struct tl_ctf_type *scopes[TL_N_SCHED_SCOPES] = {
		[TL_SCHED_PAYLOAD] = payload, [TL_SCHED_COMMON] = common, [TL_SCHED_SPECIFIC] = specific};
	struct tl_sched_want wants[TL_SCHED_WANTS];
	enum tl_sched_kind kind;
	size_t n = tl_sched_find(name, wants, &kind);

	_Static_assert(TL_SCHED_WANTS < TL_CTF_SLOTS, "there is a slot for each");
	*plan = (struct tl_ctf_sched){.kind = (uint8_t)kind};
	for (size_t i = 0; i < n; i++)
		if (!add_step(plan, scopes[wants[i].scope], &wants[i])) {
			plan->n = 0;
			return TL_CTF_MALFORMED;
		}
	return n ? TL_CTF_SCHED : TL_CTF_FOREIGN;
}

/* ---- taking them ----------------------------------------------------------------- */

/* A name, up to its NUL or its end, cut to what fits. */
static void take_name(const uint8_t *from, uint64_t n, char to[TL_SCHED_COMM])
{
	uint64_t i = 0;

	for (; i < n && i < TL_SCHED_COMM - 1 && from[i] != '\0'; i++)
		to[i] = (char)from[i];
	to[i] = '\0';
}

/* The path of a program that was executed; empty: none. */
static bool take_file(struct tl_ctf_cursor *cursor, const uint8_t *from, uint64_t most, const char **file)
{
	if (tl_ctf_take_text(cursor, from, most, file) == 0)
		return false;
	if (**file == '\0')
		*file = NULL;
	return true;
}

static bool take_step(const struct tl_ctf_sched_step *step, struct tl_ctf_cursor *cursor, struct tl_sched *sched)
{
	uint64_t value = cursor->slots[step->slot], n = step->length;
	const uint8_t *text = cursor->packet + value / 8;

	if (step->form == TL_CTF_SCHED_NUMBER)
		return tl_sched_put(sched, step->type, step->offset, (int64_t)value,
				    step->is_signed || value <= INT64_MAX);
	if (step->form == TL_CTF_SCHED_LIST)
		n = cursor->slots[step->length_slot];
	else if (step->form == TL_CTF_SCHED_STRING)
		n = cursor->end / 8 - value / 8;
	if (step->type == TL_SCHED_FILE)
		return take_file(cursor, text, n, &sched->file);
	take_name(text, n, (char *)sched + step->offset);
	return true;
}

bool tl_ctf_sched_take(const struct tl_ctf_sched *plan, struct tl_ctf_cursor *cursor, struct tl_sched *sched)
{
	for (size_t i = 0; i < plan->n; i++)
		if (!take_step(&plan->steps[i], cursor, sched))
			return false;
	return true;
}
