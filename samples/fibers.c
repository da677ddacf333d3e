/*
 * Tasks of the program's own: two fibers (ucontext) that pass a ball, scheduled by
 * main on one thread. Nothing of this is visible from outside, so the program
 * tells it through threadline.h: create, start, block, unblock, exit.
 *
 *   fibers         correct
 *   fibers --bug   the scheduler once unblocks a fiber that has not blocked yet:
 *                  the wakeup is lost, and only luck (a second one) goes on
 *
 * threadline record -o T -- fibers --bug && threadline check T
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "threadline/threadline.h"

#define FIBERS 2
#define ROUNDS 5
#define STACK_BYTES ((size_t)256 * 1024)

struct fiber {
	ucontext_t context;
	threadline_task task;
	bool runnable, done;
	int bounces;
};

static struct fiber fibers[FIBERS];
static ucontext_t scheduler;
static bool bug;

/* Called by a fiber: stops until somebody wakes it. */
static void park(struct fiber *self)
{
	self->runnable = false;
	threadline_block(THREADLINE_PARK, self);
	swapcontext(&self->context, &scheduler);
}

static void wake(struct fiber *fiber)
{
	threadline_unblock(fiber->task, THREADLINE_PARK, fiber);
	fiber->runnable = true;
}

static void play(int id)
{
	struct fiber *self = &fibers[id], *other = &fibers[1 - id];

	for (int round = 0; round < ROUNDS; round++) {
		self->bounces++;
		if (!other->done && other->bounces > 0)
			wake(other);
		if (round < ROUNDS - 1)
			park(self);
	}
	self->done = true;
	threadline_exit();
}

static void make_fiber(int id)
{
	struct fiber *fiber = &fibers[id];
	char name[16];

	snprintf(name, sizeof name, "fiber-%d", id);
	fiber->task = threadline_create(THREADLINE_FIBER, name);
	getcontext(&fiber->context);
	fiber->context.uc_stack.ss_sp = malloc(STACK_BYTES);
	fiber->context.uc_stack.ss_size = STACK_BYTES;
	fiber->context.uc_link = &scheduler;
	if (!fiber->context.uc_stack.ss_sp)
		exit(1);
	makecontext(&fiber->context, (void (*)(void))play, 1, id);
	fiber->runnable = true;
}

int main(int argc, char **argv)
{
	bool any = true;

	bug = argc > 1 && strcmp(argv[1], "--bug") == 0;
	for (int id = 0; id < FIBERS; id++)
		make_fiber(id);
	if (bug)
		wake(&fibers[1]); /* the bug: it has not even started */
	while (any) {
		any = false;
		for (int id = 0; id < FIBERS; id++) {
			struct fiber *fiber = &fibers[id];

			if (fiber->done || !fiber->runnable)
				continue;
			any = true;
			threadline_start(fiber->task);
			swapcontext(&scheduler, &fiber->context);
		}
	}
	for (int id = 0; id < FIBERS; id++)
		free(fibers[id].context.uc_stack.ss_sp);
	printf("%d and %d bounces\n", fibers[0].bounces, fibers[1].bounces);
	return 0;
}
