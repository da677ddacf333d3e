/*
 * The orders in which locks were taken, for the files of lock-order-inversion only:
 * lock_order.c keeps them and reports, lock_cycles.c looks for cycles. Grows with
 * pairs of locks and of places in the code, of which a tracer tells each once.
 */
#ifndef TL_RULES_LOCK_ORDER_H
#define TL_RULES_LOCK_ORDER_H

#include "viewer/base/vec.h"
#include "viewer/rules/rule.h"

#define TL_ORDER_CYCLE 5                   /* locks in the longest cycle that is looked for */
#define TL_ORDER_STEPS (UINT64_C(1) << 21) /* of the search, for each length */

/* One lock, between two ends of locks at its address. */
struct tl_order_lock {
	struct {
		uint64_t address;
		uint32_t nonce, generation;
	} key;
	uint32_t index;
	uint32_t n_out, n_in;   /* edges that may be part of a cycle */
	TL_VEC(uint32_t) edges; /* from here: indices */
	UT_hash_handle hh;
};

/* "b was taken while a was held", from one pair of places, under one set of locks. */
struct tl_order_edge {
	struct {
		uint32_t a, b;           /* indices of locks */
		uint64_t site_a, site_b; /* addresses in the code, or a stack's number where it is not known */
		uint64_t held;           /* hash of the locks held */
		uint32_t a_shared, b_shared;
	} key;
	uint32_t stack_a, stack_b;
	bool guessed;                   /* of stack_a only the innermost frame is certain */
	const struct tl_task *tasks[2]; /* who did: the first, and another */
	uint32_t seq;                   /* of the event */
	int64_t time_ns;
	uint64_t *held; /* other locks held then, for the process's address space */
	uint8_t n_held;
	bool out; /* of the search: it is in no cycle, or in one that was told */
	uint32_t index;
	UT_hash_handle hh;
};

struct tl_orders {
	struct tl_arena arena;
	struct tl_order_lock *by_key;
	struct tl_order_edge *edges_by_key;
	TL_VEC(struct tl_order_lock *) locks;
	TL_VEC(struct tl_order_edge *) edges;
	const struct tl_task *full; /* who said that no more could be told; NULL: nobody */
	int64_t full_ns;
	uint32_t full_seq;
	/* Of the search: */
	uint64_t steps;
	bool gave_up;
	const struct tl_order_edge *path[TL_ORDER_CYCLE];
};

/* Takes a cycle of `n` edges, in order; 0, or negative to stop. */
typedef int (*tl_order_take)(void *data, const struct tl_order_edge *const *cycle, size_t n);

/*
 * Gives every cycle of locks in which tasks could come to wait for each other for
 * ever, the shortest first; none that contains an edge of a shorter one. Returns 0
 * or what `take` returned. `orders->gave_up`: there were too many ways to try.
 */
int tl_order_cycles(struct tl_orders *orders, tl_order_take take, void *data);

#endif
