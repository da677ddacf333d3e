/*
 * Plans: how fields that a tree of types describes are walked over in a packet,
 * what is taken of them, and where it goes. Compiled once for each header, context
 * and event class; executed for each event, without a look at any name.
 *
 * ctf_plan.c compiles, ctf_decode.c executes. Places and sizes are in bits from the
 * packet's first; whatever a packet claims is compared with its end before it is read. A
 * packet's bytes may change meanwhile: nothing that decides is read twice, and events
 * point to copies.
 */
#ifndef TL_READ_CTF_PLAN_H
#define TL_READ_CTF_PLAN_H

#include "viewer/read/ctf_metadata.h"
#include "viewer/read/ctf_scratch.h"
#include "viewer/read/event.h"

#define TL_CTF_SLOTS 24 /* values that are used again: tags, lengths, what headers say */
#define TL_CTF_NO_SLOT UINT8_MAX

enum tl_ctf_op_code {
	TL_CTF_OP_CLEAR,   /* what the event's class has no field for is 0 */
	TL_CTF_OP_ALIGN,   /* to a multiple of n */
	TL_CTF_OP_SKIP,    /* n bits */
	TL_CTF_OP_NUMBER,  /* one number of any size and place */
	TL_CTF_OP_RUN,     /* numbers of whole bytes that follow each other: `count` moves from `first` on, n bits */
	TL_CTF_OP_PLACE,   /* where we are, into the slot */
	TL_CTF_OP_TEXT,    /* up to a NUL */
	TL_CTF_OP_NUMBERS, /* as many as a slot says, of n bits each */
	TL_CTF_OP_LOOP,    /* a program, as often as a slot says, or n times */
	TL_CTF_OP_CHOOSE,  /* the program that fits a slot's value: `count` choices from `first` on */
};

/* What becomes of a number. */
enum tl_ctf_store {
	TL_CTF_STORE_NONE,
	TL_CTF_STORE_8,
	TL_CTF_STORE_16,
	TL_CTF_STORE_32,
	TL_CTF_STORE_64,
	TL_CTF_STORE_TEXT,
	TL_CTF_STORE_ADDRS,
	TL_CTF_STORE_BYTES,
};

struct tl_ctf_target {
	uint8_t store;  /* enum tl_ctf_store, into struct tl_event */
	uint8_t slot;   /* and there */
	uint8_t values; /* of a named value: how many there are; 0: any number will do */
	bool is_clock;  /* and it sets the clock */
	uint16_t offset, count_offset;
};

struct tl_ctf_number {
	uint8_t size; /* in bits */
	bool is_big, is_signed;
};

struct tl_ctf_op {
	uint8_t code;
	uint8_t slot; /* of a length or a tag; TL_CTF_NO_SLOT: n is the length */
	struct tl_ctf_number number;
	struct tl_ctf_target target;
	uint32_t first, count;
	uint64_t n;
};

/*
 * How numbers of a run get to their places: as they are, and then those that lie side
 * by side in packet and event alike as one; or with all that a target may ask for.
 */
enum tl_ctf_move_code {
	TL_CTF_MOVE_1, /* so many bytes */
	TL_CTF_MOVE_2,
	TL_CTF_MOVE_4,
	TL_CTF_MOVE_8,
	TL_CTF_MOVE_TO_4, /* n bytes, more than half of that many */
	TL_CTF_MOVE_TO_8,
	TL_CTF_MOVE_TO_16,
	TL_CTF_MOVE_TO_32,
	TL_CTF_MOVE_TO_64,
	TL_CTF_MOVE_NAMED,  /* 8 bits, one of the named values */
	TL_CTF_MOVE_LENGTH, /* 8 bits, into a slot only */
	TL_CTF_MOVE_ANY,
};

/* Of a run: a number, or several, at a place in it. */
struct tl_ctf_move {
	uint32_t at; /* in bytes */
	uint8_t code;
	uint8_t n; /* bytes, of those that go as they are */
	struct tl_ctf_number number;
	struct tl_ctf_target target;
};

struct tl_ctf_choice {
	int64_t low, high;
	uint32_t program;
};

/* Ops of one level, from `first` on. */
struct tl_ctf_program {
	uint32_t first, count;
};

/* What all plans of a trace are made of. */
struct tl_ctf_plans {
	const struct tl_ctf_metadata *metadata;
	TL_VEC(struct tl_ctf_op) ops;
	TL_VEC(struct tl_ctf_move) moves;
	TL_VEC(struct tl_ctf_choice) choices;
	TL_VEC(struct tl_ctf_program) programs;
};

/* Fields of headers that are asked for by name, and the slot for each. Of arrays the place is given. */
struct tl_ctf_wanted {
	const char *name;
	uint8_t slot;
};

/* What to do with a plan's events. */
enum tl_ctf_verdict { TL_CTF_OURS, TL_CTF_SCHED, TL_CTF_FOREIGN, TL_CTF_MALFORMED };

struct tl_ctf_sched;

void tl_ctf_plans_init(struct tl_ctf_plans *plans, const struct tl_ctf_metadata *metadata);
void tl_ctf_plans_finish(struct tl_ctf_plans *plans);

/*
 * Compiles a header or context (NULL: nothing) of which the `n` wanted fields are
 * taken, with slots up to `slots` in use. Sets *clock to the clock that its fields count by, if any.
 * 0, or a negative code: it is outside of what is understood, with the reason.
 */
int tl_ctf_compile_header(struct tl_ctf_plans *plans, const struct tl_ctf_type *type,
			  const struct tl_ctf_wanted *wanted, size_t n, uint32_t *program,
			  const struct tl_ctf_clock **clock, struct tl_error *error);

/*
 * Compiles all that follows an event's header, which ends on a whole byte for certain
 * if `is_whole`. Ours are compared with the event contract: `verdict`, and for ours the
 * `kind`. What the kernel's scheduler says is taken as `sched` says then (ctf_sched.h).
 */
int tl_ctf_compile_event(struct tl_ctf_plans *plans, const struct tl_ctf_type *stream_context,
			 const struct tl_ctf_event_class *class, bool is_whole, uint32_t *program,
			 enum tl_ctf_verdict *verdict, int *kind, struct tl_ctf_sched *sched, struct tl_error *error);

/* Where we are in a packet, and what was read of it. */
struct tl_ctf_cursor {
	const uint8_t *packet;
	uint64_t at, end; /* in bits */
	uint64_t clock;   /* as the last field that counts by it has set it */
	uint64_t slots[TL_CTF_SLOTS];
	struct tl_event *event; /* may be NULL while nothing is stored there */
	struct tl_ctf_scratch *scratch;
	bool is_wrong;       /* a value is not one of the contract */
	const char *failure; /* after a failure: what was wrong */
};

/* Copies the text at `from`, which may have up to `most` bytes with its NUL: how many; 0: the cursor's `failure` says why. */
size_t tl_ctf_take_text(struct tl_ctf_cursor *cursor, const uint8_t *from, size_t most, const char **text);

/* Walks over what the program describes. False: it does not fit into the packet, or cannot be; see `failure`. */
bool tl_ctf_execute(const struct tl_ctf_plans *plans, uint32_t program, struct tl_ctf_cursor *cursor);

#endif
