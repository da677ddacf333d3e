/* Run-time description of events, derived from the contract; see event.h. */
#include "viewer/read/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Offset of the count that stands beside a sequence; see TL_MEMBER_ADDRS. */
#define NO_COUNT(e, m) 0
#define COUNT(e, m) offsetof(struct tl_event, u.e.n_##m)
#define COUNT_U8 NO_COUNT
#define COUNT_U16 NO_COUNT
#define COUNT_U32 NO_COUNT
#define COUNT_U64 NO_COUNT
#define COUNT_S32 NO_COUNT
#define COUNT_S64 NO_COUNT
#define COUNT_TEXT NO_COUNT
#define COUNT_ADDRS COUNT
#define COUNT_BYTES COUNT
#define COUNT_REASON NO_COUNT
#define COUNT_CAUSE NO_COUNT
#define COUNT_TASK_KIND NO_COUNT
#define COUNT_YIELD NO_COUNT
#define COUNT_MISUSE NO_COUNT
#define COUNT_STANDING NO_COUNT
#define COUNT_NAMED NO_COUNT

#define FIELD(event, type, m, text) {#m, TL_FIELD_##type, offsetof(struct tl_event, u.event.m), COUNT_##type(event, m)},
#define FIELD_LIST(name, NAME, text) \
	static const struct tl_field_info fields_##name[] = {TL_FIELDS_##name(FIELD, name)};
TL_EVENTS(FIELD_LIST)

#define KIND(name, NAME, says) {#name, says, fields_##name, sizeof fields_##name / sizeof *fields_##name},
const struct tl_kind_info tl_kinds[TL_N_EVENT_KINDS] = {TL_EVENTS(KIND)};

#define TEXT(name, number, text, class) [number] = (text),
static const char *const reason_texts[] = {TL_REASONS(TEXT)};
static const char *const cause_texts[] = {TL_CAUSES(TEXT)};
static const char *const task_kind_texts[] = {TL_TASK_KINDS(TEXT)};
static const char *const yield_texts[] = {TL_YIELDS(TEXT)};
static const char *const misuse_texts[] = {TL_MISUSES(TEXT)};
static const char *const standing_texts[] = {TL_STANDINGS(TEXT)};
static const char *const named_texts[] = {TL_NAMED(TEXT)};

static const struct {
	const char *const *texts;
	unsigned n;
} values[] = {
	[TL_FIELD_REASON] = {reason_texts, TL_N_REASONS},
	[TL_FIELD_CAUSE] = {cause_texts, TL_N_CAUSES},
	[TL_FIELD_TASK_KIND] = {task_kind_texts, TL_N_TASK_KINDS},
	[TL_FIELD_YIELD] = {yield_texts, TL_N_YIELDS},
	[TL_FIELD_MISUSE] = {misuse_texts, TL_N_MISUSES},
	[TL_FIELD_STANDING] = {standing_texts, TL_N_STANDINGS},
	[TL_FIELD_NAMED] = {named_texts, TL_N_NAMED},
};

unsigned tl_value_count(enum tl_field_type type)
{
	return values[type].n;
}

const char *tl_value_text(enum tl_field_type type, unsigned value)
{
	return value < values[type].n ? values[type].texts[value] : "?";
}

const char *tl_reason_text(unsigned reason)
{
	return tl_value_text(TL_FIELD_REASON, reason);
}

const char *tl_cause_text(unsigned cause)
{
	return tl_value_text(TL_FIELD_CAUSE, cause);
}

const char *tl_task_kind_text(unsigned kind)
{
	return tl_value_text(TL_FIELD_TASK_KIND, kind);
}

const char *tl_misuse_text(unsigned misuse)
{
	return tl_value_text(TL_FIELD_MISUSE, misuse);
}

#define CLASS(name, number, text, class) [number] = TL_CLASS_##class,
const uint8_t tl_reason_classes[TL_N_REASONS] = {TL_REASONS(CLASS)};

char *tl_object_id_text(uint64_t object, char buffer[TL_OBJECT_ID_TEXT])
{
	unsigned number = (unsigned)(object & UINT32_MAX);

	switch (object & ~(uint64_t)UINT32_MAX) {
	case TL_OBJECT_DESCRIPTOR: snprintf(buffer, TL_OBJECT_ID_TEXT, "descriptor %u", number); break;
	case TL_OBJECT_CHILD: snprintf(buffer, TL_OBJECT_ID_TEXT, "process %u", number); break;
	default: snprintf(buffer, TL_OBJECT_ID_TEXT, "0x%" PRIx64, object);
	}
	return buffer;
}

bool tl_field_is_later(const struct tl_kind_info *kind, const struct tl_field_info *field)
{
	/* Since version 3. */
	return kind == &tl_kinds[TL_EVENT_LOCK_EDGE] && strcmp(field->name, "by") == 0;
}

int tl_kind_find(const char *name)
{
	for (int kind = 0; kind < TL_N_EVENT_KINDS; kind++)
		if (strcmp(tl_kinds[kind].name, name) == 0)
			return kind;
	return -1;
}
