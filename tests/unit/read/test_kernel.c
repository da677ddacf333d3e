/* The mapper from a kernel's scheduler events to ours, without any trace format. */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "viewer/base/error.h"
#include "viewer/read/kernel.h"

struct mapped {
	struct tl_kernel *kernel;
	int64_t now_ns;
	char text[4096]; /* one line for each event since the last look */
};

static void setup(struct mapped *mapped)
{
	memset(mapped, 0, sizeof *mapped);
	mapped->kernel = tl_kernel_create();
	assert_non_null(mapped->kernel);
}

/* "start 1.1#2 wait=1 by 2.1#4": the task as process.number, its seq, and what is said. */
static void describe(const struct tl_event *event, char *line, size_t size)
{
	unsigned own = tl_task_process(event->task), peer = event->peer ? event->peer : own;
	int n = snprintf(line, size, "%s %u.%u#%u", tl_kinds[event->kind].name, own, (unsigned)event->task,
			 (unsigned)event->seq);
	char *at = line + n;

	size -= (size_t)n;
	switch (event->kind) {
	case TL_EVENT_PROCESS_BEGIN:
		snprintf(at, size, " pid=%u of %u %s", (unsigned)event->u.process_begin.pid,
			 (unsigned)event->u.process_begin.parent, event->u.process_begin.program);
		break;
	case TL_EVENT_NAME: snprintf(at, size, " %s", event->u.name.text); break;
	case TL_EVENT_CREATE:
		snprintf(at, size, " %u.%u %s", peer, (unsigned)event->u.create.child, event->u.create.name);
		break;
	case TL_EVENT_BLOCK: snprintf(at, size, " wait=%u", (unsigned)event->u.block.wait); break;
	case TL_EVENT_UNBLOCK:
		snprintf(at, size, " %u.%u wait=%u after %u", peer, (unsigned)event->u.unblock.target,
			 (unsigned)event->u.unblock.target_wait, (unsigned)event->u.unblock.target_seq);
		break;
	case TL_EVENT_STATUS: snprintf(at, size, " %s", tl_value_text(TL_FIELD_STANDING, event->u.status.state)); break;
	case TL_EVENT_START:
		n = snprintf(at, size, " wait=%u on %u", (unsigned)event->u.start.wait,
			     (unsigned)event->u.start.carrier);
		if (event->u.start.waker)
			snprintf(at + n, size - (size_t)n, " by %u.%u#%u", peer, (unsigned)event->u.start.waker,
				 (unsigned)event->u.start.waker_seq);
		break;
	default: break;
	}
}

static int take(struct mapped *mapped, struct tl_sched sched)
{
	struct tl_event event;
	char line[512];
	int result;

	sched.time_ns = ++mapped->now_ns;
	sched.has_cpu = true;
	result = tl_kernel_take(mapped->kernel, &sched);
	while (tl_kernel_next(mapped->kernel, &event)) {
		assert_int_equal(event.time_ns, mapped->now_ns);
		assert_true(event.task != 0);
		describe(&event, line, sizeof line);
		snprintf(mapped->text + strlen(mapped->text), sizeof mapped->text - strlen(mapped->text), "%s\n", line);
	}
	return result;
}

static void expect(struct mapped *mapped, const char *text)
{
	assert_string_equal(mapped->text, text);
	mapped->text[0] = '\0';
}

static void pass_switch(struct mapped *mapped, unsigned cpu, unsigned prev, int64_t state, unsigned next)
{
	struct tl_sched sched = {
		.kind = TL_SCHED_SWITCH, .cpu = (uint16_t)cpu, .tid = prev, .other = next, .state = state};

	snprintf(sched.comm, sizeof sched.comm, "t%u", prev);
	snprintf(sched.other_comm, sizeof sched.other_comm, "t%u", next);
	assert_int_equal(take(mapped, sched), 0);
}

static void wake(struct mapped *mapped, unsigned cpu, unsigned tid)
{
	assert_int_equal(take(mapped, (struct tl_sched){.kind = TL_SCHED_WAKEUP, .cpu = (uint16_t)cpu, .tid = tid}), 0);
}

static void fork_one(struct mapped *mapped, unsigned parent, unsigned child, unsigned pid)
{
	struct tl_sched sched = {
		.kind = TL_SCHED_FORK, .tid = parent, .other = child, .pid = pid, .parent_pid = parent};

	snprintf(sched.comm, sizeof sched.comm, "t%u", parent);
	snprintf(sched.other_comm, sizeof sched.other_comm, "t%u", child);
	assert_int_equal(take(mapped, sched), 0);
}

static void end_one(struct mapped *mapped, unsigned tid)
{
	assert_int_equal(take(mapped, (struct tl_sched){.kind = TL_SCHED_EXIT, .tid = tid}), 0);
}

/* A thread of one process waits, one of another wakes it. */
static void test_kernel_wait_and_wakeup_across_processes(void **state)
{
	struct mapped mapped;

	(void)state;
	setup(&mapped);
	pass_switch(&mapped, 0, 0, 0, 10);
	pass_switch(&mapped, 1, 0, 0, 20);
	expect(&mapped, "process_begin 1.1#1 pid=10 of 0 t10\nname 1.1#2 t10\nstart 1.1#3 wait=0 on 10\n"
			"process_begin 2.1#1 pid=20 of 0 t20\nname 2.1#2 t20\nstart 2.1#3 wait=0 on 20\n");
	pass_switch(&mapped, 1, 20, 1, 0);
	wake(&mapped, 0, 20);
	/* waking and wakeup are one wakeup. */
	wake(&mapped, 1, 20);
	pass_switch(&mapped, 1, 0, 0, 20);
	expect(&mapped, "block 2.1#4 wait=1\nunblock 1.1#4 2.1 wait=1 after 4\nstart 2.1#5 wait=1 on 20 by 1.1#4\n");
	tl_kernel_destroy(mapped.kernel);
}

/* Thread 10 runs on processor 0; what came of that is forgotten. */
static void setup_one(struct mapped *mapped)
{
	setup(mapped);
	pass_switch(mapped, 0, 0, 0, 10);
	mapped->text[0] = '\0';
}

/* And 20, of another process, on processor 1. */
static void setup_two(struct mapped *mapped)
{
	setup_one(mapped);
	pass_switch(mapped, 1, 0, 0, 20);
	mapped->text[0] = '\0';
}

/* Every way in which kernels say that a thread was preempted, and what they say of waits. */
static void test_kernel_states_of_those_who_leave(void **state)
{
	static const int64_t runnable[] = {0, 256, 1024, 2048, 4096},
			     waits[] = {1, 2, 4, 130, 128, 512, 64, 1 + 2048, -1};
	struct mapped mapped;

	(void)state;
	setup_one(&mapped);
	for (size_t i = 0; i < sizeof runnable / sizeof *runnable; i++) {
		pass_switch(&mapped, 0, 10, runnable[i], 0);
		assert_memory_equal(mapped.text, "schedule ", 9);
		pass_switch(&mapped, 0, 0, 0, 10);
		mapped.text[0] = '\0';
	}
	for (size_t i = 0; i + 1 < sizeof waits / sizeof *waits; i++) {
		pass_switch(&mapped, 0, 10, waits[i], 0);
		assert_memory_equal(mapped.text, "block ", 6);
		pass_switch(&mapped, 0, 0, 0, 10);
		mapped.text[0] = '\0';
	}
	/* A zombie leaves for good, whether its exit was recorded or not. */
	pass_switch(&mapped, 0, 10, 32, 0);
	assert_non_null(strstr(mapped.text, "exit "));
	tl_kernel_destroy(mapped.kernel);
}

static void test_kernel_wakeups_of_who_does_not_wait_say_nothing(void **state)
{
	struct mapped mapped;

	(void)state;
	setup_two(&mapped);
	wake(&mapped, 0, 20);
	wake(&mapped, 0, 0);
	pass_switch(&mapped, 1, 20, 0, 0);
	wake(&mapped, 0, 20);
	expect(&mapped, "schedule 2.1#4\n");
	tl_kernel_destroy(mapped.kernel);
}

/* An interrupt on an idle processor: nobody to name. */
static void test_kernel_wakeup_by_nobody(void **state)
{
	struct mapped mapped;

	(void)state;
	setup(&mapped);
	pass_switch(&mapped, 0, 0, 0, 10);
	pass_switch(&mapped, 0, 10, 1, 0);
	mapped.text[0] = '\0';
	wake(&mapped, 0, 10);
	pass_switch(&mapped, 0, 0, 0, 10);
	expect(&mapped, "status 1.1#5 runnable\nstart 1.1#6 wait=1 on 10\n");
	/* First seen when it is woken. */
	wake(&mapped, 0, 30);
	pass_switch(&mapped, 1, 0, 0, 30);
	assert_non_null(strstr(mapped.text, "status 2.1#2 runnable\n"));
	assert_non_null(strstr(mapped.text, "start 2.1#5 wait=0 on 30\n"));
	tl_kernel_destroy(mapped.kernel);
}

/* create, exit where the thread leaves for the last time, and another life of its id. */
static void test_kernel_lives_of_one_tid(void **state)
{
	struct mapped mapped;

	(void)state;
	setup_one(&mapped);
	fork_one(&mapped, 10, 11, 10);
	pass_switch(&mapped, 1, 0, 0, 11);
	end_one(&mapped, 11);
	pass_switch(&mapped, 1, 11, 64, 0);
	expect(&mapped, "create 1.1#4 1.2 t11\nstart 1.2#1 wait=0 on 11 by 1.1#4\nexit 1.2#2\n");
	fork_one(&mapped, 10, 11, 11);
	expect(&mapped, "create 1.1#5 2.1 t11\nprocess_begin 2.1#1 pid=11 of 10 t11\n");
	pass_switch(&mapped, 1, 0, 0, 11);
	mapped.text[0] = '\0';
	/* Its end was not seen: a new one under its id shows that it has ended. */
	fork_one(&mapped, 10, 11, 11);
	expect(&mapped, "process_end 2.1#3\nexit 2.1#4\ncreate 1.1#6 3.1 t11\nprocess_begin 3.1#1 pid=11 of 10 t11\n");
	tl_kernel_destroy(mapped.kernel);
}

/* The last thread of a process ends it; what others did while it was ending is its own. */
static void test_kernel_end_of_a_process(void **state)
{
	struct mapped mapped;

	(void)state;
	setup(&mapped);
	pass_switch(&mapped, 0, 0, 0, 10);
	fork_one(&mapped, 10, 11, 10);
	pass_switch(&mapped, 1, 0, 0, 11);
	mapped.text[0] = '\0';
	end_one(&mapped, 10);
	pass_switch(&mapped, 0, 10, 2, 0);
	wake(&mapped, 1, 10);
	pass_switch(&mapped, 0, 0, 0, 10);
	pass_switch(&mapped, 0, 10, 16, 0);
	expect(&mapped,
	       "block 1.1#5 wait=1\nunblock 1.2#2 1.1 wait=1 after 5\nstart 1.1#6 wait=1 on 10 by 1.2#2\nexit 1.1#7\n");
	end_one(&mapped, 11);
	pass_switch(&mapped, 1, 11, 128, 0);
	expect(&mapped, "process_end 1.2#3\nexit 1.2#4\n");
	tl_kernel_destroy(mapped.kernel);
}

/* Events that were lost must not make waits nest, nor anything come after an exit. */
static void test_kernel_lost_switches_leave_no_contradiction(void **state)
{
	struct mapped mapped;

	(void)state;
	setup(&mapped);
	pass_switch(&mapped, 0, 0, 0, 10);
	pass_switch(&mapped, 0, 10, 1, 0);
	mapped.text[0] = '\0';
	pass_switch(&mapped, 0, 10, 1, 0);
	/* Its start is missing, and its numbers say so. */
	expect(&mapped, "block 1.1#6 wait=2\n");
	end_one(&mapped, 10);
	pass_switch(&mapped, 0, 10, 64, 0);
	/* Another leaves than who came. */
	pass_switch(&mapped, 0, 0, 0, 20);
	mapped.text[0] = '\0';
	pass_switch(&mapped, 0, 0, 0, 0);
	wake(&mapped, 1, 20);
	expect(&mapped, "status 2.1#5 runnable\n");
	/* Whoever comes under its id now is another, seen from here on. */
	pass_switch(&mapped, 0, 0, 0, 10);
	expect(&mapped, "process_begin 3.1#1 pid=10 of 0 t10\nname 3.1#2 t10\nstart 3.1#3 wait=0 on 10\n");
	tl_kernel_destroy(mapped.kernel);
}

/* A state dump says whose the threads are, and makes no events of those that do nothing. */
static void test_kernel_state_dump(void **state)
{
	struct tl_sched leader = {.kind = TL_SCHED_THREAD, .tid = 10, .pid = 10, .comm = "server"};
	struct tl_sched worker = {.kind = TL_SCHED_THREAD, .tid = 12, .pid = 10, .comm = "worker"};
	struct tl_sched helper = {
		.kind = TL_SCHED_THREAD, .tid = 9, .pid = 9, .is_kernel_thread = true, .comm = "jbd2"};
	struct mapped mapped;

	(void)state;
	setup(&mapped);
	assert_int_equal(take(&mapped, leader), 0);
	assert_int_equal(take(&mapped, worker), 0);
	assert_int_equal(take(&mapped, helper), 0);
	expect(&mapped, "");
	pass_switch(&mapped, 0, 0, 0, 12);
	pass_switch(&mapped, 0, 12, 1, 9);
	expect(&mapped, "process_begin 1.2#1 pid=10 of 0 server\nname 1.2#2 t12\nstart 1.2#3 wait=0 on 12\n"
			"block 1.2#4 wait=1\n"
			"process_begin 2.1#1 pid=2 of 0 kernel threads\nname 2.1#2 t9\nstart 2.1#3 wait=0 on 9\n");
	tl_kernel_destroy(mapped.kernel);
}

/* exec gives a process its program's name; without that event its first thread's new name does. */
static void test_kernel_names(void **state)
{
	struct tl_sched exec = {.kind = TL_SCHED_EXEC, .tid = 10, .file = "/bin/ls"};
	struct tl_sched change = {.kind = TL_SCHED_SWITCH, .tid = 20, .comm = "late", .state = 1};
	struct mapped mapped;

	(void)state;
	setup_two(&mapped);
	assert_int_equal(take(&mapped, exec), 0);
	change.cpu = 1;
	assert_int_equal(take(&mapped, change), 0);
	expect(&mapped, "process_begin 1.1#4 pid=10 of 0 /bin/ls\n"
			"process_begin 2.1#4 pid=20 of 0 late\nname 2.1#5 late\nblock 2.1#6 wait=1\n");
	tl_kernel_destroy(mapped.kernel);
}

/* perf says in each event which thread of which process it was recorded in. */
static void test_kernel_process_by_context(void **state)
{
	struct tl_sched leaves = {.kind = TL_SCHED_SWITCH, .tid = 12, .comm = "worker", .state = 1};
	struct mapped mapped;

	(void)state;
	setup(&mapped);
	leaves.current_tid = 12;
	leaves.current_pid = 10;
	assert_int_equal(take(&mapped, leaves), 0);
	assert_memory_equal(mapped.text, "process_begin 1.1#1 pid=10 of 0 worker\n", 39);
	tl_kernel_destroy(mapped.kernel);
}

static void test_kernel_refuses_what_cannot_be(void **state)
{
	static const struct tl_sched wrong[] = {
		{.kind = TL_SCHED_SWITCH, .tid = 5, .other = 5},
		{.kind = TL_SCHED_SWITCH, .tid = UINT32_MAX, .other = 5},
		{.kind = TL_SCHED_FORK, .tid = 5},
		{.kind = TL_SCHED_FORK, .tid = 5, .other = 5},
		{.kind = TL_SCHED_EXIT},
		{.kind = TL_SCHED_EXEC},
		{.kind = TL_SCHED_THREAD},
		{.kind = TL_SCHED_THREAD + 1, .tid = 1},
	};
	struct mapped mapped;

	(void)state;
	setup(&mapped);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(take(&mapped, wrong[i]), TL_EFORMAT);
	expect(&mapped, "");
	tl_kernel_destroy(mapped.kernel);
}

/* The same ids on two hosts are two threads. */
static void test_kernel_hosts_are_apart(void **state)
{
	struct mapped mapped;
	struct tl_sched there = {.kind = TL_SCHED_SWITCH, .domain = 1, .other = 10, .other_comm = "there"};

	(void)state;
	setup_one(&mapped);
	assert_int_equal(take(&mapped, there), 0);
	expect(&mapped, "process_begin 2.1#1 pid=10 of 0 there\nname 2.1#2 there\nstart 2.1#3 wait=0 on 10\n");
	tl_kernel_destroy(mapped.kernel);
}

TL_UNIT_MAIN(cmocka_unit_test(test_kernel_wait_and_wakeup_across_processes),
	     cmocka_unit_test(test_kernel_states_of_those_who_leave),
	     cmocka_unit_test(test_kernel_wakeups_of_who_does_not_wait_say_nothing),
	     cmocka_unit_test(test_kernel_wakeup_by_nobody), cmocka_unit_test(test_kernel_lives_of_one_tid),
	     cmocka_unit_test(test_kernel_end_of_a_process),
	     cmocka_unit_test(test_kernel_lost_switches_leave_no_contradiction),
	     cmocka_unit_test(test_kernel_state_dump), cmocka_unit_test(test_kernel_names),
	     cmocka_unit_test(test_kernel_process_by_context), cmocka_unit_test(test_kernel_refuses_what_cannot_be),
	     cmocka_unit_test(test_kernel_hosts_are_apart))
