/* Which rows stand together: what a program says of itself, and what the kernel says of its threads. */
#include "tests/unit/unit.h"

#include "viewer/model/model.h"

#define USER UINT64_C(0xAAAA00000000)
#define KERNEL UINT64_C(0x100000000)
#define OTHER UINT64_C(0x200000000)
#define THREADS UINT64_C(0x300000000)

struct trace {
	struct tl_state *state;
	struct tl_model *model;
	int64_t now_ns;
};

static void pass(struct trace *trace, struct tl_event event)
{
	struct tl_observer observer = tl_model_observer(trace->model);
	struct tl_step step;

	event.time_ns = ++trace->now_ns;
	assert_int_equal(tl_state_apply(trace->state, &event, &step, NULL), 0);
	assert_int_equal(observer.event(observer.data, trace->state, &event, &step, NULL), 0);
}

static void begin(struct trace *trace, uint64_t task, uint32_t seq, uint32_t pid, uint32_t capabilities)
{
	struct tl_event event = {.task = task, .seq = seq, .kind = TL_EVENT_PROCESS_BEGIN};

	event.u.process_begin.pid = pid;
	event.u.process_begin.capabilities = capabilities;
	event.u.process_begin.program = "program";
	pass(trace, event);
}

static void start(struct trace *trace, uint64_t task, uint32_t seq, uint32_t carrier)
{
	struct tl_event event = {.task = task, .seq = seq, .kind = TL_EVENT_START};

	event.u.start.carrier = carrier;
	pass(trace, event);
}

static void open_trace(struct trace *trace)
{
	memset(trace, 0, sizeof *trace);
	trace->state = tl_state_create();
	trace->model = tl_model_create();
	assert_non_null(trace->state);
	assert_non_null(trace->model);
}

static const struct tl_row *row_of(const struct trace *trace, uint64_t task)
{
	return &trace->model->rows.items[tl_state_find_task(trace->state, task)->index];
}

static void close_trace(struct trace *trace)
{
	tl_model_destroy(trace->model);
	tl_state_destroy(trace->state);
}

static void test_place_kernel_threads_beside_their_tasks(void **state)
{
	struct trace trace;

	(void)state;
	open_trace(&trace);
	begin(&trace, KERNEL | 1, 1, 10, TL_CAN_SCHEDULER);
	start(&trace, KERNEL | 1, 2, 10);
	start(&trace, KERNEL | 2, 1, 11);
	begin(&trace, USER | 1, 1, 10, TL_CAN_API);
	start(&trace, USER | 1, 2, 10);
	start(&trace, USER | 2, 1, 11);
	begin(&trace, OTHER | 1, 1, 20, TL_CAN_SCHEDULER);
	start(&trace, OTHER | 1, 2, 20);
	begin(&trace, THREADS | 1, 1, 2, TL_CAN_SCHEDULER);
	start(&trace, KERNEL | 2, 2, 11);
	assert_int_equal(tl_model_seal(trace.model, trace.state, NULL, INT64_MIN, NULL), 0);
	for (uint32_t i = 1; i <= 2; i++) {
		assert_int_equal(row_of(&trace, KERNEL | i)->nonce, USER >> 32);
		assert_int_equal(row_of(&trace, KERNEL | i)->beside, row_of(&trace, USER | i)->beside);
		assert_true(row_of(&trace, KERNEL | i)->is_kernels);
		assert_false(row_of(&trace, USER | i)->is_kernels);
	}
	assert_int_not_equal(row_of(&trace, USER | 1)->beside, row_of(&trace, USER | 2)->beside);
	assert_int_equal(row_of(&trace, OTHER | 1)->nonce, OTHER >> 32);
	assert_false(row_of(&trace, OTHER | 1)->at_end);
	assert_true(row_of(&trace, THREADS | 1)->at_end);
	close_trace(&trace);
}

/* The pid belonged to another program when the kernel spoke of it, or to one of another host. */
static void test_place_keeps_strangers_apart(void **state)
{
	struct tl_event there = {.task = USER | 1, .seq = 1, .kind = TL_EVENT_PROCESS_BEGIN, .domain = 1};
	struct trace trace;

	(void)state;
	open_trace(&trace);
	begin(&trace, OTHER | 1, 1, 10, TL_CAN_API);
	start(&trace, OTHER | 1, 2, 10);
	begin(&trace, KERNEL | 1, 1, 10, TL_CAN_SCHEDULER);
	there.u.process_begin.pid = 10;
	there.u.process_begin.parent = 7;
	there.u.process_begin.program = "far away";
	pass(&trace, there);
	start(&trace, KERNEL | 1, 2, 10);
	assert_int_equal(tl_model_seal(trace.model, trace.state, NULL, INT64_MIN, NULL), 0);
	assert_int_equal(row_of(&trace, KERNEL | 1)->nonce, KERNEL >> 32);
	close_trace(&trace);
}

/* What the kernel's tracer lost leaves its tasks unknown from there to their next event, and nobody else's. */
static void test_place_losses_of_the_kernel_are_doubts(void **state)
{
	struct trace trace;
	const struct tl_row *row;

	(void)state;
	open_trace(&trace);
	begin(&trace, KERNEL | 1, 1, 10, TL_CAN_SCHEDULER);
	start(&trace, KERNEL | 1, 2, 10);
	start(&trace, KERNEL | 2, 1, 11);
	start(&trace, OTHER | 1, 1, 20);
	assert_int_equal(tl_state_doubt(trace.state, 10), 0);
	trace.now_ns = 20;
	start(&trace, KERNEL | 1, 3, 10);
	start(&trace, OTHER | 1, 2, 20);
	tl_state_settle(trace.state);
	assert_int_equal(tl_model_seal(trace.model, trace.state, NULL, 0, NULL), 0);
	row = row_of(&trace, KERNEL | 1);
	assert_int_equal(row->spans.n, 3);
	assert_int_equal(tl_row_look(row, 1), TL_LOOK_GAP);
	assert_int_equal(tl_row_begin(row, 1), 10);
	assert_int_equal(tl_row_look(row, 2), TL_LOOK_RUNNING);
	assert_int_equal(tl_row_begin(row, 2), 21);
	row = row_of(&trace, KERNEL | 2);
	assert_int_equal(tl_row_look(row, row->spans.n - 1), TL_LOOK_GAP);
	assert_true(tl_state_find_task(trace.state, KERNEL | 2)->is_doubtful);
	assert_int_equal(row_of(&trace, OTHER | 1)->spans.n, 1);
	assert_false(tl_state_find_task(trace.state, OTHER | 1)->is_doubtful);
	close_trace(&trace);
}

TL_UNIT_MAIN(cmocka_unit_test(test_place_kernel_threads_beside_their_tasks),
	     cmocka_unit_test(test_place_keeps_strangers_apart),
	     cmocka_unit_test(test_place_losses_of_the_kernel_are_doubts))
