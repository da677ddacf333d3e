/* The waits that a task is in, one inside of the other, and what is odd about its events. */
#include "tests/unit/unit.h"

#include "viewer/state/state.h"

#define PROCESS (UINT64_C(1) << 32)

struct life {
	struct tl_state *state;
	uint32_t seq[4]; /* by number of the task */
	struct tl_step step;
};

static int setup(void **state)
{
	struct life *life = calloc(1, sizeof *life);

	*state = life;
	if (life)
		life->state = tl_state_create();
	return life && life->state ? 0 : -1;
}

static int teardown(void **state)
{
	struct life *life = *state;

	tl_state_destroy(life->state);
	free(life);
	return 0;
}

/* Takes it as the next event of its task; returns what is odd about it. */
static uint32_t take(struct life *life, uint32_t task, struct tl_event event)
{
	event.task = PROCESS | task;
	event.seq = ++life->seq[task];
	event.time_ns = event.seq;
	assert_int_equal(tl_state_apply(life->state, &event, &life->step, NULL), 0);
	return life->step.odd;
}

static uint32_t block(struct life *life, uint32_t task, uint32_t wait, uint8_t reason)
{
	return take(
		life, task,
		(struct tl_event){.kind = TL_EVENT_BLOCK,
				  .u.block = {.wait = wait, .reason = reason, .object = wait * 16, .timeout_ns = 5}});
}

static uint32_t start(struct life *life, uint32_t task, uint32_t wait, uint32_t carrier)
{
	return take(life, task,
		    (struct tl_event){.kind = TL_EVENT_START, .u.start = {.wait = wait, .carrier = carrier}});
}

static uint32_t unblock(struct life *life, uint32_t task, uint32_t target, uint32_t wait)
{
	return take(life, task,
		    (struct tl_event){.kind = TL_EVENT_UNBLOCK,
				      .u.unblock = {.target = target, .target_wait = wait, .reason = TL_REASON_PARK}});
}

static void says_status(struct life *life, uint32_t task, uint32_t target, uint32_t wait)
{
	take(life, task,
	     (struct tl_event){.kind = TL_EVENT_STATUS,
			       .u.status = {.target = target,
					    .target_seq = life->seq[target],
					    .wait = wait,
					    .state = TL_STANDING_BLOCKED,
					    .reason = TL_REASON_MUTEX}});
}

static const struct tl_task *task_of(const struct life *life, uint32_t task)
{
	return tl_state_find_task(life->state, PROCESS | task);
}

static void test_outer_wait_comes_back(void **state)
{
	struct life *life = *state;

	for (uint32_t wait = 1; wait <= 3; wait++)
		block(life, 1, wait, TL_REASON_MUTEX);
	assert_int_equal(task_of(life, 1)->depth, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(tl_task_open(task_of(life, 1), i)->number, i + 1);
	assert_int_equal(start(life, 1, 3, 9), 0);
	assert_int_equal(task_of(life, 1)->wait.number, 2);
	assert_int_equal(task_of(life, 1)->wait.object, 32);
	assert_int_equal(block(life, 1, 4, TL_REASON_COND), TL_ODD_INSIDE);
	assert_int_equal(start(life, 1, 1, 9), TL_ODD_UNENDED);
	assert_int_equal(task_of(life, 1)->depth, 0);
	assert_int_equal(task_of(life, 1)->state, TL_TASK_RUNNING);
	assert_int_equal(block(life, 1, 5, TL_REASON_MUTEX), 0);
	assert_int_equal(tl_task_open(task_of(life, 1), 0)->number, 5);
}

static void test_more_waits_than_room(void **state)
{
	struct life *life = *state;

	for (uint32_t wait = 1; wait <= TL_OPEN_WAITS + 2; wait++)
		block(life, 1, wait, TL_REASON_MUTEX);
	assert_int_equal(task_of(life, 1)->depth, TL_OPEN_WAITS);
	assert_int_equal(task_of(life, 1)->wait.number, TL_OPEN_WAITS + 2);
	assert_int_equal(tl_task_open(task_of(life, 1), TL_OPEN_WAITS - 1)->number, TL_OPEN_WAITS);
	/* One that nobody kept: the task is back in the innermost that is known. */
	start(life, 1, TL_OPEN_WAITS + 2, 9);
	assert_int_equal(task_of(life, 1)->wait.number, TL_OPEN_WAITS);
}

/* A state dump knows less of a wait than its block: what the block said comes back with it. */
static void test_dump_in_the_middle(void **state)
{
	struct life *life = *state;

	block(life, 1, 1, TL_REASON_PARK);
	start(life, 2, 0, 8);
	unblock(life, 2, 1, 1);
	says_status(life, 2, 1, 1);
	assert_int_equal(task_of(life, 1)->wait.timeout_ns, TL_NO_TIMEOUT);
	block(life, 1, 2, TL_REASON_MUTEX);
	start(life, 1, 2, 9);
	assert_int_equal(task_of(life, 1)->wait.number, 1);
	assert_int_equal(task_of(life, 1)->wait.timeout_ns, 5);
}

static void test_what_is_odd(void **state)
{
	struct life *life = *state;

	start(life, 1, 0, 7);
	start(life, 2, 0, 8);
	assert_int_equal(start(life, 2, 0, 9), TL_ODD_CARRIED);
	assert_int_equal(life->step.carried.carrier, 8);
	assert_int_equal(unblock(life, 1, 2, 1), TL_ODD_EARLY);
	assert_int_equal(block(life, 2, 1, TL_REASON_PARK), TL_ODD_EARLY);
	assert_int_equal(unblock(life, 1, 2, 1), 0);
	assert_int_equal(unblock(life, 1, 2, 1), TL_ODD_TWICE);
	assert_int_equal(task_of(life, 2)->woken.seq, 3);
	assert_int_equal(start(life, 2, 1, 9), 0);
	block(life, 2, 2, TL_REASON_PARK);
	assert_int_equal(start(life, 2, 2, 9), TL_ODD_UNCAUSED);
	life->seq[2] += 3;
	assert_int_equal(block(life, 2, 3, TL_REASON_PARK), TL_ODD_GAP);
	assert_int_equal(life->step.missing, 3);
	assert_int_equal(life->step.before, TL_TASK_UNKNOWN);
	life->seq[2]--;
	assert_int_equal(block(life, 2, 3, TL_REASON_PARK), TL_ODD_AGAIN);
}

TL_UNIT_MAIN(cmocka_unit_test_setup_teardown(test_outer_wait_comes_back, setup, teardown),
	     cmocka_unit_test_setup_teardown(test_more_waits_than_room, setup, teardown),
	     cmocka_unit_test_setup_teardown(test_dump_in_the_middle, setup, teardown),
	     cmocka_unit_test_setup_teardown(test_what_is_odd, setup, teardown))
