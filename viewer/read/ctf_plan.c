/* From trees of types to programs; see ctf_plan.h. */
#include "viewer/read/ctf_compile.h"

#include <stdlib.h>

#include "viewer/read/ctf_sched.h"

#define BITS_MAX ((uint64_t)1 << 40) /* larger than any packet */

/* Fields that came before, innermost structure first: what a tag or a length may name. */
struct scope {
	const struct scope *outer;
	const struct tl_ctf_type *type; /* a structure */
	size_t n;                       /* fields of it so far */
	uint32_t *ops;                  /* the op of each, if it is a number */
};

#define NO_OP UINT32_MAX

/* One compilation. */
struct compiler {
	struct tl_ctf_plans *plans;
	TL_VEC(struct tl_ctf_op) ops; /* of the program at hand */
	const struct tl_ctf_wanted *wanted;
	size_t n_wanted;
	const struct tl_ctf_clock *clock;
	const struct tl_kind_info *kind; /* the payload of one of ours is being compiled */
	const struct tl_ctf_type *payload;
	struct tl_ctf_sched *sched; /* or one of the kernel's is; NULL */
	uint8_t n_slots;
	bool is_misfit; /* one of ours has a field that does not fit */
	struct tl_error *error;
};

void tl_ctf_plans_init(struct tl_ctf_plans *plans, const struct tl_ctf_metadata *metadata)
{
	memset(plans, 0, sizeof *plans);
	plans->metadata = metadata;
}

void tl_ctf_plans_finish(struct tl_ctf_plans *plans)
{
	tl_vec_finish(&plans->ops);
	tl_vec_finish(&plans->moves);
	tl_vec_finish(&plans->choices);
	tl_vec_finish(&plans->programs);
}

static int no_memory(struct compiler *c)
{
	return tl_error_set(c->error, TL_ENOMEM, "out of memory");
}

static int refuse(struct compiler *c, struct tl_word name, const char *what)
{
	return tl_error_set(c->error, TL_EFORMAT, "metadata: field \"%.*s\": %s", name.n < 80 ? (int)name.n : 80,
			    name.n ? name.at : "", what);
}

static int push(struct compiler *c, struct tl_ctf_op op)
{
	return tl_vec_push(&c->ops, op) == 0 ? 0 : no_memory(c);
}

static struct tl_ctf_op op_of(enum tl_ctf_op_code code, uint64_t n)
{
	return (struct tl_ctf_op){
		.code = (uint8_t)code,
		.slot = TL_CTF_NO_SLOT,
		.target.slot = TL_CTF_NO_SLOT,
		.n = n,
	};
}

static int align(struct compiler *c, uint64_t bits)
{
	return bits > 1 ? push(c, op_of(TL_CTF_OP_ALIGN, bits)) : 0;
}

/* ---- sizes -------------------------------------------------------------------- */

static uint64_t align_up(uint64_t at, uint64_t bits)
{
	return (at + bits - 1) / bits * bits;
}

/* The size in bits where it is always the same; false: it is not. */
static bool fixed_size(const struct tl_ctf_type *type, uint64_t *size)
{
	uint64_t one, stride;

	switch (type->kind) {
	case TL_CTF_INTEGER:
	case TL_CTF_FLOAT: *size = type->size; return true;
	case TL_CTF_STRUCT:
		*size = 0;
		for (size_t i = 0; i < type->n_fields; i++) {
			if (!fixed_size(type->fields[i].type, &one))
				return false;
			*size = align_up(*size, type->fields[i].type->align) + one;
			if (*size > BITS_MAX)
				return false;
		}
		return true;
	case TL_CTF_ARRAY:
		if (!fixed_size(type->element, &one))
			return false;
		stride = align_up(one, type->element->align);
		if (stride && type->length > BITS_MAX / stride)
			return false;
		*size = type->length ? stride * (type->length - 1) + one : 0;
		return true;
	default: return false;
	}
}

static bool has_clock(const struct tl_ctf_type *type)
{
	if (type->kind == TL_CTF_INTEGER)
		return type->clock.n > 0;
	for (size_t i = 0; i < type->n_fields; i++)
		if (has_clock(type->fields[i].type))
			return true;
	return type->element && has_clock(type->element);
}

/* ---- what is taken ------------------------------------------------------------ */

static uint8_t wanted_slot(const struct compiler *c, struct tl_word name)
{
	for (size_t i = 0; i < c->n_wanted; i++)
		if (tl_word_is(name, c->wanted[i].name))
			return c->wanted[i].slot;
	return TL_CTF_NO_SLOT;
}

static int aim(struct compiler *c, const struct tl_ctf_type *parent, const struct tl_ctf_field *field,
	       struct tl_ctf_target *target)
{
	*target = (struct tl_ctf_target){.slot = TL_CTF_NO_SLOT};
	if (c->n_wanted)
		target->slot = wanted_slot(c, field->name);
	for (size_t i = 0; c->sched && i < c->sched->n; i++)
		if (c->sched->steps[i].field == field)
			target->slot = c->sched->steps[i].slot;
	if (!c->kind || parent != c->payload)
		return 0;
	if (tl_ctf_is_text_array(field->type))
		return refuse(c, field->name, "an array of characters");
	if (!tl_ctf_aim(c->kind, field, target))
		c->is_misfit = true;
	return 0;
}

/* ---- references --------------------------------------------------------------- */

bool tl_ctf_is_named(struct tl_word name, struct tl_word reference)
{
	if (reference.n > 1 && reference.at[0] == '_' &&
	    tl_words_equal(name, (struct tl_word){reference.at + 1, reference.n - 1, false}))
		return true;
	return tl_words_equal(name, reference);
}

/* The slot of the number that a tag or a length names, and its type. */
static int refer(struct compiler *c, const struct scope *scope, struct tl_word reference, uint8_t *slot,
		 const struct tl_ctf_type **type)
{
	for (; scope; scope = scope->outer) {
		for (size_t i = scope->n; i-- > 0;) {
			struct tl_ctf_op *op;

			if (!tl_ctf_is_named(scope->type->fields[i].name, reference))
				continue;
			if (scope->ops[i] == NO_OP)
				return refuse(c, reference, "a tag or a length that is no number before it");
			op = &c->ops.items[scope->ops[i]];
			if (op->target.slot == TL_CTF_NO_SLOT) {
				if (c->n_slots == TL_CTF_SLOTS)
					return refuse(c, reference, "more tags and lengths than there is room for");
				op->target.slot = c->n_slots++;
			}
			*slot = op->target.slot;
			*type = scope->type->fields[i].type;
			return 0;
		}
	}
	return refuse(c, reference, "a tag or a length that is not among the fields before it");
}

/* ---- types -------------------------------------------------------------------- */

static int compile(struct compiler *c, const struct tl_ctf_type *type, struct tl_word name, struct tl_ctf_target target,
		   const struct scope *scope);

static int compile_number(struct compiler *c, const struct tl_ctf_type *type, struct tl_word name,
			  struct tl_ctf_target target)
{
	bool is_big = type->order == TL_CTF_NATIVE ? c->plans->metadata->is_big : type->order == TL_CTF_BIG;
	struct tl_ctf_op op = op_of(TL_CTF_OP_NUMBER, 0);
	int result = align(c, type->align);

	if (result < 0)
		return result;
	if (is_big && (type->size % 8 || type->align % 8))
		return refuse(c, name, "bits in big-endian order");
	if (type->clock.n) {
		const struct tl_ctf_clock *clock = tl_ctf_find_clock(c->plans->metadata, type->clock);

		if (!clock)
			return refuse(c, name, "an unknown clock");
		if (c->clock && c->clock != clock)
			return refuse(c, name, "a second clock");
		c->clock = clock;
		/* The end of a packet is told at its beginning, and is no time of an event. */
		target.is_clock = !tl_word_is(name, "timestamp_end");
	}
	op.number = (struct tl_ctf_number){(uint8_t)type->size, is_big, type->is_signed};
	op.target = target;
	return push(c, op);
}

static int compile_struct(struct compiler *c, const struct tl_ctf_type *type, const struct scope *outer)
{
	struct scope scope = {outer, type, 0, calloc(type->n_fields + 1, sizeof *scope.ops)};
	int result = scope.ops ? align(c, type->align) : no_memory(c);

	for (size_t i = 0; result == 0 && i < type->n_fields; i++) {
		const struct tl_ctf_field *field = &type->fields[i];
		struct tl_ctf_target target;

		result = aim(c, type, field, &target);
		if (result == 0)
			result = compile(c, field->type, field->name, target, &scope);
		/* A number's own op is the last one. */
		scope.ops[i] = field->type->kind == TL_CTF_INTEGER ? (uint32_t)c->ops.n - 1 : NO_OP;
		scope.n = i + 1;
	}
	free(scope.ops);
	return result;
}

static int keep_program(struct compiler *c, const struct tl_ctf_op *ops, size_t n, bool is_whole, uint32_t *program)
{
	return tl_ctf_keep_program(c->plans, ops, n, is_whole, program) == 0 ? 0 : no_memory(c);
}

/* Compiles a type as a program of its own, within the scopes that are there. */
static int compile_apart(struct compiler *c, const struct tl_ctf_type *type, struct tl_word name,
			 const struct scope *scope, uint32_t *program)
{
	struct tl_ctf_target target = {.slot = wanted_slot(c, name)};
	size_t from = c->ops.n;
	int result;

	/* References reach outwards into ops that are not final yet, so they stay where they are. */
	result = compile(c, type, name, target, scope);
	if (result < 0)
		return result;
	result = keep_program(c, c->ops.items + from, c->ops.n - from, false, program);
	c->ops.n = from;
	return result;
}

static int compile_variant(struct compiler *c, const struct tl_ctf_type *type, struct tl_word name,
			   const struct scope *scope)
{
	struct tl_ctf_op op = op_of(TL_CTF_OP_CHOOSE, 0);
	const struct tl_ctf_type *tag;
	TL_VEC(struct tl_ctf_choice) choices = {0};
	int result = refer(c, scope, type->reference, &op.slot, &tag);

	for (size_t i = 0; result == 0 && i < type->n_fields; i++) {
		const struct tl_ctf_field *option = &type->fields[i];
		uint32_t program;

		result = compile_apart(c, option->type, option->name, scope, &program);
		for (size_t r = 0; result == 0 && r < tag->n_ranges; r++) {
			const struct tl_ctf_range *range = &tag->ranges[r];

			if (tl_words_equal(range->label, option->name) &&
			    tl_vec_push(&choices, (struct tl_ctf_choice){range->low, range->high, program}) < 0)
				result = no_memory(c);
		}
	}
	op.first = (uint32_t)c->plans->choices.n;
	op.count = (uint32_t)choices.n;
	op.number.is_signed = result == 0 && tag->is_signed;
	for (size_t i = 0; result == 0 && i < choices.n; i++)
		if (tl_vec_push(&c->plans->choices, choices.items[i]) < 0)
			result = no_memory(c);
	tl_vec_finish(&choices);
	(void)name;
	return result == 0 ? push(c, op) : result;
}

/* Where a list begins, if that is wanted. */
static int note_place(struct compiler *c, uint8_t slot)
{
	struct tl_ctf_op place = op_of(TL_CTF_OP_PLACE, 0);

	place.target.slot = slot;
	return slot == TL_CTF_NO_SLOT ? 0 : push(c, place);
}

/* Which slot says how long the list is whose place is in another one. */
static void note_length(struct compiler *c, uint8_t slot, uint8_t length_slot)
{
	for (size_t i = 0; c->sched && i < c->sched->n; i++)
		if (c->sched->steps[i].slot == slot)
			c->sched->steps[i].length_slot = length_slot;
}

/* A list that is taken, or whose elements all have one size. */
static int compile_list(struct compiler *c, const struct tl_ctf_type *type, struct tl_word name,
			struct tl_ctf_target target, const struct scope *scope)
{
	struct tl_ctf_op op = op_of(TL_CTF_OP_NUMBERS, 0);
	const struct tl_ctf_type *element = type->element, *length;
	uint64_t size;
	int result;

	/* Elements follow each other as they are aligned; the list begins as its elements do. */
	result = align(c, type->align);
	if (result == 0 && type->kind == TL_CTF_SEQUENCE) {
		result = refer(c, scope, type->reference, &op.slot, &length);
		if (result == 0 && length->is_signed)
			result = refuse(c, name, "a signed length");
	}
	if (result < 0)
		return result;
	if (has_clock(element))
		return refuse(c, name, "a list of times");
	if (target.store == TL_CTF_STORE_ADDRS || target.store == TL_CTF_STORE_BYTES) {
		bool is_big = element->order == TL_CTF_NATIVE ? c->plans->metadata->is_big
							      : element->order == TL_CTF_BIG;

		if (element->size % 8 || element->align != 8)
			return refuse(c, name, "a list of numbers that are no whole bytes");
		op.number = (struct tl_ctf_number){(uint8_t)element->size, is_big, false};
		op.target = target;
		op.n = element->size;
		return push(c, op);
	}
	if (fixed_size(type, &size)) {
		result = note_place(c, target.slot);
		return result == 0 ? push(c, op_of(TL_CTF_OP_SKIP, size)) : result;
	}
	op.code = TL_CTF_OP_LOOP;
	op.n = type->length;
	if (type->kind == TL_CTF_SEQUENCE && fixed_size(element, &size) && align_up(size, element->align) == size) {
		op.code = TL_CTF_OP_NUMBERS;
		op.n = size;
		result = note_place(c, target.slot);
		note_length(c, target.slot, op.slot);
		return result == 0 ? push(c, op) : result;
	}
	result = compile_apart(c, element, (struct tl_word){0}, scope, &op.first);
	return result == 0 ? push(c, op) : result;
}

static int compile(struct compiler *c, const struct tl_ctf_type *type, struct tl_word name, struct tl_ctf_target target,
		   const struct scope *scope)
{
	struct tl_ctf_op op;
	int result;

	switch (type->kind) {
	case TL_CTF_INTEGER: return compile_number(c, type, name, target);
	case TL_CTF_FLOAT:
		result = align(c, type->align);
		return result == 0 ? push(c, op_of(TL_CTF_OP_SKIP, type->size)) : result;
	case TL_CTF_STRING:
		result = align(c, 8);
		op = op_of(TL_CTF_OP_TEXT, 0);
		op.target = target;
		return result == 0 ? push(c, op) : result;
	case TL_CTF_STRUCT: return compile_struct(c, type, scope);
	case TL_CTF_VARIANT: return compile_variant(c, type, name, scope);
	default: return compile_list(c, type, name, target, scope);
	}
}

/* ---- roots -------------------------------------------------------------------- */

static uint8_t first_free_slot(const struct tl_ctf_wanted *wanted, size_t n)
{
	uint8_t slot = 0;

	for (size_t i = 0; i < n; i++)
		if (wanted[i].slot >= slot)
			slot = (uint8_t)(wanted[i].slot + 1);
	return slot;
}

int tl_ctf_compile_header(struct tl_ctf_plans *plans, const struct tl_ctf_type *type,
			  const struct tl_ctf_wanted *wanted, size_t n, uint32_t *program,
			  const struct tl_ctf_clock **clock, struct tl_error *error)
{
	struct compiler c = {
		.plans = plans,
		.wanted = wanted,
		.n_wanted = n,
		.clock = *clock,
		.n_slots = first_free_slot(wanted, n),
		.error = error,
	};
	int result = type ? compile_struct(&c, type, NULL) : 0;

	if (result == 0)
		result = keep_program(&c, c.ops.items, c.ops.n, false, program);
	tl_vec_finish(&c.ops);
	*clock = c.clock;
	return result;
}

int tl_ctf_compile_event(struct tl_ctf_plans *plans, const struct tl_ctf_type *stream_context,
			 const struct tl_ctf_event_class *class, bool is_whole, uint32_t *program,
			 enum tl_ctf_verdict *verdict, int *kind, struct tl_ctf_sched *sched, struct tl_error *error)
{
	struct compiler c = {.plans = plans, .error = error};
	int result = 0;

	*verdict = tl_ctf_judge(class, kind);
	if (*verdict == TL_CTF_FOREIGN)
		*verdict = tl_ctf_sched_plan(sched, class->name, class->fields, stream_context, class->context);
	if (*verdict == TL_CTF_SCHED) {
		c.sched = sched;
		c.n_slots = sched->n;
	}
	if (*verdict == TL_CTF_OURS && tl_ctf_lacks_later(class, &tl_kinds[*kind]))
		result = push(&c, op_of(TL_CTF_OP_CLEAR, 0));
	if (result == 0 && stream_context)
		result = compile_struct(&c, stream_context, NULL);
	if (result == 0 && class->context)
		result = compile_struct(&c, class->context, NULL);
	if (*verdict == TL_CTF_OURS) {
		c.kind = &tl_kinds[*kind];
		c.payload = class->fields;
	}
	if (result == 0 && class->fields)
		result = compile_struct(&c, class->fields, NULL);
	if (result == 0 && c.clock)
		result = tl_error_set(error, TL_EFORMAT, "metadata: event \"%s\": a time among its fields",
				      class->name);
	if (result == 0 && c.is_misfit) {
		/* Stepped over without being stored: types of other sizes do not fit into our fields. */
		*verdict = TL_CTF_MALFORMED;
		for (size_t i = 0; i < c.ops.n; i++)
			c.ops.items[i].target.store = TL_CTF_STORE_NONE;
	}
	if (result == 0)
		result = keep_program(&c, c.ops.items, c.ops.n, is_whole, program);
	tl_vec_finish(&c.ops);
	return result;
}
