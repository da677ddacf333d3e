/* Executes plans over packets; see ctf_plan.h. */
#include <endian.h>

#include "viewer/read/ctf_plan.h"

#define SEQUENCE_MAX 255 /* their count is a u8 */

static bool fail(struct tl_ctf_cursor *cursor, const char *what)
{
	cursor->failure = what;
	return false;
}

/* ---- numbers ------------------------------------------------------------------ */

static uint64_t load(const uint8_t *at, struct tl_ctf_number number)
{
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	switch (number.size) {
	case 8: return *at;
	case 16: memcpy(&u16, at, 2); return number.is_big ? be16toh(u16) : le16toh(u16);
	case 32: memcpy(&u32, at, 4); return number.is_big ? be32toh(u32) : le32toh(u32);
	default: memcpy(&u64, at, 8); return number.is_big ? be64toh(u64) : le64toh(u64);
	}
}

/* Any number of bits from any bit on, the least significant first; in big-endian order whole bytes only. */
static uint64_t load_bits(const uint8_t *packet, uint64_t at, struct tl_ctf_number number)
{
	const uint8_t *byte = packet + at / 8;
	unsigned shift = (unsigned)(at % 8), have = 0;
	uint64_t value = 0;

	if (number.is_big) {
		for (; have < number.size; have += 8)
			value = value << 8 | *byte++;
		return value;
	}
	while (have < number.size) {
		unsigned n = 8 - shift < number.size - have ? 8 - shift : number.size - have;

		value |= (uint64_t)(*byte++ >> shift & ((1u << n) - 1)) << have;
		have += n;
		shift = 0;
	}
	return value;
}

/* A value of a field that may have fewer bits than the clock, whose upper ones it leaves (CTF 1.8.3, section 8). */
static void set_clock(struct tl_ctf_cursor *cursor, uint64_t value, unsigned bits)
{
	uint64_t mask;

	if (bits == 64) {
		cursor->clock = value;
		return;
	}
	mask = ((uint64_t)1 << bits) - 1;
	if (value < (cursor->clock & mask))
		cursor->clock += mask + 1; /* it has wrapped, once */
	cursor->clock = (cursor->clock & ~mask) | value;
}

/* The offsets come from offsetof on members of just these types. */
static inline void put(struct tl_ctf_cursor *cursor, struct tl_ctf_target target, uint64_t value)
{
	void *to = (char *)cursor->event + target.offset;

	switch (target.store) {
	case TL_CTF_STORE_64: *(uint64_t *)to = value; break;
	case TL_CTF_STORE_32: *(uint32_t *)to = (uint32_t)value; break;
	case TL_CTF_STORE_16: *(uint16_t *)to = (uint16_t)value; break;
	case TL_CTF_STORE_8:
		*(uint8_t *)to = (uint8_t)value;
		cursor->is_wrong |= target.values && value >= target.values;
		break;
	default: break;
	}
}

static inline void take_number(struct tl_ctf_cursor *cursor, struct tl_ctf_target target, struct tl_ctf_number number,
			       uint64_t value)
{
	if (number.is_signed && number.size < 64)
		value = (uint64_t)((int64_t)(value << (64 - number.size)) >> (64 - number.size));
	put(cursor, target, value);
	if (target.slot != TL_CTF_NO_SLOT)
		cursor->slots[target.slot] = value;
	if (target.is_clock)
		set_clock(cursor, value, number.size);
}

/* ---- ops ---------------------------------------------------------------------- */

static bool has_bits(const struct tl_ctf_cursor *cursor, uint64_t bits)
{
	return bits <= cursor->end - cursor->at;
}

static bool run_skip(struct tl_ctf_cursor *cursor, uint64_t bits)
{
	if (!has_bits(cursor, bits))
		return fail(cursor, "fields past the packet's end");
	cursor->at += bits;
	return true;
}

static bool run_align(struct tl_ctf_cursor *cursor, uint64_t bits)
{
	return run_skip(cursor, (0 - cursor->at) & (bits - 1));
}

static bool run_number(const struct tl_ctf_op *op, struct tl_ctf_cursor *cursor)
{
	uint64_t at = cursor->at;

	if (!run_skip(cursor, op->number.size))
		return false;
	take_number(cursor, op->target, op->number, load_bits(cursor->packet, at, op->number));
	return true;
}

/* n bytes, from `half` to twice that, as two halves that may overlap. */
static inline __attribute__((always_inline)) void copy_ends(char *to, const uint8_t *from, size_t n, size_t half)
{
	memcpy(to, from, half);
	memcpy(to + n - half, from + n - half, half);
}

static bool run_moves(const struct tl_ctf_plans *plans, const struct tl_ctf_op *op, struct tl_ctf_cursor *cursor)
{
	const struct tl_ctf_move *move = &plans->moves.items[op->first], *end = move + op->count;
	const uint8_t *from = cursor->packet + cursor->at / 8;
	char *event = (char *)cursor->event;

	if (!run_skip(cursor, op->n))
		return false;
	for (; move < end; move++) {
		const uint8_t *at = from + move->at;
		char *to = event + move->target.offset;

		switch (move->code) {
		case TL_CTF_MOVE_1: memcpy(to, at, 1); break;
		case TL_CTF_MOVE_2: memcpy(to, at, 2); break;
		case TL_CTF_MOVE_4: memcpy(to, at, 4); break;
		case TL_CTF_MOVE_8: memcpy(to, at, 8); break;
		case TL_CTF_MOVE_TO_4: copy_ends(to, at, move->n, 2); break;
		case TL_CTF_MOVE_TO_8: copy_ends(to, at, move->n, 4); break;
		case TL_CTF_MOVE_TO_16: copy_ends(to, at, move->n, 8); break;
		case TL_CTF_MOVE_TO_32: copy_ends(to, at, move->n, 16); break;
		case TL_CTF_MOVE_TO_64: copy_ends(to, at, move->n, 32); break;
		case TL_CTF_MOVE_NAMED:
			memcpy(to, at, 1);
			cursor->is_wrong |= *(uint8_t *)to >= move->target.values;
			break;
		case TL_CTF_MOVE_LENGTH: cursor->slots[move->target.slot] = *at; break;
		default: take_number(cursor, move->target, move->number, load(at, move->number));
		}
	}
	return true;
}

/* Bytes of the text at `from`, with its NUL; 0: it does not end in the packet. */
static size_t measure_text(struct tl_ctf_cursor *cursor, const uint8_t *from, size_t most)
{
	const uint8_t *nul = memchr(from, '\0', most);

	cursor->failure = "a text that does not end in the packet";
	return nul ? (size_t)(nul + 1 - from) : 0;
}

size_t tl_ctf_take_text(struct tl_ctf_cursor *cursor, const uint8_t *from, size_t most, const char **text)
{
	size_t n = measure_text(cursor, from, most);

	if (n == 0)
		return 0;
	*text = tl_ctf_scratch_copy(cursor->scratch, from, n - 1);
	cursor->failure = tl_ctf_scratch_failed;
	return *text ? n : 0;
}

static bool run_text(const struct tl_ctf_op *op, struct tl_ctf_cursor *cursor)
{
	const uint8_t *from = cursor->packet + cursor->at / 8;
	size_t most = (cursor->end - cursor->at) / 8, n;
	const char *text = NULL;

	if (op->target.store == TL_CTF_STORE_TEXT) {
		n = tl_ctf_take_text(cursor, from, most, &text);
		memcpy((char *)cursor->event + op->target.offset, &text, sizeof text);
	} else {
		n = measure_text(cursor, from, most);
	}
	if (op->target.slot != TL_CTF_NO_SLOT)
		cursor->slots[op->target.slot] = cursor->at;
	cursor->at += n * 8;
	return n > 0;
}

/* Into scratch memory. */
static bool take_numbers(const struct tl_ctf_op *op, struct tl_ctf_cursor *cursor, const uint8_t *from, uint64_t n)
{
	const void *at;
	char *event = (char *)cursor->event;

	if (n > SEQUENCE_MAX) {
		cursor->is_wrong = true;
		n = 0;
	}
	if (op->target.store == TL_CTF_STORE_ADDRS) {
		uint64_t *to = cursor->scratch->numbers + cursor->scratch->now.n;

		if (n > TL_CTF_SCRATCH - cursor->scratch->now.n)
			n = 0; /* cannot be: the batch was ended in time */
		for (uint64_t i = 0; i < n; i++)
			to[i] = load(from + i * op->number.size / 8, op->number);
		cursor->scratch->now.n += n;
		at = to;
	} else {
		at = tl_ctf_scratch_copy(cursor->scratch, from, n);
	}
	memcpy(event + op->target.offset, &at, sizeof at);
	*(uint8_t *)(event + op->target.count_offset) = (uint8_t)n;
	return at || fail(cursor, tl_ctf_scratch_failed);
}

static bool run_numbers(const struct tl_ctf_op *op, struct tl_ctf_cursor *cursor)
{
	uint64_t n = cursor->slots[op->slot];
	const uint8_t *from = cursor->packet + cursor->at / 8;

	if (op->n && n > (cursor->end - cursor->at) / op->n)
		return fail(cursor, "a list that is longer than the packet");
	cursor->at += n * op->n;
	return op->target.store == TL_CTF_STORE_NONE || take_numbers(op, cursor, from, n);
}

static bool run_loop(const struct tl_ctf_plans *plans, const struct tl_ctf_op *op, struct tl_ctf_cursor *cursor)
{
	uint64_t n = op->slot == TL_CTF_NO_SLOT ? op->n : cursor->slots[op->slot];

	for (uint64_t i = 0; i < n; i++) {
		uint64_t before = cursor->at;

		if (!tl_ctf_execute(plans, op->first, cursor))
			return false;
		/* Elements of nothing: so many of them as there are bits left are enough to know. */
		if (cursor->at == before && n > cursor->end)
			return fail(cursor, "a list that is longer than the packet");
	}
	return true;
}

static bool run_choose(const struct tl_ctf_plans *plans, const struct tl_ctf_op *op, struct tl_ctf_cursor *cursor)
{
	const struct tl_ctf_choice *choice = plans->choices.items + op->first, *end = choice + op->count;
	uint64_t value = cursor->slots[op->slot];

	for (; choice < end; choice++) {
		bool is_it = op->number.is_signed ? (int64_t)value >= choice->low && (int64_t)value <= choice->high
						  : value >= (uint64_t)choice->low && value <= (uint64_t)choice->high;

		if (is_it)
			return tl_ctf_execute(plans, choice->program, cursor);
	}
	return fail(cursor, "a tag without a choice");
}

bool tl_ctf_execute(const struct tl_ctf_plans *plans, uint32_t program, struct tl_ctf_cursor *cursor)
{
	const struct tl_ctf_program *which = &plans->programs.items[program];
	const struct tl_ctf_op *op = plans->ops.items + which->first, *end = op + which->count;
	bool good = true;

	for (; good && op < end; op++) {
		switch (op->code) {
		case TL_CTF_OP_CLEAR: memset(&cursor->event->u, 0, sizeof cursor->event->u); break;
		case TL_CTF_OP_ALIGN: good = run_align(cursor, op->n); break;
		case TL_CTF_OP_SKIP: good = run_skip(cursor, op->n); break;
		case TL_CTF_OP_NUMBER: good = run_number(op, cursor); break;
		case TL_CTF_OP_RUN: good = run_moves(plans, op, cursor); break;
		case TL_CTF_OP_PLACE: cursor->slots[op->target.slot] = cursor->at; break;
		case TL_CTF_OP_TEXT: good = run_text(op, cursor); break;
		case TL_CTF_OP_NUMBERS: good = run_numbers(op, cursor); break;
		case TL_CTF_OP_LOOP: good = run_loop(plans, op, cursor); break;
		default: good = run_choose(plans, op, cursor);
		}
	}
	return good;
}
