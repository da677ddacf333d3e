/*
 * What compiling a plan is made of, for ctf_plan.c alone: which fields are ours, and
 * how ops are kept.
 *
 *   ctf_contract.c: the event contract     ctf_runs.c: ops into the plans
 */
#ifndef TL_READ_CTF_COMPILE_H
#define TL_READ_CTF_COMPILE_H

#include "viewer/read/ctf_plan.h"

/* Which kind of ours the class is; FOREIGN: none; MALFORMED: it is called so, and lacks what we need. */
enum tl_ctf_verdict tl_ctf_judge(const struct tl_ctf_event_class *class, int *kind);
/* Does one of ours lack a field that a later version of the contract has added? */
bool tl_ctf_lacks_later(const struct tl_ctf_event_class *class, const struct tl_kind_info *kind);
/*
 * Where a field of an event of ours goes, if it is one of the contract. False: it is
 * called so, and its type does not hold just what the contract says.
 */
bool tl_ctf_aim(const struct tl_kind_info *kind, const struct tl_ctf_field *field, struct tl_ctf_target *target);
/*
 * Does a tag or a length refer to the field of that name? LTTng puts an underscore before
 * the name of a field, and so before one that refers to it.
 */
bool tl_ctf_is_named(struct tl_word name, struct tl_word reference);
/* An array of characters is a text for others, and not for us. */
bool tl_ctf_is_text_array(const struct tl_ctf_type *type);

/* The ops of a program, which begins on a whole byte if `is_whole`, into the plans, numbers of whole bytes as runs. 0, or -1: out of memory. */
int tl_ctf_keep_program(struct tl_ctf_plans *plans, const struct tl_ctf_op *ops, size_t n, bool is_whole,
			uint32_t *program);

#endif
