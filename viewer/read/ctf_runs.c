/* Ops into the plans, numbers of whole bytes that follow each other as one run; see ctf_compile.h. */
#include "viewer/read/ctf_compile.h"

static bool goes_into_run(const struct tl_ctf_op *op)
{
	if (op->code == TL_CTF_OP_SKIP)
		return op->n % 8 == 0 && op->n < 1 << 20;
	return op->code == TL_CTF_OP_NUMBER &&
	       (op->number.size == 8 || op->number.size == 16 || op->number.size == 32 || op->number.size == 64);
}

/* How many bytes of a number are stored as they lie in the packet; 0: it takes more than a copy. */
static uint8_t copied_bytes(const struct tl_ctf_op *op)
{
	static const uint8_t bits[] = {
		[TL_CTF_STORE_8] = 8, [TL_CTF_STORE_16] = 16, [TL_CTF_STORE_32] = 32, [TL_CTF_STORE_64] = 64};
	bool is_as_here = op->number.size == 8 || op->number.is_big == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);

	if (op->target.slot != TL_CTF_NO_SLOT || op->target.is_clock || op->target.values || !is_as_here ||
	    op->target.store >= sizeof bits || bits[op->target.store] != op->number.size)
		return 0;
	return op->number.size / 8;
}

/* What takes more than a copy, but is frequent. */
static enum tl_ctf_move_code other_code(const struct tl_ctf_op *op)
{
	if (op->number.size != 8 || op->target.is_clock)
		return TL_CTF_MOVE_ANY;
	if (op->target.slot == TL_CTF_NO_SLOT && op->target.values && op->target.store == TL_CTF_STORE_8)
		return TL_CTF_MOVE_NAMED;
	if (op->target.slot != TL_CTF_NO_SLOT && op->target.store == TL_CTF_STORE_NONE && !op->number.is_signed)
		return TL_CTF_MOVE_LENGTH;
	return TL_CTF_MOVE_ANY;
}

static enum tl_ctf_move_code copy_code(unsigned n)
{
	switch (n) {
	case 1: return TL_CTF_MOVE_1;
	case 2: return TL_CTF_MOVE_2;
	case 4: return TL_CTF_MOVE_4;
	case 8: return TL_CTF_MOVE_8;
	case 3: return TL_CTF_MOVE_TO_4;
	default:
		return n < 8     ? TL_CTF_MOVE_TO_8
		       : n <= 16 ? TL_CTF_MOVE_TO_16
		       : n <= 32 ? TL_CTF_MOVE_TO_32
				 : TL_CTF_MOVE_TO_64;
	}
}

#define COPY_MOST 64

/* One more move of the run that has begun at move `first`; what follows the move before on both sides joins it. */
static int add_move(struct tl_ctf_plans *plans, size_t first, const struct tl_ctf_op *op, uint64_t bit)
{
	struct tl_ctf_move move = {
		.at = (uint32_t)(bit / 8), .n = copied_bytes(op), .number = op->number, .target = op->target};
	struct tl_ctf_move *before = plans->moves.n > first ? &plans->moves.items[plans->moves.n - 1] : NULL;

	if (move.n && before && before->n && before->n + move.n <= COPY_MOST && before->at + before->n == move.at &&
	    before->target.offset + before->n == move.target.offset) {
		before->n += move.n;
		before->code = (uint8_t)copy_code(before->n);
		return 0;
	}
	move.code = (uint8_t)(move.n ? copy_code(move.n) : other_code(op));
	return tl_vec_push(&plans->moves, move);
}

/* One run from op `at` on, whose place is on a whole byte; how many ops it takes up. */
static int add_run(struct tl_ctf_plans *plans, const struct tl_ctf_op *ops, size_t n, size_t at, size_t *taken)
{
	struct tl_ctf_op run = {.code = TL_CTF_OP_RUN, .slot = TL_CTF_NO_SLOT, .target.slot = TL_CTF_NO_SLOT};
	size_t i = at;

	run.first = (uint32_t)plans->moves.n;
	for (; i < n; i++) {
		const struct tl_ctf_op *op = &ops[i];

		/* On whole bytes already. */
		if (op->code == TL_CTF_OP_ALIGN && op->n <= 8)
			continue;
		if (!goes_into_run(op) || run.n > UINT32_MAX / 2)
			break;
		if (op->code == TL_CTF_OP_SKIP) {
			run.n += op->n;
			continue;
		}
		if ((op->target.store || op->target.slot != TL_CTF_NO_SLOT || op->target.is_clock) &&
		    add_move(plans, run.first, op, run.n) < 0)
			return -1;
		run.n += op->number.size;
	}
	*taken = i - at;
	run.count = (uint32_t)plans->moves.n - run.first;
	return tl_vec_push(&plans->ops, run) == 0 ? 0 : -1;
}

/* Whether the place after an op is on a whole byte, if it was `before`. */
static bool is_whole_after(const struct tl_ctf_op *op, bool before)
{
	switch (op->code) {
	case TL_CTF_OP_ALIGN: return before || op->n >= 8;
	case TL_CTF_OP_SKIP:
	case TL_CTF_OP_NUMBERS: return before && op->n % 8 == 0;
	case TL_CTF_OP_NUMBER: return before && op->number.size % 8 == 0;
	case TL_CTF_OP_PLACE: return before;
	case TL_CTF_OP_TEXT: return true;
	default: return false;
	}
}

int tl_ctf_keep_program(struct tl_ctf_plans *plans, const struct tl_ctf_op *ops, size_t n, bool is_whole,
			uint32_t *program)
{
	struct tl_ctf_program made = {(uint32_t)plans->ops.n, 0};

	for (size_t i = 0, taken; i < n; i += taken) {
		const struct tl_ctf_op *op = &ops[i];
		int result = 0;

		taken = 1;
		if (is_whole && op->code == TL_CTF_OP_ALIGN && op->n <= 8)
			continue;
		if (is_whole && goes_into_run(op)) {
			result = add_run(plans, ops, n, i, &taken);
		} else {
			is_whole = is_whole_after(op, is_whole);
			if (tl_vec_push(&plans->ops, *op) < 0)
				result = -1;
		}
		if (result < 0)
			return result;
	}
	made.count = (uint32_t)plans->ops.n - made.first;
	*program = (uint32_t)plans->programs.n;
	return tl_vec_push(&plans->programs, made) == 0 ? 0 : -1;
}
