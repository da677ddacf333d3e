/*
 * What a fuzzer consists of: libFuzzer's entry, and seeds for the plain driver
 * (driver.c), which runs a bounded number of mutations that are the same every
 * time, with any compiler, under ctest.
 */
#ifndef TL_TESTS_FUZZ_FUZZ_H
#define TL_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Must neither crash, nor hang, nor leak, whatever the bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The seed of this number, from the heap; NULL when there are no more. */
uint8_t *fuzz_seed(unsigned number, size_t *size);

/* Random bytes from the heap, for such a seed: the same for each number. NULL without memory. */
uint8_t *fuzz_random(unsigned number, size_t size);

#endif
