/* Ops into the plans, numbers of whole bytes that follow each other as one run; see ctf_compile.h. */
#include "viewer/read/ctf_compile.h"

static bool goes_into_run(const struct tl_ctf_op *op)
{
	if (op->code == TL_CTF_OP_SKIP)
		return op->n % 8 == 0 && op->n < 1 << 20;
	return op->code == TL_CTF_OP_NUMBER &&
	       (op->number.size == 8 || op->number.size == 16 || op->number.size == 32 || op->number.size == 64);
}

/* A number that is stored as it lies in the packet needs no more than a copy. */
static enum tl_ctf_move_code move_code(const struct tl_ctf_op *op)
{
	static const struct {
		uint8_t size, store, code;
	} copies[] = {
		{8, TL_CTF_STORE_8, TL_CTF_MOVE_8},
		{16, TL_CTF_STORE_16, TL_CTF_MOVE_16},
		{32, TL_CTF_STORE_32, TL_CTF_MOVE_32},
		{64, TL_CTF_STORE_64, TL_CTF_MOVE_64},
	};
	bool is_as_here = op->number.size == 8 || op->number.is_big == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);

	if (op->target.slot != TL_CTF_NO_SLOT || op->target.is_clock || !is_as_here)
		return TL_CTF_MOVE_ANY;
	if (op->target.values)
		return op->number.size == 8 ? TL_CTF_MOVE_NAMED : TL_CTF_MOVE_ANY;
	for (size_t i = 0; i < sizeof copies / sizeof *copies; i++)
		if (op->number.size == copies[i].size && op->target.store == copies[i].store)
			return (enum tl_ctf_move_code)copies[i].code;
	return TL_CTF_MOVE_ANY;
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
		    tl_vec_push(&plans->moves, (struct tl_ctf_move){(uint32_t)(run.n / 8), (uint8_t)move_code(op),
								    op->number, op->target}) < 0)
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

int tl_ctf_keep_program(struct tl_ctf_plans *plans, const struct tl_ctf_op *ops, size_t n, uint32_t *program)
{
	struct tl_ctf_program made = {(uint32_t)plans->ops.n, 0};
	bool is_whole = false;

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
