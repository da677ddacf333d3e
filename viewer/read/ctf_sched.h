/*
 * What the direct reader takes of the kernel's scheduler events (sched_wants.h):
 * numbers and places of texts, which a plan leaves in slots, into struct tl_sched.
 */
#ifndef TL_READ_CTF_SCHED_H
#define TL_READ_CTF_SCHED_H

#include "viewer/read/ctf_plan.h"
#include "viewer/read/sched_wants.h"

/* How the wanted field lies there. */
enum tl_ctf_sched_form {
	TL_CTF_SCHED_NUMBER,
	TL_CTF_SCHED_STRING, /* the slot says where; up to a NUL */
	TL_CTF_SCHED_ARRAY,  /* the slot says where; `length` bytes */
	TL_CTF_SCHED_LIST,   /* the slot says where, `length_slot` how many bytes */
};

struct tl_ctf_sched_step {
	const struct tl_ctf_field *field;
	uint8_t form; /* enum tl_ctf_sched_form */
	uint8_t type; /* enum tl_sched_type */
	uint8_t slot, length_slot;
	bool is_signed;
	uint16_t offset; /* in struct tl_sched */
	uint64_t length;
};

struct tl_ctf_sched {
	uint8_t kind; /* enum tl_sched_kind */
	uint8_t n;
	struct tl_ctf_sched_step steps[TL_SCHED_WANTS];
};

/*
 * The steps for a class; its slots are the first ones, one for each step. FOREIGN: it
 * is none of the kernel's; MALFORMED: it lacks what is needed; SCHED.
 */
enum tl_ctf_verdict tl_ctf_sched_plan(struct tl_ctf_sched *plan, const char *name, const struct tl_ctf_type *payload,
				      const struct tl_ctf_type *common, const struct tl_ctf_type *specific);

/* Fills in what the plan's steps say of the event that was walked over last. False: it is malformed. */
bool tl_ctf_sched_take(const struct tl_ctf_sched *plan, struct tl_ctf_cursor *cursor, struct tl_sched *sched);

#endif
