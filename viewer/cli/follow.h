/*
 * What `threadline check --live` does while a session runs: tells what is found, once
 * each, on stderr; and ends at SIGINT or SIGTERM, so that the report follows.
 */
#ifndef TL_CLI_FOLLOW_H
#define TL_CLI_FOLLOW_H

#include "viewer/cli/check_options.h"
#include "viewer/rules/check.h"

struct tl_follow {
	const struct tl_check_command *command;
	const struct tl_check *check;
	size_t told;                                 /* of the findings */
	bool is_waiting;                             /* for the first event: said */
	bool (*beside)(void *data, uint64_t events); /* what the options did before; NULL: nothing */
	void *beside_data;
};

/* Hangs itself into `options`, and takes the two signals: a second one ends the program. */
void tl_follow_init(struct tl_follow *follow, const struct tl_check_command *command, const struct tl_check *check,
		    struct tl_check_options *options);

#endif
