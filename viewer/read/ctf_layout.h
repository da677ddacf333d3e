/*
 * Events of ours that lie in a packet just as the contract lists their fields, as all do
 * that this version of the library records: number after number on whole bytes, in the
 * byte order of this machine. They are decoded without a plan, by code that is made of
 * the contract's tables: a load and a store a field.
 *
 * Their size is compared with the packet's end once; a text or a list then takes from
 * what is left behind the fields that follow it.
 */
#ifndef TL_READ_CTF_LAYOUT_H
#define TL_READ_CTF_LAYOUT_H

#include "viewer/read/ctf_plan.h"
#include "viewer/read/source.h"

/* Does the payload of one of ours lie so, wherever it begins on a whole byte? */
bool tl_ctf_is_laid_out(const struct tl_ctf_metadata *metadata, const struct tl_ctf_event_class *class, int kind);

/* ---- how many bytes a field takes at least ------------------------------------- */

#define TL_LAYOUT_SIZE_U8 1
#define TL_LAYOUT_SIZE_U16 2
#define TL_LAYOUT_SIZE_U32 4
#define TL_LAYOUT_SIZE_U64 8
#define TL_LAYOUT_SIZE_S32 4
#define TL_LAYOUT_SIZE_S64 8
#define TL_LAYOUT_SIZE_TEXT 1  /* its NUL */
#define TL_LAYOUT_SIZE_ADDRS 1 /* its length */
#define TL_LAYOUT_SIZE_BYTES 1
#define TL_LAYOUT_SIZE_REASON 1
#define TL_LAYOUT_SIZE_CAUSE 1
#define TL_LAYOUT_SIZE_TASK_KIND 1
#define TL_LAYOUT_SIZE_YIELD 1
#define TL_LAYOUT_SIZE_MISUSE 1
#define TL_LAYOUT_SIZE_STANDING 1
#define TL_LAYOUT_SIZE_NAMED 1
#define TL_LAYOUT_SIZE_(x, type, member, text) +TL_LAYOUT_SIZE_##type

#define TL_LAYOUT_HEAD 12 /* task and seq */

/* ---- texts and lists ------------------------------------------------------------ */

/*
 * Of a field that may take up to `most` bytes: what is behind it; NULL: it needs more, and
 * the cursor's `failure` says so.
 */
const uint8_t *tl_ctf_layout_text(struct tl_ctf_cursor *cursor, const uint8_t *at, size_t most, const char **text);
const uint8_t *tl_ctf_layout_addrs(struct tl_ctf_cursor *cursor, const uint8_t *at, size_t most, const uint64_t **addrs,
				   uint8_t *n);
const uint8_t *tl_ctf_layout_bytes(struct tl_ctf_cursor *cursor, const uint8_t *at, size_t most, const uint8_t **bytes,
				   uint8_t *n);

/* ---- fields: `rest` is what the fields from this one on take at least, a constant everywhere ---- */

#define TL_LAYOUT_NUMBER_(to, m)             \
	memcpy(&(to)->m, at, sizeof(to)->m); \
	at += sizeof(to)->m;                 \
	rest -= sizeof(to)->m;
#define TL_LAYOUT_NAMED_(to, m, values) \
	TL_LAYOUT_NUMBER_(to, m)        \
	*is_wrong |= (to)->m >= (values);
#define TL_LAYOUT_LIST_(call)   \
	item->is_plain = false; \
	at = (call);            \
	if (!at)                \
		return NULL;
#define TL_LAYOUT_MOST_ ((size_t)(end - at) - --rest)

#define TL_LAYOUT_TAKE_U8(to, m) TL_LAYOUT_NUMBER_(to, m)
#define TL_LAYOUT_TAKE_U16(to, m) TL_LAYOUT_NUMBER_(to, m)
#define TL_LAYOUT_TAKE_U32(to, m) TL_LAYOUT_NUMBER_(to, m)
#define TL_LAYOUT_TAKE_U64(to, m) TL_LAYOUT_NUMBER_(to, m)
#define TL_LAYOUT_TAKE_S32(to, m) TL_LAYOUT_NUMBER_(to, m)
#define TL_LAYOUT_TAKE_S64(to, m) TL_LAYOUT_NUMBER_(to, m)
#define TL_LAYOUT_TAKE_TEXT(to, m) TL_LAYOUT_LIST_(tl_ctf_layout_text(cursor, at, TL_LAYOUT_MOST_, &(to)->m))
/* Mostly they are empty: of a list that is, nobody looks at the elements. */
#define TL_LAYOUT_TAKE_ADDRS(to, m)                                                                       \
	(to)->m = NULL;                                                                                   \
	(to)->n_##m = 0;                                                                                  \
	if (*at) {                                                                                        \
		TL_LAYOUT_LIST_(tl_ctf_layout_addrs(cursor, at, TL_LAYOUT_MOST_, &(to)->m, &(to)->n_##m)) \
	} else {                                                                                          \
		at++;                                                                                     \
		rest--;                                                                                   \
	}
#define TL_LAYOUT_TAKE_BYTES(to, m) \
	TL_LAYOUT_LIST_(tl_ctf_layout_bytes(cursor, at, TL_LAYOUT_MOST_, &(to)->m, &(to)->n_##m))
#define TL_LAYOUT_TAKE_REASON(to, m) TL_LAYOUT_NAMED_(to, m, TL_N_REASONS)
#define TL_LAYOUT_TAKE_CAUSE(to, m) TL_LAYOUT_NAMED_(to, m, TL_N_CAUSES)
#define TL_LAYOUT_TAKE_TASK_KIND(to, m) TL_LAYOUT_NAMED_(to, m, TL_N_TASK_KINDS)
#define TL_LAYOUT_TAKE_YIELD(to, m) TL_LAYOUT_NAMED_(to, m, TL_N_YIELDS)
#define TL_LAYOUT_TAKE_MISUSE(to, m) TL_LAYOUT_NAMED_(to, m, TL_N_MISUSES)
#define TL_LAYOUT_TAKE_STANDING(to, m) TL_LAYOUT_NAMED_(to, m, TL_N_STANDINGS)
#define TL_LAYOUT_TAKE_NAMED(to, m) TL_LAYOUT_NAMED_(to, m, TL_N_NAMED)
#define TL_LAYOUT_TAKE_(to, type, member, text) TL_LAYOUT_TAKE_##type(to, member)

#define TL_LAYOUT_KIND_(name, NAME, says)                                          \
	case TL_EVENT_##NAME: {                                                    \
		struct tl_ev_##name *to = &event->u.name;                          \
		size_t rest = TL_LAYOUT_HEAD TL_FIELDS_##name(TL_LAYOUT_SIZE_, _); \
                                                                                   \
		if ((size_t)(end - at) < rest)                                     \
			break;                                                     \
		TL_LAYOUT_NUMBER_(event, task)                                     \
		TL_LAYOUT_NUMBER_(event, seq)                                      \
		TL_FIELDS_##name(TL_LAYOUT_TAKE_, to) return at;                   \
	}

/*
 * Decodes the payload at `at` into the item's event: all but its time, kind and domain;
 * what is behind it. NULL: it goes past `end`, as the cursor's `failure` says.
 * *is_wrong is set if a value is none of the contract's. Inlined into a single loop,
 * where the kind is looked at once.
 */
static inline __attribute__((always_inline)) const uint8_t *tl_ctf_take_laid_out(unsigned kind,
										 struct tl_ctf_cursor *cursor,
										 const uint8_t *at, const uint8_t *end,
										 struct tl_item *item, bool *is_wrong)
{
	struct tl_event *event = &item->event;

	item->is_plain = true;
	switch (kind) {
		TL_EVENTS(TL_LAYOUT_KIND_)
	default: break;
	}
	cursor->failure = "fields past the packet's end";
	return NULL;
}

#endif
