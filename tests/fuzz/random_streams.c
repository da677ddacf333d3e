/*
 * random_streams EVENTS [SEED]: so many random events through order, state and
 * rules, as ten streams and then as one. Nothing may crash or hang, and memory
 * must follow tasks and objects: what the long stream's findings and tasks take
 * is printed beside that of one ten times shorter.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/random_events.h"
#include "viewer/rules/check.h"

#define STREAMS 10

static int run(uint64_t seed, uint64_t n)
{
	struct random_events stream = random_events_made(seed, n);
	struct tl_check check;
	struct tl_error error;
	int result;

	tl_error_init(&error);
	if (tl_check_init(&check, &error) != 0)
		return -1;
	result = tl_check_run(&check, &stream.base, NULL, &error);
	printf("seed %" PRIu64 ": %" PRIu64 " events, %zu findings, %zu tasks\n", seed, check.info.events,
	       check.findings.list.n, tl_state_task_count(check.state));
	fflush(stdout);
	if (result == 0 && check.info.events != n)
		result = -1;
	tl_check_finish(&check);
	return result;
}

int main(int argc, char **argv)
{
	uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 0, seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	int result = 0;

	if (n < STREAMS) {
		fprintf(stderr, "usage: random_streams EVENTS [SEED]\n");
		return 2;
	}
	for (uint64_t i = 0; i < STREAMS && result == 0; i++)
		result = run(seed + 2 * i, n / STREAMS);
	if (result == 0)
		result = run(seed, n);
	if (result != 0)
		fprintf(stderr, "random_streams: the check failed\n");
	return result != 0;
}
