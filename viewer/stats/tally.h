/*
 * Who did something most, without a row for everybody: the largest of many, by
 * the space-saving algorithm (Metwally, Agrawal, El Abbadi: "Efficient
 * Computation of Frequent and Top-k Elements in Data Streams", 2005). Exact
 * while no more take part than there is room for; beyond, a weight may be too
 * large by the smallest one that was there.
 */
#ifndef TL_STATS_TALLY_H
#define TL_STATS_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#define TL_TALLY 4

struct tl_tally_entry {
	uint32_t who; /* a task's index */
	uint64_t weight;
};

/* Zeroed is empty. */
struct tl_tally {
	struct tl_tally_entry entries[TL_TALLY];
	uint32_t n;
	bool inexact; /* more took part than there is room for */
};

void tl_tally_add(struct tl_tally *tally, uint32_t who, uint64_t weight);

/* The one with the most; NULL: nobody. */
const struct tl_tally_entry *tl_tally_first(const struct tl_tally *tally);

#endif
