/*
 * Drives a fuzzer without libFuzzer:
 *     PROGRAM                runs the seeds and 1000 mutations of them
 *     PROGRAM -n N [-s S]    N mutations, beginning with number S
 *     PROGRAM FILE...        runs these files, to look at a failure
 * The bytes of a mutation depend on its number only. The number is printed when
 * the program dies of a signal, so that a failure can be repeated with -n 1 -s N.
 */
#include "tests/fuzz/fuzz.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned long current;

static void on_signal(int signal)
{
	char text[64];
	int n = snprintf(text, sizeof text, "mutation %lu: signal %d\n", current, signal);

	if (write(STDERR_FILENO, text, (size_t)n) < 0)
		_exit(126);
	_exit(125);
}

/* Numerical Recipes' generator: only the upper bits are used. */
static uint32_t random_below(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return n ? (*seed >> 8) % n : 0;
}

static void set_byte(uint8_t *at, uint32_t *seed)
{
	static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff, '{', '}', ';', '"', '9'};

	switch (random_below(seed, 4)) {
	case 0: *at ^= (uint8_t)(1u << random_below(seed, 8)); break;
	case 1: *at = values[random_below(seed, sizeof values)]; break;
	case 2: *at = (uint8_t)random_below(seed, 256); break;
	default: *at = (uint8_t)(*at + random_below(seed, 3) - 1);
	}
}

/* Moves or repeats a range over another, or fills it with one byte. */
static void set_range(uint8_t *bytes, size_t size, uint32_t *seed)
{
	uint32_t n = 1 + random_below(seed, size < 64 ? (uint32_t)size : 64);
	uint32_t from = random_below(seed, (uint32_t)(size - n + 1)), to = random_below(seed, (uint32_t)(size - n + 1));

	if (random_below(seed, 3))
		memmove(bytes + to, bytes + from, n);
	else
		memset(bytes + to, random_below(seed, 2) ? 0 : 0xff, n);
}

uint8_t *fuzz_random(unsigned number, size_t size)
{
	uint32_t random = number * 2654435761u + 12345;
	uint8_t *bytes = malloc(size);

	for (size_t i = 0; bytes && i < size; i++) {
		random = random * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(random >> 16);
	}
	return bytes;
}

static size_t mutate(uint8_t *bytes, size_t size, uint32_t *seed)
{
	for (uint32_t n = 1 + random_below(seed, 6); n && size; n--) {
		switch (random_below(seed, 8)) {
		case 0: size -= random_below(seed, (uint32_t)(size < 100 ? size : 100)); break;
		case 1:
		case 2: set_range(bytes, size, seed); break;
		default: set_byte(bytes + random_below(seed, (uint32_t)size), seed);
		}
	}
	return size;
}

static void run_mutation(unsigned n_seeds, unsigned long number)
{
	uint32_t seed = (uint32_t)number * 2654435761u + 1;
	size_t size;
	uint8_t *bytes = fuzz_seed((unsigned)(number % n_seeds), &size);

	current = number;
	size = mutate(bytes, size, &seed);
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
}

static int run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(1 << 24);
	size_t size = file && bytes ? fread(bytes, 1, 1 << 24, file) : 0;

	if (!file || !bytes) {
		perror(path);
		return 2;
	}
	fclose(file);
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long n = 1000, first = 0;
	unsigned n_seeds = 0;
	uint8_t *bytes;
	size_t size;
	int option;

	signal(SIGSEGV, on_signal);
	signal(SIGABRT, on_signal);
	signal(SIGTRAP, on_signal);
	signal(SIGFPE, on_signal);
	signal(SIGBUS, on_signal);
	signal(SIGTERM, on_signal);
	while ((option = getopt(argc, argv, "n:s:")) != -1) {
		if (option == 'n')
			n = strtoul(optarg, NULL, 10);
		else if (option == 's')
			first = strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	for (int i = optind; i < argc; i++)
		if (run_file(argv[i]) != 0)
			return 2;
	if (optind < argc)
		return 0;
	while ((bytes = fuzz_seed(n_seeds, &size))) {
		LLVMFuzzerTestOneInput(bytes, size);
		free(bytes);
		n_seeds++;
	}
	for (unsigned long i = first; i < first + n; i++)
		run_mutation(n_seeds, i);
	printf("%u seeds, %lu mutations\n", n_seeds, n);
	return 0;
}
