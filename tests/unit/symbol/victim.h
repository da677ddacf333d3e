/* Functions whose stacks the test of the resolver records; see victim.c. */
#ifndef TL_TESTS_SYMBOL_VICTIM_H
#define TL_TESTS_SYMBOL_VICTIM_H

#ifdef __cplusplus
extern "C" {
#endif

#define VICTIM_MAX 64

extern int victim_line;      /* where victim_inlined calls backtrace */
extern int victim_call_line; /* where victim_plain calls victim_inlined */

/* Record the stack at themselves into `pcs`; how many. */
int victim_plain(void **pcs);
int victim_names(void **pcs); /* ... in the C++ function place::Thing::work(int) */

#ifdef __cplusplus
}
#endif

#endif
